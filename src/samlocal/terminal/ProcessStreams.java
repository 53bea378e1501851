package samlocal.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Passes the output of a function's threads to the function's log, and all other output to the original stream. */
public final class ProcessStreams extends OutputStream {
    /** The threads of one execution environment, including those that its code starts. */
    public static final class Group extends ThreadGroup {
        private final OutputStream log;
        private volatile boolean isOver;
        private volatile Thread.UncaughtExceptionHandler handler;

        @SuppressWarnings("removal") // up to Java 18, only daemon groups are removed when empty
        public Group(String name, OutputStream log) {
            super(name);
            this.log = log;
            setDaemon(true);
        }

        /** Stops reporting uncaught exceptions, because its threads are being ended. */
        public void end() {
            isOver = true;
        }

        /** Sets the default uncaught exception handler of these threads; null for none. */
        public void handleUncaught(Thread.UncaughtExceptionHandler other) {
            handler = other;
        }

        /** As in a separate process: calls the default handler, or prints a trace to standard error. */
        @Override public void uncaughtException(Thread thread, Throwable error) {
            if (isOver) return;
            Thread.UncaughtExceptionHandler own = handler;
            if (own != null) {
                own.uncaughtException(thread, error);
            } else {
                StringWriter trace = new StringWriter(); // printed at once, so that no other report comes in between
                error.printStackTrace(new PrintWriter(trace));
                String text = "Exception in thread \"" + thread.getName() + "\" " + trace;
                new PrintStream(log, true, UTF_8).writeBytes(text.getBytes(UTF_8));
            }
        }

        /** The threads that the function's code has started, except those of the shared common pool. */
        public List<Thread> started(Thread own) {
            Thread[] threads = new Thread[activeCount() + 16];
            int count = enumerate(threads);
            return Arrays.stream(threads, 0, count).filter(thread -> thread != own && !isShared(thread)).toList();
        }
    }

    /** Whether a thread belongs to the common pool, in whichever group it was started. */
    private static boolean isShared(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
    }

    /** A class loader whose classes print to its log in threads that all functions share. */
    public interface Owner {
        /** The log, or null if there is none at present. */
        OutputStream log();
    }

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    /** More than the default, because compilers are recursive. */
    private static final long STACK = 16 << 20;
    private final OutputStream otherwise;

    private ProcessStreams(OutputStream otherwise) {
        this.otherwise = otherwise;
    }

    /** Replaces System.out and System.err, once. */
    public static synchronized void install() {
        if (!(System.out instanceof Shared)) System.setOut(new Shared(System.out));
        if (!(System.err instanceof Shared)) System.setErr(new Shared(System.err));
    }

    private static final class Shared extends PrintStream {
        Shared(PrintStream otherwise) {
            super(new ProcessStreams(otherwise), true, UTF_8);
        }
    }

    /** Runs a tool in a separate thread and captures its output in a stream. */
    public static <T> T captured(String name, OutputStream printed, ClassLoader loader, Supplier<T> work) {
        install();
        return CompletableFuture.supplyAsync(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            return work.get();
        }, task -> {
            Thread thread = new Thread(new Group(name, printed), task, name, STACK);
            thread.setDaemon(true);
            thread.start();
        }).join();
    }

    /** The log of the thread's function or, in a shared thread, of the function whose code is printing. */
    private OutputStream target() {
        Thread thread = Thread.currentThread();
        ThreadGroup group = isShared(thread) ? null : thread.getThreadGroup();
        while (group != null && !(group instanceof Group)) group = group.getParent();
        return group instanceof Group function ? function.log : CALLERS.walk(ProcessStreams::log).orElse(otherwise);
    }

    private static Optional<OutputStream> log(Stream<StackWalker.StackFrame> callers) {
        return callers.map(caller -> caller.getDeclaringClass().getClassLoader()).filter(Owner.class::isInstance)
                .map(loader -> ((Owner) loader).log()).filter(Objects::nonNull).findFirst();
    }

    @Override public void write(int character) throws IOException {
        target().write(character);
    }

    @Override public void write(byte[] bytes, int offset, int length) throws IOException {
        target().write(bytes, offset, length);
    }

    @Override public void flush() throws IOException {
        target().flush();
    }
}
