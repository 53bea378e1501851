package samlocal.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import samlocal.base.Problem;
import samlocal.sam.Route;

/**
 * Finds routes that API Gateway rejects or could never match (API Gateway Developer Guide, "Amazon API Gateway
 * important notes", "Create routes for HTTP APIs").
 */
final class RouteCheck {
    private static final Set<String> METHODS = Set.of("ANY", "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD",
            "OPTIONS");
    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]+}");
    private static final Pattern TEXT = Pattern.compile("[a-zA-Z0-9._:-]+");

    private final List<Problem> problems = new ArrayList<>();
    /** The first variable below each path of each REST API. */
    private final Map<String, String> variables = new HashMap<>();

    private RouteCheck() {
    }

    /** The problems of a project's routes, each with the place of its route. */
    static List<Problem> of(List<Route> routes) {
        RouteCheck check = new RouteCheck();
        routes.stream().filter(route -> !route.api().isUrl()).forEach(check::check);
        return check.problems;
    }

    private void check(Route route) {
        String path = route.path();
        if (!METHODS.contains(route.method())) add(route, "`" + route.method() + "` is not an HTTP method", null);
        if (path.equals("$default")) return;
        if (path.matches(".*\\{[^}]*\\+}.+")) {
            add(route, "`" + route + "` never matches: a greedy variable must be the last segment", null);
        } else if (!path.startsWith("/")) {
            add(route, "`" + route + "` never matches: a path must start with a slash", null);
        } else if (!route.api().isRest() && path.length() > 1 && path.endsWith("/")) {
            add(route, "HTTP API routes cannot end with a slash: AWS creates no route `" + route + "`",
                    "write `" + path.replaceFirst("/+$", "") + "`");
        } else {
            checkSegments(route, path.substring(1).split("/"));
        }
    }

    private void checkSegments(Route route, String[] segments) {
        String parent = "/";
        for (String segment : segments) {
            boolean isVariable = VARIABLE.matcher(segment).matches();
            if (!isVariable && !segment.isEmpty() && !TEXT.matcher(segment).matches()) {
                String kind = route.api().isRest() ? "REST" : "HTTP";
                add(route, kind + " APIs do not accept `" + segment + "` as a path segment", segment.contains("{")
                        ? "a path variable must be a whole segment, such as `{name}`"
                        : "use letters, digits, `.`, `_` and `-`");
            }
            if (isVariable && route.api().isRest()) checkSibling(route, parent, segment.replace("+", ""));
            parent += segment + "/";
        }
    }

    /** Variables below the same path must have the same name, even in longer paths. */
    private void checkSibling(Route route, String parent, String variable) {
        String first = variables.putIfAbsent(route.api().id() + " " + parent, variable);
        if (first == null || first.equals(variable)) return;
        add(route, "REST APIs accept only one variable name below `" + parent + "`, not both `" + first
                + "` and `" + variable + "`", "use the same name in both paths");
    }

    private void add(Route route, String message, String hint) {
        problems.add(new Problem(message, route.source(), hint));
    }
}
