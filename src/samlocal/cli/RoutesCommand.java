package samlocal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Json;
import samlocal.sam.Backend;
import samlocal.sam.Project;
import samlocal.sam.Route;
import samlocal.terminal.Console;
import samlocal.terminal.Table;
import samlocal.terminal.Text;

/** Prints the routes. */
@Command(name = "routes", description = "print the routes",
        footer = {"", "Example:", "  samlocal routes --format json"})
final class RoutesCommand implements Callable<Integer> {
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
        console.print(format == Format.json ? json(read) : table(read, console.width()));
        return 0;
    }

    private static String json(Project project) {
        return Json.writePretty(project.routes().stream().map(RoutesCommand::row).toList()) + "\n";
    }

    private static Map<String, Object> row(Route route) {
        return Json.object(
                "api", route.api().id(),
                "type", route.api().type(),
                "method", route.method(),
                "path", route.path(),
                "function", route.backend() instanceof Backend.Lambda ? route.function() : null,
                "handler", route.handler(),
                "source", route.source().toString());
    }

    /** A narrow terminal shows neither types of APIs nor packages of handlers, and folds the handlers if it must. */
    private static String table(Project project, int width) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("METHOD", "PATH", "FUNCTION", "HANDLER", "API"));
        project.routes().forEach(route -> rows.add(
                List.of(route.method(), route.path(), route.function(), route.handler(), route.api().type())));
        project.functionsWithoutRoute().forEach(function -> rows.add(
                List.of("-", "-", function.id(), orDash(function.handler()), "-")));
        List<List<String>> narrow = rows.stream().map(row -> List.of(row.get(0), row.get(1), row.get(2),
                row.get(3).replaceFirst("^([\\p{javaLowerCase}\\d_]+\\.)+", ""))).toList();
        return Table.of(rows, "").lines().allMatch(line -> Text.width(line) <= width) ? Table.of(rows, "")
                : Table.of(narrow, width);
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
