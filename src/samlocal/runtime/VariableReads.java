package samlocal.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Finds the environment variables that code reads: literals passed to {@code System.getenv}. */
final class VariableReads extends ClassVisitor {
    private final Set<String> names;

    private VariableReads(Set<String> names) {
        super(Opcodes.ASM9);
        this.names = names;
    }

    /** The names of the variables that a class and the classes it refers to read. */
    public static Set<String> of(String className, Map<String, byte[]> classes) {
        Set<String> names = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(className));
        while (!open.isEmpty()) {
            byte[] bytes = classes.get(open.peek());
            if (!seen.add(open.pop()) || bytes == null) continue;
            ClassReader reader = new ClassReader(bytes);
            reader.accept(new VariableReads(names), ClassReader.SKIP_DEBUG);
            open.addAll(classesIn(reader));
        }
        return names;
    }

    /** The classes in the constant pool (Java Virtual Machine Specification, 4.4.1). */
    private static List<String> classesIn(ClassReader reader) {
        char[] buffer = new char[reader.getMaxStringLength()];
        return IntStream.range(1, reader.getItemCount()).map(reader::getItem)
                .filter(offset -> offset > 0 && reader.readByte(offset - 1) == 7)
                .mapToObj(offset -> reader.readUTF8(offset, buffer).replace('/', '.')).toList();
    }

    @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
            String[] exceptions) {
        return new MethodVisitor(Opcodes.ASM9) {
            private Object last;

            @Override public void visitLdcInsn(Object constant) {
                last = constant;
            }

            @Override public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                    boolean face) {
                boolean isRead = owner.equals("java/lang/System") && name.equals("getenv");
                boolean isNamed = last instanceof String && descriptor.startsWith("(L");
                if (isRead && isNamed) names.add((String) last);
                last = null;
            }
        };
    }
}
