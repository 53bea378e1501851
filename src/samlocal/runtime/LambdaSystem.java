package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;

/**
 * What {@code java.lang.System} and {@code Runtime} are to a process, for one execution environment: a copy of
 * this class is loaded for each, which is why its state is static.
 */
public final class LambdaSystem {
    /** Where AWS's runtime puts the header of a request's trace; before Java 17, into {@link #OLD_TRACE}. */
    static final String TRACE = "com.amazonaws.xray.traceHeader";
    public static final String OLD_TRACE = "_X_AMZN_TRACE_ID";
    /** The variable that names the folder of the function's resources, which is made when it is read. */
    public static final String TASK_ROOT = "LAMBDA_TASK_ROOT";
    private static Set<Object> pools = noPools();
    private static volatile String trace = "";
    private static boolean isOld;
    private static volatile Map<String, String> variables = Map.of();
    private static PrintStream out;
    private static PrintStream err;
    private static Host host;
    private static Object securityManager;
    private static Thread.UncaughtExceptionHandler uncaught;
    private static long started = System.currentTimeMillis();

    private LambdaSystem() {
    }

    /** Gives the environment its variables and its log, before any of the function's code runs. */
    public static void start(Map<String, String> environment, OutputStream log, Host of) {
        variables = environment;
        isOld = hasOldTrace(environment.getOrDefault("AWS_EXECUTION_ENV", "").replaceFirst("AWS_Lambda_", ""));
        out = new PrintStream(log, true, UTF_8);
        err = new PrintStream(log, true, UTF_8);
        host = of;
        started = System.currentTimeMillis();
    }

    /** Lambda Developer Guide, "Working with Lambda environment variables". */
    public static boolean hasOldTrace(String runtime) {
        return runtime.matches("java(8|11).*");
    }

    /** A request begins; code that asks for the property by another name than the literal finds the last one. */
    public static void begin(String header) {
        trace = header;
        System.setProperty(TRACE, header);
    }

    public static String getProperty(String name) {
        return TRACE.equals(name) ? trace : System.getProperty(name);
    }

    public static String getProperty(String name, String otherwise) {
        return TRACE.equals(name) ? trace : System.getProperty(name, otherwise);
    }

    /** Code has made a timer or an executor, whose threads last. */
    public static void made(Object pool) {
        pools.add(pool);
    }

    private static Set<Object> noPools() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /** Ends all timers and executors that were made until now. */
    public static Runnable ending() {
        Set<Object> old = pools;
        pools = noPools();
        return () -> List.of(old.toArray()).forEach(LambdaSystem::end);
    }

    private static void end(Object pool) {
        try {
            if (pool instanceof Timer timer) timer.cancel();
            if (pool instanceof ExecutorService executor) executor.shutdownNow();
        } catch (RuntimeException | LinkageError e) {
            return; // it is of no use any more
        }
    }

    /** Frameworks count the time that is left for initialization from the start of the process, the bean's. */
    public static long getStartTime(Object bean) {
        return started;
    }

    public static long getUptime(Object bean) {
        return System.currentTimeMillis() - started;
    }

    public static void printStackTrace(Throwable error) {
        error.printStackTrace(err);
    }

    public static PrintStream out() {
        return out;
    }

    public static PrintStream err() {
        return err;
    }

    public static void setOut(PrintStream stream) {
        out = stream;
    }

    public static void setErr(PrintStream stream) {
        err = stream;
    }

    public static String getenv(String name) {
        if (isOld && name.equals(OLD_TRACE)) return trace;
        return (name.equals(TASK_ROOT) ? getenv() : variables).get(name);
    }

    public static synchronized Map<String, String> getenv() {
        if (!variables.containsKey(TASK_ROOT)) {
            Map<String, String> all = new TreeMap<>(variables);
            all.put(TASK_ROOT, host.taskRoot());
            variables = Collections.unmodifiableMap(all);
        }
        return variables;
    }

    /** Ends the execution environment instead of this program. */
    public static void exit(int status) {
        RuntimeFault fault =
                new RuntimeFault("Runtime.ExitError", "Runtime exited with error: exit status " + status);
        host.exited(fault);
        throw fault;
    }

    public static void exit(Object runtime, int status) {
        exit(status);
    }

    public static void halt(Object runtime, int status) {
        exit(status);
    }

    /** Not run, and not kept: this process outlives the environment, and Lambda gives hooks no time either. */
    public static void addShutdownHook(Object runtime, Thread hook) {
        Objects.requireNonNull(hook);
    }

    /** Known to the code that sets it, and without effect: this process is not the environment's alone. */
    @SuppressWarnings("removal")
    public static void setSecurityManager(SecurityManager manager) {
        if (Runtime.version().feature() >= 18) {
            throw new UnsupportedOperationException("The Security Manager is disabled");
        }
        err.println("the SecurityManager that was set has no effect here");
        securityManager = manager;
    }

    @SuppressWarnings("removal")
    public static SecurityManager getSecurityManager() {
        return (SecurityManager) securityManager;
    }

    /** For the threads of this environment only. */
    public static void setDefaultUncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
        uncaught = handler;
        host.handlesUncaught(handler);
    }

    public static Thread.UncaughtExceptionHandler getDefaultUncaughtExceptionHandler() {
        return uncaught;
    }

    public static boolean removeShutdownHook(Object runtime, Thread hook) {
        return false;
    }
}
