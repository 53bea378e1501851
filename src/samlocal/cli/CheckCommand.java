package samlocal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.terminal.Console;
import samlocal.terminal.Table;

/** Prints the problems of a project. */
@Command(name = "check", aliases = "validate", description = "check the project for problems",
        footer = {"", "Example:", "  samlocal check --format json"})
final class CheckCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;
    @Mixin private ProjectOptions project = new ProjectOptions();

    @Option(names = "--lint", hidden = true, description = "accepted for compatibility with sam")
    private boolean lint;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table",
            description = "table or json (default: ${DEFAULT-VALUE})")
    private RoutesCommand.Format format;

    @Option(names = "--no-compile",
            description = "check only the template, without compiling or running annotation processors")
    private boolean uncompiled;

    @Option(names = {"-n", "--env-vars"}, paramLabel = "FILE",
            description = "environment variables per function, as JSON or .env")
    private Path variables;

    @Override public Integer call() {
        if (format == RoutesCommand.Format.table) return report(findings());
        try {
            return report(findings());
        } catch (Fault fault) {
            report(fault.problems().stream().map(each -> Check.Finding.of(Check.Severity.error, each)).toList());
            return fault.status();
        }
    }

    /** @throws Fault if the template is missing, or the value of an option is invalid */
    private List<Check.Finding> findings() {
        return new Check(project.builds(cli.besideResults(), false), !uncompiled).run(project.inputs(variables));
    }

    /** Prints the findings and returns the exit status. */
    private int report(List<Check.Finding> findings) {
        cli.console().print(format == RoutesCommand.Format.json ? json(findings)
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
        Map<String, Object> report = Json.object(
                "errors", count(findings, Check.Severity.error),
                "warnings", count(findings, Check.Severity.warning),
                "findings", findings.stream().map(CheckCommand::row).toList());
        return Json.writePretty(report) + "\n";
    }

    private static Map<String, Object> row(Check.Finding finding) {
        Map<String, Object> fields = Json.object("severity", finding.severity(), "function", finding.function());
        fields.putAll(new Problem(finding.message(), finding.place(), finding.hint()).fields());
        fields.remove("notes"); // they are part of the message
        return fields;
    }
}
