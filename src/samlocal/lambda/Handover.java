package samlocal.lambda;

import java.util.concurrent.locks.LockSupport;

/** Hands the result of a step from an environment's thread to the waiting thread without allocating memory. */
class Handover<T> {
    private final Thread waiting = Thread.currentThread();
    private volatile boolean isOver;
    private T result;
    private Throwable error;

    /** Ends the handover; only the first call counts and returns true. */
    boolean end(T given, Throwable thrown) {
        return end(given, thrown, () -> { });
    }

    /** Ends the handover after running {@code last}; only the first call counts and returns true. */
    final boolean end(T given, Throwable thrown, Runnable last) {
        synchronized (this) {
            if (isOver) return false;
            result = given;
            error = thrown;
            last.run();
            isOver = true;
        }
        LockSupport.unpark(waiting); // outside the lock, since the thread may wake up at once
        return true;
    }

    final boolean isOver() {
        return isOver;
    }

    /** Waits up to {@code nanos} nanoseconds; false if the handover has not ended. */
    final boolean await(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        while (!isOver) {
            long left = until - System.nanoTime();
            if (left <= 0) return false;
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) throw new InterruptedException();
        }
        return true;
    }

    /** The result, null if it ended with an error or is absent. */
    final T result() {
        return result;
    }

    /** The error, null on success. */
    final Throwable error() {
        return error;
    }
}
