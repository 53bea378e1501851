package samlocal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.dependencies.Builds;
import samlocal.lambda.AwsProfiles;
import samlocal.server.Config;
import samlocal.template.AwsEnvironment;
import samlocal.terminal.Console;

/** The options of each command that reads a template. */
final class ProjectOptions {
    @Option(names = {"-t", "--template", "--template-file"}, paramLabel = "FILE",
            description = "template (default: template.yaml, template.yml or template.json)")
    private Path template;

    @Option(names = "--parameter-overrides", paramLabel = "NAME=VALUE", arity = "1..*",
            description = "values of the template's parameters")
    private List<String> overrides = List.of();

    @Option(names = "--region", paramLabel = "REGION",
            description = "region of functions, template and ARNs (default: AWS_REGION, the profile's region or"
            + " us-east-1)")
    String region;

    @Option(names = "--profile", paramLabel = "NAME",
            description = "AWS profile whose credentials functions get (default: AWS_PROFILE or default)")
    String profile;

    @Option(names = "--no-gradle", description = "never run Gradle, even if a build script is not understood")
    private boolean withoutGradle;

    @Option(names = "--config-file", paramLabel = "FILE",
            description = "file with options (default: samconfig.toml, .yaml or .yml beside the template)")
    private Path configFile;

    @Option(names = "--config-env", paramLabel = "NAME", defaultValue = "default",
            description = "environment of that file to use (default: ${DEFAULT-VALUE})")
    private String configEnvironment;

    @Option(names = "--offline", description = "download nothing: use only libraries on this machine")
    private boolean offline;

    @Option(names = "--layer", paramLabel = "ARN=PATH",
            description = "jar, folder or zip with the content of a layer that is not in the template (repeatable)")
    private List<String> layers = List.of();

    static Optional<ProjectOptions> of(CommandSpec command) {
        return Optional.ofNullable(command.mixins().get("project")).map(spec -> (ProjectOptions) spec.userObject());
    }

    /** The template as it is written, never the copy that a build of it has left. */
    Path template() {
        return template == null ? TemplateFile.find() : TemplateFile.source(template);
    }

    /** A note if another template is read than the one named. */
    Optional<String> remark() {
        return Optional.ofNullable(template).filter(named -> !TemplateFile.source(named).equals(named))
                .map(named -> "`" + Place.display(named) + "` is a build of `"
                        + Place.display(TemplateFile.source(named)) + "`, which is served as it is now");
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>(ParameterOverrides.parse(overrides));
        Stream.of(region, System.getenv("AWS_REGION"), System.getenv("AWS_DEFAULT_REGION")).filter(Objects::nonNull)
                .findFirst().or(() -> new AwsProfiles(System.getenv()).region(profile))
                .ifPresent(name -> parameters.put(AwsEnvironment.REGION_PARAMETER, name));
        return parameters;
    }

    /** With a file of environment variables, which may be null. */
    Config.Inputs inputs(Path variables) {
        return new Config.Inputs(template(), parameters(), variables, layers());
    }

    /** Contents of layers by the ARN, name or logical id that stands before the {@code =}. */
    Map<String, Path> layers() {
        Map<String, Path> contents = new LinkedHashMap<>();
        for (String layer : layers) {
            String[] parts = layer.split("=", 2);
            if (parts.length < 2) {
                throw Fault.usage("`--layer`: `" + layer + "` has no `=`", "write `--layer ARN=PATH`");
            }
            Path content = Path.of(parts[1]).toAbsolutePath().normalize();
            if (!Files.exists(content)) throw Fault.usage("`--layer`: no file or folder `" + parts[1] + "`", null);
            contents.put(parts[0], content);
        }
        return contents;
    }

    /** {@code mayRun}: whether the command runs code of the project, so that its own Gradle may run. */
    Builds builds(Console console, boolean mayRun) {
        boolean isForbidden = withoutGradle || "never".equalsIgnoreCase(System.getenv("SAMLOCAL_GRADLE"));
        return new Builds(offline, mayRun && !isForbidden, template(), console);
    }
}
