package samlocal.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Finds the start class as Spring Boot's build plugins do: the annotated class or the only one with a main method. */
final class StartClass extends ClassVisitor {
    private static final Set<String> MARKS = Set.of("Lorg/springframework/boot/SpringBootConfiguration;",
            "Lorg/springframework/boot/autoconfigure/SpringBootApplication;");
    private boolean isMarked;
    private boolean hasMain;

    private StartClass(byte[] classFile) {
        super(Opcodes.ASM9);
        new ClassReader(classFile).accept(this, ClassReader.SKIP_CODE);
    }

    static Optional<String> of(Map<String, byte[]> classes) {
        Map<String, StartClass> found = new TreeMap<>();
        classes.forEach((name, classFile) -> found.put(name, new StartClass(classFile)));
        found.values().removeIf(each -> !each.isMarked && !each.hasMain);
        Predicate<String> isMarked = name -> found.get(name).isMarked;
        return found.keySet().stream().filter(isMarked.and(name -> found.get(name).hasMain)).findFirst()
                .or(() -> found.keySet().stream().filter(isMarked).findFirst())
                .or(() -> found.size() == 1 ? found.keySet().stream().findFirst() : Optional.empty());
    }

    @Override public AnnotationVisitor visitAnnotation(String descriptor, boolean isVisible) {
        isMarked |= MARKS.contains(descriptor);
        return null;
    }

    @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
            String[] exceptions) {
        hasMain |= name.equals("main") && descriptor.equals("([Ljava/lang/String;)V");
        return null;
    }
}
