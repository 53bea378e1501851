package samlocal.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Fault;

/** Writes a new project. */
@Command(name = "init", description = "create a new project",
        footer = {"", "Example:", "  samlocal init shop --layout gradle"})
final class InitCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "sam-app",
            description = "new or empty folder (default: ${DEFAULT-VALUE})")
    private String name;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "same as NAME, for compatibility with sam")
    private String otherName;

    @Option(names = {"-o", "--output-dir"}, paramLabel = "DIR", description = "parent folder of NAME")
    private Path folder;

    @Option(names = "--layout", paramLabel = "LAYOUT", defaultValue = "maven",
            description = "maven, gradle, or plain: a folder of Java files (default: ${DEFAULT-VALUE})")
    private Scaffold.Layout layout;

    @Option(names = {"-d", "--dependency-manager"}, paramLabel = "NAME", hidden = true)
    private Scaffold.Layout otherLayout;

    @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME",
            description = "java11, java17, java21 or java25 (default: the newest this Java can run)")
    private Scaffold.Release release = Scaffold.Release.newest();

    @Option(names = {"-a", "--architecture"}, paramLabel = "NAME", defaultValue = "x86_64",
            description = "x86_64 or arm64 (default: ${DEFAULT-VALUE})")
    private Scaffold.Architecture architecture;

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
        List<String> files = new Scaffold(otherLayout != null ? otherLayout : layout, release,
                architecture).write(target);
        cli.console().print("wrote " + files.size() + " files to " + target + "\n\n"
                + Scaffold.nextSteps(target));
        return 0;
    }

    private static void require(String option, String value, String only) {
        if (value.equals(only)) return;
        throw Fault.usage("`" + option + "` must be " + only + ", not `" + value + "`", null);
    }
}
