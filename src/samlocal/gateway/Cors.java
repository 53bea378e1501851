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
 *
 * @param declared the API whose template has the rules, null where they are those of {@code --cors}
 */
record Cors(CorsRules rules, Api declared) {
    private static final String ALLOW = "Access-Control-Allow-";
    static final List<String> ALL_METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
            "PUT");

    /** What the template says for an API (may be null), else what a person asked for, {@code origin}, or null. */
    static Optional<Cors> of(Api api, String origin) {
        if (api != null && api.cors() != null) return Optional.of(new Cors(api.cors(), api));
        return Optional.ofNullable(origin).map(any -> new Cors(CorsRules.ofAnyRequest(any), null));
    }

    private boolean isOfRest() {
        return declared != null && declared.isRest();
    }

    /**
     * The answer to a preflight request; a REST API's path may have a route of its own for it. Where the template
     * has CORS, the others answer OPTIONS from any site, and an HTTP API whatever has no route.
     *
     * @param status of the answer, unless it is that of a REST API
     */
    Optional<Response> preflight(Request request, int status, Set<String> methodsOfPath, boolean hasRoute) {
        if (isOfRest()) return methodsOfPath.contains("OPTIONS") ? Optional.empty() : Optional.of(mock(methodsOfPath));
        Optional<String> method = request.header("Access-Control-Request-Method");
        boolean hasOrigin = request.header("Origin").isPresent();
        boolean isPreflight = declared != null ? hasOrigin || !hasRoute : hasOrigin && method.isPresent();
        if (!isPreflight) return Optional.empty();
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String origin = allowed(request);
        if (origin != null) {
            putOrigin(origin, fields);
            putAllowed(orAsked(rules.methods(), method),
                    orAsked(rules.headers(), request.header("Access-Control-Request-Headers")), fields);
        }
        return Optional.of(new Response(status, fields, new byte[0]));
    }

    /** With credentials a browser takes no asterisk. */
    private String orAsked(String value, Optional<String> asked) {
        return "*".equals(value) ? asked.orElse("*") : value;
    }

    /** The OPTIONS method that SAM adds to the paths of a REST API. */
    private Response mock(Set<String> methodsOfPath) {
        Set<String> all = new TreeSet<>(methodsOfPath.contains("ANY") ? ALL_METHODS : methodsOfPath);
        all.add("OPTIONS");
        Map<String, List<String>> fields = new LinkedHashMap<>();
        putOrigin(rules.origins().get(0), fields);
        fields.remove("Vary");
        putAllowed(rules.methods() == null ? String.join(",", all) : rules.methods(), rules.headers(), fields);
        return new Response(200, fields, "{}\n".getBytes(UTF_8)).with("Content-Type", "application/json");
    }

    /** An ordinary answer: the template's headers replace the handler's, those of {@code --cors} do not. */
    Response added(Response response, Request request) {
        if (isOfRest()) return response;
        Map<String, List<String>> fields = new LinkedHashMap<>(response.headers());
        if (declared != null) {
            fields.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
        }
        String origin = allowed(request);
        boolean hasOwn = declared == null && response.header(ALLOW + "Origin").isPresent();
        if (origin != null && !hasOwn) {
            String names = String.join(",", fields.keySet());
            putOrigin(origin, fields);
            put("Access-Control-Expose-Headers", CorsRules.ALL_BY_NAME.equals(rules.exposed()) ? names
                    : rules.exposed(), fields);
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

    private void putAllowed(String methods, String headers, Map<String, List<String>> fields) {
        put(ALLOW + "Methods", methods, fields);
        put(ALLOW + "Headers", headers, fields);
        put("Access-Control-Max-Age", rules.maxAge(), fields);
    }

    private static void put(String name, String value, Map<String, List<String>> fields) {
        if (value != null && !value.isEmpty()) fields.put(name, List.of(value));
    }
}
