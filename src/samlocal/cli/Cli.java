package samlocal.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.files.LocalFiles;
import samlocal.runtime.Sandboxes;
import samlocal.server.Config;
import samlocal.server.DevServer;
import samlocal.terminal.Console;
import samlocal.terminal.Terminal;

/**
 * The root command: the global options, the list of commands, and what happens before and after a command runs. Each
 * command is a class {@code ...Command}; options that commands share are in {@code ...Options}. The exit status is 0
 * for success, 1 for an error in the project, 2 for an error in the command line.
 */
@Command(name = "samlocal",
        description = "Serve an AWS SAM project on this machine: no Docker, no build step.",
        customSynopsis = "samlocal [COMMAND] [OPTIONS]",
        footer = {"", "Examples:", "  samlocal", "  samlocal --template orders/template.yaml --port 8080",
            "  samlocal invoke CreateOrder --event event.json", "", "Options of a command: samlocal help COMMAND",
            "Documentation: README.md and docs/options.md of samlocal"})
public final class Cli implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(StartApiCommand.class, StartLambdaCommand.class,
            InvokeCommand.class, GenerateEventCommand.class, RoutesCommand.class, CheckCommand.class,
            TemplateCommand.class, InitCommand.class, CompletionCommand.class, HelpCommand.class);
    /** The commands that run functions: their classes take long to load. */
    private static final Set<Class<?>> RUNNERS =
            Set.of(StartApiCommand.class, StartLambdaCommand.class, InvokeCommand.class);
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
            description = "show the origin of options, and stack traces of samlocal")
    private boolean debug;

    @Option(names = {"-q", "--quiet"}, scope = ScopeType.INHERIT,
            description = "print only the URL, function output and errors")
    private boolean quiet;

    @Option(names = "--log", paramLabel = "FORMAT", defaultValue = "text", scope = ScopeType.INHERIT,
            description = "text, or json: one object per line (default: ${DEFAULT-VALUE})")
    private Log log = Log.text;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final List<Class<?>> known;
    final Sandboxes sandboxes;
    final CommandLine commands;
    private final Arguments arguments;
    private final List<Console> consoles = new ArrayList<>();
    private List<String> given = List.of();

    /** When to use color. */
    enum Color {
        auto, always, never
    }

    /** The format of reports about a running server or function. */
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
        boolean isByJBang = System.getenv("JBANG_RUNTIME_SHELL") != null;
        commands.getCommandSpec().version("samlocal " + Program.VERSION + " (Java " + Runtime.version()
                + (isByJBang ? ", run by JBang)" : ")"));
        Optional.ofNullable(commands.getSubcommands().get("generate-event"))
                .ifPresent(command -> command.setUnmatchedOptionsArePositionalParams(true));
        HelpScreen.layOut(commands);
        DockerOptions.addTo(commands);
    }

    /** An unset shell variable results in an empty path. */
    private static Path path(String text) {
        if (text.isEmpty()) throw new TypeConversionException("empty");
        return Path.of(text);
    }

    /** Runs one command and returns the exit status; a server runs until the process is terminated. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return run(arguments, System.getenv(), out, err);
    }

    /** Runs one command with these environment variables. */
    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        List<String> words = List.of(arguments);
        return new Cli(environment, out, err, needed(words), new Sandboxes()).run(words);
    }

    /** Runs a command in this process; the runtime is loaded while the command line is parsed. */
    public static int start(List<String> words) {
        List<Class<?>> needed = needed(words);
        Sandboxes sandboxes = new Sandboxes();
        if (RUNNERS.containsAll(needed)) sandboxes.begin();
        return new Cli(System.getenv(), Terminal.output(), System.err, needed, sandboxes).run(words);
    }

    /** Only the commands that are named: for picocli, building all of them takes longer than reading a template. */
    private static List<Class<?>> needed(List<String> words) {
        List<Class<?>> named = COMMANDS.stream().filter(type -> {
            Command command = type.getAnnotation(Command.class);
            return words.contains(command.name()) || !Collections.disjoint(words, List.of(command.aliases()));
        }).toList();
        return named.contains(CompletionCommand.class) || named.contains(HelpCommand.class) ? COMMANDS : named;
    }

    private int run(List<String> words) {
        try {
            return status(words);
        } finally {
            consoles.forEach(Console::flush);
        }
    }

    private int status(List<String> words) {
        given = words;
        try {
            LocalFiles.require(System.getProperty("user.dir"));
            words.forEach(LocalFiles::require);
            ParseResult parsed = arguments.parse(words);
            return Arguments.last(parsed).isUsageHelpRequested() && known != COMMANDS ? explain() : execute(parsed);
        } catch (ParameterException e) {
            return known != COMMANDS ? explain() : misused(e);
        } catch (CommandLine.ExecutionException e) {
            return failed(e.getCause());
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** Runs the words again with every command defined, not only the named one. */
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
            CommandSpec command = last.commandSpec();
            String invoked = command.userObject() instanceof InvokeCommand invoke ? invoke.function() : null;
            Optional<Debuggee> debuggee = FunctionOptions.of(command).flatMap(options ->
                    options.debuggee(ProjectOptions.of(command).orElseThrow(), invoked));
            if (debuggee.isPresent()) return debuggee.get().run(given, console());
            prepare(last);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Prints warnings and notes about the options, and saves them if requested. */
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

    /**
     * Serves until the process ends; the parameters are those of {@link ServerOptions#config}. As with {@code sam
     * local}, reports go to standard error; JSON reports, which are meant for programs, go to standard output.
     */
    int serve(ProjectOptions project, FunctionOptions functions, ServerOptions server, ApiOptions apis,
            List<String> only) {
        Console console = log == Log.json ? console() : besideResults();
        functions.log().ifPresent(console::copyFunctionsTo);
        Config config = server.config(project, functions, apis, only);
        new DevServer(config, console, project.builds(console, true), sandboxes).serve();
        return 0;
    }

    Console console() {
        return console(out);
    }

    /** A console that writes reports about running functions to this stream. */
    private Console console(PrintStream reports) {
        Console console = new Console(reports, err, Terminal.of(color.name()), log == Log.json, quiet);
        consoles.add(console);
        return console;
    }

    /** For commands whose standard output is a result. */
    Console besideResults() {
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
        if (log == Log.text) err.println("try: " +  command.qualifiedName() + " --help");
        return Fault.USAGE;
    }
}
