package samlocal.runtime;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** The code of one function in one execution environment: classes in this JVM, or a child process. */
public interface LoadedCode extends AutoCloseable {
    /**
     * Initializes the handler; called once, in the environment's thread, which is interrupted after a timeout.
     *
     * @param environment the variables of the function
     * @param log receives its output
     * @throws Throwable what initialization throws
     */
    LambdaRuntime start(Map<String, String> environment, OutputStream log, Host host) throws Throwable;

    /** The context class loader of the environment's thread. */
    ClassLoader loader();

    /** The parameter and return types of the handler; empty if they are unknown. */
    List<String> types();

    /** Whether a debugger of its own may be attached; then time limits do not apply. */
    default boolean isDebugged() {
        return false;
    }

    /** An action that ends timers and executors of the code. */
    Runnable ending();

    /** Ends the code after it has run normally; what does not depend on it may be used again. */
    void retire();

    /** Ends the code for good. */
    @Override void close();
}
