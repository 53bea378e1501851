package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Program;
import samlocal.files.Jar;
import samlocal.files.Scratch;
import samlocal.terminal.Terminal;

/**
 * Loads either a function's libraries or, over those, its own classes and resources, which come first as they do
 * on AWS. In all of them the calls that reach the process (getenv, exit, halt, shutdown hooks, and method
 * references to them) are turned to {@link LambdaSystem}: each execution environment has a process of its own.
 */
public final class CodeLoader extends URLClassLoader {
    private static final String EXECUTORS = "java/util/concurrent/Executors";
    private static final Set<String> POOLS = Set.of("java/util/Timer", "java/util/concurrent/ThreadPoolExecutor",
            "java/util/concurrent/ScheduledThreadPoolExecutor", "java/util/concurrent/ForkJoinPool");
    private static final List<byte[]> PROCESS_CALLS = Stream.concat(
            Stream.of("getenv", "exit", "halt", "ShutdownHook", "printStackTrace", "Ljava/io/PrintStream;",
            "RuntimeMXBean", LambdaSystem.TRACE, EXECUTORS), POOLS.stream())
            .map(word -> word.getBytes(UTF_8)).toList();

    private final Map<String, byte[]> classes;
    private final List<Container> containers;
    private final Map<String, Boolean> packages = new ConcurrentHashMap<>();
    private volatile CodeLoader application;
    private Path written;

    static {
        registerAsParallelCapable();
        // The JDK's cache of jars is shared: one loader's closing would break another's reading, and it goes stale.
        URLConnection.setDefaultUseCaches("jar", false);
    }

    /** A loader for class files in memory and those below folders and jars; {@code parent} comes last. */
    CodeLoader(Map<String, byte[]> classes, List<Path> classPath, ClassLoader parent) {
        super(Jar.urls(classPath), parent);
        this.classes = classes;
        this.containers = classPath.stream().map(Container::open).toList();
    }

    /** A folder, or a jar that stays open as long as the loader. */
    record Container(URL url, Path folder, JarFile jar) {
        static Container open(Path path) {
            if (Files.isDirectory(path)) return new Container(Jar.url(path), path, null);
            try {
                return new Container(Jar.url(path), null,
                        new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version()));
            } catch (IOException e) {
                throw Fault.project("cannot read `" + Place.display(path) + "`: " + Fault.reason(e));
            }
        }

        boolean isFolderWith(String className) {
            return folder != null && Files.isRegularFile(folder.resolve(fileOf(className)));
        }

        /** The bytes of a file in it, or null. */
        byte[] read(String name) throws IOException {
            if (folder != null) {
                Path file = folder.resolve(name);
                return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
            }
            JarEntry entry = jar.getJarEntry(name);
            if (entry == null) return null;
            try (InputStream in = jar.getInputStream(entry)) {
                return in.readAllBytes();
            }
        }

        /** Whether it is a jar with a class, and open. */
        boolean isJarWith(String className) {
            try {
                return jar != null && jar.getJarEntry(fileOf(className)) != null;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        byte[] classFile(String name) throws ClassNotFoundException {
            try {
                byte[] bytes = read(fileOf(name));
                if (bytes != null) return bytes;
                throw new ClassNotFoundException(name);
            } catch (IOException | IllegalStateException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        Manifest manifest() throws IOException {
            return jar == null ? null : jar.getManifest();
        }
    }

    /** Lets libraries find the classes of the application over them, as a flat class path would. */
    void serve(CodeLoader application) {
        this.application = application;
    }

    @Override public void close() throws IOException {
        super.close();
        for (Container container : containers) if (container.jar() != null) container.jar().close();
        synchronized (containers) {
            if (written != null) Scratch.delete(written);
        }
    }

    @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isOwn(name)) return loadOwn(name);
        CodeLoader above = application;
        Class<?> split = above != null && above.hasPackageOf(name) ? above.split(name, this) : null;
        return split != null ? split : super.loadClass(name, resolve);
    }

    /** Whether classes of the same package lie here. */
    private boolean hasPackageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot > 0 && packages.computeIfAbsent(className.substring(0, dot), this::hasPackageNamed);
    }

