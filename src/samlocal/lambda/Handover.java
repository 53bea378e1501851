package samlocal.lambda;

import java.util.concurrent.locks.LockSupport;

/** How a step ended, handed from an environment's thread to the one that waits without taking any memory. */
class Handover<T> {
    private final Thread waiting = Thread.currentThread();
    private volatile boolean isOver;
    private T result;
    private Throwable error;

    /** Only the first ending counts; whether it is this one. */
    boolean end(T given, Throwable thrown) {
        return end(given, thrown, () -> { });
    }

    /** The same; {@code last} is done before anybody sees the end. */
    final boolean end(T given, Throwable thrown, Runnable last) {
        synchronized (this) {
            if (isOver) return false;
            result = given;
            error = thrown;
            last.run();
            isOver = true;
        }
        LockSupport.unpark(waiting); // outside: the thread may wake up at once and must not find this locked
        return true;
    }

    final boolean isOver() {
        return isOver;
    }

    /** False if there was no end in that time, in nanoseconds. */
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

    /** Null if it ended with an error, or with neither. */
    final T result() {
        return result;
    }

    /** Null if it ended well. */
    final Throwable error() {
        return error;
    }
}
