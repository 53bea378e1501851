package samlocal.runtime;

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
 * All of an execution environment that does not depend on the function's own code: AWS's core interfaces at the
 * top, the libraries below, and, beside those and unseen by them, AWS's serialization library and
 * {@link JavaRuntime}. That library caches classes in static fields, so every environment has a copy; warming it
 * up takes longer than compiling a handler, which is why sandboxes are made in advance by {@link Sandboxes}. The
 * first one of a process has the copy that is on this program's class path, which loads from the JVM's archive.
 */
public final class Sandbox implements AutoCloseable {
    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";
    /** Loaded for each environment, beside AWS's serialization library. */
    private static final List<Class<?>> RUNTIME = List.of(JavaRuntime.class, HandlerTypes.class, Serializers.class,
            RuntimeLogger.class, InvocationContext.class);
    private final List<Jar> jars;
    private final Ground ground;
    private final CodeLoader libraries;
    private CodeLoader code;
    private int uses;
    private List<String> types;

    /** AWS's interfaces and its serialization library, which do not know the libraries of a function. */
    record Ground(OwnClasses core, OwnClasses runtime) {
        static Ground make() {
            return make(false);
        }

        /** With this program's own copy of the serialization library; there is one, so this is for one caller. */
        static Ground first() {
            return make(true);
        }

        private static Ground make(boolean isFirst) {
            // The JVM wants the outer class of nested ones that share private members in the same loader.
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

    public Sandbox(List<Jar> jars) {
        this(jars, Ground.make());
    }

    Sandbox(List<Jar> jars, Ground ground) {
        this.jars = jars;
        this.ground = ground;
        this.libraries = new CodeLoader(Map.of(), jars.stream().map(Jar::path).toList(), ground.core());
    }

    /**
     * Loads what events need, if there is no code yet that shows what it needs; code waits for that.
     *
     * @param likely types that its handler will have; another handler fits no more then. None: it fits any
     */
    synchronized void warmUp(List<String> likely) {
        if (uses > 0) return;
        ground.warmUp(libraries, List.of(EVENTS + "SQSEvent"));
        // Others may have code that runs as they are loaded, which is the function's.
        List<String> events = likely.stream().filter(type -> type.startsWith(EVENTS)).toList();
        if (events.isEmpty()) return;
        types = likely;
        ground.warmUp(libraries, events);
    }

    List<Jar> jars() {
        return jars;
    }

    /** How many versions of the code it has held. */
    int uses() {
        return uses;
    }

    /** Puts a function's classes and folders on top of the libraries. */
    public synchronized CodeLoader load(Map<String, byte[]> classes, List<Path> folders) {
        code = new CodeLoader(classes, folders, libraries);
        libraries.serve(code);
        uses++;
        return code;
    }

    /** The loader of the function's own code. */
    public CodeLoader code() {
        return code;
    }

    /** Ends what makes threads in the function's code. */
    public Runnable ending() {
        try {
            return (Runnable) ground.core().loadClass(LambdaSystem.class.getName()).getMethod("ending")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the function's code away again. */
    public void unload() {
        callDrivers("unload");
        libraries.logTo(null);
        Jar.close(code);
    }

    /** Only where there are any: the module of JDBC takes its time to load. */
    private void callDrivers(String method) {
        if (code.getResource("META-INF/services/java.sql.Driver") == null) return;
        try {
            code.adopt(Drivers.class).getMethod(method).invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether a handler meets the serialization library as in a new sandbox. Some event types change how the
     * library writes dates from then on, so a used sandbox fits handlers of the same types only.
     */
    @SuppressWarnings("unchecked")
    public boolean fits(String handler) {
        List<String> wanted = (List<String>) call("types", code, handler);
        boolean fits = types == null || wanted == null || types.equals(wanted);
        types = wanted;
        return fits;
    }

    /** The names of the types of the last handler that was asked about, the event's first; none if it has none. */
    public List<String> types() {
        return types == null ? List.of() : types;
    }

    /** The name of the type of event that it takes, empty if it takes none. */
    public String eventType() {
        return types().isEmpty() ? "" : types().get(0);
    }

    /** What is wrong with a handler, found without running any of its code, and what helps if that is known. */
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

    /** Starts the runtime with its handler; the handler's initialization may throw anything. */
    public LambdaRuntime start(Map<String, String> environment, OutputStream log, Host host) throws Throwable {
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
    }

    /** Defines some classes of this program again; those that cross the border it shares with it. */
    private static final class OwnClasses extends URLClassLoader {
        private static final Set<String> SHARED =
                Set.of(LambdaRuntime.class.getName(), Invocation.class.getName(), Invocation.Headers.class.getName(),
                        RuntimeFault.class.getName(), Host.class.getName());
        private final Container jar;
        private final Set<String> own;
        private final boolean lends;

        /** With the classes of a jar, or where it {@code lends} with those that this program has of it. */
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
            if (lends && !isOwn && jar.isJarWith(name)) return Class.forName(name);
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
