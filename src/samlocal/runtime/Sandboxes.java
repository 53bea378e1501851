package samlocal.runtime;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import samlocal.compile.Dependencies;
import samlocal.files.Jar;

/**
 * Sandboxes in hand, by their libraries: one is always made in advance. Those that hold nothing but AWS's own
 * libraries are handed on to the next version of the code; {@link Sandbox#fits} tells whether it can. Not for
 * ever, because the serialization library's caches keep the classes that they have seen.
 */
public final class Sandboxes {
    private static final int MOST_USES = 20;
    /** When the next one is made: the processor is the first request's for longer than any other's. */
    private static final long AFTER_THE_FIRST = 1_000;
    private static final long AFTER_ANY = 50;
    /** Who takes one sooner has no use for more than what he needs himself. */
    private static final long BEFORE_WARMING_UP = 100;
    private final Map<List<Jar>, BlockingDeque<CompletableFuture<Sandbox>>> ready = new ConcurrentHashMap<>();
    private final AtomicReference<CompletableFuture<Sandbox.Ground>> ground = new AtomicReference<>();
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private final Map<List<Jar>, List<String>> types = new ConcurrentHashMap<>();

    /** Makes what the first sandbox needs, whatever its libraries are, while these are being found out. */
    public void begin() {
        CompletableFuture<Sandbox.Ground> made = new CompletableFuture<>();
        ground.set(made);
        Thread thread = new Thread(() -> {
            made.completeAsync(Sandbox.Ground::first, Runnable::run);
            ProcessCalls.warmUp();
        }, "warm up");
        thread.setDaemon(true);
        thread.start();
    }

    private void prepare(List<Jar> jars) {
        CompletableFuture<Sandbox> made = new CompletableFuture<>();
        ready(jars).add(made);
        made.completeAsync(() -> sandbox(jars), Runnable::run);
        after(BEFORE_WARMING_UP, () -> warmUp(made, jars));
    }

    private void warmUp(CompletableFuture<Sandbox> made, List<Jar> jars) {
        try {
            made.join().warmUp(types.getOrDefault(jars, List.of()));
        } catch (RuntimeException e) {
            ready(jars).remove(made);
        }
    }

    private static void after(long millis, Runnable work) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(work);
    }

    private Sandbox sandbox(List<Jar> jars) {
        CompletableFuture<Sandbox.Ground> begun = ground.getAndSet(null);
        return new Sandbox(jars, begun == null ? Sandbox.Ground.make() : begun.join());
    }

    private BlockingDeque<CompletableFuture<Sandbox>> ready(List<Jar> jars) {
        return ready.computeIfAbsent(jars, key -> new LinkedBlockingDeque<>());
    }

    /** One for its taker alone. */
    public Sandbox take(List<Jar> jars) {
        CompletableFuture<Sandbox> taken = ready(jars).pollFirst();
        long later = hasBegun.getAndSet(true) ? AFTER_ANY : AFTER_THE_FIRST;
        if (ready(jars).isEmpty()) after(later, () -> prepareIfNone(jars));
        try {
            return taken == null ? sandbox(jars) : taken.join();
        } catch (CompletionException e) {
            return new Sandbox(jars); // what failed in advance, for lack of memory say, may succeed now
        }
    }

    /** Makes one in this thread, unless there is one. */
    public void prepareIfNone(List<Jar> jars) {
        if (ready(jars).isEmpty()) prepare(jars);
    }

    /** Which types a handler with these libraries has; those of the next will be the same, if all had the same. */
    public void learn(List<Jar> jars, List<String> seen) {
        types.merge(jars, seen, (before, now) -> before.equals(now) ? now : List.of());
    }

    /** Takes one back whose function has ended in good order. */
    public void giveBack(Sandbox sandbox) {
        boolean isReusable = sandbox.jars().equals(Dependencies.bundled()) && sandbox.uses() < MOST_USES;
        if (isReusable) ready(sandbox.jars()).addFirst(CompletableFuture.completedFuture(sandbox));
        else sandbox.close();
    }
}
