package samlocal.runtime;

import java.util.List;
import java.util.function.Consumer;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.compile.JavaCode;
import samlocal.dependencies.Builds;
import samlocal.files.Jar;
import samlocal.sam.FunctionDefinition;

/** Runs functions of Java and other languages of the JVM in this JVM. */
final class JavaPlatform implements Platform {
    private final Builds builds;
    private final Sandboxes sandboxes;

    JavaPlatform(Builds builds, Sandboxes sandboxes) {
        this.builds = builds;
        this.sandboxes = sandboxes;
    }

    @Override public Codebase codebase(Codebase.Key key, Consumer<List<Problem>> onProblems, boolean watches) {
        return new JavaCode(key, builds, onProblems, this::prepare, watches);
    }

    private void prepare(List<Jar> libraries) {
        Thread thread = new Thread(() -> sandboxes.prepareIfNone(libraries), "warm up");
        thread.setDaemon(true);
        thread.start();
    }

    @Override public LoadedCode load(FunctionDefinition function, Codebase.Build build) {
        Sandbox sandbox = sandboxes.take(build.jars());
        sandbox.load(build.classes(), build.folders());
        boolean fits = sandbox.fits(function.handler());
        sandboxes.learn(build.jars(), sandbox.types());
        if (fits) return sandbox;
        sandbox.close();
        Sandbox another = sandboxes.another(build.jars());
        another.load(build.classes(), build.folders());
        another.fits(function.handler());
        return another;
    }

    @Override public HandlerCheck check(Codebase.Build build) {
        return new JavaHandlerCheck(build, sandboxes.another(build.jars()));
    }

    @Override public boolean isDebugged(FunctionDefinition function) {
        return false; // all of this JVM is, or nothing
    }

    @Override public boolean startsInAdvance() {
        return false; // compiled code starts fast, and starting it may take CPU time from the next compilation
    }
}
