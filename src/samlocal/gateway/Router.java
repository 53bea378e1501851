package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import samlocal.base.Nearest;
import samlocal.sam.Route;

/**
 * Pure: finds the route of a request (API Gateway Developer Guide, "proxy integrations" for REST APIs, "routes" for
 * HTTP APIs): literal before parameter before proxy before the default route, a method before any. A REST API
 * decides so segment by segment, an HTTP API takes a route that fits in full before all that take a rest. Of what
 * several APIs find, the most specific path is taken, else the first.
 */
public final class Router {
    /** A route and the values of its path parameters as they stand in the path, percent-encoded. */
    public record Match(Route route, Map<String, String> parameters) {
        /** Whether the route takes paths of any length. */
        public boolean isGreedy() {
            return route.path().endsWith("$default") || route.path().contains("+}");
        }
    }

    /**
     * A route, and the names of its path's parameters.
     *
     * @param rank a digit a segment, 1 literal, 2 parameter, 3 proxy: the smaller text is the more specific path
     * @param place among all routes
     * @param rest how the path goes on from a proxy that is not its end, or null
     */
    private record Candidate(Route route, List<String> names, String rank, int place, Pattern rest) {
        boolean isAny() {
            return route.method().equals("ANY");
        }

        boolean takes(String method) {
            return isAny() ? ANY.contains(method) : route.method().equals(method);
        }

        boolean takesRest() {
            return rank.indexOf('3') >= 0 || rank.equals("4");
        }
    }

    /** A route that fits a path, and the values of its parameters, which lack the slash at the path's end. */
    private record Found(Candidate candidate, List<String> values) {
        String rank() {
            return candidate.rank();
        }

        int place() {
            return candidate.place();
        }

