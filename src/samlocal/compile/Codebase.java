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
import samlocal.base.Problem;
import samlocal.dependencies.Builds;
import samlocal.files.FileEvents;
import samlocal.files.Jar;
import samlocal.terminal.Console;

/**
 * The sources of the functions that share a CodeUri, compiled when they change. A caller of {@link #current()}
 * never sees code older than what was saved when it called.
 */
public final class Codebase {
    /** What makes two functions share one: code, layers and the release to compile for. */
    public record Key(Path code, List<Path> layers, int release) {
        @Override public boolean equals(Object other) {
            return other instanceof Key key && code.equals(key.code) && layers.equals(key.layers)
                    && release == key.release;
        }

        @Override public int hashCode() {
            return code.hashCode() + release;
        }

        @Override public String toString() {
            return code + " " + layers + " " + release;
        }
    }

    /**
     * Code that functions can run.
     *
     * @param classes binary names to class files
     * @param folders with resources and classes that were compiled elsewhere
     * @param jars libraries
     * @param errors why it does not compile, empty if it does
     * @param sources where the classes came from
     * @param compiled what the compiler did for it
     * @param isTold whether somebody was told of that
     */
    public record Build(Map<String, byte[]> classes, List<Path> folders, List<Jar> jars, List<Problem> errors,
            Set<Path> sources, Compiled compiled, AtomicBoolean isTold) {
        /** The file that a class of this build was compiled from, or null. */
        public Path source(String className, String fileName) {
            if (fileName == null || !classes.containsKey(className)) return null;
            Path inPackage = Path.of(className.replace('.', '/')).resolveSibling(fileName);
            return sources.stream().filter(source -> source.endsWith(inPackage)).findFirst()
                    .or(() -> sources.stream().filter(source -> source.endsWith(fileName)).findFirst())
                    .orElse(null);
        }

        /** What helps where a handler names no class, or one whose method cannot be called, if that is known. */
        public Optional<String> advice(String handler) {
            String[] parts = handler.split("::", 2);
            if (!classes.containsKey(parts[0])) return meant(parts[0]).map(Build::question);
            Members members = Members.of(parts[0], classes);
            return parts.length < 2 ? members.advice() : members.advice(parts[1]);
        }

        private static String question(String name) {
            return "did you mean `" + name + "`?";
        }

        /** The class that is not there; {@code App.handle} means a method, {@code App.Nested} a class. */
        private Optional<String> meant(String type) {
            int dot = type.lastIndexOf('.');
            String outer = dot > 0 ? type.substring(0, dot) : "";
            String nested = outer + "$" + type.substring(dot + 1);
            if (classes.containsKey(nested)) return Optional.of(nested);
            return classes.containsKey(outer) ? Optional.of(outer + "::" + type.substring(dot + 1))
                    : Nearest.to(type, classes.keySet());
        }

        /** What of a class, and of those above it, a handler can be. */
        private static final class Members extends ClassVisitor {
            private final String name;
            private final Set<String> open = new TreeSet<>();
            private final Set<String> all = new HashSet<>();
            private boolean isTop = true;
            private boolean isInner;
            private boolean hasConstructor;
            private int access;
            private String above;

            private Members(String name) {
                super(Opcodes.ASM9);
                this.name = name;
            }

            static Members of(String type, Map<String, byte[]> classes) {
                Members members = new Members(type);
                for (String next = type; classes.containsKey(next); next = members.above) {
                    new ClassReader(classes.get(next)).accept(members,
                            ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
                    members.isTop = false;
                }
                return members;
            }

            @Override public void visit(int version, int access, String name, String signature, String superName,
                    String[] interfaces) {
                if (isTop) this.access = access;
                above = superName == null ? "" : superName.replace('/', '.');
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
                        .map(Build::question);
            }

            Optional<String> advice() {
                if (isInner) return Optional.of("make the class `static`");
                if ((access & Opcodes.ACC_ABSTRACT) != 0) return Optional.of("name a class that is not abstract");
                if ((access & Opcodes.ACC_PUBLIC) == 0) return Optional.of("make the class public");
                return hasConstructor ? Optional.empty()
                        : Optional.of("give it a public constructor without arguments");
            }
        }

        /** What the compiler did, for the first who asks; null for all others, and if it did nothing. */
        public Compiled news() {
            return compiled.files() > 0 && isTold.compareAndSet(false, true) ? compiled : null;
        }
    }

    /** How many files the compiler read, and how long it took. */
    public record Compiled(int files, long nanos) {
        @Override public String toString() {
            return "compiled " + Console.count(files, "file") + " in " + Console.millis(nanos);
        }
    }

    private static final long NET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Looking for changes in the background takes one part in so many of the time. */
    private static final int LEISURE = 50;
    private final Sources sources;
    private final Maker maker;
    private final Builds builds;
    private final Consumer<List<Problem>> told;
    private final Consumer<List<Jar>> foretold;
    private final boolean watches;
    private volatile Build build;
    private volatile boolean isRefreshing;
    private Sources.Snapshot snapshot;
    private long scanned;
    private long nextLook = System.nanoTime() + LOOK_NANOS;

    /** With {@code told} of what the build files ask for in vain, whenever that changes. */
    public Codebase(Key key, Builds builds, Consumer<List<Problem>> told) {
        this(key, builds, told, libraries -> { }, true);
    }

    /** With {@code foretold} of the libraries before it compiles; keeps its first build if it does not watch. */
    public Codebase(Key key, Builds builds, Consumer<List<Problem>> told, Consumer<List<Jar>> foretold,
            boolean watches) {
        this.builds = builds;
        this.told = told;
        this.foretold = foretold;
        this.sources = new Sources(key.code(), key.layers(), builds);
        this.maker = new Maker(key.toString(), key.release(), builds);
        this.watches = watches;
    }

    /** The build of what is on disk now. */
    public Build current() {
        long asked = System.nanoTime();
        // In this order: whoever takes note of a change first says that it is at it, and last that it is done.
        if (sources.isUnchanged() && !isRefreshing) return build;
        synchronized (this) {
            boolean isCurrent = build != null && (!watches || scanned - asked > 0);
            return isCurrent ? build : refresh();
        }
    }

    /** Whether it is sure that a build is of what is on disk now; does nothing about it if not. */
    public boolean isCurrent(Build known) {
        return sources.isUnchanged() && !isRefreshing && build == known;
    }

    /** Whether that can be known at all. */
    public boolean hearsEvents() {
        return sources.hearsEvents();
    }

    private Build refresh() {
        long started = System.nanoTime();
        isRefreshing = true;
        try {
            Sources.Snapshot found = sources.scan();
            tell(found.problems());
            if (snapshot == null || !found.equals(snapshot)) build = built(found);
            snapshot = found;
            scanned = started;
            isRefreshing = false;
            return build;
        } finally {
            if (isRefreshing) sources.forget();
        }
    }

    private void tell(List<Problem> problems) {
        boolean isTold = problems.equals(snapshot == null ? List.of() : snapshot.problems());
        if (!isTold) told.accept(problems);
    }

    private Build built(Sources.Snapshot found) {
        long started = System.nanoTime();
        List<Jar> libraries = Dependencies.jars(found);
        foretold.accept(libraries);
        Maker.Made made = maker.make(found);
        List<Path> folders = Stream.of(found.folders(), made.folders()).flatMap(List::stream).toList();
        List<Problem> errors = Packages.explained(made.errors(), found.problems());
        if (!errors.isEmpty()) found.told("generators").forEach(plugin -> builds.note("the sources that " + plugin
                + " generates are not there: run mvn generate-sources"));
        return new Build(made.classes(), folders, libraries, errors, found.texts().keySet(),
                new Compiled(made.files(), System.nanoTime() - started), new AtomicBoolean());
    }

    /** Has javac remember what it has read of libraries, from the next edit on. */
    public synchronized void remember() {
        maker.remember();
    }

    /** Has it read some in advance; an edit that comes meanwhile waits. */
    public synchronized void prepare() {
        if (watches) maker.prepare();
    }

    /** Called again and again in the background: compiles what was saved, once it looks complete. */
    void keepUp(FileEvents events) {
        if (build == null || !watches) return;
        try {
            boolean isDue = System.nanoTime() - nextLook > 0;
            boolean differs = isDue && look(events);
            if (differs || sources.hasSettled()) current();
        } catch (RuntimeException e) {
            return; // the next request will tell
        }
    }

    private boolean look(FileEvents events) {
        long started = System.nanoTime();
        boolean differs = sources.differs(events);
        long now = System.nanoTime();
        nextLook = now + Math.max(sources.hearsEvents() ? NET_NANOS : LOOK_NANOS, (now - started) * LEISURE);
        return differs;
    }

    /** Keeps the newest build on disk for the next start. */
    void store() {
        maker.store();
    }
}
