package samlocal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.base.Suggestion;
import samlocal.files.UserText;
import samlocal.gateway.Integration;
import samlocal.lambda.Call;
import samlocal.lambda.LambdaFunction;
import samlocal.lambda.SampleEvents;
import samlocal.report.Report;
import samlocal.report.Traces;
import samlocal.runtime.Sandboxes;
import samlocal.sam.Backend;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;
import samlocal.server.Config;
import samlocal.server.DevServer;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Site;
import samlocal.template.Template;
import samlocal.terminal.Console;
import samlocal.terminal.Table;
import samlocal.terminal.Terminal;

/** The command line: 0 is success, 1 a project that is wrong, 2 a command line that is wrong. */
@Command(name = "samlocal", versionProvider = Cli.Version.class,
        description = "Serve an AWS SAM project on this machine: no Docker, no build step.",
        customSynopsis = "samlocal [COMMAND] [OPTIONS]",
        footer = {"", "Examples:", "  samlocal", "  samlocal --template orders/template.yaml --port 3001",
            "  samlocal invoke CreateOrder --event event.json", "  samlocal routes --format json", "",
            "All options of a command: samlocal help COMMAND"})
public final class Cli implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(StartApi.class, StartLambda.class, Invoke.class,
            GenerateEvent.class, Routes.class, Verify.class, Print.class, Init.class, Complete.class,
            Explain.class);
    /** Those that run functions, for which a lot is to be loaded. */
    private static final Set<Class<?>> RUNNERS = Set.of(StartApi.class, StartLambda.class, Invoke.class);
    @Mixin private ProjectOptions project = new ProjectOptions();
    @Mixin private FunctionOptions functions = new FunctionOptions();
    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private ApiOptions apis = new ApiOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT,
            description = "show this help and exit")
    private boolean asksForHelp;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "show the version and exit")
    private boolean asksForVersion;

    @Option(names = "--color", paramLabel = "WHEN", defaultValue = "auto", scope = ScopeType.INHERIT,
            description = "auto, always or never (default: ${DEFAULT-VALUE})")
    private Color color = Color.auto;

    @Option(names = "--debug", scope = ScopeType.INHERIT,
            description = "say where options come from, and where this program fails")
    private boolean debug;

    @Option(names = {"-q", "--quiet"}, scope = ScopeType.INHERIT,
            description = "print the address, what functions print, and what goes wrong")
    private boolean quiet;

    @Option(names = "--log", paramLabel = "FORMAT", defaultValue = "text", scope = ScopeType.INHERIT,
            description = "text, or json with an object a line (default: ${DEFAULT-VALUE})")
    private Log log = Log.text;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final List<Class<?>> known;
    private final Sandboxes sandboxes;
    private final CommandLine commands;
    private final Arguments arguments;
    private List<String> given = List.of();

    /** When to use colour. */
    enum Color {
        auto, always, never
    }

    /** How a running server, or function, is reported of. */
    enum Log {
        text, json
    }

    private Cli(Map<String, String> environment, PrintStream out, PrintStream err, List<Class<?>> known,
            Sandboxes sandboxes) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.known = known;
        this.sandboxes = sandboxes;
        this.commands = new CommandLine(this);
        known.forEach(commands::addSubcommand);
        this.arguments = new Arguments(commands, environment);
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.registerConverter(Path.class, Cli::path);
        Optional.ofNullable(commands.getSubcommands().get("generate-event"))
                .ifPresent(command -> command.setUnmatchedOptionsArePositionalParams(true));
        HelpScreen.layOut(commands);
        DockerOptions.addTo(commands);
    }

    /** An unset variable of the shell leaves an empty path, which names no file. */
    private static Path path(String text) {
        if (text.isEmpty()) throw new TypeConversionException("empty");
        return Path.of(text);
    }

    /** Runs one command and returns the exit status; a server runs until the process is ended. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return run(arguments, System.getenv(), out, err);
    }

    /** Runs one command as in a shell that has these variables. */
    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        List<String> words = List.of(arguments);
        return new Cli(environment, out, err, needed(words), new Sandboxes()).run(words);
    }

    /** The same for this process: what functions need is loaded while the command line is read. */
    public static int start(List<String> words) {
        List<Class<?>> needed = needed(words);
        Sandboxes sandboxes = new Sandboxes();
        if (RUNNERS.containsAll(needed)) sandboxes.begin();
        return new Cli(System.getenv(), Terminal.output(), System.err, needed, sandboxes).run(words);
    }

    /** To describe a command takes more time than to read a template, so only those that are named are. */
    private static List<Class<?>> needed(List<String> words) {
        List<Class<?>> named = COMMANDS.stream().filter(type -> {
            Command command = type.getAnnotation(Command.class);
            return words.contains(command.name()) || !Collections.disjoint(words, List.of(command.aliases()));
        }).toList();
        return named.contains(Complete.class) || named.contains(Explain.class) ? COMMANDS : named;
    }

    private int run(List<String> words) {
        given = words;
        try {
            ParseResult parsed = arguments.parse(words);
            return Arguments.last(parsed).isUsageHelpRequested() && known != COMMANDS ? explain() : execute(parsed);
        } catch (ParameterException e) {
            return known != COMMANDS ? explain() : misused(e);
        } catch (CommandLine.ExecutionException e) {
            return failed(e.getCause());
        } catch (Fault fault) {
            return failed(fault);
        }
    }

    /** Runs the words again with every command defined, not only the one that was named. */
    private int explain() {
        return new Cli(environment, out, err, COMMANDS, sandboxes).run(given);
    }

    private int misused(ParameterException e) {
        Place place = e.getArgSpec() == null ? null : arguments.origin(e.getArgSpec()).orElse(null);
        return misused(new Misuse(commands, given).problem(e, place), e.getCommandLine().getCommandSpec());
    }

    private int execute(ParseResult parsed) {
        ParseResult last = Arguments.last(parsed);
        boolean asksForHelp = last.isUsageHelpRequested() || last.isVersionHelpRequested();
        if (!asksForHelp) {
            Optional<Debuggee> debuggee = FunctionOptions.of(last.commandSpec())
                    .flatMap(options -> options.debuggee(last.commandSpec().name().equals("invoke")));
            if (debuggee.isPresent()) return debuggee.get().run(given, console());
            prepare(last);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** What is to be said and done before a command runs. */
    private void prepare(ParseResult parsed) {
        Console console = console();
        arguments.warnings().forEach(console::warn);
        if (debug) arguments.origins().forEach(console::note);
        DockerOptions.remark(parsed).ifPresent(console::note);
        ProjectOptions.of(parsed.commandSpec()).flatMap(ProjectOptions::remark).ifPresent(console::note);
        FunctionOptions.of(parsed.commandSpec()).flatMap(FunctionOptions::remark).ifPresent(console::note);
        boolean saves = FunctionOptions.of(parsed.commandSpec()).filter(FunctionOptions::saves).isPresent();
        if (saves) console.note("saved " + arguments.save(parsed));
    }

    @Override public Integer call() {
        return serve(project, functions, server, apis, List.of());
    }

    /** {@code apis} is null where Lambda's own API is served alone, perhaps for some of the functions only. */
    private int serve(ProjectOptions project, FunctionOptions functions, ServerOptions server, ApiOptions apis,
            List<String> only) {
        Console console = console();
        boolean servesApis = apis != null;
        ApiOptions front = servesApis ? apis : new ApiOptions();
        int port = server.port(servesApis ? 3000 : 3001);
        functions.log().ifPresent(console::copyFunctionsTo);
        Config config = new Config(project.template(), project.parameters(), functions.variables(), server.host(),
                port, server.limits(), front.rules(), servesApis, server.front(front.files()),
                functions.config(project, only, null, server.watches(), server.isEager()));
        new DevServer(config, console, project.builds(console), sandboxes).serve();
        return 0;
    }

    private Console console() {
        return console(out);
    }

    /** With another place for what a running function has to say. */
    private Console console(PrintStream reports) {
        return new Console(reports, err, Terminal.of(color.name()), log == Log.json, quiet);
    }

    /** For commands whose standard output is a result. */
    private Console besideResults() {
        return console(err);
    }

    private int failed(Throwable e) {
        Fault fault = e instanceof Fault expected ? expected : Fault.ofOurOwn(e);
        if (fault.status() == Fault.USAGE) return misused(fault.problems().get(0), arguments.command());
        fault.problems().forEach(console()::fail);
        if (debug && fault != e) e.printStackTrace(err);
        return fault.status();
    }

    private int misused(Problem problem, CommandSpec command) {
        console().fail(problem);
        if (log == Log.text) err.println("try: " + command.qualifiedName() + " --help");
        return Fault.USAGE;
    }

    /** Serves, under the name that {@code sam local} gives it. */
    @Command(name = "start-api", description = "serve the template's APIs (default)",
            footer = DockerOptions.FOOTER)
    static final class StartApi implements Callable<Integer> {
        @ParentCommand private Cli cli;
        @Mixin private ProjectOptions project = new ProjectOptions();
        @Mixin private FunctionOptions functions = new FunctionOptions();
        @Mixin private ServerOptions server = new ServerOptions();
        @Mixin private ApiOptions apis = new ApiOptions();

        @Override public Integer call() {
            return cli.serve(project, functions, server, apis, List.of());
        }
    }

    /** Serves Lambda's own API alone. */
    @Command(name = "start-lambda", description = "serve the functions to the AWS CLI and SDKs",
            footer = DockerOptions.FOOTER)
    static final class StartLambda implements Callable<Integer> {
        @ParentCommand private Cli cli;

        @Parameters(arity = "0..*", paramLabel = "FUNCTION", description = "serve these functions only")
        private List<String> only = List.of();

        @Mixin private ProjectOptions project = new ProjectOptions();
        @Mixin private FunctionOptions functions = new FunctionOptions();
        @Mixin private ServerOptions server = new ServerOptions();

        @Override public Integer call() {
            return cli.serve(project, functions, server, null, only);
        }
    }

    /** Calls one function. */
    @Command(name = "invoke", description = "call one function and print its answer",
            footer = DockerOptions.FOOTER)
    static final class Invoke implements Callable<Integer> {
        private static final Pattern POSITION = Pattern.compile("line (\\d+) column (\\d+)");
        @ParentCommand private Cli cli;

        @Parameters(arity = "0..1", paramLabel = "FUNCTION",
                description = "logical id or name; not needed where there is one only")
        private String function;

        @Option(names = {"-e", "--event"}, paramLabel = "FILE",
                description = "file with the event as JSON, - for standard input (default: {})")
        private Path event;

        @Option(names = "--event-type", paramLabel = "SERVICE/TYPE", completionCandidates = EventTypes.class,
                description = "send the sample that generate-event prints, such as s3/put")
        private String eventType;

        @Option(names = "--no-event", description = "send {}")
        private boolean noEvent;

        @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME", completionCandidates = Runtimes.class,
                description = "use this in the place of the template's Runtime, such as java17")
        private String runtime;

        @Mixin private ProjectOptions project = new ProjectOptions();
        @Mixin private FunctionOptions functions = new FunctionOptions();

        @Override public Integer call() throws IOException {
            Console console = cli.besideResults();
            functions.log().ifPresent(console::copyFunctionsTo);
            byte[] event = event(console);
            Json.faultIn(event).ifPresent(fault -> {
                throw noJson(new String(event, UTF_8).lines().toList(), fault);
            });
            byte[] sent = event.length == 0 ? "{}".getBytes(UTF_8) : event;
            Call call = new Call(UUID.randomUUID().toString(), sent, "", null);
            DevServer server = new DevServer(config(), console, project.builds(console), cli.sandboxes);
            LambdaFunction.Outcome outcome = server.invoke(function, call).outcome();
            return print(outcome, console);
        }

        private Config config() {
            return new Config(project.template(), project.parameters(), functions.variables(), "127.0.0.1", 0,
                    new LambdaFunction.Limits(1, false), new Integration.Rules(true, false, null), false,
                    Config.Front.PLAIN, functions.config(project, List.of(), runtime, true, false));
        }

        private int print(LambdaFunction.Outcome outcome, Console console) {
            if (outcome instanceof LambdaFunction.Answer answer) return print(answer.payload(), console, 0);
            if (outcome instanceof LambdaFunction.Failure failure) {
                new Report(console).failed(failure);
                return print(Traces.json(failure), console, Fault.PROJECT);
            }
            if (outcome instanceof LambdaFunction.Broken broken) throw new Fault(broken.errors(), Fault.PROJECT);
            throw Fault.project((function == null ? "the function" : function) + " "
                    + ((LambdaFunction.Unavailable) outcome).reason());
        }

        private byte[] event(Console console) throws IOException {
            if (eventType != null) return GenerateEvent.sample("/", eventType.split("[/: ]", 2)).getBytes(UTF_8);
            if (event == null || noEvent) return "{}".getBytes(UTF_8);
            if (!isStandardInput()) return file(event);
            console.note("reading the event from standard input");
            return System.in.readAllBytes();
        }

        private boolean isStandardInput() {
            return event.equals(Path.of("-"));
        }

        private Fault noJson(List<String> lines, String fault) {
            String message = "the event is no JSON: " + fault;
            if (event == null || isStandardInput()) return Fault.project(message);
            Matcher at = POSITION.matcher(fault);
            int line = at.find() ? Math.min(Integer.parseInt(at.group(1)), lines.size()) : 0;
            Place place = new Place(Place.display(event), lines, line,
                    line == 0 ? 0 : Integer.parseInt(at.group(2)), line == 0 ? 0 : 1);
            return Fault.project(message.replaceFirst(" at " + POSITION + "$", ""), place, null);
        }

        private static byte[] file(Path file) {
            try {
                if (Files.isDirectory(file)) throw Fault.project("`" + file + "` is a folder, not an event");
                return UserText.read(file).getBytes(UTF_8);
            } catch (IOException e) {
                throw Fault.project("cannot read the event `" + file + "`: " + Fault.reason(e));
            }
        }

        private int print(byte[] payload, Console console, int status) {
            String text = new String(payload, UTF_8) + "\n";
            cli.console().print(text);
            console.copyFunctions(text);
            return status;
        }
    }

    /** Prints a sample event; its options are those of the sample. */
    @Command(name = "generate-event", description = "print a sample event, such as: generate-event s3 put")
    static final class GenerateEvent implements Callable<Integer> {
        @ParentCommand private Cli cli;

        @Parameters(arity = "0..*", paramLabel = "SERVICE TYPE [--NAME VALUE]",
                description = "which event, and what it holds; without them: what there is")
        private List<String> words = new ArrayList<>();

        @Override public Integer call() {
            boolean asks = words.isEmpty() || words.contains("--help") || words.contains("-h")
                    || words.size() == 1 && isService(words.get(0));
            cli.console().print(asks ? list() : sample(" ", words.toArray(new String[0])) + "\n");
            return 0;
        }

        private static boolean isService(String word) {
            return SampleEvents.all().stream().anyMatch(sample -> sample.service().equals(word));
        }

        private String list() {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SERVICE", "TYPE", "OPTIONS"));
            SampleEvents.all().stream().filter(sample -> words.isEmpty() || words.contains(sample.service()))
                    .forEach(sample -> rows.add(List.of(sample.service(), sample.type(), sample.options().keySet()
                            .stream().map(name -> "--" + name).collect(Collectors.joining(" ")))));
            return Table.of(rows, cli.console().width());
        }

        /**
         * Service, type, and options as {@code --name value} or {@code --name=value}, to the event in JSON.
         *
         * @param between what a person writes between service and type
         */
        static String sample(String between, String... words) {
            String type = words.length < 2 || words[1].startsWith("-") ? "" : words[1];
            SampleEvents.Sample sample = SampleEvents.of(words[0], type)
                    .orElseThrow(() -> unknown(words[0], type, between));
            return sample.render(options(words));
        }

        private static Map<String, String> options(String... words) {
            Map<String, String> options = new LinkedHashMap<>();
            for (int i = 2; i < words.length; i++) {
                String[] option = words[i].split("=", 2);
                boolean isApart = option.length == 1 && i + 1 < words.length;
                if (!words[i].startsWith("--")) {
                    throw Fault.usage("`" + words[i] + "` must be an option with a value", null);
                } else if (option.length == 1 && !isApart) {
                    throw Fault.usage("no value for `" + words[i] + "`", "write `" + words[i] + " VALUE`");
                }
                options.put(option[0].substring(2), isApart ? words[++i] : option[1]);
            }
            return options;
        }

        private static Fault unknown(String service, String type, String between) {
            List<String> types = SampleEvents.all().stream().filter(one -> one.service().equals(service))
                    .map(SampleEvents.Sample::type).toList();
            if (type.isEmpty() && !types.isEmpty()) {
                return Fault.usage("which event of `" + service + "`? there are " + String.join(", ", types),
                        "write SERVICE" + between + "TYPE, such as `" + service + between + types.get(0) + "`");
            }
            String wanted = type.isEmpty() ? service : service + between + type;
            List<String> known = SampleEvents.all().stream().map(one ->
                    type.isEmpty() ? one.service() : one.service() + between + one.type()).distinct().toList();
            return Fault.usage("no event `" + wanted.strip() + "`",
                    Suggestion.didYouMean(wanted, known, "see: samlocal generate-event"));
        }
    }

    /** What {@code --event-type} may be. */
    static final class EventTypes implements Iterable<String> {
        @Override public Iterator<String> iterator() {
            return SampleEvents.all().stream().map(one -> one.service() + "/" + one.type()).iterator();
        }
    }

    /** What {@code --runtime} of {@code invoke} may be. */
    static final class Runtimes implements Iterable<String> {
        @Override public Iterator<String> iterator() {
            return FunctionDefinition.JAVA_RUNTIMES.iterator();
        }
    }

    /** What {@code --runtime} of a new project may be. */
    static final class NewRuntimes implements Iterable<String> {
        @Override public Iterator<String> iterator() {
            return Scaffold.runtimes().iterator();
        }
    }

    /** Prints the routes. */
    @Command(name = "routes", description = "print the routes")
    static final class Routes implements Callable<Integer> {
        @ParentCommand private Cli cli;
        @Mixin private ProjectOptions project = new ProjectOptions();

        @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table",
                description = "table or json (default: ${DEFAULT-VALUE})")
        private Format format;

        /** How the routes are printed. */
        enum Format {
            table, json
        }

        @Override public Integer call() {
            Console console = cli.console();
            Project read = Project.read(project.template(), project.parameters());
            read.undeclared(project.parameters().keySet()).forEach(console::warn);
            read.remarks().forEach(console::warn);
            console.print(format == Format.json ? json(read) : table(read));
            return 0;
        }

        private static String json(Project project) {
            return Json.writePretty(project.routes().stream().map(Routes::row).toList()) + "\n";
        }

        private static Map<String, Object> row(Route route) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("api", route.api().id());
            row.put("type", route.api().type());
            row.put("method", route.method());
            row.put("path", route.path());
            row.put("function", route.backend() instanceof Backend.Lambda ? route.function() : null);
            row.put("handler", route.handler());
            row.put("source", route.source().toString());
            return row;
        }

        private static String table(Project project) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("METHOD", "PATH", "FUNCTION", "HANDLER", "API"));
            project.routes().forEach(route -> rows.add(
                    List.of(route.method(), route.path(), route.function(), route.handler(), route.api().type())));
            project.functionsWithoutRoute().forEach(function -> rows.add(
                    List.of("-", "-", function.id(), orDash(function.handler()), "-")));
            return Table.of(rows, "");
        }

        private static String orDash(String text) {
            return text.isEmpty() ? "-" : text;
        }
    }

    /** Tells what would not work. */
    @Command(name = "check", aliases = "validate",
            description = "say what would not work")
    static final class Verify implements Callable<Integer> {
        @ParentCommand private Cli cli;
        @Mixin private ProjectOptions project = new ProjectOptions();

        @Option(names = "--lint", hidden = true, description = "what is done anyway")
        private boolean lint;

        @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table",
                description = "table or json (default: ${DEFAULT-VALUE})")
        private Routes.Format format;

        @Override public Integer call() {
            List<Check.Finding> findings = new Check(project.builds(cli.besideResults()))
                    .run(project.template(), project.parameters());
            cli.console().print(format == Routes.Format.json ? json(findings)
                    : table(findings, cli.console().width()));
            return count(findings, Check.Severity.error) == 0 ? 0 : Fault.PROJECT;
        }

        private static int count(List<Check.Finding> findings, Check.Severity severity) {
            return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
        }

        private static String table(List<Check.Finding> findings, int columns) {
            List<List<String>> rows = new ArrayList<>();
            for (Check.Finding finding : findings) {
                rows.add(List.of(finding.severity().name(), finding.where(), finding.message()));
                if (finding.hint() != null) rows.add(List.of("", "", "help: " + finding.hint()));
            }
            return Table.of(rows, columns) + Console.count(count(findings, Check.Severity.error), "error") + ", "
                    + Console.count(count(findings, Check.Severity.warning), "warning") + "\n";
        }

        private static String json(List<Check.Finding> findings) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("errors", count(findings, Check.Severity.error));
            report.put("warnings", count(findings, Check.Severity.warning));
            report.put("findings", findings.stream().map(Verify::row).toList());
            return Json.writePretty(report) + "\n";
        }

        private static Map<String, Object> row(Check.Finding finding) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("severity", finding.severity());
            row.put("where", finding.where());
            row.put("message", finding.message());
            row.put("hint", finding.hint());
            return row;
        }
    }

    /** Prints the template as JSON. */
    @Command(name = "template", description = "print the template as JSON")
    static final class Print implements Callable<Integer> {
        @ParentCommand private Cli cli;
        @Mixin private ProjectOptions project = new ProjectOptions();

        @Option(names = "--resolved", description = "with all that can be known replaced")
        private boolean resolved;

        @Override public Integer call() {
            Console console = cli.console();
            Template template = Template.read(project.template());
            template.warnings().forEach(console::warn);
            Mapping root = resolved ? resolve(template, console) : template.root();
            console.print(Json.writePretty(root.plain()) + "\n");
            return 0;
        }

        private Mapping resolve(Template template, Console console) {
            Problems problems = new Problems();
            Intrinsics intrinsics = Intrinsics.of(template,
                    Site.ofRoot(project.template(), project.parameters()), problems);
            Mapping root = intrinsics.resolveAll();
            intrinsics.warnOfMissingValues();
            intrinsics.noteDangling();
            problems.throwIfAny();
            problems.refusals().forEach(console::warn);
            problems.warnings().forEach(console::warn);
            return root;
        }
    }

    /** Writes a new project. */
    @Command(name = "init", description = "write a new project that runs at once",
            footer = {"", "Example:", "  samlocal init shop --layout gradle"})
    static final class Init implements Callable<Integer> {
        @ParentCommand private Cli cli;

        @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "sam-app",
                description = "folder to write it to, new or empty (default: ${DEFAULT-VALUE})")
        private String name;

        @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "the same, as sam has it")
        private String otherName;

        @Option(names = {"-o", "--output-dir"}, paramLabel = "DIR", description = "folder that the name is in")
        private Path folder;

        @Option(names = "--layout", paramLabel = "LAYOUT", defaultValue = "maven",
                description = "maven, gradle or plain, a folder of Java files (default: ${DEFAULT-VALUE})")
        private Scaffold.Layout layout;

        @Option(names = {"-d", "--dependency-manager"}, paramLabel = "NAME", hidden = true)
        private Scaffold.Layout otherLayout;

        @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME", completionCandidates = NewRuntimes.class,
                description = "java11, java17, java21 or java25 (default: the newest that runs here)")
        private String runtime = Scaffold.newestRuntime();

        @Option(names = {"-a", "--architecture"}, paramLabel = "NAME", defaultValue = "x86_64",
                description = "x86_64 or arm64 (default: ${DEFAULT-VALUE})")
        private String architecture;

        @Option(names = {"-p", "--package-type"}, paramLabel = "TYPE", hidden = true, defaultValue = "Zip")
        private String packageType;

        @Option(names = "--app-template", paramLabel = "NAME", hidden = true, defaultValue = "hello-world")
        private String template;

        @Option(names = {"--no-interactive", "--no-tracing", "--no-application-insights",
            "--no-structured-logging"}, hidden = true)
        private boolean asksNothing;

        @Override public Integer call() {
            require("--package-type", packageType, "Zip");
            require("--app-template", template, "hello-world");
            Path named = Path.of(otherName != null ? otherName : name);
            Path target = folder == null ? named : folder.resolve(named);
            List<String> files = new Scaffold(otherLayout != null ? otherLayout : layout, runtime,
                    architecture).write(target);
            cli.console().print("wrote " + files.size() + " files to " + target + "\n\n"
                    + Scaffold.nextSteps(target));
            return 0;
        }

        private static void require(String option, String value, String only) {
            if (value.equals(only)) return;
            throw Fault.usage("`" + option + "` is " + only + " only, not `" + value + "`", null);
        }
    }

    /** Prints a script for a shell. */
    @Command(name = "completion", description = "print what completes commands and options in a shell",
            footer = {"", "Examples:", "  source <(samlocal completion bash)    in ~/.bashrc",
                "  source <(samlocal completion zsh)     in ~/.zshrc, after compinit",
                "  samlocal completion fish > ~/.config/fish/completions/samlocal.fish"})
    static final class Complete implements Callable<Integer> {
        @ParentCommand private Cli cli;

        @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
        private Completion.Shell shell;

        @Override public Integer call() {
            cli.console().print(new Completion(cli.commands).script(shell));
            return 0;
        }
    }

    /** Prints what {@code --help} of a command prints. */
    @Command(name = "help", description = "explain a command")
    static final class Explain implements Callable<Integer> {
        @ParentCommand private Cli cli;

        @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "the command, all of them without it")
        private List<String> names = List.of();

        @Override public Integer call() {
            String name = names.isEmpty() ? "" : names.get(0);
            Map<String, CommandLine> known = cli.commands.getSubcommands();
            if (!name.isEmpty() && !known.containsKey(name)) {
                throw new UnmatchedArgumentException(cli.commands, List.of(name));
            }
            cli.console().print(known.getOrDefault(name, cli.commands).getUsageMessage());
            return 0;
        }
    }

    /** The line of {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override public String[] getVersion() {
            boolean isByJBang = System.getenv("JBANG_RUNTIME_SHELL") != null;
            return new String[] {"samlocal " + Program.VERSION + " (Java " + Runtime.version()
                    + (isByJBang ? ", by JBang)" : ")")};
        }
    }
}