        /** A slash at the path's end is a part of what an HTTP API's proxy takes. */
        Match match(boolean hasSlash) {
            Route route = candidate.route();
            List<String> names = candidate.names();
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) parameters.put(names.get(i), values.get(i));
            boolean keepsSlash = hasSlash && rank().endsWith("3") && !route.api().isRest();
            if (keepsSlash) parameters.merge(names.get(names.size() - 1), "/", String::concat);
            return new Match(route, parameters);
        }
    }

    /** What may follow after some segments, and the routes that end there. */
    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final List<Candidate> ends = new ArrayList<>();
        private final List<Candidate> proxies = new ArrayList<>();
        private Node parameter;

        /** A literal segment matches as written and percent-encoded, as a client must send all but ASCII. */
        Node literal(String segment) {
            String encoded = URLEncoder.encode(segment, UTF_8).replace("+", "%20");
            Node node = literals.getOrDefault(segment, literals.getOrDefault(encoded, new Node()));
            literals.put(segment, node);
            literals.put(encoded, node);
            return node;
        }

        Node parameter() {
            if (parameter == null) parameter = new Node();
            return parameter;
        }

        private Node next(String segment) {
            Node node = literals.get(segment);
            return node != null || segment.indexOf('%') < 0 ? node
                    : literals.get(ESCAPE.matcher(segment).replaceAll(hex -> hex.group().toUpperCase(Locale.ROOT)));
        }

        /** Visits all that matches a path from here on, the more specific before, until it is told to stop. */
        boolean visit(String path, int start, List<String> values, Predicate<Found> stops) {
            int slash = path.indexOf('/', start);
            String segment = path.substring(start, slash < 0 ? path.length() : slash);
            Node literal = next(segment);
            if (literal != null && literal.visitBelow(path, slash, values, stops)) return true;
            if (parameter != null && !segment.isEmpty()
                    && parameter.visitBelow(path, slash, with(segment, values), stops)) return true;
            String rest = path.substring(start);
            return !rest.isEmpty() && proxies.stream().anyMatch(proxy -> visit(proxy, rest, values, stops));
        }

        private boolean visitBelow(String path, int slash, List<String> values,
                Predicate<Found> stops) {
            if (slash >= 0) return visit(path, slash + 1, values, stops);
            for (Candidate end : ends) if (stops.test(new Found(end, values))) return true;
            return false;
        }

        private static boolean visit(Candidate proxy, String rest, List<String> values,
                Predicate<Found> stops) {
            if (proxy.rest() == null) return stops.test(new Found(proxy, with(rest, values)));
            Matcher matcher = proxy.rest().matcher(rest);
            if (!matcher.matches()) return false;
            List<String> all = new ArrayList<>(values);
            for (int i = 1; i <= matcher.groupCount(); i++) all.add(matcher.group(i));
            return stops.test(new Found(proxy, all));
        }

        private static List<String> with(String value, List<String> values) {
            List<String> all = new ArrayList<>(values);
            all.add(value);
            return all;
        }
    }

    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+?)(\\+?)}");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
    /** What API Gateway has for any method. */
    private static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final int MOST_NEAR = 3;
    private final Map<String, Tree> apis = new LinkedHashMap<>();
    private final List<Route> routes;

    public Router(List<Route> routes) {
        this.routes = routes;
        IntStream.range(0, routes.size()).mapToObj(place -> candidate(routes.get(place), place))
                .sorted(Comparator.comparing(Candidate::isAny)).forEach(candidate -> apis
                .computeIfAbsent(candidate.route().api().id(), id -> new Tree(candidate.route().api().isRest()))
                .add(candidate));
    }

    /** All of its routes. */
    public List<Route> routes() {
        return routes;
    }

    /** Whether an unknown path is answered as by a REST API: where there is one, or no API at all. */
    boolean isRest() {
        return routes.isEmpty() || routes.stream().anyMatch(route -> route.api().type().equals("rest"));
    }

    private static Candidate candidate(Route route, int place) {
        if (route.path().endsWith("$default")) return new Candidate(route, List.of(), "4", place, null);
        List<String> segments = segments(route);
        List<String> names = segments.stream().map(PARAMETER::matcher).filter(Matcher::matches)
                .map(parameter -> parameter.group(1)).toList();
        String rank = segments.stream().map(segment -> isProxy(segment) ? "3" : isParameter(segment) ? "2" : "1")
                .collect(Collectors.joining());
        int proxy = rank.indexOf('3');
        boolean goesOn = proxy >= 0 && proxy < rank.length() - 1;
        return new Candidate(route, names, rank, place,
                goesOn ? pattern(segments.subList(proxy, segments.size())) : null);
    }

    private static List<String> segments(Route route) {
        return List.of(normal(route.path()).substring(1).split("/"));
    }

    /** The routes of one API. */
    private static final class Tree {
        private final boolean isRest;
        private final Node root = new Node();
        private final List<Candidate> defaults = new ArrayList<>();

        Tree(boolean isRest) {
            this.isRest = isRest;
        }

        void add(Candidate candidate) {
            if (candidate.rank().equals("4")) {
                defaults.add(candidate);
                return;
            }
            Node node = root;
            for (String segment : segments(candidate.route())) {
                if (isProxy(segment)) {
                    node.proxies.add(candidate);
                    node.proxies.sort(Comparator.comparing(proxy -> proxy.rest() == null));
                    return;
                }
                node = isParameter(segment) ? node.parameter() : node.literal(segment);
            }
            node.ends.add(candidate);
        }

        /** From the most specific path to the least, and of each a method before any; tells whether it stopped. */
        private boolean visit(String path, Predicate<Found> stops) {
            if (root.visit(path, 1, List.of(), stops)) return true;
            return defaults.stream().anyMatch(each -> stops.test(new Found(each, List.of())));
        }

        Optional<Found> first(String path, Predicate<Candidate> wanted) {
            if (isRest) return find(path, wanted);
            return find(path, candidate -> !candidate.takesRest() && wanted.test(candidate))
                    .or(() -> find(path, candidate -> candidate.takesRest() && wanted.test(candidate)));
        }

        private Optional<Found> find(String path, Predicate<Candidate> wanted) {
            List<Found> found = new ArrayList<>(1);
            visit(path, each -> wanted.test(each.candidate()) && found.add(each));
            return found.stream().findFirst();
        }

        Stream<Route> all(String path) {
            List<Route> all = new ArrayList<>();
            visit(path, each -> !all.add(each.candidate().route()));
            return all.stream();
        }
    }

    private static boolean isParameter(String segment) {
        return PARAMETER.matcher(segment).matches();
    }

    private static boolean isProxy(String segment) {
        return segment.endsWith("+}") && isParameter(segment);
    }

    private static Pattern pattern(List<String> segments) {
        return Pattern.compile(segments.stream().map(segment -> isProxy(segment) ? "(.+)"
                : isParameter(segment) ? "([^/]+)" : Pattern.quote(segment))
                .collect(Collectors.joining("/")));
    }

    /** A trailing slash makes no difference, and neither do several at the beginning. */
    private static String normal(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') end--;
        int start = 0;
        while (start < end && path.charAt(start) == '/') start++;
        return start == 1 ? path.substring(0, end) : "/" + path.substring(start, end);
    }

    /** The most specific path that has the method; {@code path} as sent, percent-encoded. */
    public Optional<Match> match(String method, String path) {
        return first(path, candidate -> candidate.takes(method));
    }

    /** The most specific path, whatever its method. */
    public Optional<Match> matchAnyMethod(String path) {
        return first(path, candidate -> true);
    }

    private Optional<Match> first(String path, Predicate<Candidate> wanted) {
        String normal = normal(path);
        return apis.values().stream().flatMap(api -> api.first(normal, wanted).stream())
                .min(Comparator.comparing(Found::rank).thenComparing(Found::place))
                .map(found -> found.match(path.endsWith("/")));
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

    /** What may have been meant where nothing matches: the path's other methods, else paths that look alike. */
    public List<Route> nearest(String method, String path) {
        List<Route> samePath = apis.values().stream().flatMap(api -> api.all(normal(path))).limit(MOST_NEAR)
                .toList();
        if (!samePath.isEmpty()) return samePath;
        Map<String, List<Route>> byPath = routes.stream()
                .collect(Collectors.groupingBy(route -> filled(route.path(), normal(path))));
        return Nearest.to(normal(path), byPath.keySet()).map(byPath::get).orElse(List.of()).stream()
                .limit(MOST_NEAR).toList();
    }

    /** A route's path with the values that a request's has in the places of parameters. */
    private static String filled(String pattern, String path) {
        String[] segments = pattern.split("/", -1);
        String[] values = path.split("/", -1);
        return IntStream.range(0, segments.length).mapToObj(i -> i < values.length && !values[i].isEmpty()
                && PARAMETER.matcher(segments[i]).matches() ? values[i] : segments[i])
                .collect(Collectors.joining("/"));
    }

    /** All routes, if they are few. */
    public List<Route> few() {
        return routes.size() > MOST_NEAR ? List.of() : routes;
    }
}
