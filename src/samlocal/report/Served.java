package samlocal.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import samlocal.base.Problem;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;

/**
 * What is served now.
 *
 * @param url of the server
 * @param notes what else there is to know, a line each
 * @param warnings what does not work, or not as on AWS
 */
public record Served(Project project, boolean servesApis, String url, List<String> notes, List<Problem> warnings) {
    List<Route> routes() {
        return servesApis ? project.routes() : List.of();
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("url", url);
        fields.put("routes", routes().stream().map(Served::row).toList());
        fields.put("functions", project.functions().stream().map(FunctionDefinition::id).toList());
        fields.put("notes", notes);
        fields.put("warnings", warnings.stream().map(Problem::fields).toList());
        return fields;
    }

    private static Map<String, Object> row(Route route) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("method", route.method());
        row.put("path", route.path());
        row.put("function", route.function().equals("-") ? null : route.function());
        row.put("api", route.api().id());
        return row;
    }
}
