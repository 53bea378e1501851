package samlocal.runtime;

/** Receives the effects of code on its process, for which the execution environment stands in. */
public interface Host {
    /** The code has called exit; {@code fault} is AWS's error for it. */
    void exited(Error fault);

    /** The process of the code has ended; what it was asked for, if anything, has an outcome of its own. */
    void ended();

    /** The value of {@link LambdaSystem#TASK_ROOT}: a folder with the function's resources. */
    String taskRoot();

    /** The code has set the default handler of uncaught exceptions, or removed it with null. */
    void handlesUncaught(Thread.UncaughtExceptionHandler handler);
}
