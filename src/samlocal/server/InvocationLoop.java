package samlocal.server;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import samlocal.base.Fault;
import samlocal.base.Problem;
import samlocal.lambda.Call;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Report;

/** Invokes a function, and again whenever its code, the template or the event has changed. */
final class InvocationLoop {
    /** Between two looks at the files. */
    private static final long PAUSE_MILLIS = 100;
    private final Supplier<LambdaFunction> function;
    private final Supplier<Call> call;
    private final BiConsumer<LambdaFunction.Run, Long> onRun;
    private final Report report;
    private State last;
    private List<Problem> reported = List.of();

    /** What an invocation depends on. */
    private record State(LambdaFunction function, int revision, ByteBuffer event) {
    }

    /**
     * A loop that is not started.
     *
     * @param function that of the template as it is saved now, null while that has errors
     * @param call the call to send now; may throw a {@link Fault}
     * @param onRun called with each invocation and its duration in nanoseconds
     */
    InvocationLoop(Supplier<LambdaFunction> function, Supplier<Call> call,
            BiConsumer<LambdaFunction.Run, Long> onRun, Report report) {
        this.function = function;
        this.call = call;
        this.onRun = onRun;
        this.report = report;
    }

    /** Runs until this thread is interrupted. */
    void run() {
        try {
            while (true) {
                look();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            return; // by whoever ends this
        }
    }

    /** A fault is reported once, until there is another or none. */
    private void look() {
        List<Problem> problems = List.of();
        try {
            invokeIfChanged();
        } catch (RuntimeException error) {
            problems = (error instanceof Fault expected ? expected : Fault.ofOurOwn(error)).problems();
        }
        if (!problems.isEmpty() && !problems.equals(reported)) report.errors(problems);
        if (!problems.isEmpty()) last = null;
        reported = problems;
    }

    private void invokeIfChanged() {
        long started = System.nanoTime();
        LambdaFunction current = function.get();
        if (current == null) last = null;
        if (current == null) return;
        Call next = call.get();
        int revision = current.isServed() ? current.codebase().current().revision() : 0;
        State state = new State(current, revision, ByteBuffer.wrap(next.event()));
        if (state.equals(last)) return;
        last = state;
        onRun.accept(current.invoke(next), System.nanoTime() - started);
    }
}
