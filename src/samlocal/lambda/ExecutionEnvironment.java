package samlocal.lambda;

import java.io.IOError;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import samlocal.base.Program;
import samlocal.compile.Codebase;
import samlocal.runtime.Invocation;
import samlocal.runtime.LambdaRuntime;
import samlocal.runtime.RuntimeFault;
import samlocal.runtime.Sandbox;
import samlocal.sam.FunctionDefinition;
import samlocal.terminal.Console;
import samlocal.terminal.ProcessStreams;

/** What AWS calls by this name: code that was loaded and initialized, and runs one request at a time. */
public final class ExecutionEnvironment {
    /** Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle": the init phase. */
    private static final long MOST_INIT_SECONDS = 10;
    private static final long GRACE_MILLIS = 200;
    /** Memory to tell of its lack with. */
    private static final int RESERVE = 1 << 19;
    /** Of the shell's variables, besides those that the template names. */
    private static final Set<String> PASSED = Set.of("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE", "PATH");

    private final FunctionDefinition definition;
    private final Codebase.Build build;
    private final int number;
    private final FunctionLog log;
    private final Map<String, String> variables;
    private final ProcessStreams.Group group;
    private final ExecutorService executor;
    private final Turns turns;
    private volatile Handover<?> current;
    private ProcessDefaults defaults;
    private Sandbox sandbox;
    private LambdaRuntime runtime;
    private long initNanos;
    private long mostMegabytes;
    private long startNanos;
    private volatile Thread thread;
    private volatile boolean usable = true;
    private volatile byte[] reserve;

    /** What it has to do, asked in its own thread. */
    interface Turns {
        /** Whether a turn is for the code that it has; if not, the turn is given up. */
        boolean admits(ExecutionEnvironment environment, Turn turn);

        /** The turn after the last one, null if it waits, or is at its end. */
        Turn next(ExecutionEnvironment environment);
    }

    /** One that is not started; {@code log} takes whole lines. */
    ExecutionEnvironment(FunctionDefinition definition, Codebase.Build build, int number, Turns turns,
            Consumer<FunctionLog.Entry> log) {
        this.definition = definition;
        this.build = build;
        this.number = number;
        this.turns = turns;
        this.log = new FunctionLog(log);
        this.variables = variables(definition);
        this.defaults = ProcessDefaults.ofLambda(variables.get("TZ"));
        this.group = new ProcessStreams.Group(definition.id(), this.log);
        this.executor = Executors.newSingleThreadExecutor(this::thread);
    }

    /** In a group of its own: a handler that interrupts its group must not reach the server's threads. */
    private Thread thread(Runnable work) {
        Thread made = new Thread(group, work, "main");
        made.setDaemon(true);
        thread = made;
        return made;
    }

    /** Runs the function's initialization, of which anything may be thrown; then it is of no use any more. */
    void start(Function<Codebase.Build, Sandbox> sandboxes) throws Throwable {
        try {
            long asked = System.nanoTime();
            sandbox = sandboxes.apply(build);
            long started = System.nanoTime();
            runtime = initialized();
            initNanos = System.nanoTime() - started;
            startNanos = System.nanoTime() - asked;
            reserve = new byte[RESERVE];
        } catch (Throwable error) {
            usable = false;
            throw error;
        }
    }

    private LambdaRuntime initialized() throws Throwable {
        Handover<LambdaRuntime> handover = new Handover<>();
        executor.execute(() -> {
            try {
                handover.end(inside(handover, () -> sandbox.start(variables, log, this::exited)), null);
            } catch (Throwable error) {
                handover.end(null, error);
            }
        });
        long most = TimeUnit.SECONDS.toNanos(MOST_INIT_SECONDS + definition.timeoutSeconds());
        if (!handover.await(most)) timeOut(handover);
        return handover.get();
    }

    /** The code has asked for the end of its process, in whichever thread, and whatever it does with the error. */
    private void exited(Error fault) {
        usable = false;
        Handover<?> asking = current;
        if (asking != null) asking.end(null, fault);
    }

    /** How long it took to start, with the loading of its libraries; 0 if it has not. */
    long startNanos() {
        return startNanos;
    }

    Codebase.Build build() {
        return build;
    }

    /** Its place among the environments of its function, from 1. */
    int number() {
        return number;
    }

    /** False after an error that would have ended the process on AWS. */
    boolean isUsable() {
        return usable;
    }

