package samlocal.runtime;

import java.util.List;
import java.util.Map;
import samlocal.compile.Codebase;
import samlocal.compile.ScriptCode;
import samlocal.sam.FunctionDefinition;

/** Runs Node functions. */
final class NodeInterpreter implements Interpreter {
    @Override public Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches) {
        return new ScriptCode(key, "index.js", onErrors, watches);
    }

    @Override public Launch launch(FunctionDefinition function, Codebase.Build build) {
        return new Launch(List.of("node"), Map.of(), build.folders().get(0));
    }

    @Override public List<String> check(FunctionDefinition function, Codebase.Build build) {
        return List.of();
    }
}
