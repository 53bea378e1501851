package samlocal.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine;
import samlocal.base.Fault;

/** The options of {@code sam local} that have no effect here, most of them about containers: accepted and ignored. */
final class DockerOptions {
    static final String FOOTER = "%nDocker options of sam local are accepted and have no effect.%n";
    private static final List<String> COMMANDS = List.of("start-api", "start-lambda", "invoke");
    private static final List<String> FLAGS = List.of("--skip-pull-image", "--force-image-build", "--shutdown",
            "--no-memory-limit", "--mount-symlinks", "--no-mount-symlinks", "--beta-features",
            "--no-beta-features", "--language-extensions", "--no-language-extensions");
    private static final List<String> VALUES = List.of("--debugger-path", "-v --docker-volume-basedir",
            "--layer-cache-basedir", "--docker-network", "--container-host", "--container-host-interface",
            "--add-host", "--container-dns", "-ii --invoke-image", "--durable-execution-name");
    /** The options with which {@code sam} reads Terraform projects. */
    private static final List<String> TERRAFORM = List.of("--hook-name", "--terraform-plan-file");

    private DockerOptions() {
    }

    static void addTo(CommandLine commands) {
        addTo(commands.getCommandSpec());
        commands.getSubcommands().forEach((name, command) -> {
            if (COMMANDS.contains(name)) addTo(command.getCommandSpec());
        });
    }

    private static void addTo(CommandSpec command) {
        FLAGS.forEach(name -> command.addOption(OptionSpec.builder(name).hidden(true).build()));
        Stream.of(VALUES, TERRAFORM).flatMap(List::stream).forEach(names -> command.addOption(
                OptionSpec.builder(names.split(" ")).hidden(true).type(List.class).auxiliaryTypes(String.class)
                        .arity("1").paramLabel("VALUE").build()));
    }

    /**
     * A note about the ignored options that were given.
     *
     * @throws Fault if an option requests a Terraform project
     */
    static Optional<String> remark(ParseResult parsed) {
        TERRAFORM.stream().filter(parsed::hasMatchedOption).findFirst().ifPresent(name -> {
            throw Fault.usage("`" + name + "`: Terraform projects are not supported", null);
        });
        String given = Stream.of(FLAGS, VALUES).flatMap(List::stream)
                .map(names -> names.substring(names.indexOf("--"))).filter(parsed::hasMatchedOption)
                .collect(Collectors.joining(", "));
        return given.isEmpty() ? Optional.empty()
                : Optional.of("no effect, because functions run without Docker: " + given);
    }
}
