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

/** Options of the commands that read a template. */
final class ProjectOptions {
    @Option(names = {"-t", "--template", "--template-file"}, paramLabel = "FILE",
            description = "template (default: template.yaml, template.yml, template.json, or that of a CDK app)")
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

    @Option(names = "--no-gradle", description = "never run Gradle, even if a build script cannot be parsed")
    private boolean withoutGradle;

    @Option(names = "--config-file", paramLabel = "FILE",
            description = "configuration file (default: samconfig.toml, .yaml or .yml beside the template)")
    private Path configFile;

    @Option(names = "--config-env", paramLabel = "NAME", defaultValue = "default",
            description = "environment in the configuration file (default: ${DEFAULT-VALUE})")
    private String configEnvironment;

    @Option(names = "--offline", description = "do not download; use only local libraries")
    private boolean offline;

    @Option(names = "--layer", paramLabel = "ARN=PATH",
            description = "jar, folder or zip with the content of a layer that is not in the template (repeatable)")
    private List<String> layers = List.of();

    static Optional<ProjectOptions> of(CommandSpec command) {
        return Optional.ofNullable(command.mixins().get("project")).map(spec -> (ProjectOptions) spec.userObject());
    }

    /** The source template, never the copy that {@code sam build} leaves. */
    Path template() {
        return template == null ? TemplateFile.find() : TemplateFile.source(template);
    }

    /** A note if the named template is a build result and its source is read instead. */
    Optional<String> remark() {
        return Optional.ofNullable(template).filter(named -> !TemplateFile.source(named).equals(named))
                .map(named -> "`" + Place.display(named) + "` is a build result; serving its source `"
                        + Place.display(TemplateFile.source(named)) + "`");
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>(ParameterOverrides.parse(overrides));
        Stream.of(region, System.getenv("AWS_REGION"), System.getenv("AWS_DEFAULT_REGION")).filter(Objects::nonNull)
                .findFirst().or(() -> new AwsProfiles(System.getenv()).region(profile))
                .ifPresent(name -> parameters.put(AwsEnvironment.REGION_PARAMETER, name));
        return parameters;
    }

    /** The inputs of a server; {@code variables}, a file of environment variables, may be null. */
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

    /** {@code mayRun}: whether the command runs code of the project, and so may run its Gradle build. */
    Builds builds(Console console, boolean mayRun) {
        boolean isForbidden = withoutGradle || "never".equalsIgnoreCase(System.getenv("SAMLOCAL_GRADLE"));
        return new Builds(offline, mayRun && !isForbidden, template(), console);
    }
}