    /** What is logged since the last invocation began. */
    FunctionLog.Transcript log() {
        return log.transcript();
    }

    /** Runs the handler in the environment's thread, and as long as all goes well it goes on with further turns. */
    void take(Turn turn) {
        executor.execute(() -> {
            Turn now = turn;
            while (now != null) {
                boolean isAdmitted = isAdmitted(now);
                if (!isAdmitted) now.tryAgain();
                now = !isAdmitted || run(now) ? turns.next(this) : null;
            }
        });
    }

    private boolean isAdmitted(Turn turn) {
        try {
            boolean isAdmitted = turns.admits(this, turn);
            if (isAdmitted) turn.environment = this;
            return isAdmitted;
        } catch (Throwable error) {
            return false; // who looks next will tell
        }
    }

    /** Tells whether the environment, and nobody else, decides what it does next. */
    private boolean run(Turn turn) {
        try {
            byte[] answer = inside(turn, () -> invoke(turn));
            if (turn.isOver()) return false;
            end(turn.call, turn.begun, "");
            return turn.end(answer, log.transcript(), usable);
        } catch (Throwable error) {
            turn.end(null, error);
            return false;
        }
    }

    private byte[] invoke(Turn turn) throws Throwable {
        turn.begun = System.nanoTime();
        Call call = turn.call;
        log.begin(call.requestId(), call.isDirect());
        long deadline = System.currentTimeMillis() + definition.timeoutSeconds() * 1000L;
        return runtime.invoke(new Invocation(call.requestId(), call.event(), deadline, definition.arn(),
                Trace.within(call.trace(), call.requestId()), call.clientContext(), call.stream()));
    }

    /** The answer to a turn that this environment has taken; what the handler throws is thrown. */
    byte[] await(Turn turn) throws Throwable {
        long most = TimeUnit.SECONDS.toNanos(definition.timeoutSeconds());
        try {
            while (!turn.await(turn.left(most))) if (turn.left(most) <= 0) timeOut(turn);
            return turn.get();
        } catch (OutOfMemoryError error) {
            throw failed(turn, letGo(error));
        } catch (Throwable error) {
            throw failed(turn, error);
        }
    }

    private Throwable failed(Turn turn, Throwable error) {
        usable = usable && !(error instanceof VirtualMachineError || error instanceof IOError
                || error instanceof RuntimeFault fault && fault.isPlatforms());
        log.failure(error);
        end(turn.call, turn.begun, status(error));
        return error;
    }

    /** Ends the log of an invocation; only those who call directly see its report, which takes its time to make. */
    private void end(Call call, long started, String status) {
        log.end(call.isDirect() ? report(started, status) : "");
    }

    /**
     * Gives all memory of the function's code back before anything is done that takes some. An error keeps the
     * classes of its frames, and so what their statics hold: a copy of it is told on.
     */
    private OutOfMemoryError letGo(OutOfMemoryError error) {
        usable = false;
        runtime = null;
        sandbox = null;
        thread.setContextClassLoader(null);
        executor.shutdown();
        OutOfMemoryError copy = new OutOfMemoryError(error.getMessage());
        copy.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
        return copy;
    }

    /** What the log says of an invocation that found no code to run. */
    void logFailedInit(Call call, Throwable error) {
        log.begin(call.requestId(), call.isDirect());
        log.failure(error);
        end(call, System.nanoTime(), status(error));
    }

