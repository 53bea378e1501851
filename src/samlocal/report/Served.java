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
 * What is served now.
 *
 * @param address of the server
 * @param notes what else there is to know, a line each
 * @param warnings what does not work, or not as on AWS
 */
public record Served(Project project, boolean servesApis, ServerAddress address, List<String> notes,
        List<Problem> warnings) {
    List<Route> routes() {
        return servesApis ? project.routes() : List.of();
    }

    /** The path of a route; of a function URL, the whole of it. */
    String shown(Route route) {
        if (!route.api().isUrl()) return route.path();
        boolean isAlone = routes().stream().map(each -> each.api().id()).distinct().count() == 1;
        return isAlone ? address.url() + "/" : address.urlOf(route.function().replaceFirst(".*/", ""));
    }

    /** For programs: names and values that come first, then what is served. */
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
