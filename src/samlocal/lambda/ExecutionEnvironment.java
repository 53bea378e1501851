package samlocal.lambda;

import java.io.IOError;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Program;
import samlocal.compile.Codebase;
import samlocal.runtime.Host;
import samlocal.runtime.Invocation;
import samlocal.runtime.LambdaRuntime;
import samlocal.runtime.LoadedCode;
import samlocal.runtime.RuntimeFault;
import samlocal.sam.FunctionDefinition;
import samlocal.terminal.Console;
import samlocal.terminal.ProcessStreams;

/** An execution environment as on AWS: loaded and initialized code that handles one request at a time. */
final class ExecutionEnvironment implements Host {
    private static final long GRACE_MILLIS = 200;
    /** Bytes that are freed to report an OutOfMemoryError. */
    private static final int RESERVE = 1 << 19;

    private final FunctionDefinition definition;
    private final Codebase.Build build;
    private final int number;
    private final FunctionLog log;
    private final TaskRoot taskRoot;
    private final Map<String, String> variables;
    private final ProcessStreams.Group group;
    private final ExecutorService executor;
    private final PendingInvocations invocations;
    private volatile Handover<?> current;
    private ProcessDefaults defaults;
    private LoadedCode code;
    private LambdaRuntime runtime;
    private long initNanos;
    private long chargedNanos;
    private long mostMegabytes;
    private long startNanos;
    /** When the environment became idle, in {@link System#nanoTime}. */
    volatile long idleSince;
    private volatile Thread thread;
    private volatile boolean usable = true;
    private volatile byte[] reserve;
    private final AtomicBoolean isEnded = new AtomicBoolean();

    /** Provides invocations; called in the environment's thread. */
    interface PendingInvocations {
        /** Whether an invocation is for the environment's code; if not, the invocation is abandoned. */
        boolean admits(ExecutionEnvironment environment, PendingInvocation invocation);

        /** The next invocation, null if the environment becomes idle or ends. */
        PendingInvocation next(ExecutionEnvironment environment);
    }

    /** Creates an environment, which is not started. */
    ExecutionEnvironment(FunctionDefinition definition, Codebase.Build build, int number,
            PendingInvocations invocations, Credentials credentials, FunctionLog log, TaskRoot taskRoot) {
        this.definition = definition;
        this.build = build;
        this.number = number;
        this.invocations = invocations;
        this.log = log;
        this.taskRoot = taskRoot;
        this.variables = EnvironmentVariables.of(definition, credentials);
        this.defaults = ProcessDefaults.ofLambda(variables.get("TZ"));
        this.group = new ProcessStreams.Group(definition.id(), this.log);
        this.executor = Executors.newSingleThreadExecutor(this::thread);
    }

    /** The thread has its own group, so that a handler that interrupts its group cannot reach the server's threads. */
    private Thread thread(Runnable work) {
        Thread made = new Thread(group, work, "main");
        made.setDaemon(true);
        thread = made;
        return made;
    }

    /**
     * Runs the function's initialization with the timeout {@code most}.
     *
     * @return the error that makes the environment unusable, null on success
     * @throws Fault if the server ends
     */
    Throwable start(Function<Codebase.Build, LoadedCode> loader, Duration most) {
        boolean isStarted = false;
        try {
            long asked = System.nanoTime();
            code = loader.apply(build);
            long started = System.nanoTime();
            Handover<LambdaRuntime> handover = initialize(most);
            if (handover.error() != null) return handover.error();
            runtime = handover.result();
            initNanos = System.nanoTime() - started;
            startNanos = System.nanoTime() - asked;
            reserve = new byte[RESERVE];
            isStarted = true;
            return null;
        } catch (InterruptedException e) {
            throw Fault.project("the server is shutting down");
        } finally {
            if (!isStarted) usable = false;
        }
    }