    private static String status(Throwable error) {
        if (!(error instanceof RuntimeFault fault) || fault.type() == null) return "";
        return fault.type().equals(RuntimeFault.TIMEOUT) ? "\tStatus: timeout"
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

    /** Runs a step as the function's own; it is for the environment's thread, in which all of its code runs. */
    private <T> T inside(Handover<?> handover, Step<T> step) throws Throwable {
        current = handover;
        try {
            thread.setContextClassLoader(sandbox.code());
            defaults.apply();
            T result = step.run();
            defaults = ProcessDefaults.current();
            return result;
        } catch (Throwable error) {
            reserve = null;
            throw error;
        } finally {
            current = null;
            ProcessDefaults.OF_LAMBDA.apply();
            ProcessDefaults.mendProperties();
        }
    }

    /** Stops the thread, as far as the JVM lets it be stopped, and tells where it was. */
    private void timeOut(Handover<?> handover) throws InterruptedException {
        if (ProcessDefaults.isDebugged()) handover.await(Long.MAX_VALUE); // a breakpoint has no limit
        StackTraceElement[] frames = thread.getStackTrace();
        String seconds = String.format(Locale.ROOT, "%.2f", (double) definition.timeoutSeconds());
        RuntimeFault fault = new RuntimeFault(RuntimeFault.TIMEOUT, "Task timed out after " + seconds + " seconds");
        fault.setStackTrace(RuntimeFault.ownFrames(frames));
        if (!handover.end(null, fault)) return;
        usable = false;
        thread.interrupt();
        endStarted();
        thread.join(GRACE_MILLIS);
        if (isBusy() && ProcessDefaults.stop(thread)) thread.join(GRACE_MILLIS);
        if (isBusy()) log.println("the thread of this request cannot be stopped, it goes on in the background");
    }

    /** Ends the threads that the code has started, as the end of its process would; says where that fails. */
    private void endStarted() {
        group.end();
        List<Thread> started = group.started(thread);
        if (started.isEmpty()) return;
        CompletableFuture.runAsync(sandbox.ending());
        started.forEach(Thread::interrupt);
        afterGrace(() -> {
            List<Thread> left = group.started(thread);
            boolean mayEnd = left.stream().filter(ProcessDefaults::stop).count() > 0;
            if (mayEnd) afterGrace(() -> tellOf(group.started(thread)));
            else tellOf(left);
        });
    }

    private static void afterGrace(Runnable step) {
        CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS).execute(step);
    }

    private void tellOf(List<Thread> left) {
        if (left.isEmpty()) return;
        log.println(Console.count(left.size(), "thread") + " of old code cannot be stopped: "
                + left.stream().map(Thread::getName).limit(5).collect(Collectors.joining(", ")));
    }

    /** A thread of the pool stays when its work is done: what it does then is wait for more. */
    private boolean isBusy() {
        return thread.isAlive() && Arrays.stream(thread.getStackTrace()).anyMatch(frame ->
                Program.isOwn(frame.getClassName()));
    }

    /** Whether the code has left threads behind, which may go on in it. */
    boolean hasThreads() {
        return !group.started(thread).isEmpty();
    }

    /** Ends the function's code and returns the sandbox that it ran in. */
    Sandbox close() {
        usable = false;
        endStarted();
        executor.shutdown();
        sandbox.unload();
        return sandbox;
    }

    /** Ends all of it. */
    void discard() {
        usable = false;
        endStarted();
        executor.shutdown();
        if (sandbox != null) sandbox.close();
    }

    /**
     * All variables of the function's process (Lambda Developer Guide, "Defined runtime environment variables").
     * As with {@code sam local}, the shell's value of a variable that the template names beats the template's; a
     * file's value beats both.
     */
    public static Map<String, String> variables(FunctionDefinition definition) {
        Map<String, String> variables = new TreeMap<>(defined(definition));
        definition.environment().forEach((name, value) -> variables.put(name, shell(name, value)));
        variables.putAll(definition.overrides());
        return Collections.unmodifiableMap(variables);
    }

    private static Map<String, String> defined(FunctionDefinition definition) {
        String region = definition.aws().region();
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_SAM_LOCAL", "true");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", definition.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(definition.memoryMegabytes()));
        variables.put("AWS_LAMBDA_FUNCTION_TIMEOUT", String.valueOf(definition.timeoutSeconds()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + definition.name());
        variables.putAll(definition.logging());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_"
                + (definition.runtime().isEmpty() ? "java" : definition.runtime()));
        variables.put("AWS_ACCOUNT_ID", definition.aws().accountId());
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        variables.put("AWS_ACCESS_KEY_ID", shell("AWS_ACCESS_KEY_ID", "defaultkey"));
        variables.put("AWS_SECRET_ACCESS_KEY", shell("AWS_SECRET_ACCESS_KEY", "defaultsecret"));
        variables.put("LAMBDA_TASK_ROOT", definition.code().toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        variables.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
        variables.put("_HANDLER", definition.handler());
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        System.getenv().forEach((name, value) -> {
            if (PASSED.contains(name) || name.startsWith("AWS_ENDPOINT_URL")) variables.put(name, value);
        });
        return variables;
    }

    private static String shell(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
    }

    private static String logStream() {
        String day = DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC).format(Instant.now());
        return day + "/[$LATEST]" + UUID.randomUUID().toString().replace("-", "");
    }
}
