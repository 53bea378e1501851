package samlocal.lambda;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.runtime.RuntimeFault;
import samlocal.runtime.Sandbox;
import samlocal.runtime.Sandboxes;
import samlocal.sam.FunctionDefinition;
import samlocal.terminal.Console;
import samlocal.terminal.Notice;
import samlocal.terminal.Text;

/** A function of the template, ready to be invoked from any thread. */
public final class LambdaFunction {
    /** How an invocation ended. */
    public sealed interface Outcome permits Answer, Failure, Broken, Unavailable {
    }

    /** The handler's answer, most often JSON. */
    public record Answer(byte[] payload, FunctionLog.Transcript log) implements Outcome {
    }

    /** The handler, or what AWS's runtime does for it, has thrown. */
    public record Failure(Throwable error, boolean inInit, Codebase.Build build, String requestId,
            FunctionLog.Transcript log) implements Outcome {
        public boolean isTimeout() {
            return error instanceof RuntimeFault fault && RuntimeFault.TIMEOUT.equals(fault.type());
        }
    }

    /** The code does not compile. */
    public record Broken(List<Problem> errors) implements Outcome {
        public String summary() {
            return "does not compile: " + Console.count(errors.size(), "error");
        }
    }

    /** The function cannot run here. */
    public record Unavailable(String reason) implements Outcome {
    }

    /**
     * An invocation from its event to its end.
     *
     * @param function logical id
     * @param initNanos how long a new execution environment took to start, 0 where a warm one was used
     * @param compiled what was compiled for it, or null
     */
    public record Run(String function, Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
        public boolean isCold() {
            return initNanos > 0;
        }

        /** What happened on the way, or an empty text. */
        public String note() {
            if (outcome instanceof Broken broken) return broken.summary();
            if (compiled != null) return compiled.toString();
            return isCold() ? "cold start" : "";
        }
    }

    private final FunctionDefinition definition;
    private final Codebase codebase;
    private final Sandboxes sandboxes;
    private final Credentials credentials;
    private final Console console;
    private final Environments environments;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile List<String> types = List.of();

    /** How many environments a function may have, and whether each request gets a new one. */
    public record Limits(int environments, boolean fresh) {
    }

    public LambdaFunction(FunctionDefinition definition, Codebase codebase, Sandboxes sandboxes, Limits limits,
            Credentials credentials, Console console) {
        this.definition = definition;
        this.codebase = codebase;
        this.sandboxes = sandboxes;
        this.credentials = credentials;
        this.console = console;
        this.environments = new Environments(codebase, sandboxes, limits.environments(), limits.fresh());
    }

    public FunctionDefinition definition() {
        return definition;
    }

    public Codebase codebase() {
        return codebase;
    }

    /** The name of the type of event that its newest code takes, empty while that is not known. */
    public String eventType() {
        return types.isEmpty() ? "" : types.get(0);
    }

    /**
     * The names of the types that the handler of its newest code takes and returns, see {@link Sandbox#types}; empty
     * while they are not known, and for a {@code RequestStreamHandler}.
     */
    public List<String> types() {
        return types;
    }

    public boolean isServed() {
        return definition.obstacle() == null;
    }

    /** Whether it has an execution environment, so that a request need not wait for one to be made. */
    public boolean isWarm() {
        return !environments.areNone();
    }

    /**
     * Invokes the function with an event, in the code as it is saved now; waits while its environments are busy.
     *
     * @throws Fault if its code cannot be read
     */
    public Run invoke(Call call) {
        return counted(() -> joined(call));
    }

    /** The same; {@code onBegin} runs once an environment takes the call, or starts for it. */
    public Run invoke(Call call, Runnable onBegin) {
        return counted(() -> placed(call, onBegin));
    }

    private Run counted(Supplier<Run> invocation) {
        begun.incrementAndGet();
        try {
            return invocation.get();
        } finally {
            ended.incrementAndGet();
        }
    }

    /** How many invocations have ended. */
    public long invocations() {
        return ended.get();
    }

    /** Whether an invocation is running, or waits to run. */
    public boolean isRunning() {
        return ended.get() < begun.get();
    }

    private Run joined(Call call) {
        if (!isServed()) return unavailable(call);
        Turn turn = new Turn(call, null);
        environments.join(turn);
        if (turn.number() > 0) return start(call, turn, turn.build().news());
        if (turn.environment != null) return run(call, outcome(turn, turn.environment), 0, null);
        return placed(call, () -> { });
    }

