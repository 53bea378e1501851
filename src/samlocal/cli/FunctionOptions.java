package samlocal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import samlocal.base.Fault;
import samlocal.lambda.ProcessDefaults;
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

    @Option(names = "--debug-args", paramLabel = "OPTIONS", description = "JVM options while debugging")
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

    /** The process to debug, if debugging is requested and this is not yet the debugged process. */
    Optional<Debuggee> debuggee(boolean waits) {
        if (debugPorts.isEmpty() || ProcessDefaults.isDebugged()) return Optional.empty();
        return Optional.of(Debuggee.at(debugPorts.get(0), debugOptions, waits));
    }

    /** A note if several ports are given. */
    Optional<String> remark() {
        return debugPorts.size() < 2 ? Optional.empty()
                : Optional.of("one port debugs all functions: " + debugPorts.get(0));
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

    /** Which functions run and how; {@code runtime} may be null. */
    Config.Functions config(ProjectOptions project, List<String> only, String runtime, boolean watches,
            boolean isEager) {
        Path more = ProcessDefaults.isDebugged() ? debugVariables : null;
        return new Config.Functions(only, runtime, project.profile, more, watches, isEager);
    }
}
