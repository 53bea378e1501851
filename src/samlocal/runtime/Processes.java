package samlocal.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The child processes of this program, and the threads that serve them. */
final class Processes implements AutoCloseable {
    private static final long MOST_MILLIS = 1_000;
    private final ThreadGroup group = Thread.currentThread().getThreadGroup();
    /** Drops what is still requested once the program ends. */
    private final ExecutorService threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS,
            new SynchronousQueue<>(), this::thread, new ThreadPoolExecutor.DiscardPolicy());
    private final Set<ProcessRuntime> running = ConcurrentHashMap.newKeySet();

    /** Not in the group of an execution environment, whose threads end with it. */
    private Thread thread(Runnable work) {
        Thread thread = new Thread(group, work, "child process");
        thread.setDaemon(true);
        return thread;
    }

    ExecutorService threads() {
        return threads;
    }

    /** Registers a process, or kills it at once if this program is ending. */
    void add(ProcessRuntime runtime) {
        running.add(runtime);
        if (threads.isShutdown()) runtime.kill();
    }

    void remove(ProcessRuntime runtime) {
        running.remove(runtime);
    }

    /** Ends all processes, by force if they do not end soon. */
    @Override public void close() {
        running.forEach(ProcessRuntime::close);
        threads.shutdown();
        try {
            threads.awaitTermination(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.forEach(ProcessRuntime::kill);
            threads.shutdownNow();
        }
    }
}
