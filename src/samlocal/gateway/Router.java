package samlocal.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.sam.Route;

/**
 * Pure: finds the route of a request (API Gateway Developer Guide, "proxy integrations" for REST APIs, "routes" for
 * HTTP APIs): literal before parameter before proxy before the default route, a specific method before ANY. A REST API
 * decides this segment by segment; an HTTP API prefers any route without a proxy. Of the routes that several APIs
 * find, the one with the most specific path is taken, else the first. Each route is one regular expression with a group
 * for each parameter; only those whose literal start is a prefix of the path are tried.
 */
public final class Router {
    /** A route and the values of its path parameters as they stand in the path, percent-encoded. */
    public record Match(Route route, Map<String, String> parameters) {
        /** Whether the route takes paths of any length. */
        public boolean isGreedy() {
            return route.path().endsWith("$default") || route.path().contains("+}");
        }
    }

    /** A route whose expression matches a path; the groups of {@code matcher} are its parameters. */
    private record Found(RoutePattern pattern, Matcher matcher) {
        /** {@code path} is normal; an HTTP API leaves a slash at the end of the one that was sent to its proxy. */
        Match match(String path, boolean endsWithSlash) {
            Route route = pattern.route();
            List<String> names = pattern.names();
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                parameters.put(names.get(i), path.substring(matcher.start(i + 1), matcher.end(i + 1)));
            }
            boolean keepsSlash = endsWithSlash && pattern.endsInProxy() && !route.api().isRest();
            if (keepsSlash) parameters.merge(names.get(names.size() - 1), "/", String::concat);
            return new Match(route, parameters);
        }
    }

    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
    private static final Comparator<Found> WITHIN_API = Comparator.comparing(Found::pattern, Comparator
            .comparing(RoutePattern::yieldsToFullMatches).thenComparing(RoutePattern::rank)
            .thenComparing(RoutePattern::isAny).thenComparing(RoutePattern::place));
    private static final Comparator<Found> AMONG_APIS = Comparator.comparing(Found::pattern, Comparator
            .comparing(RoutePattern::rank).thenComparing(RoutePattern::place));

    private final List<Route> routes;
    private final Map<String, List<RoutePattern>> byPrefix = new HashMap<>();
    private final int longestPrefix;

    public Router(List<Route> routes) {
        this.routes = routes;
        for (int place = 0; place < routes.size(); place++) {
            RoutePattern pattern = RoutePattern.of(routes.get(place), place);
            Stream.of(pattern.prefix(), RoutePattern.decoded(pattern.prefix())).distinct().forEach(prefix ->
                    byPrefix.computeIfAbsent(prefix, none -> new ArrayList<>()).add(pattern));
        }
        longestPrefix = byPrefix.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    /** All of its routes. */
    public List<Route> routes() {
        return routes;
    }

    /** Whether an unknown path gets a REST API's response: where there is one, or no API at all. */
    boolean isRest() {
        return routes.isEmpty() || routes.stream().anyMatch(route -> route.api().type().equals("rest"));
    }

    /** The methods that a route's API has for its path, {@code ANY} among them. */
    Set<String> methods(Route of) {
        return routes.stream().filter(route -> route.path().equals(of.path())
                && route.api().id().equals(of.api().id())).map(Route::method).collect(Collectors.toSet());
    }

    /** Any route of the one API that there is: it answers for paths that it does not have. */
    Optional<Route> onlyApi() {
        return routes.stream().map(route -> route.api().id()).distinct().count() == 1 ? Optional.of(routes.get(0))
                : Optional.empty();
    }

    /** The most specific path that has the method; {@code path} as sent, percent-encoded. */
    public Optional<Match> match(String method, String path) {
        return first(path, pattern -> pattern.takes(method));
    }

    /** The most specific path, whatever its method. */
    public Optional<Match> matchAnyMethod(String path) {
        return first(path, pattern -> true);
    }

    private Optional<Match> first(String path, Predicate<RoutePattern> isWanted) {
        String normal = RoutePattern.normal(path);
        Map<String, Found> ofEachApi = new LinkedHashMap<>();
        for (Found found : matching(normal, isWanted)) {
            ofEachApi.merge(found.pattern().route().api().id(), found, BinaryOperator.minBy(WITHIN_API));
        }
        return ofEachApi.values().stream().min(AMONG_APIS).map(found -> found.match(normal, path.endsWith("/")));
    }

    /** The routes that match a path, whatever their method, the most specific first. */
    List<Route> all(String path) {
        return matching(RoutePattern.normal(path), pattern -> true).stream().sorted(WITHIN_API)
                .map(found -> found.pattern().route()).toList();
    }

    private List<Found> matching(String normal, Predicate<RoutePattern> isWanted) {
        List<Found> matching = new ArrayList<>(2);
        String path = normal.indexOf('%') < 0 ? normal
                : ESCAPE.matcher(normal).replaceAll(hex -> hex.group().toUpperCase(Locale.ROOT));
        String prefix = RoutePattern.decoded(normal);
        for (int end = prefix.length(); end >= 0; end = prefix.lastIndexOf('/', end - 1)) {
            if (end > longestPrefix) continue;
            for (RoutePattern pattern : byPrefix.getOrDefault(prefix.substring(0, end), List.of())) {
                if (!isWanted.test(pattern)) continue;
                Matcher matcher = pattern.path().matcher(path);
                if (matcher.matches()) matching.add(new Found(pattern, matcher));
            }
        }
        return matching;
    }
}
