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
import samlocal.runtime.Sandboxes;

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
final class Environments implements ExecutionEnvironment.Turns {
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);
    private final Codebase codebase;
    private final Sandboxes sandboxes;
    private final int most;
    private final boolean areKept;
    private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final Queue<Integer> numbers;
    private int starting;
    private long cameFree = System.nanoTime();
    private boolean isRetired;

    /** {@code most} is the maximum number of environments; {@code fresh} creates one for each request. */
    Environments(Codebase codebase, Sandboxes sandboxes, int most, boolean fresh) {
        this.codebase = codebase;
        this.sandboxes = sandboxes;
        this.most = most;
        this.areKept = !fresh;
        this.numbers = IntStream.rangeClosed(1, most).boxed().collect(Collectors.toCollection(PriorityQueue::new));
    }

    /**
     * Assigns a turn to an environment, or lets its caller create one, see {@link Turn#number()}. If neither happens,
     * the caller must try another turn.
     *
     * @throws Fault if the server shuts down
     */
    void place(Turn turn) {
        for (ExecutionEnvironment old = enter(turn); old != null; old = enter(turn)) end(old);
        await(turn);
    }

    /**
     * Lets an environment, if there is one, check whether its code is current. If the turn then has neither an
     * environment nor a number, its caller must read the code and place another turn.
     *
     * @throws Fault if the code cannot be read or the server shuts down
     */
    void join(Turn turn) {
        if (enterUnseen(turn)) await(turn);
    }

    private synchronized boolean enterUnseen(Turn turn) {
        if (!areKept || isRetired || areNone()) return false;
        ExecutionEnvironment environment = idle.pollFirst();
        if (environment != null) environment.take(turn);
        else waiting.add(turn);
        return true;
    }

    private void await(Turn turn) {
        try {
            while (turn.isWaiting() && !turn.await(PATIENCE)) {
                look(turn);
                makeRoom(turn);
            }
        } catch (InterruptedException e) {
            throw Fault.project("the server is shutting down");
        }
    }

    /** After a long wait the caller reads the code itself, because a new environment needs it. */
    private void look(Turn turn) {
        boolean isGood = false;
        try {
            if (turn.build() == null) turn.isFor(codebase.current());
            isGood = turn.build().errors().isEmpty();
        } finally {
            if (!isGood) leave(turn);
        }
    }

    private synchronized void leave(Turn turn) {
        if (waiting.remove(turn)) turn.tryAgain();
    }

    @Override public boolean admits(ExecutionEnvironment environment, Turn turn) {
        if (turn.build() != null) return turn.mayRunIn(environment.build());
        List<Turn> unseen = unseen();
        boolean isCurrent = codebase.isCurrent(environment.build());
        if (isCurrent) unseen.forEach(each -> each.isFor(environment.build()));
        if (isCurrent) turn.isFor(environment.build());
        return isCurrent;
    }

    private synchronized List<Turn> unseen() {
        return waiting.stream().filter(each -> each.build() == null).toList();
    }

    /** An environment that must be ended first because its code is outdated; null if the turn was placed. */
    private synchronized ExecutionEnvironment enter(Turn turn) {
        ExecutionEnvironment environment = idle.pollFirst();
        if (environment != null && !(environment.isUsable() && turn.mayRunIn(environment.build()))) {
            return environment;
        }
        if (environment != null) environment.take(turn);
        else if (areNone()) make(turn);
        else waiting.add(turn);
        return null;
    }

    private void make(Turn turn) {
        starting++;
        turn.make(numbers.remove());
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

    /** Lets the caller of a waiting turn create an environment, unless some become free or one is being created. */
    private synchronized void makeRoom(Turn turn) {
        boolean isStuck = starting == 0 && System.nanoTime() - cameFree > PATIENCE;
        if (isStuck && !numbers.isEmpty() && waiting.remove(turn)) make(turn);
    }

    /** Called when the environment that a caller creates has started or failed. */
    synchronized void isMade() {
        starting--;
        cameFree = System.nanoTime();
    }

    @Override public Turn next(ExecutionEnvironment environment) {
        synchronized (this) {
            cameFree = System.nanoTime();
            Turn first = waiting.peekFirst();
            boolean fits = first == null || first.mayRunIn(environment.build());
            if (fits && !isRetired && areKept && environment.isUsable()) {
                if (first == null) idle.addFirst(environment);
                return waiting.pollFirst();
            }
        }
        end(environment);
        return null;
    }

    /** Takes back an environment that its caller owns. */
    void giveBack(ExecutionEnvironment environment) {
        Turn turn = next(environment);
        if (turn != null) environment.take(turn);
    }

    /** Ends an environment. The request that has waited longest may create a replacement. */
    void end(ExecutionEnvironment environment) {
        boolean isClean = environment.isUsable() && !environment.hasThreads();
        if (isClean) sandboxes.giveBack(environment.close());
        else environment.discard();
        synchronized (this) {
            numbers.add(environment.number());
            Turn first = waiting.pollFirst();
            if (first == null) return;
            if (first.build() == null) first.tryAgain();
            else make(first);
        }
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
