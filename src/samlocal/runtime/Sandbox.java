package samlocal.runtime;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.compile.Dependencies;
import samlocal.files.Jar;

/**
 * The part of an execution environment that does not depend on the function's own code: AWS's core interfaces at the
 * top, the libraries below and, hidden from those, AWS's serialization library and {@link JavaRuntime}. That library
 * caches classes in static fields, so every environment has a copy; warming it up takes longer than compiling a
 * handler, so {@link Sandboxes} creates sandboxes in advance. The first one of a process uses the copy on this
 * program's class path, which loads from the JVM's archive. All use that copy of the Jackson inside the library, which
 * is most of its code: handlers cannot reach it, and it keeps their settings in objects of the environment.
 */
final class Sandbox implements LoadedCode {
    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";
    /** Jackson within AWS's serialization library. */
    private static final String JACKSON = "com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.";
    /** Depends on Joda-Time, whose default time zone is static. */
    private static final String JACKSON_FOR_JODA = JACKSON + "datatype.joda.";
    /** Classes loaded for each environment, beside AWS's serialization library. */
    private static final List<Class<?>> RUNTIME = List.of(JavaRuntime.class, HandlerTypes.class, Serializers.class,
            RuntimeLogger.class, InvocationContext.class);
    private final List<Jar> jars;
    private final Sandboxes pool;
    private final Ground ground;
    private final CodeLoader libraries;
    private CodeLoader code;
    private int uses;
    private List<String> types;

    /** AWS's interfaces and its serialization library, independent of the libraries of a function. */
    record Ground(OwnClasses core, OwnClasses runtime) {
        static Ground make() {
            return make(false);
        }

        /** Uses this program's only copy of the serialization library, so it may be called only once. */
        static Ground first() {
            return make(true);
        }

        private static Ground make(boolean isFirst) {
            // The JVM requires nest mates, which share private members, in the same loader.
            Set<String> names = Stream.concat(RUNTIME.stream(), Stream.of(JavaRuntime.class.getNestHost()))
                    .map(Class::getName).collect(Collectors.toSet());
            OwnClasses core = new OwnClasses(Dependencies.core(), ClassLoader.getPlatformClassLoader(),
                    Set.of(LambdaSystem.class.getName()), false);
            Ground ground = new Ground(core, new OwnClasses(Dependencies.serialization(), core, names, isFirst));
            ground.warmUp(null, List.of(Map.class.getName()));
            return ground;
        }

