package samlocal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import samlocal.base.Fault;
import samlocal.lambda.FunctionName;
import samlocal.lambda.ProcessDefaults;
import samlocal.runtime.Debug;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.RuntimeFamily;
import samlocal.server.Config;

/** Options of the commands that run functions. */
final class FunctionOptions {
    @Option(names = {"-n", "--env-vars"}, paramLabel = "FILE",
            description = "environment variables per function, as JSON or .env")
    private Path variables;

    @Option(names = "--container-env-vars", paramLabel = "FILE",
            description = "additional environment variables while debugging")
    private Path debugVariables;

    @Option(names = {"-d", "--debug-port"}, paramLabel = "PORT", split = ",", hideParamSyntax = true,
            converter = Numbers.Port.class,
            description = "accept debuggers on this port")
    private List<Integer> debugPorts = List.of();

    @Option(names = "--debug-function", paramLabel = "NAME",
            description = "the function to debug, if the template mixes languages")
    private String debugFunction;

    @Option(names = "--debug-args", paramLabel = "OPTIONS",
            description = "options of the JVM or interpreter while debugging")
    private String debugOptions = "";

    @Option(names = {"-l", "--log-file"}, paramLabel = "FILE",
            description = "copy function output to this file")
    private Path log;

    @Option(names = "--save-params", description = "save these options in samconfig.toml")
    private boolean saves;

    static Optional<FunctionOptions> of(CommandSpec command) {
        return Optional.ofNullable(command.mixins().get("functions"))
                .map(spec -> (FunctionOptions) spec.userObject());
    }

    Path variables() {
        return variables;
    }

    boolean saves() {
        return saves;
    }

    /**
     * The JVM to debug, if that is requested and this is not yet the debugged one.
     *
     * @param invoked the function to invoke, or null for a server
     */
    Optional<Debuggee> debuggee(ProjectOptions project, String invoked) {
        boolean isJvm = isDebugging() && !ProcessDefaults.isDebugged() && debug(project, invoked).isEmpty();
        return !isJvm ? Optional.empty()
                : Optional.of(Debuggee.at(debugPorts.get(0), debugOptions, invoked != null));
    }

    private boolean isDebugging() {
        return !debugPorts.isEmpty();
    }

    /** The function to debug, if it runs as a process of its own; empty if functions in the JVM are debugged. */
    private Optional<Debug> debug(ProjectOptions project, String invoked) {
        if (!isDebugging() || ProcessDefaults.isDebugged()) return Optional.empty();
        String name = debugFunction != null ? debugFunction : invoked == null || invoked.isEmpty() ? null
                : FunctionName.of(invoked).map(FunctionName::name).orElse(invoked);
        List<FunctionDefinition> all = project.inputs(null).project().functions().stream()
                .filter(each -> each.obstacle() == null).toList();
        List<FunctionDefinition> named = name == null ? all : FunctionDefinition.named(name, all).stream().limit(1)
                .toList();
        if (name != null && named.isEmpty()) {
            throw FunctionDefinition.unknown(name, all.stream().map(FunctionDefinition::id).toList());
        }
        boolean isJava = named.isEmpty() || named.stream().anyMatch(each -> each.family() == RuntimeFamily.JAVA);
        if (isJava) return Optional.empty();
        if (named.size() > 1) {
            throw Fault.usage("several functions can be debugged: "
                    + named.stream().map(FunctionDefinition::id).collect(Collectors.joining(", ")),
                    "name one: --debug-function " + named.get(0).id());
        }
        List<String> options = debugOptions.isBlank() ? List.of() : List.of(debugOptions.strip().split("\\s+"));
        return Optional.of(new Debug(named.get(0).id(), debugPorts.get(0), options, invoked != null));
    }

    /** A note if several ports are given. */
    Optional<String> remark() {
        return debugPorts.size() < 2 ? Optional.empty()
                : Optional.of("one port is used for debugging: " + debugPorts.get(0));
    }

    /** The file to copy the functions' output to; it is truncated. */
    Optional<PrintStream> log() {
        if (log == null) return Optional.empty();
        try {
            return Optional.of(new PrintStream(Files.newOutputStream(log), true, UTF_8));
        } catch (IOException e) {
            throw Fault.usage("`--log-file`: cannot write `" + log + "`: " + Fault.reason(e), null);
        }
    }

    /** How the functions of a server run. */
    Config.Functions ofServer(ProjectOptions project, List<String> only, boolean watches, boolean isEager) {
        Debug debug = debug(project, null).orElse(null);
        return new Config.Functions(only, null, project.profile, moreVariables(debug), watches, isEager, debug);
    }

    /** How a function is invoked; {@code runtime} may be null. */
    Config.Functions ofInvocation(ProjectOptions project, String function, String runtime) {
        Debug debug = debug(project, function).orElse(null);
        return new Config.Functions(List.of(), runtime, project.profile, moreVariables(debug), true, false, debug);
    }

    private Path moreVariables(Debug debug) {
        return debug != null || ProcessDefaults.isDebugged() ? debugVariables : null;
    }
}
