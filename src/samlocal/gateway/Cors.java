package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.sam.Api;
import samlocal.sam.CorsRules;

/**
 * Pure: the answers to preflight requests and the headers of all others, as each kind of API has them ("Enabling
 * CORS for a REST API resource", "Configuring CORS for HTTP APIs", for function URLs "Cross-origin resource
 * sharing"). A REST API leaves ordinary answers to the handler, the others put their own headers in its place.
 */
record Cors(CorsRules rules) {
    private static final String ALLOW = "Access-Control-Allow-";
    static final List<String> ALL_METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
            "PUT");

    /** What the template says for an API, else what a person asked for, {@code origin}, if anything does. */
    static Optional<Cors> of(Api api, String origin) {
        if (api.cors() != null) return Optional.of(new Cors(api.cors()));
        return Optional.ofNullable(origin).map(CorsRules::ofAnyRequest).map(Cors::new);
    }

    /**
     * The answer to a preflight request; a REST API's path may have a route of its own for it. Where the template
     * has CORS, the others answer OPTIONS from any site, and an HTTP API whatever has no route.
     */
    Optional<Response> preflight(Request request, Api api, Set<String> methodsOfPath, boolean hasRoute) {
        if (api.cors() != null && api.isRest()) {
            return methodsOfPath.contains("OPTIONS") ? Optional.empty() : Optional.of(mock(methodsOfPath));
        }
        boolean isPreflight = api.cors() != null ? request.header("Origin").isPresent() || !hasRoute
                : request.header("Origin").isPresent()
                && request.header("Access-Control-Request-Method").isPresent();
        if (!isPreflight) return Optional.empty();
        Response empty = new Response(api.isUrl() ? 200 : 204, Map.of(), new byte[0]);
        String origin = allowed(request);
        if (origin == null) return Optional.of(empty);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        putOrigin(origin, fields);
        put(ALLOW + "Methods", orAsked(rules.methods(), request.header("Access-Control-Request-Method")), fields);
        put(ALLOW + "Headers", orAsked(rules.headers(), request.header("Access-Control-Request-Headers")), fields);
        put("Access-Control-Max-Age", rules.maxAge(), fields);
        return Optional.of(new Response(empty.status(), fields, empty.body()));
    }

    /** With credentials a browser takes no asterisk. */
    private String orAsked(String value, Optional<String> asked) {
        return value != null && !value.equals("*") ? value : value == null ? null : asked.orElse("*");
    }

    /** The OPTIONS method that SAM adds to the paths of a REST API. */
    private Response mock(Set<String> methodsOfPath) {
        Set<String> all = new TreeSet<>(methodsOfPath.contains("ANY") ? ALL_METHODS : methodsOfPath);
        all.add("OPTIONS");
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("Content-Type", List.of("application/json"));
        put(ALLOW + "Origin", rules.origins().get(0), fields);
        put(ALLOW + "Methods", rules.methods() == null ? String.join(",", all) : rules.methods(), fields);
        put(ALLOW + "Headers", rules.headers(), fields);
        put("Access-Control-Max-Age", rules.maxAge(), fields);
        if (rules.credentials()) put(ALLOW + "Credentials", "true", fields);
        return new Response(200, fields, "{}\n".getBytes(UTF_8));
    }

    /** An ordinary answer with the gateway's headers in the place of the handler's. */
    Response added(Response response, Request request, Api api) {
        if (api.cors() != null && api.isRest()) return response;
        if (api.cors() == null) return added(response, request);
        Map<String, List<String>> fields = new LinkedHashMap<>(response.headers());
        fields.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
        return added(new Response(response.status(), fields, response.body()), request);
    }

    /** An answer with these headers, unless it has its own. */
    Response added(Response response, Request request) {
        Map<String, List<String>> fields = new LinkedHashMap<>(response.headers());
        String origin = allowed(request);
        boolean hasOwn = fields.keySet().stream().anyMatch((ALLOW + "Origin")::equalsIgnoreCase);
        if (origin != null && !hasOwn) {
            putOrigin(origin, fields);
            put("Access-Control-Expose-Headers", CorsRules.ALL_BY_NAME.equals(rules.exposed())
                    ? String.join(",", response.headers().keySet()) : rules.exposed(), fields);
        }
        return new Response(response.status(), fields, response.body());
    }

    /** The value of the header for the site that a request comes from, or null. */
    private String allowed(Request request) {
        String origin = request.header("Origin").orElse(null);
        if (origin == null) return null;
        if (rules.origins().contains("*")) return "*";
        boolean isAllowed = rules.origins().stream().anyMatch(each -> each.equalsIgnoreCase(origin)
                || each.endsWith("://*") && origin.startsWith(each.substring(0, each.length() - 1)));
        return isAllowed ? origin : null;
    }

    private void putOrigin(String origin, Map<String, List<String>> fields) {
        put(ALLOW + "Origin", origin, fields);
        if (rules.credentials()) put(ALLOW + "Credentials", "true", fields);
        if (!origin.equals("*")) put("Vary", "Origin", fields);
    }

    private static void put(String name, String value, Map<String, List<String>> fields) {
        if (value != null && !value.isEmpty()) fields.put(name, List.of(value));
    }
}
