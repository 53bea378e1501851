package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The part of a class that other files can see: its class file without code, private methods and debug information.
 *
 * @param own identifiers of its simple name
 * @param members names and modifiers of the types that it declares
 * @param rest everything else
 * @param mentioned the identifiers in the rest, including names of types
 */
record Header(Set<String> own, Set<String> members, ByteBuffer rest, Set<String> mentioned) {
    private static final Pattern PRIMITIVES = Pattern.compile("[BCDFIJSZ]*L(?=.)");

    /** The header of a class file; null if only its own source can see the class. */
    static Header of(byte[] classFile) {
        Visible visible = new Visible();
        new ClassReader(classFile).accept(visible, ClassReader.SKIP_CODE);
        if (visible.isHidden) return null;
        byte[] rest = visible.written();
        return new Header(visible.own, visible.members, ByteBuffer.wrap(rest), mentioned(rest));
    }

    /** The identifiers in descriptors and signatures of the constant pool (JVM Specification, 4.4.7). */
    private static Set<String> mentioned(byte[] classFile) {
        Set<String> mentioned = new HashSet<>();
        ClassReader reader = new ClassReader(classFile);
        IntStream.range(1, reader.getItemCount()).map(reader::getItem)
                .filter(offset -> offset > 0 && reader.readByte(offset - 1) == 1)
                .mapToObj(offset -> new String(classFile, offset + 2, reader.readUnsignedShort(offset), UTF_8))
                .forEach(text -> scan(text, word -> {
                    mentioned.add(PRIMITIVES.matcher(word).replaceFirst(""));
                    return mentioned.add(word) || true;
                }));
        return mentioned;
    }

    /** The identifiers in a text, split at dollar signs. */
    static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        scan(text, words::add);
        return words;
    }

    /** Whether a source, including comments and literals, contains one of these identifiers. */
    static boolean mentions(String source, Set<String> words) {
        return source.contains("\\u") || !scan(source, word -> !words.contains(word));
    }

    /** Passes each word to {@code step} until it returns false; returns false in that case. */
    private static boolean scan(String text, Predicate<String> step) {
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean isPart = i < text.length() && text.charAt(i) != '$'
                    && Character.isJavaIdentifierPart(text.charAt(i));
            if (isPart && start < 0) start = i;
            if (isPart || start < 0) continue;
            if (!step.test(text.substring(start, i))) return false;
            start = -1;
        }
        return true;
    }

    /** Copies the visible parts of a class. */
    private static final class Visible extends ClassVisitor {
        private static final int HIDDEN = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
        private final Set<String> members = new TreeSet<>();
        private Set<String> own;
        private String name;
        private boolean isHidden;
        private boolean hidesNothing;

        Visible() {
            super(Opcodes.ASM9, new ClassWriter(0));
        }

        byte[] written() {
            return ((ClassWriter) cv).toByteArray();
        }

        @Override public void visit(int version, int access, String name, String signature, String superName,
                String[] interfaces) {
            this.name = name;
            own = words(name.substring(name.lastIndexOf('/') + 1));
            isHidden = (access & Opcodes.ACC_SYNTHETIC) != 0;
            hidesNothing = superName == null || superName.startsWith("java/lang/") && interfaces.length == 0;
            super.visit(Opcodes.V17, access, name, signature, superName, interfaces);
        }

        @Override public void visitSource(String source, String debug) {
            return;
        }

        @Override public void visitNestHost(String host) {
            return;
        }

        @Override public void visitNestMember(String member) {
            return;
        }

        @Override public void visitOuterClass(String owner, String method, String descriptor) {
            isHidden = true;
        }

        @Override public void visitInnerClass(String inner, String outer, String simpleName, int access) {
            if (inner.equals(name) && simpleName != null) own = words(simpleName);
            if (name.equals(outer)) members.add(simpleName + " " + access);
        }

        /** Keeps private fields, which hide inherited ones. */
        @Override public FieldVisitor visitField(int access, String field, String descriptor, String signature,
                Object value) {
            if ((access & HIDDEN) == 0) return super.visitField(access, field, descriptor, signature, value);
            boolean isSynthetic = (access & Opcodes.ACC_SYNTHETIC) != 0;
            return hidesNothing || isSynthetic ? null : super.visitField(access, field, "I", null, null);
        }

        @Override public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                String[] exceptions) {
            boolean isOwn = (access & HIDDEN) != 0 && (access & Opcodes.ACC_BRIDGE) == 0;
            return isOwn ? null : super.visitMethod(access, method, descriptor, signature, exceptions);
        }
    }
}
