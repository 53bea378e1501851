package samlocal.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import samlocal.compile.Codebase;
import samlocal.compile.Compiler;
import samlocal.lambda.LambdaFunction;

/**
 * Warms up javac in the background for the first edit, because its first runs are several times slower. Starts after
 * the first invocation, pauses while functions run, and stops after two seconds of CPU time.
 */
final class WarmUp implements AutoCloseable {
    private static final long QUIET_MILLIS = 60;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Limit of codebases to prepare, since each takes memory. */
    private static final int MAX_CODEBASES = 5;
    private final Supplier<Collection<LambdaFunction>> functions;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private volatile boolean isClosed;
    private long seen;

    WarmUp(Supplier<Collection<LambdaFunction>> functions) {
        this.functions = functions;
    }

    /** Blocks until the warm-up is done. */
    void run(List<Codebase> codebases) {
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        while (invocations() == 0 && !isClosed) sleep();
        long end = threads.getCurrentThreadCpuTime() + MAX_NANOS;
        Compiler.warmUp(() -> goesOn(end));
        for (Codebase each : codebases.stream().limit(MAX_CODEBASES).toList()) if (goesOn(end)) each.prepare();
    }

    /** Waits while functions run; returns false if the time is used up or the server closes. */
    private boolean goesOn(long end) {
        while (!isClosed && (isRunning() || invocations() != seen)) {
            seen = invocations();
            sleep();
        }
        return !isClosed && threads.getCurrentThreadCpuTime() < end;
    }

    private boolean isRunning() {
        return functions.get().stream().anyMatch(LambdaFunction::isRunning);
    }

    private long invocations() {
        return functions.get().stream().mapToLong(LambdaFunction::invocations).sum();
    }

    private void sleep() {
        try {
            Thread.sleep(QUIET_MILLIS);
        } catch (InterruptedException e) {
            isClosed = true;
        }
    }

    @Override public void close() {
        isClosed = true;
    }
}
