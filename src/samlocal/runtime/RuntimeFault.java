package samlocal.runtime;

import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Program;

/** A failure that AWS itself reports, such as a missing handler; {@code type} may be null. */
public final class RuntimeFault extends Error {
    public static final String TIMEOUT = "Sandbox.Timedout";
    public static final String NO_CLASS = "Class not found: ";
    private static final String RUNTIME = RuntimeFault.class.getName().replace("RuntimeFault", "JavaRuntime");
    private static final String PROCESS = ProcessRuntime.class.getName();
    private static final Pattern TYPE = Pattern.compile("^([\\w$]+(?:/[\\w$]+)+)$");
    private static final Pattern OPENS = Pattern.compile("module java\\.base does not \"opens (\\S+)\"");
    /** The names that Go has for signals. */
    private static final Map<Integer, String> SIGNALS = Map.of(1, "hangup", 2, "interrupt", 3, "quit", 4,
            "illegal instruction", 6, "aborted", 8, "floating point exception", 9, "killed", 11, "segmentation fault",
            13, "broken pipe", 15, "terminated");
    private static final long serialVersionUID = 1;
    private final String type;
    private String handler;

    public RuntimeFault(String type, String message) {
        this(type, message, null);
    }

    public RuntimeFault(String type, String message, Throwable cause) {
        super(message, cause, false, true);
        this.type = type;
        setStackTrace(new StackTraceElement[0]);
    }

    /**
     * The process of a function has ended (AWS's runtime interface emulator, {@code rapid/handlers.go}).
     *
     * @param status above 128: the number of a signal plus 128, as in a shell
     */
    public static RuntimeFault exited(int status) {
        String reason = status > 128 ? "signal: " + SIGNALS.getOrDefault(status - 128, String.valueOf(status - 128))
                : "exit status " + status;
        return new RuntimeFault("Runtime.ExitError", status == 0 ? "Runtime exited without providing a reason"
                : "Runtime exited with error: " + reason);
    }

    /** Whether the function timed out; {@code error} may be null. */
    public static boolean isTimeout(Throwable error) {
        return error instanceof RuntimeFault fault && TIMEOUT.equals(fault.type());
    }

    public String type() {
        return type;
    }

    /** Adds the class or {@code Class::method} that cannot be used, or null if unknown. */
    public RuntimeFault about(String unusable) {
        handler = unusable;
        return this;
    }

    /** The class, or {@code Class::method}, that cannot be called as a handler; null for other failures. */
    public String handler() {
        return handler;
    }

    /** Advice if one of these errors means that a type is missing or that the JDK is closed to reflection. */
    public static Optional<String> adviceOn(Stream<Throwable> errors) {
        return errors.flatMap(error -> Stream.concat(
                found(error, NoClassDefFoundError.class, TYPE).map(type -> "`" + type.replace('/', '.')
                        + "` is not on the function's class path: add its library to the build file, or give its layer"
                        + " with `--layer ARN=PATH`"),
                found(error, InaccessibleObjectException.class, OPENS).map(name -> "AWS's java8 and java11 leave `"
                        + name + "` open to reflection, later runtimes do not: for those two, start samlocal with "
                        + "the variable `JDK_JAVA_OPTIONS=--add-opens=java.base/" + name + "=ALL-UNNAMED`")))
                .findFirst();
    }

    /** The part of an error's message that the JVM fills in. */
    private static Stream<String> found(Throwable error, Class<?> type, Pattern pattern) {
        return error.getClass() != type || error.getMessage() == null ? Stream.of()
                : pattern.matcher(error.getMessage()).results().map(result -> result.group(1));
    }

    /** Whether the platform reports it, with the request id, and not the runtime in the process. */
    public boolean isPlatforms() {
        return type != null && type.matches("(Runtime|Sandbox)\\..*");
    }

    /** The frames of a Java function's code and its callees: those above the runtime's first one. */
    public static StackTraceElement[] ownFrames(StackTraceElement[] frames) {
        boolean isInProcess = Arrays.stream(frames).anyMatch(frame -> frame.getClassName().equals(PROCESS));
        return isInProcess ? new StackTraceElement[0] : Arrays.stream(frames)
                .takeWhile(frame -> !frame.getClassName().startsWith(RUNTIME))
                .filter(frame -> !Program.isOwn(frame.getClassName()))
                .toArray(StackTraceElement[]::new);
    }

    @Override public String toString() {
        return getMessage();
    }
}
