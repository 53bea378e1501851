package samlocal.runtime;

import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Program;

/** A failure that AWS itself reports, such as a missing handler; {@code type} may be null. */
public final class RuntimeFault extends Error {
    public static final String TIMEOUT = "Sandbox.Timedout";
    public static final String NO_CLASS = "Class not found: ";
    private static final String RUNTIME = RuntimeFault.class.getName().replace("RuntimeFault", "JavaRuntime");
    private static final Pattern TYPE = Pattern.compile("^([\\w$]+(?:/[\\w$]+)+)$");
    private static final Pattern OPENS = Pattern.compile("module java\\.base does not \"opens (\\S+)\"");
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

    /** The frames of a function's code and its callees: those above the runtime's first one. */
    public static StackTraceElement[] ownFrames(StackTraceElement[] frames) {
        return Arrays.stream(frames)
                .takeWhile(frame -> !frame.getClassName().startsWith(RUNTIME))
                .filter(frame -> !Program.isOwn(frame.getClassName()))
                .toArray(StackTraceElement[]::new);
    }

    @Override public String toString() {
        return getMessage();
    }
}
