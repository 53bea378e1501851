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
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Replaces {@code java.lang.System} and {@code Runtime} for one execution environment. Its state is static because a
 * copy of this class is loaded for each.
 */
public final class LambdaSystem {
    /** The system property in which AWS's runtime passes the trace header; before Java 17, {@link #OLD_TRACE}. */
    static final String TRACE = "com.amazonaws.xray.traceHeader";
    public static final String OLD_TRACE = "_X_AMZN_TRACE_ID";
    /** The variable with the folder of the function's resources, which is created when code reads it. */
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
    /** Replaces AWS's system class loader: it has the interfaces that functions share with the runtime. */
    private static final ClassLoader SYSTEM = LambdaSystem.class.getClassLoader();
    private static ClassLoader code;
    private static ThreadGroup group;
    private static boolean hasAsyncThreads;

    private LambdaSystem() {
    }

    /** Sets the environment's variables, log and code; called in its thread before any of that code runs. */
    public static void start(Map<String, String> environment, OutputStream log, Host of, ClassLoader loader) {
        variables = environment;
        String runtime = environment.getOrDefault("AWS_EXECUTION_ENV", "").replaceFirst("AWS_Lambda_", "");
        isOld = hasOldTrace(runtime);
        code = loader;
        group = Thread.currentThread().getThreadGroup();
        hasAsyncThreads = runtime.matches("java(8|11|17|21).*");
        out = new PrintStream(log, true, UTF_8);
        err = new PrintStream(log, true, UTF_8);
        host = of;
        started = System.currentTimeMillis();
    }

    /** Lambda Developer Guide, "Working with Lambda environment variables". */
    public static boolean hasOldTrace(String runtime) {
        return runtime.matches("java(8|11).*");
    }

    /** Starts a request; code that reads the property other than by its literal name gets the last value set. */
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

    /** Code has created a timer or executor, whose threads must be ended. */
    public static void made(Object pool) {
        pools.add(pool);
    }

    private static Set<Object> noPools() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /** Returns an action that ends all timers and executors created so far. */
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
            return; // it is no longer needed
        }
    }

    /** The start time of the environment, from which frameworks compute the time left for initialization. */
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
        RuntimeFault fault = RuntimeFault.exited(status & 0xFF);
        host.exited(fault);
        throw fault;
    }

    public static void exit(Object runtime, int status) {
        exit(status);
    }

    public static void halt(Object runtime, int status) {
        exit(status);
    }

    /** Ignored: this process outlives the environment, and Lambda does not run hooks to completion either. */
    public static void addShutdownHook(Object runtime, Thread hook) {
        Objects.requireNonNull(hook);
    }

    /** Visible to the code that sets it, but without effect, because environments share this process. */
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

    public static ClassLoader getSystemClassLoader() {
        return SYSTEM;
    }

    /**
     * The context class loader that a thread has on AWS. Threads for which the JDK uses the system class loader would
     * have this program's. The timeout thread of {@code CompletableFuture} would have that of the first function that
     * uses it; here it and the threads that it starts have none.
     */
    public static ClassLoader getContextClassLoader(Object thread) {
        Thread asked = (Thread) thread;
        ClassLoader loader = asked.getContextClassLoader();
        if (loader == null) return isOwn(asked) ? null : code;
        if (loader != ClassLoader.getSystemClassLoader()) return loader;
        return isAsync(asked) ? code : SYSTEM;
    }

    /** Sets it so that code can restore the previous one, which must not leak to the next function in the thread. */
    public static void setContextClassLoader(Object thread, ClassLoader loader) {
        Thread asked = (Thread) thread;
        boolean isSystem = loader == SYSTEM || loader == code && isAsync(asked);
        boolean isNone = loader == code && !isOwn(asked);
        asked.setContextClassLoader(isSystem ? ClassLoader.getSystemClassLoader() : isNone ? null : loader);
    }

    /** The class loader of a {@code ServiceLoader} created without one. */
    public static ClassLoader services() {
        ClassLoader loader = getContextClassLoader(Thread.currentThread());
        return loader == null ? SYSTEM : loader;
    }

    private static boolean isOwn(Thread thread) {
        return thread.getThreadGroup() != null && group.parentOf(thread.getThreadGroup());
    }

    /**
     * Before Java 25, {@code CompletableFuture} starts a thread per task on two processors, which most Lambda functions
     * have. Such a thread inherits the context class loader of its creator; with more processors, as on this machine,
     * tasks run in the common pool.
     */
    private static boolean isAsync(Thread thread) {
        return hasAsyncThreads && thread instanceof ForkJoinWorkerThread worker
                && worker.getPool() == ForkJoinPool.commonPool();
    }

    /** Sets the handler for the threads of this environment only. */
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
