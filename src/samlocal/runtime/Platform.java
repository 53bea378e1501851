package samlocal.runtime;

import java.util.List;
import java.util.function.Consumer;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.sam.FunctionDefinition;

/** Runs the functions of one family of runtimes. */
public interface Platform {
    /**
     * Creates the code of functions.
     *
     * @param onProblems called with problems of the code that do not prevent it from running, whenever they change
     * @param watches if false, the first build is used throughout
     */
    Codebase codebase(Codebase.Key key, Consumer<List<Problem>> onProblems, boolean watches);

    /** Prepares a build of a function to be started. */
    LoadedCode load(FunctionDefinition function, Codebase.Build build);

    /** Prepares to check handlers of a build. */
    HandlerCheck check(Codebase.Build build);

    /** Whether a debugger may be attached to the process of a function. */
    boolean isDebugged(FunctionDefinition function);

    /** Whether a function is to be started again as soon as its code has changed, before a request needs it. */
    boolean startsInAdvance();
}
