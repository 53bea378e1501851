package samlocal.gateway;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import samlocal.base.Nearest;
import samlocal.sam.Route;

/** Pure: the routes to suggest if none matches a request. */
public final class NearestRoutes {
    private static final int MOST = 3;
    private static final Pattern PARAMETER = Pattern.compile("\\{[^{}]+}");

    private NearestRoutes() {
    }

    /** Routes of the path with other methods, else of similar paths; at most three. */
    public static List<Route> to(String path, Router router) {
        List<Route> samePath = router.routes(path).stream().limit(MOST).toList();
        if (!samePath.isEmpty()) return samePath;
        String normal = Router.normal(path);
        Map<String, List<Route>> byPath = router.routes().stream()
                .collect(Collectors.groupingBy(route -> filled(route.path(), normal)));
        return Nearest.to(normal, byPath.keySet()).map(byPath::get).orElse(List.of()).stream().limit(MOST).toList();
    }

    /** All routes if there are at most three, else none. */
    public static List<Route> few(Router router) {
        return router.routes().size() > MOST ? List.of() : router.routes();
    }

    /** A route's path with its parameters replaced by the values of a request's path. */
    private static String filled(String pattern, String path) {
        String[] segments = pattern.split("/", -1);
        String[] values = path.split("/", -1);
        return IntStream.range(0, segments.length).mapToObj(i -> i < values.length && !values[i].isEmpty()
                && PARAMETER.matcher(segments[i]).matches() ? values[i] : segments[i])
                .collect(Collectors.joining("/"));
    }
}
