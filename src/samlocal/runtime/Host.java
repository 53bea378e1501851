package samlocal.runtime;

/** What a function's code asks of its process, for which its execution environment stands in. */
public interface Host {
    /** The code has asked for the end of its process; {@code fault} is what AWS reports of it. */
    void exited(Error fault);

    /** The value of {@link LambdaSystem#TASK_ROOT}: a folder with the function's resources. */
    String taskRoot();

    /** The code has set the default handler of uncaught exceptions, or removed it with null. */
    void handlesUncaught(Thread.UncaughtExceptionHandler handler);
}