    private Run placed(Call call, Runnable onBegin) {
        if (!isServed()) return unavailable(call);
        Codebase.Compiled compiled = null;
        while (true) {
            Codebase.Build build = codebase.current();
            if (compiled == null) compiled = build.news();
            if (!build.errors().isEmpty()) return run(call, new Broken(build.errors()), 0, compiled);
            Turn turn = new Turn(call, build);
            environments.place(turn);
            if (turn.number() > 0 || turn.environment != null) onBegin.run();
            if (turn.number() > 0) return start(call, turn, compiled);
            if (turn.environment != null) return run(call, outcome(turn, turn.environment), 0, compiled);
        }
    }

    private Run unavailable(Call call) {
        return run(call, new Unavailable(definition.obstacle()), 0, null);
    }

    private Run run(Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
        return new Run(definition.id(), call, outcome, initNanos, compiled);
    }

    /** Invokes the function in the new environment that a turn has asked for. */
    private Run start(Call call, Turn asked, Codebase.Compiled compiled) {
        ExecutionEnvironment made = environment(asked.build(), asked.number());
        boolean isStarted = false;
        try {
            Throwable error = made.start(this::sandbox);
            isStarted = error == null;
            if (!isStarted) return run(call, made.failedInit(call, error), 0, compiled);
        } finally {
            environments.isMade();
            if (!isStarted) environments.end(made);
        }
        Turn turn = new Turn(call, asked.build());
        made.take(turn); // from now on it is not ours
        return run(call, outcome(turn, made), made.startNanos(), compiled);
    }

    private ExecutionEnvironment environment(Codebase.Build build, int number) {
        String mark = console.paint(Console.Style.DIM, definition.id() + (number > 1 ? "#" + number : "") + " | ");
        return new ExecutionEnvironment(definition, build, number, environments, credentials,
                entry -> tell(number, mark, entry));
    }

    private void tell(int environment, String mark, FunctionLog.Entry entry) {
        console.tell(new Notice(Notice.Level.info, "log", () -> Json.object(
                "function", definition.id(),
                "environment", environment,
                "requestId", entry.requestId(),
                "message", entry.text().stripTrailing()), () -> Text.marked(entry.text(), mark)));
        console.copyFunctions(entry.text().endsWith("\n") ? entry.text() : entry.text() + "\n");
    }

    /** How a turn ends that an environment has taken. */
    private Outcome outcome(Turn turn, ExecutionEnvironment environment) {
        try {
            return environment.await(turn);
        } finally {
            if (!turn.isReturned()) environments.giveBack(environment);
        }
    }

    /** Makes a first environment ready; if the code does not compile, the first request reports it. */
    public Optional<Failure> initialize() {
        if (!isServed()) return Optional.empty();
        Codebase.Build build = codebase.current();
        int number = build.errors().isEmpty() ? environments.makeFirst() : 0;
        if (number == 0) return Optional.empty();
        ExecutionEnvironment environment = environment(build, number);
        Call call = new Call(UUID.randomUUID().toString(), new byte[0], "");
        try {
            return Optional.ofNullable(environment.start(this::sandbox))
                    .map(error -> environment.failedInit(call, error));
        } finally {
            environments.isMade();
            environments.giveBack(environment);
        }
    }

    private Sandbox sandbox(Codebase.Build build) {
        Sandbox sandbox = sandboxes.take(build.jars());
        sandbox.load(build.classes(), build.folders());
        boolean fits = sandbox.fits(definition.handler());
        types = sandbox.types();
        sandboxes.learn(build.jars(), types);
        if (fits) return sandbox;
        sandbox.close();
        Sandbox another = new Sandbox(build.jars());
        another.load(build.classes(), build.folders());
        return another;
    }

    /** Ends the environments that wait; those that are busy end with their request. */
    public void retire() {
        environments.retire();
    }

    /** By logical id, with or without that of its stack, or by FunctionName. */
    public static Optional<LambdaFunction> find(String name, Map<String, LambdaFunction> functions) {
        if (functions.containsKey(name)) return Optional.of(functions.get(name));
        return functions.values().stream().filter(function -> function.definition().name().equals(name)
                || function.definition().id().endsWith("/" + name)).findFirst();
    }
}
