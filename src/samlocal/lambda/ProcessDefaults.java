package samlocal.lambda;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.runtime.LambdaSystem;

/**
 * The defaults of the JVM that a handler's own code may set. On AWS it has a process for itself, with English
 * texts and UTC; here each execution environment finds those that it left, and leaves AWS's behind. Environments
 * that run at the same time with different ones may meet each other's.
 */
public record ProcessDefaults(Locale locale, Locale display, Locale format, TimeZone zone) {
    public static final ProcessDefaults OF_LAMBDA = ofLambda(null);
    private static final Map<String, String> AT_START = System.getProperties().stringPropertyNames().stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, System::getProperty));
    /** Without these neither this program nor the compiler can work. */
    private static final List<String> NEEDED =
            List.of("java.home", "java.io.tmpdir", "java.class.path", "os.name", "user.home", "user.dir");

    /** As on AWS; {@code zone} is the variable TZ such as {@code :UTC}, or null. */
    static ProcessDefaults ofLambda(String zone) {
        String id = zone == null ? "UTC" : zone.replaceFirst("^:", "");
        return new ProcessDefaults(Locale.US, Locale.US, Locale.US, TimeZone.getTimeZone(id));
    }

    static ProcessDefaults current() {
        return new ProcessDefaults(Locale.getDefault(), Locale.getDefault(Locale.Category.DISPLAY),
                Locale.getDefault(Locale.Category.FORMAT), TimeZone.getDefault());
    }

    public void apply() {
        boolean areThere = Locale.getDefault().equals(locale)
                && Locale.getDefault(Locale.Category.DISPLAY).equals(display)
                && Locale.getDefault(Locale.Category.FORMAT).equals(format) && TimeZone.getDefault().equals(zone);
        if (areThere) return;
        Locale.setDefault(locale);
        Locale.setDefault(Locale.Category.DISPLAY, display);
        Locale.setDefault(Locale.Category.FORMAT, format);
        TimeZone.setDefault(zone);
    }

    /**
     * Starts the thread that completes futures after a time, which has the context class loader of its maker: none, see
     * {@link LambdaSystem#getContextClassLoader}. Only the first call in a process, before any other timeout, counts.
     */
    public static void startTimer() {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        new CompletableFuture<Void>().completeOnTimeout(null, 0, TimeUnit.NANOSECONDS);
        thread.setContextClassLoader(loader);
    }

    /** Gives the process its properties back, if code has cleared them, or moved the JDK that it runs on. */
    static void mendProperties() {
        boolean areThere = NEEDED.stream().noneMatch(name -> System.getProperty(name) == null)
                && AT_START.get("java.home").equals(System.getProperty("java.home"));
        if (!areThere) AT_START.forEach(System::setProperty);
    }

    /** Whether a debugger may be attached. */
    public static boolean isDebugged() {
        return Agent.IS_THERE;
    }

    /** Asked once: the system's answer is slow, and has the start only of a long command line. */
    private static final class Agent {
        static final boolean IS_THERE = Stream.concat(
                Stream.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").map(System::getenv),
                ProcessHandle.current().info().commandLine().stream())
                .anyMatch(options -> options != null && options.matches("(?s).*-(agentlib:|Xrun)jdwp.*"));
    }

    /** Stops a thread where the JVM still can, up to Java 19; whether it has tried. */
    static boolean stop(Thread thread) {
        try {
            Thread.class.getMethod("stop").invoke(thread);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
