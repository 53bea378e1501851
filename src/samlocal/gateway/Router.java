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
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.sam.Route;

/**
 * Finds the route of a request. Each route is compiled to a regular expression with one group per path parameter, and
 * looked up by its literal prefix. Precedence as on AWS: in each segment a literal, then a parameter, then a proxy,
 * then {@code $default}; a method before {@code ANY}. An HTTP API prefers any route without a proxy. Of several APIs,
 * the most specific path wins, then the first in the template.
 */
public final class Router {
    /** A route and the values of its path parameters, percent-encoded as in the request. */
    public record Match(Route route, Map<String, String> parameters) {
        /** Whether the route matches paths of any length. */
        public boolean isGreedy() {
            return route.path().endsWith(DEFAULT) || route.path().contains("+}");
        }
    }

    /** A compiled route; {@code rank} has a digit per segment (smaller is more specific) and 9 for the end. */
    private record Entry(Route route, String prefix, Pattern pattern, List<String> names, String rank, int place) {
        static Entry of(Route route, int place) {
            if (route.path().endsWith(DEFAULT)) return new Entry(route, "", ANYTHING, List.of(), "4", place);
            String prefix = "";
            StringBuilder regex = new StringBuilder();
            StringBuilder rank = new StringBuilder();
            List<String> names = new ArrayList<>();
            for (String segment : normal(route.path()).substring(1).split("/")) {
                Matcher parameter = PARAMETER.matcher(segment);
                boolean isLiteral = !parameter.matches();
                boolean isProxy = !isLiteral && !parameter.group(2).isEmpty();
                if (!isLiteral) names.add(parameter.group(1));
                if (names.isEmpty()) prefix += "/" + segment;
                regex.append('/').append(!isLiteral ? isProxy ? "(.+)" : "([^/]+)"
                        : "(?:" + Pattern.quote(segment) + "|" + Pattern.quote(canonical(segment)) + ")");
                rank.append(isLiteral ? 1 : isProxy ? 3 : 2);
            }
            return new Entry(route, prefix, Pattern.compile("(?s)" + regex), names, rank + "9", place);
        }

        private boolean isLastChoice() {
            return !route.api().isRest() && new Match(route, Map.of()).isGreedy();
        }

        private boolean isAny() {
            return route.method().equals("ANY");
        }

        private boolean accepts(String method) {
            return isAny() ? Cors.ALL_METHODS.contains(method) : route.method().equals(method);
        }

        /** A proxy at the end of an HTTP API's path includes a trailing slash. */
        Match match(String path, boolean hasSlash) {
            Map<String, String> parameters = new LinkedHashMap<>();
            Matcher matcher = pattern.matcher(upperEscapes(path));
            for (int i = 1; i <= names.size() && matcher.matches(); i++) {
                parameters.put(names.get(i - 1), path.substring(matcher.start(i), matcher.end(i)));
            }
            boolean keepsSlash = hasSlash && isLastChoice() && rank.endsWith("39");
            if (keepsSlash) parameters.merge(names.get(names.size() - 1), "/", String::concat);
            return new Match(route, parameters);
        }
    }

    private static final String DEFAULT = "$default";
    private static final Pattern ANYTHING = Pattern.compile(".*", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+?)(\\+?)}");
    private static final Pattern OUTER_SLASHES = Pattern.compile("^/+|(?<!/)/+$");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
    private static final Comparator<Entry> OF_APIS = Comparator.comparing(Entry::rank).thenComparing(Entry::place);
    private static final Comparator<Entry> WITHIN_API = Comparator.comparing(Entry::isLastChoice)
            .thenComparing(Entry::rank).thenComparing(Entry::isAny).thenComparing(Entry::place);
    private final Map<String, List<Entry>> byPrefix = new HashMap<>();
    private final int longestPrefix;
    private final List<Route> routes;

    /** Compiles routes. */
    public Router(List<Route> routes) {
        this.routes = routes;
        for (int i = 0; i < routes.size(); i++) {
            Entry entry = Entry.of(routes.get(i), i);
            byPrefix.computeIfAbsent(canonical(entry.prefix()), prefix -> new ArrayList<>()).add(entry);
        }
        longestPrefix = byPrefix.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    /** Percent-encodes all characters that a client may encode, with escapes in upper case. */
    private static String canonical(String path) {
        return upperEscapes(URLEncoder.encode(path, UTF_8).replace("+", "%20").replace("%2F", "/").replace("%25", "%"));
    }

    private static String upperEscapes(String path) {
        return ESCAPE.matcher(path).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
    }

    /** Normalizes a path: no trailing slashes, one leading slash. */
    static String normal(String path) {
        return "/" + OUTER_SLASHES.matcher(path).replaceAll("");
    }

    /** All routes. */
    public List<Route> routes() {
        return routes;
    }

    /** All routes for a path, the most specific first. */
    List<Route> routes(String path) {
        return matches(normal(path), entry -> true).stream().map(Entry::route).toList();
    }

    /** The most specific route for a method and a path, which is percent-encoded as the client sent it. */
    public Optional<Match> match(String method, String path) {
        return first(path, entry -> entry.accepts(method));
    }

    /** The most specific route for a path, whatever its method. */
    public Optional<Match> matchAnyMethod(String path) {
        return first(path, entry -> true);
    }

    private Optional<Match> first(String path, Predicate<Entry> wanted) {
        String normal = normal(path);
        Map<String, Entry> best = new HashMap<>(); // of each API
        for (Entry entry : matches(normal, wanted)) best.putIfAbsent(entry.route().api().id(), entry);
        return best.values().stream().min(OF_APIS).map(entry -> entry.match(normal, path.endsWith("/")));
    }

    private List<Entry> matches(String normal, Predicate<Entry> wanted) {
        String key = canonical(normal);
        List<Entry> found = new ArrayList<>();
        for (int end = key.length(); end >= 0; end = key.lastIndexOf('/', end - 1)) {
            if (end <= longestPrefix) found.addAll(byPrefix.getOrDefault(key.substring(0, end), List.of()));
        }
        String path = upperEscapes(normal);
        found.removeIf(entry -> !wanted.test(entry) || !entry.pattern().matcher(path).matches());
        found.sort(WITHIN_API);
        return found;
    }
}
