package samlocal.server;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import samlocal.base.Fault;
import samlocal.lambda.LambdaFunction;
import samlocal.terminal.Console;
import samlocal.terminal.Progress;

/** Initializes all functions before the server reports its start: {@code --warm-containers EAGER}. */
final class EagerStart {
    /** More would only compete for processors and memory. */
    private static final int AT_A_TIME = 2;

    private EagerStart() {
    }

    /** Initializes functions in the given order, and shows the progress. Their code has been compiled before. */
    static void run(Collection<LambdaFunction> functions, Consumer<LambdaFunction> initialize, Console console) {
        AtomicInteger done = new AtomicInteger();
        List<Callable<Integer>> steps = functions.stream().map(function -> (Callable<Integer>) () -> {
            initialize.accept(function);
            return done.incrementAndGet();
        }).toList();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try (Progress progress = new Progress(console, "initialize",
                () -> "initialized " + done + " of " + Console.count(functions.size(), "function"))) {
            threads.invokeAll(steps);
        } catch (InterruptedException e) {
            throw Fault.project("the server is shutting down");
        } finally {
            threads.shutdown();
        }
    }
}
