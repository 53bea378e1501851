package samlocal.runtime;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.sam.FunctionDefinition;

/** Runs functions as child processes. */
final class ProcessPlatform implements Platform {
    private final Interpreter interpreter;
    private final Processes processes;
    private final Debug debug;

    /** @param debug the function to debug, or null */
    ProcessPlatform(Interpreter interpreter, Processes processes, Debug debug) {
        this.interpreter = interpreter;
        this.processes = processes;
        this.debug = debug;
    }

    @Override public Codebase codebase(Codebase.Key key, Consumer<List<Problem>> onProblems, boolean watches) {
        return interpreter.codebase(key, watches);
    }

    @Override public LoadedCode load(FunctionDefinition function, Codebase.Build build) {
        Interpreter.Launch launch = interpreter.launch(function, build);
        boolean isDebugged = isDebugged(function);
        return new ProcessRuntime(isDebugged ? interpreter.debugged(launch, debug) : launch, isDebugged, processes);
    }

    @Override public HandlerCheck check(Codebase.Build build) {
        return new HandlerCheck() {
            @Override public Result of(FunctionDefinition function) {
                return new Result(interpreter.check(function, build), "", Set.of());
            }

            @Override public void close() {
            }
        };
    }

    @Override public boolean isDebugged(FunctionDefinition function) {
        return Debug.isFor(function, debug);
    }

    @Override public boolean startsInAdvance() {
        return true;
    }
}
