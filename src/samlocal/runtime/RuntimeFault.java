package samlocal.runtime;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Program;

/** A failure that AWS itself reports, such as a handler that is not there; {@code type} may be null. */
public final class RuntimeFault extends Error {
    public static final String TIMEOUT = "Sandbox.Timedout";
    public static final String NO_CLASS = "Class not found: ";
    private static final String RUNTIME = RuntimeFault.class.getName().replace("RuntimeFault", "JavaRuntime");
    private static final int MOST_CAUSES = 100;
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

    /** Whether a function's time was over; {@code error} may be null. */
    public static boolean isTimeout(Throwable error) {
        return error instanceof RuntimeFault fault && TIMEOUT.equals(fault.type());
    }

    public String type() {
        return type;
    }

    /** The same, because of a class that cannot be used, or {@code Class::method}; null if nothing is known of it. */
    public RuntimeFault about(String unusable) {
        handler = unusable;
        return this;
    }

    /** The class, or {@code Class::method}, that cannot be called as a handler; null for other failures. */
    public String handler() {
        return handler;
    }

    /** What helps where an error comes from a type that is not on the class path. */
    public static Optional<String> adviceOnMissing(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES)
                .filter(NoClassDefFoundError.class::isInstance).map(Throwable::getMessage).filter(Objects::nonNull)
                .filter(message -> message.matches("[\\w$]+(/[\\w$]+)+")).findFirst()
                .map(type -> "`" + type.replace('/', '.') + "` is not on the function's class path: add its library to "
                        + "the build file, or give its layer with `--layer ARN=PATH`");
    }

    /** Whether it is told by the platform, which names the request, and not by the runtime in the process. */
    public boolean isPlatforms() {
        return type != null && type.matches("(Runtime|Sandbox)\\..*");
    }

    /** The frames of a function's code, and of what that called: those above the runtime's first one. */
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
