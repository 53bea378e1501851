package samlocal.runtime;

import samlocal.compile.Codebase;
import samlocal.sam.FunctionDefinition;

/** Checks Java handlers. All of a build share a sandbox, because creating one takes longer than a check. */
final class JavaHandlerCheck implements HandlerCheck {
    private final Codebase.Build build;
    private final Sandbox sandbox;
    private final CodeLoader code;

    JavaHandlerCheck(Codebase.Build build, Sandbox sandbox) {
        this.build = build;
        this.sandbox = sandbox;
        this.code = sandbox.load(build.classes(), build.folders());
    }

    @Override public Result of(FunctionDefinition function) {
        sandbox.fits(function.handler());
        return new Result(sandbox.inspect(code, function.handler()), sandbox.eventType(),
                VariableReads.of(function.handler().replaceFirst("::.*", ""), build.classes()));
    }

    @Override public void close() {
        sandbox.close();
    }
}