    /**
     * Restarts initialization after an init phase longer than {@code phase}: the function's timeout now covers it and
     * the first invocation (Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle").
     */
    Throwable restart(Function<Codebase.Build, LoadedCode> loader, Duration phase) {
        log.println("initialization took longer than " + seconds(phase) + ": restarted, within the function's Timeout"
                + " of " + definition.timeoutSeconds() + " s, as on AWS");
        Throwable error = start(loader, Duration.ofSeconds(definition.timeoutSeconds()));
        chargedNanos = initNanos;
        initNanos = 0;
        return error;
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private Handover<LambdaRuntime> initialize(Duration most) throws InterruptedException {
        Handover<LambdaRuntime> handover = new Handover<>();
        executor.execute(() ->
                handover.end(inside(handover, () -> code.start(variables, log, this)), null));
        if (!handover.await(most.toNanos())) timeOut(handover, most);
        return handover;
    }

    /** The code has called exit in any of its threads; it may even catch the error. */
    @Override public void exited(Error fault) {
        usable = false;
        Handover<?> asking = current;
        if (asking != null) asking.end(null, fault);
    }

    @Override public void ended() {
        usable = false;
    }

    @Override public String taskRoot() {
        return taskRoot.use().toString();
    }

    @Override public void handlesUncaught(Thread.UncaughtExceptionHandler handler) {
        group.handleUncaught(handler);
    }

    /** The duration of the start, including the loading of libraries; 0 before the start. */
    long startNanos() {
        return startNanos;
    }

    Codebase.Build build() {
        return build;
    }

    /** The number among the environments of its function, starting at 1. */
    int number() {
        return number;
    }

    /** False after an error that would have ended the process on AWS. */
    boolean isUsable() {
        return usable;
    }

    /** Runs the handler in the environment's thread, and subsequent invocations unless one fails. */
    void take(PendingInvocation invocation) {
        executor.execute(() -> {
            PendingInvocation now = invocation;
            while (now != null) now = !isAdmitted(now) || run(now) ? invocations.next(this) : null;
        });
    }

    private boolean isAdmitted(PendingInvocation invocation) {
        boolean isAdmitted = false;
        try {
            isAdmitted = usable && invocations.admits(this, invocation);
            if (isAdmitted) invocation.environment = this;
        } catch (RuntimeException e) {
            // the code cannot be read: the invocation's caller tries again and reports it
        } finally {
            if (!isAdmitted) invocation.tryAgain();
        }
        return isAdmitted;
    }

    /** Whether the environment's thread still owns the environment; after a failure the invocation's caller does. */
    private boolean run(PendingInvocation invocation) {
        byte[] answer = inside(invocation, () -> invoke(invocation));
        return !invocation.isOver() && invocation.endWith(answer, log.transcript());
    }

    private byte[] invoke(PendingInvocation invocation) throws Throwable {
        invocation.begun = System.nanoTime() - chargedNanos;
        Call call = invocation.call;
        log.begin(call.requestId(), call.isDirect());
        taskRoot.refresh();
        long deadline = System.currentTimeMillis() + definition.timeoutSeconds() * 1000L - chargedNanos / 1_000_000;
        chargedNanos = 0;
        byte[] answer = runtime.invoke(new Invocation(call.requestId(), call.event(), deadline,
                call.invokedArn(definition.arn()), call.within(), call.stream()));
        if (!invocation.isOver()) end(call, invocation.begun, "");
        return answer;
    }

    /**
     * Waits for the result or error of an invocation that this environment has taken.
     *
     * @throws Fault if the server ends
     */
    LambdaFunction.Outcome await(PendingInvocation invocation) {
        Duration timeout = Duration.ofSeconds(definition.timeoutSeconds());
        long most = timeout.toNanos();
        try {
            while (!invocation.await(invocation.left(most))) {
                if (invocation.left(most) <= 0) timeOut(invocation, timeout);
            }
        } catch (InterruptedException e) {
            if (invocation.end(null, e)) usable = false;
            throw Fault.project("the server is shutting down");
        }
        if (invocation.error() == null) return new LambdaFunction.Answer(invocation.result(), invocation.log());
        Throwable error = invocation.error() instanceof OutOfMemoryError memory ? letGo(memory) : invocation.error();
        usable = usable && !(error instanceof VirtualMachineError || error instanceof IOError
                || error instanceof RuntimeFault fault && fault.isPlatforms());
        log.failure(error);
        end(invocation.call, invocation.begun, status(error));
        return failure(error, invocation.call, false);
    }

    private LambdaFunction.Failure failure(Throwable error, Call call, boolean inInit) {
        return new LambdaFunction.Failure(error, inInit, build, definition.place(), call.requestId(),
                log.transcript());
    }

    /** Ends the log of an invocation. The report is slow to create, and only callers of the Lambda API see it. */
    private void end(Call call, long started, String status) {
        log.end(call.isDirect() ? report(started, status) : "");
    }

    /**
     * Frees the memory of the function's code before anything else allocates. An error retains the classes of its
     * frames and thus their static fields, so a copy is reported.
     */
    private OutOfMemoryError letGo(OutOfMemoryError error) {
        usable = false;
        runtime = null;
        code = null;
        thread.setContextClassLoader(null);
        executor.shutdown();
        OutOfMemoryError copy = new OutOfMemoryError(error.getMessage());
        copy.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
        return copy;
    }

    /** The outcome of an invocation that failed because initialization did; logs it. */
    LambdaFunction.Failure failedInit(Call call, Throwable error) {
        log.begin(call.requestId(), call.isDirect());
        log.failure(error);
        end(call, System.nanoTime(), status(error));
        return failure(error, call, true);
    }

    private static String status(Throwable error) {
        if (!(error instanceof RuntimeFault fault) || fault.type() == null) return "";
        return RuntimeFault.isTimeout(error) ? "\tStatus: timeout"
                : "\tStatus: error\tError Type: " + fault.type();
    }

    /** The last line of an invocation's log (Lambda Developer Guide, "Log and monitor Java Lambda functions"). */
    private String report(long started, String status) {
        double millis = Math.min((System.nanoTime() - started) / 1e6, definition.timeoutSeconds() * 1e3);
        double init = initNanos / 1e6;
        initNanos = 0;
        Runtime machine = Runtime.getRuntime();
        mostMegabytes = Math.max(mostMegabytes, (machine.totalMemory() - machine.freeMemory() >> 20) + 1);
        return String.format(Locale.ROOT, "Duration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB"
                + "\tMax Memory Used: %d MB%s%s", millis, (long) Math.ceil(millis + init),
                definition.memoryMegabytes(), Math.min(mostMegabytes, definition.memoryMegabytes()),
                init == 0 ? "" : String.format(Locale.ROOT, "\tInit Duration: %.2f ms", init), status);
    }

    /** Code that may throw anything. */
    private interface Step<T> {
        T run() throws Throwable;
    }

    /**
     * Runs a step as the function's code in the environment's thread. An exception ends only the handover; then the
     * result is null.
     */
    private <T> T inside(Handover<T> handover, Step<T> step) {
        T result = null;
        Throwable thrown = null;
        current = handover;
        try {
            thread.setContextClassLoader(code.loader());
            defaults.apply();
            result = step.run();
            defaults = ProcessDefaults.current();
        } catch (Throwable error) {
            reserve = null;
            thrown = error;
        }
        current = null;
        ProcessDefaults.OF_LAMBDA.apply();
        ProcessDefaults.mendProperties();
        if (thrown != null) handover.end(null, thrown);
        return result;
    }

    /** Stops the thread as far as the JVM can; the failure has the thread's stack trace. */
    private void timeOut(Handover<?> handover, Duration most) throws InterruptedException {
        boolean isDebugged = ProcessDefaults.isDebugged() || code.isDebugged();
        if (isDebugged) handover.await(Long.MAX_VALUE); // a breakpoint has no limit
        StackTraceElement[] frames = thread.getStackTrace();
        String seconds = String.format(Locale.ROOT, "%.2f", most.toMillis() / 1e3);
        RuntimeFault fault = new RuntimeFault(RuntimeFault.TIMEOUT, "Task timed out after " + seconds + " seconds");
        fault.setStackTrace(RuntimeFault.ownFrames(frames));
        if (!handover.end(null, fault)) return;
        usable = false;
        thread.interrupt();
        endStarted();
        thread.join(GRACE_MILLIS);
        if (isBusy() && ProcessDefaults.stop(thread)) thread.join(GRACE_MILLIS);
        if (isBusy()) log.println("the thread of this request cannot be stopped and keeps running in the background");
    }

    /** Ends the threads that the code has started, as the end of its process would, and logs those that remain. */
    private void endStarted() {
        group.end();
        List<Thread> started = group.started(thread);
        if (started.isEmpty()) return;
        CompletableFuture.runAsync(code.ending());
        started.forEach(Thread::interrupt);
        afterGrace(() -> {
            List<Thread> left = group.started(thread);
            boolean mayEnd = left.stream().filter(ProcessDefaults::stop).count() > 0;
            if (mayEnd) afterGrace(() -> reportLeft(group.started(thread)));
            else reportLeft(left);
        });
    }

    private static void afterGrace(Runnable step) {
        CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS).execute(step);
    }

    private void reportLeft(List<Thread> left) {
        if (left.isEmpty()) return;
        log.println(Console.count(left.size(), "thread") + " of outdated code cannot be stopped: "
                + left.stream().map(Thread::getName).limit(5).collect(Collectors.joining(", ")));
    }

    /** Whether the thread is still running a step; a pooled thread stays alive afterwards. */
    private boolean isBusy() {
        return thread.isAlive() && Arrays.stream(thread.getStackTrace()).anyMatch(frame ->
                Program.isOwn(frame.getClassName()));
    }

    /** Whether threads of the code are still running. */
    boolean hasThreads() {
        return !group.started(thread).isEmpty();
    }

    /** Ends the function's code, which has run normally. */
    void close() {
        beginEnd();
        endStarted();
        executor.shutdown();
        code.retire();
    }

    private void beginEnd() {
        usable = false;
        taskRoot.delete();
        if (!isEnded.compareAndSet(false, true)) throw new IllegalStateException("an environment has two owners");
    }

    /** Ends the function's code for good. */
    void discard() {
        beginEnd();
        endStarted();
        executor.shutdown();
        if (code != null) code.close();
    }
}
