package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.sam.Route;

/**
 * A route as a regular expression with a group for each parameter.
 *
 * @param names of the parameters, in the order of the groups
 * @param rank a digit for each segment (1 literal, 2 parameter, 3 proxy, 4 default) and an end: the smaller text is
 *     the more specific path
 * @param prefix the literal segments at the path's start
 * @param place among all routes
 */
record RoutePattern(Route route, Pattern path, List<String> names, String rank, String prefix, int place) {
    /** What API Gateway takes for any method. */
    private static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+?)(\\+?)}");
    private static final String END = "~";

    static RoutePattern of(Route route, int place) {
        if (route.path().endsWith("$default")) {
            return new RoutePattern(route, Pattern.compile(".*"), List.of(), "4" + END, "", place);
        }
        StringBuilder path = new StringBuilder();
        StringBuilder rank = new StringBuilder();
        StringBuilder prefix = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (String segment : normal(route.path()).substring(1).split("/")) {
            Matcher parameter = PARAMETER.matcher(segment);
            boolean isParameter = parameter.matches();
            boolean isProxy = isParameter && !parameter.group(2).isEmpty();
            if (isParameter) names.add(parameter.group(1));
            else if (names.isEmpty()) prefix.append('/').append(segment);
            path.append('/').append(isProxy ? "(.+)" : isParameter ? "([^/]+)" : literal(segment));
            rank.append(isProxy ? 3 : isParameter ? 2 : 1);
        }
        return new RoutePattern(route, Pattern.compile(path.toString()), names, rank + END, prefix.toString(), place);
    }

    /** As written, or percent-encoded as a client must send all but ASCII. */
    private static String literal(String segment) {
        String encoded = URLEncoder.encode(segment, UTF_8).replace("+", "%20");
        return encoded.equals(segment) ? Pattern.quote(segment)
                : "(?:" + Pattern.quote(segment) + "|" + Pattern.quote(encoded) + ")";
    }

    boolean takes(String method) {
        return isAny() ? ANY.contains(method) : route.method().equals(method);
    }

    boolean isAny() {
        return route.method().equals("ANY");
    }

    boolean endsInProxy() {
        return rank.endsWith("3" + END);
    }

    /** HTTP APIs prefer any route that fits without a proxy ("Working with routes for HTTP APIs"). */
    boolean yieldsToFullMatches() {
        return !route.api().isRest() && (rank.contains("3") || rank.startsWith("4"));
    }

    /** With percent-encoding resolved, for looking up prefixes only. */
    static String decoded(String path) {
        if (path.indexOf('%') < 0) return path;
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            return path; // a percent sign that encodes nothing
        }
    }

    /** A trailing slash makes no difference, and neither do several at the beginning. */
    static String normal(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') end--;
        int start = 0;
        while (start < end && path.charAt(start) == '/') start++;
        return start == 1 ? path.substring(0, end) : "/" + path.substring(start, end);
    }
}
