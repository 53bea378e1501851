package samlocal.lambda;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.runtime.LoadedCode;
import samlocal.runtime.Platform;
import samlocal.runtime.RuntimeFault;
import samlocal.sam.FunctionDefinition;
import samlocal.terminal.Console;
import samlocal.terminal.Notice;
import samlocal.terminal.Text;

/** A function of the template, ready to be invoked from any thread. */
public final class LambdaFunction {
    /** The outcome of an invocation. */
    public sealed interface Outcome permits Answer, Failure, Broken, Unavailable, Rejected {
    }

    /** The handler's response, usually JSON. */
    public record Answer(byte[] payload, FunctionLog.Transcript log) implements Outcome {
    }

    /**
     * The handler or AWS's runtime has thrown an exception.
     *
     * @param handler the place of the handler in the template
     */
    public record Failure(Throwable error, boolean inInit, Codebase.Build build, Place handler, String requestId,
            FunctionLog.Transcript log) implements Outcome {
        public boolean isTimeout() {
            return RuntimeFault.isTimeout(error);
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

    /** Lambda rejects the call, with the type and message of its API's error. */
    public record Rejected(String type, String message) implements Outcome {
    }

    /**
     * A completed invocation.
     *
     * @param function logical id
     * @param initNanos start time of a new execution environment, 0 for a warm one
     * @param compiled the compilation that the invocation caused, or null
     */
    public record Run(String function, Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
        public boolean isCold() {
            return initNanos > 0;
        }

        /** A note about the invocation, or an empty string. */
        public String note() {
            if (outcome instanceof Broken broken) return broken.summary();
            if (compiled != null) return compiled.toString();
            return isCold() ? "cold start" : "";
        }
    }

    /** Lambda API Reference, "Invoke": the header X-Amz-Tenant-Id. */
    private static final Pattern TENANT = Pattern.compile("[a-zA-Z0-9._:/=+\\-@ ]{1,256}");
    /** Lambda Developer Guide, "... execution environment lifecycle": with SnapStart or provisioned concurrency. */
    private static final int IN_ADVANCE_SECONDS = 130;
    private volatile FunctionDefinition definition;
    private final Codebase codebase;
    private final Platform platform;
    private final Credentials credentials;
    private final Console console;
    private final Duration initPhase;
    private final long mostIdleNanos;
    private final TenantEnvironments environments;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile List<String> types = List.of();

    /**
     * Limits of execution environments.
     *
     * @param environments maximum number per function, or per tenant
     * @param fresh whether each request gets a new one
     * @param initPhase time after which initialization is restarted within the function's timeout
     * @param idle time after which an idle environment may end, see {@link #endIdle}
     */
    public record Limits(int environments, boolean fresh, Duration initPhase, Duration idle) {
        /**
         * With Lambda's init phase (Lambda Developer Guide, "... execution environment lifecycle"), which does not say
         * when Lambda ends idle environments.
         */
        public Limits(int environments, boolean fresh) {
            this(environments, fresh, Duration.ofSeconds(10), Duration.ofMinutes(5));
        }
    }

    public LambdaFunction(FunctionDefinition definition, Codebase codebase, Platform platform, Limits limits,
            Credentials credentials, Console console) {
        this.definition = definition;
        this.codebase = codebase;
        this.platform = platform;
        this.credentials = credentials;
        this.console = console;
        this.initPhase = limits.initPhase();
        this.mostIdleNanos = limits.idle().toNanos();
        this.environments = new TenantEnvironments(() ->
                new Environments(codebase, limits.environments(), limits.fresh()));
    }

    public FunctionDefinition definition() {
        return definition;
    }

    /** Takes over the place of a definition that is otherwise the same, and returns this function. */
    public LambdaFunction movedTo(FunctionDefinition same) {
        definition = same;
        return this;
    }

    public Codebase codebase() {
        return codebase;
    }

    /** The event type of the newest code, empty if unknown. */
    public String eventType() {
        return types.isEmpty() ? "" : types.get(0);
    }

    /**
     * The parameter and return types of the newest code's handler, see {@link LoadedCode#types}; empty if unknown, and
     * for a {@code RequestStreamHandler}.
     */
    public List<String> types() {
        return types;
    }

    /** Whether a debugger may be attached; then time limits do not apply. */
    public boolean isDebugged() {
        return ProcessDefaults.isDebugged() || platform.isDebugged(definition);
    }

    public boolean isServed() {
        return definition.unsupportedReason() == null;
    }

    /** Whether the function has an execution environment, so that a request need not wait for a start. */
    public boolean isWarm() {
        return !environments.areNone();
    }

    /**
     * Invokes the saved code of the function; waits while its environments are busy.
     *
     * @throws Fault if its code cannot be read
     */
    public Run invoke(Call call) {
        return counted(() -> unserved(call).orElseGet(() -> joined(call)));
    }

    /** As {@link #invoke(Call)}; {@code onBegin} runs when an environment takes the call or starts for it. */
    public Run invoke(Call call, Runnable onBegin) {
        return counted(() -> unserved(call).orElseGet(() -> placed(call, onBegin)));
    }

    private Run counted(Supplier<Run> invocation) {
        begun.incrementAndGet();
        try {
            return invocation.get();
        } finally {
            ended.incrementAndGet();
        }
    }

    /** The number of completed invocations. */
    public long invocations() {
        return ended.get();
    }

    /** Whether an invocation is running or waiting. */
    public boolean isRunning() {
        return ended.get() < begun.get();
    }

    /** Why Lambda rejects a call ("Invoking Lambda functions with tenant isolation"); empty if it accepts it. */
    public Optional<Rejected> rejection(Call call) {
        String tenant = call.headers().tenant();
        if (definition.settings().lifecycle().isPerTenant() == (tenant != null)) {
            return tenant == null || TENANT.matcher(tenant).matches() ? Optional.empty()
                    : Optional.of(new Rejected("ValidationException", "1 validation error detected: Value '" + tenant
                    + "' at 'tenantId' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                    + TENANT));
        }
        return Optional.of(new Rejected("InvalidParameterValueException", tenant == null
                ? "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request"
                + " and try again."
                : "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your"
                + " request and try again."));
    }

    /** The outcome of a call that does not reach an environment. */
    private Optional<Run> unserved(Call call) {
        Optional<Outcome> outcome = isServed() ? rejection(call).map(Outcome.class::cast)
                : Optional.of(new Unavailable(definition.unsupportedReason()));
        return outcome.map(each -> run(call, each, 0, null));
    }

    private Run joined(Call call) {
        Environments pool = environments.of(call.headers().tenant());
        PendingInvocation invocation = new PendingInvocation(call, null);
        pool.join(invocation);
        if (invocation.number() > 0) return start(invocation, pool, invocation.build().news());
        if (invocation.environment != null) return run(call, outcome(invocation, pool), 0, null);
        return placed(call, () -> { });
    }

    private Run placed(Call call, Runnable onBegin) {
        Environments pool = environments.of(call.headers().tenant());
        Codebase.Compiled compiled = null;
        while (true) {
            Codebase.Build build = codebase.current();
            if (compiled == null) compiled = build.news();
            if (!build.errors().isEmpty()) return run(call, new Broken(build.errors()), 0, compiled);
            PendingInvocation invocation = new PendingInvocation(call, build);
            pool.place(invocation);
            if (invocation.number() > 0 || invocation.environment != null) onBegin.run();
            if (invocation.number() > 0) return start(invocation, pool, compiled);
            if (invocation.environment != null) return run(call, outcome(invocation, pool), 0, compiled);
        }
    }

    private Run run(Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
        return new Run(definition.id(), call, outcome, initNanos, compiled);
    }

    /** Invokes the function in the new environment that an invocation requested. */
    private Run start(PendingInvocation asked, Environments pool, Codebase.Compiled compiled) {
        Call call = asked.call;
        boolean isInAdvance = definition.settings().lifecycle().isInitializedInAdvance();
        ExecutionEnvironment made = environment(asked.build(), asked.number(), pool);
        boolean isStarted = false;
        try {
            Throwable error = made.start(this::load, isInAdvance ? inAdvance() : initPhase);
            if (RuntimeFault.isTimeout(error) && !isInAdvance) {
                made.discard();
                made = environment(asked.build(), asked.number(), pool);
                error = made.restart(this::load, initPhase);
            }
            isStarted = error == null;
            if (!isStarted) return run(call, made.failedInit(call, error), 0, compiled);
        } finally {
            pool.isMade();
            if (!isStarted) pool.end(made);
        }
        PendingInvocation invocation = new PendingInvocation(call, asked.build());
        invocation.environment = made;
        made.take(invocation); // from now on another thread owns it
        return run(call, outcome(invocation, pool), made.startNanos(), compiled);
    }

    /** The time limit of initialization if no request waits for it, as for provisioned concurrency. */
    private Duration inAdvance() {
        return Duration.ofSeconds(Math.max(IN_ADVANCE_SECONDS, definition.timeoutSeconds()));
    }

    private ExecutionEnvironment environment(Codebase.Build build, int number, Environments pool) {
        String mark = console.paint(Console.Style.DIM, definition.id() + (number > 1 ? "#" + number : "") + " | ");
        FunctionLog log = new FunctionLog(entry -> print(number, mark, entry));
        return new ExecutionEnvironment(definition, build, number, pool, credentials, log,
                new TaskRoot(codebase::contents, log));
    }

    private void print(int environment, String mark, FunctionLog.Entry entry) {
        console.tell(new Notice(Notice.Level.info, "log", () -> Json.object(
                "function", definition.id(),
                "environment", environment,
                "requestId", entry.requestId(),
                "message", entry.text().stripTrailing()), () -> Text.marked(entry.text(), mark)));
        console.copyFunctions(entry.text().endsWith("\n") ? entry.text() : entry.text() + "\n");
    }

    /** The outcome of an invocation that an environment has taken. */
    private Outcome outcome(PendingInvocation invocation, Environments pool) {
        ExecutionEnvironment environment = invocation.environment;
        try {
            return environment.await(invocation);
        } finally {
            if (!invocation.isReturned()) pool.giveBack(environment);
        }
    }

    /**
     * Initializes a first environment, unless each tenant has its own; if the code does not compile, the first request
     * reports it.
     */
    public Optional<Failure> initialize() {
        if (!isServed() || definition.settings().lifecycle().isPerTenant()) return Optional.empty();
        Environments pool = environments.of(null);
        Codebase.Build build = codebase.current();
        int number = build.errors().isEmpty() ? pool.makeFirst() : 0;
        if (number == 0) return Optional.empty();
        ExecutionEnvironment environment = environment(build, number, pool);
        Call call = new Call(UUID.randomUUID().toString(), new byte[0], "", null);
        try {
            return Optional.ofNullable(environment.start(this::load, inAdvance()))
                    .map(error -> environment.failedInit(call, error));
        } finally {
            pool.isMade();
            pool.giveBack(environment);
        }
    }

    /**
     * After an edit: ends idle environments with the old code and, if there were any, initializes one with the new
     * code, so that the next request need not wait for it. Does nothing if starting the code is fast anyway.
     */
    public Optional<Failure> renew() {
        if (!platform.startsInAdvance() || !isWarm()) return Optional.empty();
        environments.renew(codebase.current());
        return initialize();
    }

    private LoadedCode load(Codebase.Build build) {
        LoadedCode code = platform.load(definition, build);
        types = code.types();
        return code;
    }

    Stream<Environments.Idle> idle() {
        return environments.idle();
    }

    /** Ends environments that have been idle for long, but not the one that was used last. */
    public void endIdle() {
        idle().sorted(Comparator.comparingLong(Environments.Idle::nanos)).skip(1)
                .filter(each -> each.nanos() > mostIdleNanos).forEach(Environments.Idle::release);
    }

    /** Ends idle environments; busy ones end after their request. */
    public void retire() {
        environments.retire();
    }

    /** Finds a function by name; {@code functions} are by logical id. See {@link FunctionDefinition#named}. */
    public static Optional<LambdaFunction> find(String name, Map<String, LambdaFunction> functions) {
        if (functions.containsKey(name)) return Optional.of(functions.get(name));
        return named(name, functions).stream().findFirst().map(definition -> functions.get(definition.id()));
    }

    /** A warning if a name is ambiguous. */
    public static Optional<Problem> ambiguity(String name, Map<String, LambdaFunction> functions) {
        if (functions.containsKey(name)) return Optional.empty();
        return FunctionDefinition.ambiguity(name, named(name, functions), null);
    }

    private static List<FunctionDefinition> named(String name, Map<String, LambdaFunction> functions) {
        return FunctionDefinition.named(name, functions.values().stream().map(LambdaFunction::definition).toList());
    }
}
