package samlocal.report;

import java.util.List;
import java.util.Map;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.http.ServerAddress;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;

/**
 * What is currently served.
 *
 * @param address the server's address
 * @param notes further information, one line each
 * @param warnings what does not work or differs from AWS
 */
public record Served(Project project, boolean servesApis, ServerAddress address, List<String> notes,
        List<Problem> warnings) {
    List<Route> routes() {
        return servesApis ? project.routes() : List.of();
    }

    /** The path of a route, or the complete function URL. */
    String shown(Route route) {
        if (!route.api().isUrl()) return route.path();
        boolean isAlone = routes().stream().map(each -> each.api().id()).distinct().count() == 1;
        return isAlone ? address.url() + "/" : address.urlOf(route.function().replaceFirst(".*/", ""));
    }

    /** The fields of {@code --log json}: the given names and values, then what is served. */
    Map<String, Object> fields(Object... first) {
        Map<String, Object> fields = Json.object(first);
        fields.putAll(Json.object(
                "url", address.url(),
                "routes", routes().stream().map(Served::row).toList(),
                "functions", project.functions().stream().map(FunctionDefinition::id).toList(),
                "notes", notes,
                "warnings", warnings.stream().map(Problem::fields).toList()));
        return fields;
    }

    private static Map<String, Object> row(Route route) {
        return Json.object(
                "method", route.method(),
                "path", route.path(),
                "function", route.function().equals("-") ? null : route.function(),
                "api", route.api().id());
    }
}
