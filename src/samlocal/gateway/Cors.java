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
 * Pure: responses to preflight requests and headers of other responses, for each kind of API ("Enabling CORS for a REST
 * API resource", "Configuring CORS for HTTP APIs", for function URLs "Cross-origin resource sharing"). A REST API
 * leaves other responses to the handler; HTTP APIs and function URLs replace the handler's headers.
 *
 * @param declared the API that declares the rules, null for those of {@code --cors}
 */
record Cors(CorsRules rules, Api declared) {
    private static final String ALLOW = "Access-Control-Allow-";
    static final List<String> ALL_METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
            "PUT");

    /** The rules of an API (may be null), else those for {@code origin} of {@code --cors}, which may be null. */
    static Optional<Cors> of(Api api, String origin) {
        if (api != null && api.cors() != null) return Optional.of(new Cors(api.cors(), api));
        return Optional.ofNullable(origin).map(any -> new Cors(CorsRules.ofAnyRequest(any), null));
    }

    private boolean isOfRest() {
        return declared != null && declared.isRest();
    }

    /**
     * The response to a preflight request; a REST API's path may have its own route for it. If the template configures
     * CORS, other APIs respond to OPTIONS from any site, and an HTTP API also to paths without a route.
     *
     * @param status of the response, unless it is that of a REST API
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

    /** Browsers reject an asterisk with credentials, so it is replaced with the requested value. */
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

    /** Adds CORS headers to a response; the template's replace the handler's, those of {@code --cors} do not. */
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

    /** The value of the header for the origin of a request, or null. */
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
