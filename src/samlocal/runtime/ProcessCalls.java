package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import samlocal.terminal.Terminal;

/**
 * Redirects calls that reach the process (getenv, exit, halt, shutdown hooks, the standard streams, the security
 * manager, the default handler of uncaught exceptions, the class loaders of the system and of threads), and the handles
 * of method references to them, to {@link LambdaSystem}, so that each execution environment appears to have its own
 * process.
 */
final class ProcessCalls extends ClassVisitor {
    private static final String EXECUTORS = "java/util/concurrent/Executors";
    private static final String SERVICES = "java/util/ServiceLoader";
    private static final Set<String> POOLS = Set.of("java/util/Timer", "java/util/concurrent/ThreadPoolExecutor",
            "java/util/concurrent/ScheduledThreadPoolExecutor", "java/util/concurrent/ForkJoinPool");
    private static final List<byte[]> PROCESS_CALLS = Stream.concat(
            Stream.of("getenv", "exit", "halt", "ShutdownHook", "SecurityManager", "DefaultUncaughtExceptionHandler",
            "printStackTrace", "Ljava/io/PrintStream;",
            "RuntimeMXBean", LambdaSystem.TRACE, EXECUTORS, "ContextClassLoader", "getSystemClassLoader", SERVICES),
            POOLS.stream())
            .map(word -> word.getBytes(UTF_8)).toList();
    private static final String TARGET = LambdaSystem.class.getName().replace('.', '/');
    private static final String STREAM = "Ljava/io/PrintStream;";
    private static final String LOADER = "Ljava/lang/ClassLoader;";
    /** Replaced methods by class; {@link LambdaSystem} has static ones with the receiver as first parameter. */
    private static final Map<String, Set<String>> REPLACED = Map.of(
            "java/lang/System", Set.of("getenv", "getProperty", "exit", "setOut", "setErr", "getSecurityManager",
                    "setSecurityManager"),
            "java/lang/Thread", Set.of("getDefaultUncaughtExceptionHandler", "setDefaultUncaughtExceptionHandler",
                    "getContextClassLoader", "setContextClassLoader"),
            "java/lang/ClassLoader", Set.of("getSystemClassLoader"),
            "java/lang/Runtime", Set.of("exit", "halt", "addShutdownHook", "removeShutdownHook"),
            "java/lang/management/RuntimeMXBean", Set.of("getStartTime", "getUptime"));

    private ProcessCalls(ClassVisitor next) {
        super(Opcodes.ASM9, next);
    }

    /** Redirects the calls in a class file. */
    static byte[] rewritten(byte[] classFile) {
        if (PROCESS_CALLS.stream().noneMatch(word -> contains(classFile, word))) return classFile;
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ProcessCalls(writer), 0);
        return writer.toByteArray();
    }

    /** Loads the classes that rewriting needs. */
    static void warmUp() {
        try {
            rewritten(CodeLoader.classFile(Terminal.class.getName()));
        } catch (ClassNotFoundException | LinkageError e) {
            return; // reported when they are needed
        }
    }

    private static boolean contains(byte[] bytes, byte[] word) {
        for (int i = 0; i <= bytes.length - word.length; i++) {
            if (bytes[i] == word[0] && Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) return true;
        }
        return false;
    }

    @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
            String[] exceptions) {
        return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    /** The descriptor of the method of {@link LambdaSystem} that is called instead, or null. */
    private static String replacement(String owner, String name, String descriptor, boolean isStatic) {
        if (!REPLACED.getOrDefault(owner, Set.of()).contains(name)) return null;
        return isStatic ? descriptor : "(Ljava/lang/Object;" + descriptor.substring(1);
    }

    private static Object turned(Object constant) {
        if (!(constant instanceof Handle handle)) return constant;
        String turned = replacement(handle.getOwner(), handle.getName(), handle.getDesc(),
                handle.getTag() == Opcodes.H_INVOKESTATIC);
        return turned == null ? constant
                : new Handle(Opcodes.H_INVOKESTATIC, TARGET, handle.getName(), turned, false);
    }

    /** The code of one method. */
    private static final class Calls extends MethodVisitor {
        private int begun;
        private boolean isDeeper;

        Calls(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.NEW && POOLS.contains(type)) begun++;
            super.visitTypeInsn(opcode, type);
        }

        @Override public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                boolean face) {
            boolean isTrace = name.equals("printStackTrace") && descriptor.equals("()V")
                    && owner.startsWith("java/lang/");
            boolean isLoad = owner.equals(SERVICES) && name.equals("load")
                    && descriptor.startsWith("(Ljava/lang/Class;)");
            String turned = isTrace ? "(Ljava/lang/Throwable;)V"
                    : replacement(owner, name, descriptor, opcode == Opcodes.INVOKESTATIC);
            if (isLoad) load(descriptor);
            else if (turned == null) super.visitMethodInsn(opcode, owner, name, descriptor, face);
            else call(name, turned);
            boolean isNew = begun > 0 && name.equals("<init>") && POOLS.contains(owner);
            if (isNew) begun--;
            if (isNew || owner.equals(EXECUTORS) && descriptor.endsWith("ExecutorService;")) note();
        }

        private void call(String name, String descriptor) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, descriptor, false);
        }

        /** Calls the JDK's method with a loader from the same class, because the JDK checks its caller's access. */
        private void load(String descriptor) {
            isDeeper = true;
            call("services", "()" + LOADER);
            super.visitMethodInsn(Opcodes.INVOKESTATIC, SERVICES, "load", descriptor.replace(")", LOADER + ")"), false);
        }

        /** Registers the thread pool on the stack. */
        private void note() {
            isDeeper = true;
            super.visitInsn(Opcodes.DUP);
            call("made", "(Ljava/lang/Object;)V");
        }

        @Override public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(isDeeper ? maxStack + 1 : maxStack, maxLocals);
        }

        @Override public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            boolean isStream = opcode == Opcodes.GETSTATIC && owner.equals("java/lang/System")
                    && descriptor.equals(STREAM) && !name.equals("in");
            if (!isStream) super.visitFieldInsn(opcode, owner, name, descriptor);
            else call(name, "()" + STREAM);
        }

        @Override public void visitInvokeDynamicInsn(String name, String descriptor, Handle method,
                Object... arguments) {
            super.visitInvokeDynamicInsn(name, descriptor, method,
                    Arrays.stream(arguments).map(ProcessCalls::turned).toArray());
        }
    }
}
