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
 * Prepared sandboxes by their libraries: one is always created in advance. Sandboxes with only AWS's libraries are
 * reused for the next version of the code if {@link Sandbox#fits}; a limited number of times, because the serialization
 * library's caches retain classes.
 */
public final class Sandboxes {
    private static final int MOST_USES = 20;
    /** Delay before the next one is created, since the first request uses the CPU longest. */
    private static final long AFTER_THE_FIRST = 1_000;
    private static final long AFTER_ANY = 50;
    /** Delay before a new one is warmed up; if it is taken sooner, warming up would only slow it down. */
    private static final long BEFORE_WARMING_UP = 100;
    private final Map<List<Jar>, BlockingDeque<CompletableFuture<Sandbox>>> ready = new ConcurrentHashMap<>();
    private final AtomicReference<CompletableFuture<Sandbox.Ground>> ground = new AtomicReference<>();
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private final Map<List<Jar>, List<String>> types = new ConcurrentHashMap<>();
    private volatile Runnable beforeTaking = () -> { };

    /** Starts creating what the first sandbox needs regardless of its libraries, while these are resolved. */
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
        return new Sandbox(jars, begun == null ? Sandbox.Ground.make() : begun.join(), this);
    }

    private BlockingDeque<CompletableFuture<Sandbox>> ready(List<Jar> jars) {
        return ready.computeIfAbsent(jars, key -> new LinkedBlockingDeque<>());
    }

    /** Sets an action that runs before a sandbox is taken, in the same thread. */
    public void beforeTaking(Runnable action) {
        beforeTaking = action;
    }

    /** Takes a sandbox, which is then the caller's. */
    public Sandbox take(List<Jar> jars) {
        beforeTaking.run();
        CompletableFuture<Sandbox> taken = ready(jars).pollFirst();
        long later = hasBegun.getAndSet(true) ? AFTER_ANY : AFTER_THE_FIRST;
        if (ready(jars).isEmpty()) after(later, () -> prepareIfNone(jars));
        try {
            return taken == null ? sandbox(jars) : taken.join();
        } catch (CompletionException e) {
            return another(jars); // what failed in advance, for lack of memory say, may succeed now
        }
    }

    /** Creates a sandbox for the caller. */
    Sandbox another(List<Jar> jars) {
        return new Sandbox(jars, Sandbox.Ground.make(), this);
    }

    /** Creates a sandbox in this thread, unless there is one. */
    public void prepareIfNone(List<Jar> jars) {
        if (ready(jars).isEmpty()) prepare(jars);
    }

    /**
     * Records the types of a handler with these libraries; if all are the same, the next one's are expected to be, too.
     */
    public void learn(List<Jar> jars, List<String> seen) {
        types.merge(jars, seen, (before, now) -> before.equals(now) ? now : List.of());
    }

    /** Takes back a sandbox whose function has ended normally. */
    public void giveBack(Sandbox sandbox) {
        boolean isReusable = sandbox.jars().equals(Dependencies.bundled()) && sandbox.uses() < MOST_USES;
        if (isReusable) ready(sandbox.jars()).addFirst(CompletableFuture.completedFuture(sandbox));
        else sandbox.close();
    }
}