        private void warmUp(ClassLoader libraries, List<String> types) {
            try {
                runtime.loadClass(JavaRuntime.class.getName()).getMethod("warmUp", ClassLoader.class, List.class)
                        .invoke(null, libraries, types);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param pool takes the sandbox back when its function has ended normally; null to close it instead */
    Sandbox(List<Jar> jars, Ground ground, Sandboxes pool) {
        this.jars = jars;
        this.pool = pool;
        this.ground = ground;
        this.libraries = new CodeLoader(Map.of(), jars.stream().map(Jar::path).toList(), ground.core());
    }

    /**
     * Loads the classes that events need, unless code is loaded already; loading code waits for the warm-up.
     *
     * @param likely expected types of the handler; the sandbox then fits only such handlers. If empty, it fits any
     */
    synchronized void warmUp(List<String> likely) {
        if (uses > 0) return;
        ground.warmUp(libraries, List.of(EVENTS + "SQSEvent"));
        // Loading other types may run the function's code.
        List<String> events = likely.stream().filter(type -> type.startsWith(EVENTS)).toList();
        if (events.isEmpty()) return;
        types = likely;
        ground.warmUp(libraries, events);
    }

    List<Jar> jars() {
        return jars;
    }

    /** The number of code versions that were loaded. */
    int uses() {
        return uses;
    }

    /** Loads a function's classes and folders above the libraries. */
    public synchronized CodeLoader load(Map<String, byte[]> classes, List<Path> folders) {
        code = new CodeLoader(classes, folders, libraries);
        libraries.serve(code);
        uses++;
        return code;
    }

    @Override public ClassLoader loader() {
        return code;
    }

    @Override public Runnable ending() {
        try {
            return (Runnable) ground.core().loadClass(LambdaSystem.class.getName()).getMethod("ending")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override public void retire() {
        callDrivers("unload");
        libraries.logTo(null);
        Jar.close(code);
        forget();
        pool.giveBack(this);
    }

    /** The shared copy of Jackson caches classes, and thus would keep those of ended environments in memory. */
    private static void forget() {
        TypeFactory.defaultInstance().clearCache();
    }

    /** Calls {@link Drivers} only if there are any, because the JDBC module is slow to load. */
    private void callDrivers(String method) {
        if (code.getResource("META-INF/services/java.sql.Driver") == null) return;
        try {
            code.adopt(Drivers.class).getMethod(method).invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether the serialization library behaves for a handler as in a new sandbox. Some event types permanently change
     * how the library writes dates, so a used sandbox fits only handlers of the same types.
     */
    @SuppressWarnings("unchecked")
    public boolean fits(String handler) {
        List<String> wanted = (List<String>) call("types", code, handler);
        boolean fits = types == null || wanted == null || types.equals(wanted);
        types = wanted;
        return fits;
    }

    /** The type names of the handler last passed to {@link #fits}, the event's first. */
    @Override public List<String> types() {
        return types == null ? List.of() : types;
    }

    /** The name of the handler's event type, empty if it takes none. */
    public String eventType() {
        return types().isEmpty() ? "" : types().get(0);
    }

    /** The problem with a handler and perhaps advice, found without running its code; empty if there is none. */
    @SuppressWarnings("unchecked")
    public List<String> inspect(CodeLoader code, String handler) {
        return (List<String>) call("inspect", code, handler);
    }

    private Object call(String method, CodeLoader code, String handler) {
        try {
            return ground.runtime().loadClass(JavaRuntime.class.getName())
                    .getMethod(method, ClassLoader.class, String.class).invoke(null, code, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override public LambdaRuntime start(Map<String, String> environment, OutputStream log, Host host)
            throws Throwable {
        code.logTo(log);
        libraries.logTo(log);
        try {
            ground.core().loadClass(LambdaSystem.class.getName())
                    .getMethod("start", Map.class, OutputStream.class, Host.class, ClassLoader.class)
                    .invoke(null, environment, log, host, code);
            callDrivers("load");
            return (LambdaRuntime) ground.runtime().loadClass(JavaRuntime.class.getName())
                    .getConstructor(ClassLoader.class, Map.class, OutputStream.class)
                    .newInstance(code, environment, log);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override public void close() {
        if (code != null) callDrivers("unload");
        Stream.of(code, libraries, ground.runtime(), ground.core()).filter(Objects::nonNull)
                .forEach(Jar::close);
        forget();
    }

    /** Redefines some classes of this program; classes that cross the boundary are shared with it. */
    private static final class OwnClasses extends URLClassLoader {
        private static final Set<String> SHARED =
                Set.of(LambdaRuntime.class.getName(), Invocation.class.getName(), Invocation.Headers.class.getName(),
                        RuntimeFault.class.getName(), Host.class.getName());
        private final Container jar;
        private final Set<String> own;
        private final boolean lends;

        /** Uses the classes of a jar or, if {@code lends}, this program's own copy of them. */
        OwnClasses(Path jar, ClassLoader parent, Set<String> own, boolean lends) {
            super(Jar.urls(List.of(jar)), parent);
            this.jar = Container.open(jar);
            this.own = own;
            this.lends = lends;
        }

        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.contains(name)) return Class.forName(name);
            boolean isOwn = own.contains(name) || own.contains(JavaRuntime.class.getName())
                    && RUNTIME.stream().anyMatch(type -> name.startsWith(type.getName() + "$"));
            boolean isLent = lends || name.startsWith(JACKSON) && !name.startsWith(JACKSON_FOR_JODA);
            if (isLent && !isOwn && jar.isJarWith(name)) return Class.forName(name);
            byte[] bytes = isOwn ? CodeLoader.classFile(name) : jar.classFile(name);
            Class<?> type = defineClass(name, bytes, 0, bytes.length);
            setSigners(type, ClassArchive.signers());
            return type;
        }

        @Override public void close() throws IOException {
            super.close();
            jar.jar().close();
        }
    }
}
