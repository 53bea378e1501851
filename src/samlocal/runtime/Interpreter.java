package samlocal.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
     */
    record Launch(List<String> command, Map<String, String> variables, Path folder) {
    }

    /** Reads the code of functions. */
    Codebase codebase(Codebase.Key key, boolean watches);

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
}
