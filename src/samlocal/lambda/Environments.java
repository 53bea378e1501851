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
 * The execution environments of one function, and the requests that wait for one. An environment that is done goes
 * on with the next request in its own thread, at once; one look at the code is enough for all that wait then.
 * Another one is made where requests wait and none comes free: each has a copy of all classes, which the JVM has to
 * load, and to compile for the processor, once more.
 *
 * <p>An environment has one owner at a time: its maker, then its own thread, and after an invocation the thread that
 * ended it: after a failure or a timeout, the caller's. Only the owner gives it another turn, puts it among the idle
 * ones, or ends it.
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

    /** At most so many at a time; {@code fresh}: one for each request. */
    Environments(Codebase codebase, Sandboxes sandboxes, int most, boolean fresh) {
        this.codebase = codebase;
        this.sandboxes = sandboxes;
        this.most = most;
        this.areKept = !fresh;
        this.numbers = IntStream.rangeClosed(1, most).boxed().collect(Collectors.toCollection(PriorityQueue::new));
    }

    /**
     * Gives a turn to an environment, or lets its caller make one, see {@link Turn#number()}. If it has neither
     * then, another turn must be tried.
     *
     * @throws Fault if the server ends
     */
    void place(Turn turn) {
        for (ExecutionEnvironment old = enter(turn); old != null; old = enter(turn)) end(old);
        await(turn);
    }

    /**
     * Leaves it to an environment, if there is one, to look whether its code is that of a turn too. If the turn has
     * neither an environment nor a number then, its caller has to look, and to have another turn placed.
     *
     * @throws Fault if the code cannot be read, or the server ends
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

    /** After a long wait the caller reads the code itself: a new environment must know its code. */
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

    /** An environment that must be ended first, because its code is old; null if the turn has found its place. */
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

    /** The number of the environment that the caller has to make, 0 if there is one already. */
    synchronized int makeFirst() {
        if (!areNone()) return 0;
        starting++;
        return numbers.remove();
    }

    synchronized boolean areNone() {
        return numbers.size() == most;
    }

    /** For a turn that has waited, unless environments come free or one is being made. */
    private synchronized void makeRoom(Turn turn) {
        boolean isStuck = starting == 0 && System.nanoTime() - cameFree > PATIENCE;
        if (isStuck && !numbers.isEmpty() && waiting.remove(turn)) make(turn);
    }

    /** The environment that a turn's caller makes has started or failed. */
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

    /** Takes back an environment that has not gone on by itself. */
    void giveBack(ExecutionEnvironment environment) {
        Turn turn = next(environment);
        if (turn != null) environment.take(turn);
    }

    /** Ends an environment for good. The request that has waited longest may make another in its place. */
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

    /** Ends those that wait; those that are busy end with their request. */
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
