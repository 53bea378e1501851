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

    ProcessPlatform(Interpreter interpreter, Processes processes) {
        this.interpreter = interpreter;
        this.processes = processes;
    }

    @Override public Codebase codebase(Codebase.Key key, Consumer<List<Problem>> onProblems, boolean watches) {
        return interpreter.codebase(key, watches);
    }

    @Override public LoadedCode load(FunctionDefinition function, Codebase.Build build) {
        return new ProcessRuntime(interpreter.launch(function, build),
                error -> interpreter.advice(function, build, error), processes);
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

    @Override public boolean startsInAdvance() {
        return true;
    }
}
