package samlocal.compile;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import samlocal.base.Nearest;
import samlocal.base.Problem;
import samlocal.files.Jar;
import samlocal.files.Watched;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Packaging;
import samlocal.sam.RuntimeFamily;
import samlocal.terminal.Console;

/**
 * The code of functions that share a CodeUri, read again when it changes. A caller of {@link #current()} never gets
 * code older than what was saved at the time of the call.
 */
public abstract class Codebase {
    /**
     * The properties that functions with the same codebase share.
     *
     * @param lacksLayers whether the content of a layer is missing: then libraries that the build expects elsewhere,
     *     such as those of Maven's scope {@code provided}, are on the class path of the function
     * @param release Java release to compile for, 0 for other languages
     * @param packaging null for Java
     */
    public record Key(Path code, List<Path> layers, boolean lacksLayers, int release, Packaging packaging) {
        /** Of Java code with all layers. */
        public Key(Path code, List<Path> layers, int release) {
            this(code, layers, false, release, null);
        }

        public static Key of(FunctionDefinition function) {
            return new Key(function.code(), function.layers().contents(), !function.layers().areComplete(),
                    function.release(), function.family() == RuntimeFamily.JAVA ? null : function.packaging());
        }
    }

    /**
     * Code that functions can run.
     *
     * @param classes binary names to class files
     * @param folders folders with resources and classes compiled elsewhere
     * @param jars libraries
     * @param errors compile errors, empty if there are none
     * @param sources the source files of the classes
     * @param compiled statistics of the compilation
     * @param revision increases with each build
     */
    public record Build(Map<String, byte[]> classes, List<Path> folders, List<Jar> jars, List<Problem> errors,
            Set<Path> sources, Compiled compiled, int revision) {
        /** Whether this build is the same as, or newer than, another one. */
        public boolean isAtLeast(Build other) {
            return revision >= other.revision;
        }

        /**
         * The source file of a frame, or null: the file that a class of this build was compiled from or, if the class
         * is empty, the named file.
         */
        public Path source(String className, String fileName) {
            if (fileName == null) return null;
            if (className.isEmpty()) return sources.stream().filter(Path.of(fileName)::equals).findFirst().orElse(null);
            if (!classes.containsKey(className)) return null;
            Path inPackage = Path.of(className.replace('.', '/')).resolveSibling(fileName);
            return sources.stream().filter(source -> source.endsWith(inPackage)).findFirst()
                    .or(() -> sources.stream().filter(source -> source.endsWith(fileName)).findFirst())
                    .orElse(null);
        }

        /** Advice if a handler names a missing class or a method that cannot be called. */
        public Optional<String> advice(String handler) {
            String[] parts = handler.split("::", 2);
            if (!classes.containsKey(parts[0])) return meant(parts[0]).map(Nearest::hint);
            Members members = Members.of(parts[0], classes);
            return parts.length < 2 ? members.advice().or(() -> members.method().map(method ->
                    "write `" + parts[0] + "::" + method + "`")) : members.advice(parts[1]);
        }

        /** The probable meaning of a missing class: {@code App.handle} is a method, {@code App.Nested} a class. */
        private Optional<String> meant(String type) {
            int dot = type.lastIndexOf('.');
            String outer = dot > 0 ? type.substring(0, dot) : "";
            String nested = outer + "$" + type.substring(dot + 1);
            if (classes.containsKey(nested)) return Optional.of(nested);
            return classes.containsKey(outer) ? Optional.of(outer + "::" + type.substring(dot + 1))
                    : Nearest.to(type, classes.keySet());
        }

        /** Finds the members of a class and its superclasses that a handler can be. */
        private static final class Members extends ClassVisitor {
            private final String name;
            private final Set<String> open = new TreeSet<>();
            private final Set<String> all = new HashSet<>();
            private boolean isTop;
            private boolean isInner;
            private boolean hasConstructor;
            private int access;

            private Members(String name) {
                super(Opcodes.ASM9);
                this.name = name;
            }

            static Members of(String type, Map<String, byte[]> classes) {
                Members members = new Members(type);
                byte[] next = classes.get(type);
                while (next != null) {
                    ClassReader reader = new ClassReader(next);
                    reader.accept(members, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
                    next = classes.get(reader.getSuperName().replace('/', '.'));
                }
                return members;
            }

            @Override public void visit(int version, int access, String name, String signature, String superName,
                    String[] interfaces) {
                isTop = name.replace('/', '.').equals(this.name);
                if (isTop) this.access = access;
            }

            @Override public void visitInnerClass(String inner, String outer, String simple, int access) {
                if (!isTop || !inner.replace('/', '.').equals(name)) return;
                isInner = (access & Opcodes.ACC_STATIC) == 0;
                this.access = access;
            }

            @Override public MethodVisitor visitMethod(int access, String name, String descriptor,
                    String signature, String[] exceptions) {
                boolean isOpen = (access & Opcodes.ACC_PUBLIC) != 0;
                if (isTop && name.equals("<init>")) hasConstructor |= isOpen && descriptor.equals("()V");
                if (name.startsWith("<")) return null;
                all.add(name);
                if (isOpen) open.add(name);
                return null;
            }

            Optional<String> advice(String method) {
                if (open.contains(method)) {
                    return advice().or(() -> Optional.of("it may take an event, a `Context`, or both"));
                }
                if (all.contains(method)) return Optional.of("make `" + method + "` public");
                return Nearest.to(method, open).or(() -> open.stream().filter(only -> open.size() == 1).findFirst())
                        .map(Nearest::hint);
            }

            /** The method that a handler without one probably means. */
            Optional<String> method() {
                return open.contains("handleRequest") ? Optional.of("handleRequest")
                        : open.stream().filter(only -> open.size() == 1).findFirst();
            }

            Optional<String> advice() {
                if (isInner) return Optional.of("make the class `static`");
                if ((access & Opcodes.ACC_ABSTRACT) != 0) return Optional.of("name a class that is not abstract");
                if ((access & Opcodes.ACC_PUBLIC) == 0) return Optional.of("make the class public");
                return hasConstructor ? Optional.empty()
                        : Optional.of("give it a public constructor without arguments");
            }
        }

        /** The compilation, for the first caller, which reports it; null for others or if nothing was compiled. */
        public Compiled news() {
            return compiled.files() > 0 && compiled.isReported().compareAndSet(false, true) ? compiled : null;
        }
    }

    /**
     * What was done with an edit.
     *
     * @param verb such as {@code compiled}
     * @param files the number of files
     * @param nanos the time it took, 0 if none to speak of
     */
    public record Compiled(String verb, int files, long nanos, AtomicBoolean isReported) {
        Compiled(String verb, int files, long nanos) {
            this(verb, files, nanos, new AtomicBoolean());
        }

        @Override public String toString() {
            return files == 0 ? "compiles again"
                    : verb + " " + Console.count(files, "file") + (nanos == 0 ? "" : " in " + Console.millis(nanos));
        }
    }

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Checking for changes in the background takes at most this fraction of the time. */
    private static final int BACKGROUND_SHARE = 50;
    private final Watched files = new Watched();
    private final Runnable onErrors;
    private final boolean watches;
    private volatile Build build;
    private int revisions;
    private long nextLook = System.nanoTime();

    /**
     * Creates code that has not been read.
     *
     * @param onErrors called whenever {@link #errors()} has changed
     * @param watches if false, the first build is used throughout
     */
    protected Codebase(Runnable onErrors, boolean watches) {
        this.onErrors = onErrors;
        this.watches = watches;
    }

    /**
     * Reads the code.
     *
     * @param look watches each file and folder that the result depends on
     * @param before the last build, or null
     * @return {@code before} if nothing has changed
     */
    protected abstract Build read(Watched.Look look, Build before);

    /** The build of what is on disk now. */
    public final Build current() {
        if (watches || build == null) files.ifChanged(this::refresh);
        return build;
    }

    private synchronized void refresh(Watched.Look look) {
        List<Problem> before = errors();
        build = read(look, build);
        if (!errors().equals(before)) onErrors.run();
    }

    /** The number of the next build. */
    protected final int nextRevision() {
        return ++revisions;
    }

    /** The compile errors of the last build; never compiles. */
    public final List<Problem> errors() {
        Build last = build;
        return last == null ? List.of() : last.errors();
    }

    /** Folders with the non-class files of the deployed package's root; empty before the first build. */
    public List<Path> contents() {
        return List.of();
    }

    /** Whether a build is certain to match the files on disk; never compiles. */
    public final boolean isCurrent(Build known) {
        return (!watches || files.isUnchanged()) && build == known; // in this order: the build is assigned first
    }

    /** Prepares for the next edit; a concurrent edit waits. */
    public final synchronized void prepare() {
        if (watches) warmUp();
    }

    /** Makes the next {@link #read} faster. */
    protected void warmUp() {
    }

    /** Whether reading the same files again would change nothing. */
    protected boolean isComplete() {
        return true;
    }

    /** Called repeatedly in the background: compiles edits and retries what was missing. */
    final void keepUp(Consumer<Build> onEdit) {
        long started = System.nanoTime();
        if (build == null || !watches || started - nextLook < 0) return;
        Build before = build;
        try {
            if (isComplete()) current();
            else files.run(this::refresh);
            boolean isMended = !before.errors().isEmpty() && build.errors().isEmpty();
            if (build != before && (build.news() != null || isMended)) onEdit.accept(build);
        } catch (RuntimeException e) {
            return; // the next request reports it
        } finally {
            long now = System.nanoTime();
            nextLook = now + (build == before ? Math.max(PAUSE_NANOS, (now - started) * BACKGROUND_SHARE) : 0);
        }
    }

    /** Stores the newest build on disk for the next start. */
    protected void store() {
    }
}
