package samlocal.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.compile.Codebase;
import samlocal.sam.FunctionDefinition;

/** Starts the functions of one family of runtimes as processes that speak Lambda's Runtime API. */
interface Interpreter {
    /**
     * How to start a process.
     *
     * @param variables environment variables besides the function's own, which they override
     * @param folder the working directory, which is the function's task root
     * @param note a line for the log, or null
     */
    record Launch(List<String> command, Map<String, String> variables, Path folder, String note) {
        Launch(List<String> command, Map<String, String> variables, Path folder) {
            this(command, variables, folder, null);
        }
    }

    /** Reads the code of functions, see {@link Platform#codebase}. */
    Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches);

    /** @throws Fault if something is missing on this machine */
    Launch launch(FunctionDefinition function, Codebase.Build build);

    /**
     * How to start a process that accepts a debugger.
     *
     * @throws Fault if that is not possible
     */
    default Launch debugged(Launch launch, Debug debug) {
        throw Fault.project("`" + debug.function() + "` is a program of its own, which samlocal cannot debug", null,
                "let its `bootstrap` start a debugger");
    }

    /** The problem with a handler and perhaps advice, from its text; empty if it seems callable. */
    List<String> check(FunctionDefinition function, Codebase.Build build);

    /** What to do about an error that a process has reported; empty if unknown. */
    default Optional<String> advice(FunctionDefinition function, Codebase.Build build, ReportedError error) {
        return Optional.empty();
    }
}
