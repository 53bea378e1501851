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
 * JVM defaults that a handler may set. On AWS it has its own process, with an English locale and UTC; here each
 * execution environment gets its last settings back, and AWS's are restored after it. Environments that run
 * concurrently with different settings may see each other's.
 */
public record ProcessDefaults(Locale locale, Locale display, Locale format, TimeZone zone) {
    public static final ProcessDefaults OF_LAMBDA = ofLambda(null);
    private static final Map<String, String> AT_START = System.getProperties().stringPropertyNames().stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, System::getProperty));
    /** Properties that this program and the compiler need. */
    private static final List<String> NEEDED =
            List.of("java.home", "java.io.tmpdir", "java.class.path", "os.name", "user.home", "user.dir");

    /** The defaults on AWS; {@code zone} is the variable TZ such as {@code :UTC}, or null. */
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
     * Starts the thread that completes futures after a delay, which inherits the context class loader of its creator:
     * none, see {@link LambdaSystem#getContextClassLoader}.
     */
    public static void startTimer() {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        new CompletableFuture<Void>().completeOnTimeout(null, 0, TimeUnit.NANOSECONDS);
        thread.setContextClassLoader(loader);
    }

    /** Restores system properties if code has cleared or changed them. */
    static void mendProperties() {
        boolean areThere = NEEDED.stream().noneMatch(name -> System.getProperty(name) == null)
                && AT_START.get("java.home").equals(System.getProperty("java.home"));
        if (!areThere) AT_START.forEach(System::setProperty);
    }

    /** Whether a debugger may be attached. */
    public static boolean isDebugged() {
        return Agent.IS_THERE;
    }

    /** Evaluated once and lazily, because reading the JVM's arguments is slow. */
    private static final class Agent {
        static final boolean IS_THERE = Stream.concat(
                Stream.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").map(System::getenv),
                ProcessHandle.current().info().commandLine().stream())
                .anyMatch(options -> options != null && options.matches("(?s).*-(agentlib:|Xrun)jdwp.*"));
    }

    /** Stops a thread if the JVM supports it (up to Java 19); returns whether it tried. */
    static boolean stop(Thread thread) {
        try {
            Thread.class.getMethod("stop").invoke(thread);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
