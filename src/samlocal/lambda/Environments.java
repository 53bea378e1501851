package samlocal.lambda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import samlocal.base.Fault;
import samlocal.compile.Codebase;

/**
 * The execution environments of one function, and the requests that wait for one. An environment that has finished
 * takes the next request at once in its own thread; the code is checked once for all waiting requests. Another
 * environment is created only if requests wait and none becomes free, because each has its own copy of all classes,
 * which the JVM must load and JIT-compile again.
 *
 * <p>An environment has one owner at a time: its creator, then its own thread, and after an invocation the thread that
 * ended it, which is the caller's after a failure or timeout. Only the owner passes it another request, returns it to
 * the idle ones, or ends it.
 */
final class Environments implements ExecutionEnvironment.PendingInvocations {
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);
    private final Codebase codebase;
    private final int most;
    private final boolean areKept;
    private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
    private final Deque<PendingInvocation> waiting = new ArrayDeque<>();
    private final Queue<Integer> numbers;
    private int starting;
    private long cameFree = System.nanoTime();
    private boolean isRetired;

    /** {@code most} is the maximum number of environments; {@code fresh} creates one for each request. */
    Environments(Codebase codebase, int most, boolean fresh) {
        this.codebase = codebase;
        this.most = most;
        this.areKept = !fresh;
        this.numbers = IntStream.rangeClosed(1, most).boxed().collect(Collectors.toCollection(PriorityQueue::new));
    }

    /**
     * Assigns an invocation to an environment, or lets its caller create one, see {@link PendingInvocation#number()}.
     * If neither happens, the caller must try another invocation.
     *
     * @throws Fault if the server shuts down
     */
    void place(PendingInvocation invocation) {
        for (ExecutionEnvironment old = enter(invocation); old != null; old = enter(invocation)) end(old);
        await(invocation);
    }

    /**
     * Lets an environment, if there is one, check whether its code is current. If the invocation then has neither an
     * environment nor a number, its caller must read the code and place another invocation.
     *
     * @throws Fault if the code cannot be read or the server shuts down
     */
    void join(PendingInvocation invocation) {
        if (enterUnseen(invocation)) await(invocation);
    }

    private synchronized boolean enterUnseen(PendingInvocation invocation) {
        if (!areKept || isRetired || areNone()) return false;
        ExecutionEnvironment environment = idle.pollFirst();
        if (environment != null) environment.take(invocation);
        else waiting.add(invocation);
        return true;
    }

    private void await(PendingInvocation invocation) {
        try {
            while (invocation.isWaiting() && !invocation.await(PATIENCE)) {
                look(invocation);
                makeRoom(invocation);
            }
        } catch (InterruptedException e) {
            throw Fault.project("the server is shutting down");
        }
    }

    /** After a long wait the caller reads the code itself, because a new environment needs it. */
    private void look(PendingInvocation invocation) {
        boolean isGood = false;
        try {
            if (invocation.build() == null) invocation.isFor(codebase.current());
            isGood = invocation.build().errors().isEmpty();
        } finally {
            if (!isGood) leave(invocation);
        }
    }

    private synchronized void leave(PendingInvocation invocation) {
        if (waiting.remove(invocation)) invocation.tryAgain();
    }

    @Override public boolean admits(ExecutionEnvironment environment, PendingInvocation invocation) {
        if (invocation.build() != null) return invocation.mayRunIn(environment.build());
        List<PendingInvocation> unseen = unseen();
        boolean isCurrent = codebase.isCurrent(environment.build());
        if (isCurrent) unseen.forEach(each -> each.isFor(environment.build()));
        if (isCurrent) invocation.isFor(environment.build());
        return isCurrent;
    }

    private synchronized List<PendingInvocation> unseen() {
        return waiting.stream().filter(each -> each.build() == null).toList();
    }

    /** An environment that must be ended first because its code is outdated; null if the invocation was placed. */
    private synchronized ExecutionEnvironment enter(PendingInvocation invocation) {
        ExecutionEnvironment environment = idle.pollFirst();
        if (environment != null && !(environment.isUsable() && invocation.mayRunIn(environment.build()))) {
            return environment;
        }
        if (environment != null) environment.take(invocation);
        else if (areNone()) make(invocation);
        else waiting.add(invocation);
        return null;
    }

    private void make(PendingInvocation invocation) {
        starting++;
        invocation.make(numbers.remove());
    }

    /** The number of the environment that the caller must create, 0 if there is one already. */
    synchronized int makeFirst() {
        if (!areNone()) return 0;
        starting++;
        return numbers.remove();
    }

    synchronized boolean areNone() {
        return numbers.size() == most;
    }

    /** Lets a waiting caller create an environment, unless some become free or one is being created. */
    private synchronized void makeRoom(PendingInvocation invocation) {
        boolean isStuck = starting == 0 && System.nanoTime() - cameFree > PATIENCE;
        if (isStuck && !numbers.isEmpty() && waiting.remove(invocation)) make(invocation);
    }

    /** Called when the environment that a caller creates has started or failed. */
    synchronized void isMade() {
        starting--;
        cameFree = System.nanoTime();
    }

    @Override public PendingInvocation next(ExecutionEnvironment environment) {
        synchronized (this) {
            cameFree = System.nanoTime();
            PendingInvocation first = waiting.peekFirst();
            boolean fits = first == null || first.mayRunIn(environment.build());
            if (fits && !isRetired && areKept && environment.isUsable()) {
                environment.idleSince = System.nanoTime();
                if (first == null) idle.addFirst(environment);
                return waiting.pollFirst();
            }
        }
        end(environment);
        return null;
    }

    /** Takes back an environment that its caller owns. */
    void giveBack(ExecutionEnvironment environment) {
        PendingInvocation invocation = next(environment);
        if (invocation != null) environment.take(invocation);
    }

    /** Ends an environment. The request that has waited longest may create a replacement. */
    void end(ExecutionEnvironment environment) {
        boolean isClean = environment.isUsable() && !environment.hasThreads();
        if (isClean) environment.close();
        else environment.discard();
        isEnded(environment);
    }

    private synchronized void isEnded(ExecutionEnvironment environment) {
        numbers.add(environment.number());
        PendingInvocation first = waiting.pollFirst();
        if (first == null) return;
        if (first.build() == null) first.tryAgain();
        else make(first);
    }

    /** The idle environments. */
    synchronized List<Idle> idle() {
        return idle.stream().map(each -> new Idle(this, each)).toList();
    }

    /** An environment that was idle. */
    record Idle(Environments pool, ExecutionEnvironment environment) {
        long nanos() {
            return System.nanoTime() - environment.idleSince;
        }

        /** Ends the environment and frees its memory, unless it has taken an invocation; whether it has ended. */
        boolean release() {
            synchronized (pool) {
                if (!pool.idle.remove(environment)) return false;
            }
            environment.discard();
            pool.isEnded(environment);
            return true;
        }
    }

    /** Ends idle environments whose code is older than a build. */
    void renew(Codebase.Build build) {
        List<ExecutionEnvironment> ended;
        synchronized (this) {
            ended = idle.stream().filter(each -> !each.build().isAtLeast(build)).toList();
            idle.removeAll(ended);
        }
        ended.forEach(this::end);
    }

    /** Ends idle environments; busy ones end after their request. */
    void retire() {
        List<ExecutionEnvironment> ended;
        synchronized (this) {
            isRetired = true;
            ended = List.copyOf(idle);
            idle.clear();
        }
        ended.forEach(this::end);
    }
}