    private boolean hasPackageNamed(String name) {
        String prefix = name + ".";
        return containers.stream().anyMatch(container -> container.folder() != null
                        && Files.isDirectory(container.folder().resolve(name.replace('.', '/'))))
                || classes.keySet().stream().anyMatch(each -> each.startsWith(prefix)
                        && each.indexOf('.', prefix.length()) < 0);
    }

    /**
     * A library's class of a package that has classes here too: on AWS both are on one class path, and reach what
     * only their package may. Null if the library has none of that name, or AWS's own interfaces have it.
     */
    private Class<?> split(String name, CodeLoader library) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || isOwn(name)) return loaded != null ? loaded : findClass(name);
            Container container = library.containers.stream().filter(each -> each.isJarWith(name)).findFirst()
                    .orElse(null);
            boolean isLoaded = container == null || library.findLoadedClass(name) != null
                    || library.getParent().getResource(fileOf(name)) != null;
            if (isLoaded) return null;
            try {
                return define(name, container.classFile(name), container);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Without a look at the parent, which may be looking here at the same time. */
    private Class<?> loadOwn(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    /** Whether a class was compiled or lies in a folder here, and so comes before the parent's. */
    private boolean isOwn(String name) {
        if (classes.containsKey(name)) return true;
        return !name.startsWith("java.") && containers.stream().anyMatch(container -> container.isFolderWith(name));
    }

    @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] own = classes.get(name);
        if (own != null) return define(name, own, super.getURLs()[0]);
        try {
            for (Container container : containers) {
                byte[] bytes = container.read(fileOf(name));
                if (bytes != null) return define(name, bytes, container);
            }
        } catch (IOException | IllegalStateException e) {
            throw new ClassNotFoundException(name, e);
        }
        return inApplication(name);
    }

    /** With the version and vendor that a jar's manifest gives its packages. */
    private Class<?> define(String name, byte[] bytes, Container container) throws IOException {
        String packageName = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
        Manifest manifest = container.manifest();
        if (manifest != null && !packageName.isEmpty() && getDefinedPackage(packageName) == null) {
            definePackageOnce(packageName, manifest, container.url());
        }
        return define(name, bytes, container.url());
    }

    private void definePackageOnce(String name, Manifest manifest, URL url) {
        try {
            definePackage(name, manifest, url);
        } catch (IllegalArgumentException e) {
            return; // another thread was faster
        }
    }

    private Class<?> define(String name, byte[] classFile, URL location) {
        byte[] bytes = rewritten(classFile);
        Class<?> type = defineClass(name, bytes, 0, bytes.length, new CodeSource(location, (CodeSigner[]) null));
        setSigners(type, ClassArchive.mark());
        return type;
    }

    private Class<?> inApplication(String name) throws ClassNotFoundException {
        if (application != null && application.isOwn(name)) return application.loadOwn(name);
        return super.findClass(name); // finds nothing, and says so in the frames that handlers see on AWS
    }

    /** Defines a copy of one of this program's classes here, for what the JDK decides by the caller's loader. */
    Class<?> adopt(Class<?> type) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(type.getName())) {
            Class<?> loaded = findLoadedClass(type.getName());
            if (loaded != null) return loaded;
            byte[] bytes = classFile(type.getName());
            return defineClass(type.getName(), bytes, 0, bytes.length);
        }
    }

    /** The class file of one of this program's classes. */
    static byte[] classFile(String name) throws ClassNotFoundException {
        try (InputStream in = Program.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static String fileOf(String className) {
        return className.replace('.', '/') + ".class";
    }

    @Override public URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override public Enumeration<URL> getResources(String name) throws IOException {
        Set<URL> found = new LinkedHashSet<>(Collections.list(findResources(name)));
        found.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(found);
    }

    /** Frameworks read class files as resources: what was compiled is found there too. */
    @Override public URL findResource(String name) {
        String className = name.replaceFirst("\\.class$", "").replace('/', '.');
        byte[] own = name.endsWith(".class") ? classes.get(className) : null;
        if (own != null) return MemoryUrl.of(name, own);
        URL found = application == null ? null : application.findResource(name);
        if (found == null) found = super.findResource(name);
        if (found == null && name.equals(JarFile.MANIFEST_NAME)) found = manifest().orElse(null);
        return found == null && hasPackage(name) ? packageFolder(name) : found;
    }

    /** What a build would write into the artifact's: Spring's functions look for the class to start there. */
    private Optional<URL> manifest() {
        return StartClass.of(classes).map(name -> "Manifest-Version: 1.0\nStart-Class: "
                + name.replaceAll("(.{50})", "$1\n ") + "\n")
                .map(text -> MemoryUrl.of(JarFile.MANIFEST_NAME, text.getBytes(UTF_8)));
    }

    @Override public Enumeration<URL> findResources(String name) throws IOException {
        Set<URL> found = new LinkedHashSet<>();
        if (application != null) found.addAll(Collections.list(application.findResources(name)));
        if (name.equals(JarFile.MANIFEST_NAME)) manifest().ifPresent(found::add);
        if (hasPackage(name)) found.add(packageFolder(name));
        found.addAll(Collections.list(super.findResources(name)));
        if (found.isEmpty()) Stream.ofNullable(findResource(name)).forEach(found::add);
        return Collections.enumeration(found);
    }

    /** Also that with what was compiled, for frameworks that look for classes there. */
    @Override public URL[] getURLs() {
        URL[] given = super.getURLs();
        return classes.isEmpty() ? given
                : Stream.concat(Stream.of(packageFolder("")), Stream.of(given)).toArray(URL[]::new);
    }

    /** Whether compiled classes lie in a folder of the class path, or below it. */
    private boolean hasPackage(String folder) {
        String prefix = folder.replaceFirst("/+$", "").replace('/', '.');
        return classes.keySet().stream().anyMatch(name -> prefix.isEmpty()
                || name.startsWith(prefix) && name.indexOf('.', prefix.length()) == prefix.length());
    }

    /** Frameworks find classes by listing folders: what was compiled is written to one when it is asked for. */
    private URL packageFolder(String name) {
        synchronized (containers) {
            try {
                if (written == null) written = Scratch.folder(classes);
                return written.toUri().resolve(name).toURL();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The names of variables that a class, and those that it refers to, read by a literal. */
    public static Set<String> variablesRead(String className, Map<String, byte[]> classes) {
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

    private static byte[] rewritten(byte[] classFile) {
        if (PROCESS_CALLS.stream().noneMatch(word -> contains(classFile, word))) return classFile;
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ProcessCalls(writer), 0);
        return writer.toByteArray();
    }

    /** Loads what it takes to rewrite a class. */
    static void warmUp() {
        String file = "/" + Terminal.class.getName().replace('.', '/') + ".class";
        try (InputStream own = Terminal.class.getResourceAsStream(file)) {
            rewritten(own.readAllBytes());
        } catch (Throwable error) {
            return; // who needs it will tell
        }
    }

    private static boolean contains(byte[] bytes, byte[] word) {
        for (int i = 0; i <= bytes.length - word.length; i++) {
            if (bytes[i] == word[0] && Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) return true;
        }
        return false;
    }

    /** Finds the class that Spring Boot's build plugins would choose: with their annotation, or the only main. */
    private static final class StartClass extends ClassVisitor {
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

    /** Collects the literals that are passed to {@code System.getenv}. */
    private static final class VariableReads extends ClassVisitor {
        private final Set<String> names;

        VariableReads(Set<String> names) {
            super(Opcodes.ASM9);
            this.names = names;
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

    /** Turns the calls, and the handles that method references are made of. */
    private static final class ProcessCalls extends ClassVisitor {
        private static final String TARGET = LambdaSystem.class.getName().replace('.', '/');
        private static final String STREAM = "Ljava/io/PrintStream;";
        /** What is called to the descriptor of the static method that takes its place. */
        private static final Map<String, String> TURNED = Map.ofEntries(
                Map.entry("java/lang/System.getenv(Ljava/lang/String;)Ljava/lang/String;",
                "(Ljava/lang/String;)Ljava/lang/String;"),
                Map.entry("java/lang/System.getenv()Ljava/util/Map;", "()Ljava/util/Map;"),
                Map.entry("java/lang/System.getProperty(Ljava/lang/String;)Ljava/lang/String;",
                "(Ljava/lang/String;)Ljava/lang/String;"),
                Map.entry("java/lang/System.getProperty(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;",
                "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;"),
                Map.entry("java/lang/System.exit(I)V", "(I)V"),
                Map.entry("java/lang/System.setOut(Ljava/io/PrintStream;)V", "(Ljava/io/PrintStream;)V"),
                Map.entry("java/lang/System.setErr(Ljava/io/PrintStream;)V", "(Ljava/io/PrintStream;)V"),
                Map.entry("java/lang/Runtime.exit(I)V", "(Ljava/lang/Runtime;I)V"),
                Map.entry("java/lang/Runtime.halt(I)V", "(Ljava/lang/Runtime;I)V"),
                Map.entry("java/lang/Runtime.addShutdownHook(Ljava/lang/Thread;)V",
                "(Ljava/lang/Runtime;Ljava/lang/Thread;)V"),
                Map.entry("java/lang/Runtime.removeShutdownHook(Ljava/lang/Thread;)Z",
                "(Ljava/lang/Runtime;Ljava/lang/Thread;)Z"),
                Map.entry("java/lang/management/RuntimeMXBean.getStartTime()J", "(Ljava/lang/Object;)J"),
                Map.entry("java/lang/management/RuntimeMXBean.getUptime()J", "(Ljava/lang/Object;)J"));

        ProcessCalls(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                private int begun;
                private boolean isDeeper;

                @Override public void visitTypeInsn(int opcode, String type) {
                    if (opcode == Opcodes.NEW && POOLS.contains(type)) begun++;
                    super.visitTypeInsn(opcode, type);
                }

                @Override public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                        boolean face) {
                    boolean isTrace = name.equals("printStackTrace") && descriptor.equals("()V")
                            && owner.startsWith("java/lang/");
                    String turned = isTrace ? "(Ljava/lang/Throwable;)V"
                            : TURNED.get(owner + "." + name + descriptor);
                    if (turned == null) super.visitMethodInsn(opcode, owner, name, descriptor, face);
                    else super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, turned, false);
                    boolean isNew = begun > 0 && name.equals("<init>") && POOLS.contains(owner);
                    if (isNew) begun--;
                    if (isNew || owner.equals(EXECUTORS) && descriptor.endsWith("ExecutorService;")) note();
                }

                /** What is on the stack is a pool of threads. */
                private void note() {
                    isDeeper = true;
                    super.visitInsn(Opcodes.DUP);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, "made", "(Ljava/lang/Object;)V", false);
                }

                @Override public void visitMaxs(int maxStack, int maxLocals) {
                    super.visitMaxs(isDeeper ? maxStack + 1 : maxStack, maxLocals);
                }

                @Override public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                    boolean isStream = opcode == Opcodes.GETSTATIC && owner.equals("java/lang/System")
                            && descriptor.equals(STREAM) && !name.equals("in");
                    if (!isStream) super.visitFieldInsn(opcode, owner, name, descriptor);
                    else super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, "()" + STREAM, false);
                }

                @Override public void visitInvokeDynamicInsn(String name, String descriptor, Handle method,
                        Object... arguments) {
                    super.visitInvokeDynamicInsn(name, descriptor, method,
                            Arrays.stream(arguments).map(ProcessCalls::turned).toArray());
                }
            };
        }

        private static Object turned(Object constant) {
            if (!(constant instanceof Handle handle)) return constant;
            String turned = TURNED.get(handle.getOwner() + "." + handle.getName() + handle.getDesc());
            return turned == null ? constant
                    : new Handle(Opcodes.H_INVOKESTATIC, TARGET, handle.getName(), turned, false);
        }
    }

    /** A URL over bytes in memory. */
    private static final class MemoryUrl extends URLStreamHandler {
        private final byte[] bytes;

        private MemoryUrl(byte[] bytes) {
            this.bytes = bytes;
        }

        @SuppressWarnings("deprecation") // what replaces it came with Java 20
        static URL of(String name, byte[] bytes) {
            try {
                return new URL("memory", "", -1, "/" + name, new MemoryUrl(bytes));
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override public void connect() {
                }

                @Override public InputStream getInputStream() {
                    return new ByteArrayInputStream(bytes);
                }
            };
        }
    }
}
