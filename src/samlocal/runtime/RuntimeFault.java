package samlocal.runtime;

import java.util.Arrays;
import samlocal.base.Program;

/** A failure that AWS itself reports, such as a missing handler; {@code type} may be null. */
public final class RuntimeFault extends Error {
    public static final String TIMEOUT = "Sandbox.Timedout";
    public static final String NO_CLASS = "Class not found: ";
    private static final String RUNTIME = RuntimeFault.class.getName().replace("RuntimeFault", "JavaRuntime");
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
