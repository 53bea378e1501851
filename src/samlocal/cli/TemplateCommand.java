package samlocal.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Json;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Site;
import samlocal.template.Template;
import samlocal.terminal.Console;

/** Prints the template as JSON. */
@Command(name = "template", description = "print the template as JSON",
        footer = {"", "Example:", "  samlocal template --resolved --parameter-overrides Stage=test"})
final class TemplateCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;
    @Mixin private ProjectOptions project = new ProjectOptions();

    @Option(names = "--resolved", description = "replace references and intrinsic functions with their values")
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
