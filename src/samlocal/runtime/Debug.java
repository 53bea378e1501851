package samlocal.runtime;

import java.util.List;
import samlocal.sam.FunctionDefinition;

/**
 * Debugging of a function that runs as a process of its own.
 *
 * @param function its logical id
 * @param port on which its process accepts a debugger
 * @param options of its interpreter
 * @param waits whether the process waits for a debugger before it starts
 */
public record Debug(String function, int port, List<String> options, boolean waits) {
    @Override public String toString() {
        return "debugger port of " + function + ": 127.0.0.1:" + port
                + (waits ? "; waiting for a debugger to attach" : "");
    }

    /** Whether a function is debugged by these settings, which may be null. */
    public static boolean isFor(FunctionDefinition function, Debug settings) {
        return settings != null && settings.function().equals(function.id());
    }
}
