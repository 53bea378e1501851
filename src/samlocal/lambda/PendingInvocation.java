package samlocal.lambda;

import samlocal.compile.Codebase;

/**
 * The invocation of a request in an execution environment with current code: waits for an environment, runs, and
 * ends with a response.
 */
final class PendingInvocation extends Handover<byte[]> {
    final Call call;
    private volatile Codebase.Build build;
    /** The environment that has taken it, or null. */
    volatile ExecutionEnvironment environment;
    private volatile int number;
    volatile long begun;
    private boolean isReturned;
    private FunctionLog.Transcript log;

    /** {@code build} is null if an environment must check whether its own code is current. */
    PendingInvocation(Call call, Codebase.Build build) {
        this.call = call;
        this.build = build;
    }

    /** The code to run, null if it has not been read. */
    Codebase.Build build() {
        return build;
    }

    /** Sets the code to run; only the first call counts. */
    synchronized void isFor(Codebase.Build current) {
        if (build == null) build = current;
    }

    /** Whether the invocation's code is that of the other build or unknown. */
    boolean mayRunIn(Codebase.Build other) {
        return build == null || other.isAtLeast(build);
    }

    /** The number of the environment that the caller must create, else 0. */
    int number() {
        return number;
    }

    /** Lets the caller create an environment of this number, which gets another invocation; this one is over. */
    void make(int given) {
        number = given;
        end(null, null);
    }

    boolean isWaiting() {
        return environment == null && number == 0;
    }

    /** Abandons the invocation before an environment has taken it. */
    void tryAgain() {
        end(null, null);
    }

    /** The rest of {@code nanos} since the invocation started to run; all of it before. */
    long left(long nanos) {
        return begun == 0 ? nanos : begun + nanos - System.nanoTime();
    }

    /** Ends the invocation with a response; called in the environment's thread, which then owns the environment. */
    boolean endWith(byte[] answer, FunctionLog.Transcript transcript) {
        return end(answer, null, () -> {
            log = transcript;
            isReturned = true;
        });
    }

    /** The log of the invocation, if it succeeded. */
    FunctionLog.Transcript log() {
        return log;
    }

    /** Whether the environment's thread, not the caller, owns the environment after the invocation has ended. */
    boolean isReturned() {
        return isReturned;
    }
}
