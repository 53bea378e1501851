package samlocal.runtime;

import java.util.List;
import java.util.function.Consumer;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.sam.FunctionDefinition;

/** Runs the functions of one family of runtimes. */
public interface Platform {
    /**
     * Receives changes of code.
     *
     * @param onProblems called with problems that do not prevent it from running, whenever they change
     * @param onErrors called whenever {@link Codebase#errors()} has changed
     */
    record Listener(Consumer<List<Problem>> onProblems, Runnable onErrors) {
    }

    /**
     * Creates the code of functions.
     *
     * @param watches if false, the first build is used throughout
     */
    Codebase codebase(Codebase.Key key, Listener listener, boolean watches);

    /** Prepares a build of a function to be started. */
    LoadedCode load(FunctionDefinition function, Codebase.Build build);

    /** Prepares to check handlers of a build. */
    HandlerCheck check(Codebase.Build build);

    /** Whether a debugger may be attached to the process of a function. */
    boolean isDebugged(FunctionDefinition function);

    /** Whether a function is to be started again as soon as its code has changed, before a request needs it. */
    boolean startsInAdvance();
}
