package samlocal.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.compile.Codebases;
import samlocal.dependencies.Builds;
import samlocal.files.Scratch;
import samlocal.files.Watched;
import samlocal.http.ServerAddress;
import samlocal.http.StaticFiles;
import samlocal.http.Tls;
import samlocal.lambda.Call;
import samlocal.lambda.Credentials;
import samlocal.lambda.FunctionName;
import samlocal.lambda.LambdaFunction;
import samlocal.lambda.MemoryLimit;
import samlocal.lambda.ProcessDefaults;
import samlocal.report.Changes;
import samlocal.report.Report;
import samlocal.report.Served;
import samlocal.runtime.ClassArchive;
import samlocal.runtime.Debug;
import samlocal.runtime.Platform;
import samlocal.runtime.Platforms;
import samlocal.runtime.Sandboxes;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;
import samlocal.template.AwsEnvironment;
import samlocal.terminal.Console;
import samlocal.terminal.ProcessStreams;
import samlocal.terminal.Progress;

/** Holds the current deployment and replaces it when the template changes. */
public final class DevServer implements AutoCloseable {
    private static final long MAX_END_MILLIS = 1_500;
    /** Interval between checks for changed files. */
    private static final long PAUSE_MILLIS = 200;
    private final Config config;
    private final Console console;
    private final Codebases codebases;
    private final Platforms platforms;
    private final WorkInAdvance inAdvance;
    private final MemoryLimit memory;
    private volatile Gateway.Deployment deployment;
    private Credentials credentials;
    private final VariableFiles variables;
    private Watched template;
    private final Builds builds;
    private StaticFiles files;
    private Served served;
    private final Report report;
    private volatile Gateway gateway;
    private ServerAddress address;

    DevServer(Config config, Console console) {
        this(config, console, new Builds(false, true, config.template(), console), new Sandboxes());
    }

    /** Creates a server; the sandboxes may have been started before its configuration was known. */
    public DevServer(Config config, Console console, Builds builds, Sandboxes sandboxes) {
        this.config = config;
        this.console = console;
        this.builds = builds;
        this.platforms = new Platforms(builds, sandboxes, config.functions().debug());
        this.codebases = new Codebases();
        this.report = new Report(console);
        this.variables = new VariableFiles(config.variables(), config.functions().moreVariables());
        this.inAdvance = new WorkInAdvance(this::functions, report, console);
        this.memory = new MemoryLimit(this::functions, console);
        sandboxes.beforeTaking(memory::enforce);
    }

