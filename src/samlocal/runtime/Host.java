package samlocal.runtime;

/** What code does to its process, for the execution environment that stands for the process. */
public interface Host {
    /** The code has asked for the end of its process; {@code fault} is what AWS reports of it. */
    void exited(Error fault);

    /** The code asks for the environment variable {@link LambdaSystem#TASK_ROOT}. */
    void readsTaskRoot();

    /** The code has set the default handler of uncaught exceptions, or removed it with null. */
    void handlesUncaught(Thread.UncaughtExceptionHandler handler);
}
