package samlocal.server;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.compile.Codebase;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Report;
import samlocal.terminal.Console;
import samlocal.terminal.Progress;

/** Compiles and initializes functions before requests need them, and reports what a request would find. */
final class WorkInAdvance implements AutoCloseable {
    private final Supplier<Collection<LambdaFunction>> functions;
    private final Report report;
    private final Console console;
    private final WarmUp warmUp;

    /** @param functions the current ones */
    WorkInAdvance(Supplier<Collection<LambdaFunction>> functions, Report report, Console console) {
        this.functions = functions;
        this.report = report;
        this.console = console;
        this.warmUp = new WarmUp(functions);
    }

    /** Compiles all code; initializes all functions if {@code isEager}. */
    void run(boolean isEager) {
        codebases().forEach(this::compile);
        if (isEager) {
            EagerStart.run(functions.get(), function -> initialize(function, LambdaFunction::initialize), console);
        }
        inBackground("warm up javac", () -> warmUp.run(codebases()));
    }

    private List<Codebase> codebases() {
        return served().map(LambdaFunction::codebase).distinct().toList();
    }

    private Stream<LambdaFunction> served() {
        return functions.get().stream().filter(LambdaFunction::isServed);
    }

    private void compile(Codebase codebase) {
        guarded(() -> {
            Codebase.Build build = codebase.current();
            boolean isNews = !build.errors().isEmpty()
                    || build.compiled().nanos() > Progress.PATIENCE_NANOS && build.news() != null;
            if (isNews) report.compiled(names(codebase), build);
        });
    }

    /** Reports an edit of code, and starts the functions that are slow to start. */
    void edited(Codebase codebase, Codebase.Build build) {
        report.compiled(names(codebase), build);
        if (!build.errors().isEmpty()) return;
        inBackground("start", () -> sharing(codebase).forEach(each -> initialize(each, LambdaFunction::renew)));
    }

    private void initialize(LambdaFunction function,
            Function<LambdaFunction, Optional<LambdaFunction.Failure>> action) {
        guarded(() -> action.apply(function).ifPresent(failure ->
                report.failed("initialization of " + function.definition().id(), failure)));
    }

    /** The ids of the functions that share code. */
    List<String> names(Codebase codebase) {
        return sharing(codebase).map(each -> each.definition().id()).sorted().toList();
    }

    private Stream<LambdaFunction> sharing(Codebase codebase) {
        return served().filter(each -> each.codebase() == codebase);
    }

    /** Runs work in advance. A failure is reported here, and again by the request that needs the result. */
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | LinkageError error) {
            Fault fault = error instanceof Fault expected ? expected : Fault.ofOurOwn(error);
            report.errors(fault.problems());
        }
    }

    void inBackground(String name, Runnable work) {
        Thread thread = new Thread(() -> guarded(work), name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override public void close() {
        warmUp.close();
    }
}
