package samlocal.lambda;

import samlocal.compile.Codebase;

/** A request's turn in an environment that has its code: waits for one, runs there, and ends with an answer. */
final class Turn extends Handover<byte[]> {
    final Call call;
    private volatile Codebase.Build build;
    /** The environment that has taken it, or null. */
    volatile ExecutionEnvironment environment;
    private volatile int number;
    volatile long begun;
    private boolean isReturned;
    private FunctionLog.Transcript log;

    /** {@code build} is null where an environment is to look whether its own is current. */
    Turn(Call call, Codebase.Build build) {
        this.call = call;
        this.build = build;
    }

    /** The code to run, null while it has not been read. */
    Codebase.Build build() {
        return build;
    }

    /** The code has been read; the first reading counts. */
    synchronized void isFor(Codebase.Build current) {
        if (build == null) build = current;
    }

    /** Whether its code is another one's, or not known yet. */
    boolean mayRunIn(Codebase.Build other) {
        return build == null || other.isAtLeast(build);
    }

    /** Of the environment that its caller has to make, 0 if it has not. */
    int number() {
        return number;
    }

    /** Lets the caller make an environment of this number; this turn is over, the new environment gets another one. */
    void make(int given) {
        number = given;
        end(null, null);
    }

    boolean isWaiting() {
        return environment == null && number == 0;
    }

    /** Gives it up, before any environment has taken it. */
    void tryAgain() {
        end(null, null);
    }

    /** What is left of so much time since it began to run; all of it before that. */
    long left(long nanos) {
        return begun == 0 ? nanos : begun + nanos - System.nanoTime();
    }

    /** Ends it with an answer, in the environment's thread, which owns the environment then. */
    boolean endWith(byte[] answer, FunctionLog.Transcript transcript) {
        return end(answer, null, () -> {
            log = transcript;
            isReturned = true;
        });
    }

    /** What was logged for it, if it has ended well. */
    FunctionLog.Transcript log() {
        return log;
    }

    /** Whether the environment's thread owns the environment now that this has ended, not the caller. */
    boolean isReturned() {
        return isReturned;
    }
}
