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
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.dependencies.Builds;
import samlocal.files.Jar;
import samlocal.files.Watched;
import samlocal.terminal.Console;
import samlocal.terminal.Progress;

/**
 * The sources of the functions that share a CodeUri, compiled when they change. A caller of {@link #current()} never
 * gets code older than what was saved at the time of the call.
 */
public final class Codebase {
    /**
     * The properties that functions with the same codebase share.
     *
     * @param lacksLayers whether the content of a layer is missing: then libraries that the build expects elsewhere,
     *     such as those of Maven's scope {@code provided}, are on the class path of the function
     * @param release Java release to compile for
     */
    public record Key(Path code, List<Path> layers, boolean lacksLayers, int release) {
        /** With all layers. */
        public Key(Path code, List<Path> layers, int release) {
            this(code, layers, false, release);
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

        /** The file that a class of this build was compiled from, or null. */
        public Path source(String className, String fileName) {
            if (fileName == null || !classes.containsKey(className)) return null;
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

    /** The number of files that the compiler read and the time it took. */
    public record Compiled(int files, long nanos, AtomicBoolean isReported) {
        @Override public String toString() {
            return files == 0 ? "compiles again"
                    : "compiled " + Console.count(files, "file") + " in " + Console.millis(nanos);
        }
    }

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Checking for changes in the background takes at most this fraction of the time. */
    private static final int BACKGROUND_SHARE = 50;
    private final Watched files = new Watched();
    private final Path code;
    private final Sources sources;
    private final Maker maker;
    private final Builds builds;
    private final Consumer<List<Problem>> onProblems;
    private final Consumer<List<Jar>> onLibraries;
    private final Runnable onErrors;
    private final boolean watches;
    private final boolean lacksLayers;
    private volatile Build build;
    private volatile Sources.Snapshot snapshot;
    private int revisions;
    private long nextLook = System.nanoTime();

    /** Creates a codebase that watches its files. */
    public Codebase(Key key, Builds builds, Consumer<List<Problem>> onProblems) {
        this(key, builds, onProblems, libraries -> { }, () -> { }, true);
    }

    /**
     * Creates a codebase.
     *
     * @param onProblems called with unresolved dependencies of the build files whenever they change
     * @param onLibraries called with the libraries before each compilation
     * @param onErrors called whenever {@link #errors()} has changed
     * @param watches if false, the first build is used throughout
     */
    public Codebase(Key key, Builds builds, Consumer<List<Problem>> onProblems, Consumer<List<Jar>> onLibraries,
            Runnable onErrors, boolean watches) {
        this.code = key.code();
        this.lacksLayers = key.lacksLayers();
        this.builds = builds;
        this.onProblems = onProblems;
        this.onLibraries = onLibraries;
        this.onErrors = onErrors;
        this.sources = new Sources(key.code(), key.layers(), builds);
        this.maker = new Maker(key.toString(), key.release(), builds);
        this.watches = watches;
    }

    /** The build of what is on disk now. */
    public Build current() {
        if (watches || build == null) files.ifChanged(this::refresh);
        return build;
    }

    /** The compile errors of the last build; never compiles. */
    public List<Problem> errors() {
        Build last = build;
        return last == null ? List.of() : last.errors();
    }

    /** Folders with the non-class files of the deployed package's root; empty before the first build. */
    public List<Path> contents() {
        Sources.Snapshot last = snapshot;
        return last == null ? List.of() : last.folders().contents().stream().map(sources::folder).toList();
    }

    /** Whether a build is certain to match the files on disk; never compiles. */
    public boolean isCurrent(Build known) {
        return (!watches || files.isUnchanged()) && build == known; // in this order: the build is assigned first
    }

    private synchronized void refresh(Watched.Look look) {
        Sources.Snapshot found = sources.scan(look);
        List<Problem> reported = snapshot == null ? List.of() : snapshot.problems();
        if (!found.problems().equals(reported)) onProblems.accept(found.problems());
        List<Problem> before = errors();
        if (!found.equals(snapshot)) build = built(found);
        snapshot = found;
        if (!errors().equals(before)) onErrors.run();
    }

    private Build built(Sources.Snapshot found) {
        long started = System.nanoTime();
        List<Jar> libraries = Dependencies.jars(found, lacksLayers);
        onLibraries.accept(libraries);
        Compiler.Result made;
        try (Progress progress = builds.progress("compiling " + Place.display(code))) {
            made = maker.make(found);
        }
        List<Path> folders = Stream.of(found.folders().classPath(), made.output().folders()).flatMap(List::stream)
                .toList();
        List<Problem> errors = CompileErrors.explained(made.errors(), found.problems());
        if (!errors.isEmpty()) found.settings("generators").forEach(plugin -> builds.note("the sources that " + plugin
                + " generates are not there: run mvn generate-sources"));
        return new Build(made.output().classes(), folders, libraries, errors, found.texts().keySet(),
                new Compiled(made.files(), System.nanoTime() - started, new AtomicBoolean()), ++revisions);
    }

    /** Prepares for the next edit; a concurrent edit waits. */
    public synchronized void prepare() {
        if (watches) maker.prepare();
    }

    /** Called repeatedly in the background: compiles edits and retries missing libraries. */
    void keepUp(Consumer<Build> onEdit) {
        long started = System.nanoTime();
        if (build == null || !watches || started - nextLook < 0) return;
        Build before = build;
        try {
            if (snapshot.problems().isEmpty()) current();
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
    void store() {
        maker.store();
    }
}