    /** Serves until this process ends. */
    public void serve() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
        Signals.endWell();
        start();
        follow();
        close();
    }

    /** Reads and compiles saved changes before a request needs them, until this thread is interrupted. */
    void follow() {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                inAdvance.guarded(this::current);
                inAdvance.guarded(memory::enforce);
                inAdvance.guarded(() -> functions().forEach(LambdaFunction::endIdle));
                codebases.keepUp(inAdvance::edited);
            }
        } catch (InterruptedException e) {
            return; // the server is shutting down
        }
    }

    /** Shuts down in order if possible within a time limit, even if handlers or the terminal block. */
    private void end() {
        Thread ending = new Thread(() -> {
            if (gateway != null) gateway.leave(); // the following steps take time
            platforms.close();
            codebases.close();
            keepClasses();
            console.flush();
        }, "ending");
        ending.setDaemon(true);
        ending.start();
        try {
            ending.join(MAX_END_MILLIS);
        } catch (InterruptedException e) {
            return; // this thread is never interrupted
        }
    }

    private void keepClasses() {
        boolean isServing = ClassArchive.isBeingMade() && gateway != null;
        if (isServing) console.note("saving a class archive for faster starts (one time)");
        ClassArchive.end(deployment != null
                && deployment.functions().values().stream().anyMatch(LambdaFunction::isWarm));
    }

    /** Opens the port and returns; compilation continues in the background. */
    DevServer start() {
        long started = System.nanoTime();
        prepareProcess();
        Project project = read().requireRunnable();
        template = new Watched(watched(project));
        files = new StaticFiles(config.servesApis() ? config.staticFolder() : null);
        Tls tls = config.tls(Routers.of(project.routes()).byName().keySet());
        gateway = new Gateway(this::current, config.rules(), files, tls, config.front().exposure(), report);
        gateway.bind(config.address());
        address = new ServerAddress(config.front().scheme(), config.host(), port());
        deployment = deploy(project);
        gateway.inspect(Place.display(config.template()), config.template().toAbsolutePath().getParent(),
                config.inspectorPort());
        gateway.start();
        served = served(project);
        if (config.functions().isEager()) inAdvance.run(true);
        report.started(Place.display(config.template()), served, System.nanoTime() - started);
        if (!config.functions().isEager()) inAdvance.inBackground("compile", () -> inAdvance.run(false));
        inAdvance.inBackground("tidy", Scratch::deleteAbandoned);
        return this;
    }

    /**
     * Invokes one function, or a version or alias of it, such as {@code F:live}.
     *
     * @param name null if there is only one function
     * @throws Fault if there is no such function, version or alias
     */
    public LambdaFunction.Run invoke(String name, Call call) {
        FunctionName target = open(name);
        try (codebases; platforms) {
            LambdaFunction.Run run = function(target).invoke(call.at(target.qualifier()));
            ClassArchive.end(true);
            return run;
        }
    }

    /**
     * The same, and again whenever the function's code, the template or the call has changed, until this thread is
     * interrupted.
     *
     * @param call what is to be sent now; two calls with the same event are equal
     * @param onRun called with each invocation and how many nanoseconds it took, including compilation
     */
    public void invokeOnSave(String name, Supplier<Call> call, BiConsumer<LambdaFunction.Run, Long> onRun) {
        FunctionName target = open(name);
        try (codebases; platforms) {
            new InvocationLoop(() -> current().problems().isEmpty() ? function(target) : null,
                    () -> call.get().at(target.qualifier()), onRun, report).run();
        }
    }

    /** Reads the template for invocations of one function. */
    private FunctionName open(String name) {
        prepareProcess();
        Project project = read().requireRunnable();
        template = new Watched(watched(project));
        deployment = deploy(project);
        Map<String, LambdaFunction> functions = deployment.functions();
        ignored(project).forEach(console::warn);
        Collection<String> ids = new TreeSet<>(functions.keySet());
        if (name == null && ids.size() != 1) {
            throw Fault.project("no function specified; " +  FunctionDefinition.listed(ids), null,
                    ids.isEmpty() ? null : "specify one: samlocal invoke FUNCTION");
        }
        String wanted = name == null ? ids.iterator().next() : name;
        FunctionName target = FunctionName.of(wanted).orElse(new FunctionName(wanted, ""));
        LambdaFunction function = function(target);
        LambdaFunction.ambiguity(target.name(), functions).ifPresent(console::warn);
        function.definition().requireQualifier(target.qualifier());
        StartWarnings.of(project, function.definition()).forEach(console::warn);
        return target;
    }

    private LambdaFunction function(FunctionName target) {
        Map<String, LambdaFunction> functions = deployment.functions();
        return target.in(functions)
                .orElseThrow(() -> FunctionDefinition.unknown(target.name(), new TreeSet<>(functions.keySet())));
    }

    /** All functions share this process, so its defaults are set as on AWS. */
    private void prepareProcess() {
        ProcessStreams.install();
        ProcessDefaults.startTimer();
        Debug debug = config.functions().debug();
        if (debug != null) console.note(debug.toString());
        credentials = Credentials.of(config.functions().profile(), System.getenv(), builds, console);
        ProcessDefaults.OF_LAMBDA.apply();
    }

    private Collection<Path> watched(Project project) {
        Set<Path> files = new LinkedHashSet<>(project.files());
        files.addAll(variables.watched());
        return files;
    }

    /** The port that the server listens on. */
    int port() {
        return gateway.port();
    }

    @Override public void close() {
        inAdvance.close();
        gateway.close();
        deployment.functions().values().forEach(LambdaFunction::retire);
        platforms.close();
        codebases.close();
    }

    /** The deployment of the saved template, or of the last valid version if the saved one has errors. */
    private Gateway.Deployment current() {
        if (config.functions().watches()) template.ifChanged(this::reload);
        return deployment;
    }

    private void reload(Watched.Look look) {
        long started = System.nanoTime();
        String name = look.changed().stream().map(Place::display).sorted().collect(Collectors.joining(", "));
        try {
            Project project = read();
            look.addAll(watched(project));
            deployment = deploy(project.requireRunnable());
            showChange();
            if (gateway == null) return;
            Served before = served;
            served = served(project);
            report.reloaded(name, Changes.between(before, served), served, System.nanoTime() - started);
        } catch (RuntimeException error) {
            Fault fault = error instanceof Fault expected ? expected : Fault.ofOurOwn(error);
            deployment = deployment.with(fault.problems());
            showChange();
            report.notReloaded(name, fault.problems(), System.nanoTime() - started);
            look.keepAll();
        }
    }

    /** The project of the saved template, with the variables of the files. */
    private Project read() {
        variables.read();
        return config.inputs().project().with(variables::of);
    }

    /** Unchanged functions keep their warm execution environments. */
    private Gateway.Deployment deploy(Project project) {
        List<Route> routes = config.servesApis() ? project.routes() : List.of();
        Routers routers = Routers.of(routes);
        Map<String, LambdaFunction> before = deployment == null ? Map.of() : deployment.functions();
        Map<String, LambdaFunction> functions = new LinkedHashMap<>();
        for (FunctionDefinition written : config.functions().of(project)) {
            Map<String, String> environment = address == null ? written.environment()
                    : new LocalAddresses(address, routers.byName(), routes).in(written.environment());
            FunctionDefinition definition = written.with(environment, written.overrides());
            LambdaFunction known = before.get(definition.id());
            boolean isSame = known != null && known.definition().isSameAs(definition);
            functions.put(definition.id(), isSame ? known.movedTo(definition) : function(definition));
        }
        before.values().stream().filter(known -> !functions.containsValue(known)).forEach(LambdaFunction::retire);
        return new Gateway.Deployment(AwsEnvironment.of(config.parameters()), routers.all(),
                routers.byName(), functions, List.of());
    }

    private LambdaFunction function(FunctionDefinition definition) {
        Platform platform = platforms.of(definition);
        Codebase codebase = codebases.of(Codebase.Key.of(definition), key -> platform.codebase(key,
                new Platform.Listener(problems -> reportLibraries(key, problems), this::showChange),
                config.functions().watches()));
        return new LambdaFunction(definition, codebase, platform, config.limits(), credentials, console);
    }

    private void reportLibraries(Codebase.Key code, List<Problem> problems) {
        report.libraries(inAdvance.names(codebases.get(code)), problems);
    }

    private Collection<LambdaFunction> functions() {
        return deployment == null ? List.of() : deployment.functions().values();
    }

    private void showChange() {
        if (gateway != null) gateway.showChange();
    }

    private Served served(Project project) {
        Project own = project.with(config.functions().of(project),
                config.servesApis() ? project.routes() : List.of());
        List<Problem> warnings = Stream.of(StartWarnings.of(own, config, gateway.isReachableFromElsewhere()),
                ignored(project), own.remarks()).flatMap(List::stream)
                .toList();
        return new Served(own, config.servesApis(), address,
                new StartNotes(config, address, files, gateway.inspectorAddress()).of(own), warnings);
    }

    /** Warnings about options that name something missing from the template. */
    private List<Problem> ignored(Project project) {
        List<Problem> ignored = new ArrayList<>(project.undeclared(config.parameters().keySet()));
        ignored.addAll(variables.ignored(project.functions()));
        return ignored;
    }
}
