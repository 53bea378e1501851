package samlocal.sam;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * CORS settings: Cors, CorsConfiguration, or their equivalent in an OpenAPI document.
 *
 * @param origins such as {@code https://example.com}, {@code https://*} or {@code *}
 * @param methods, headers, exposed header values, null if not set
 */
public record CorsRules(List<String> origins, String methods, String headers, String exposed, String maxAge,
        boolean credentials) {
    /** The settings of a REST API's Cors (SAM Developer Guide, "CorsConfiguration"). */
    static final Set<String> REST_KEYS = Set.of("AllowOrigin", "AllowMethods", "AllowHeaders", "AllowCredentials",
            "MaxAge");
    /** The settings of HTTP APIs and function URLs. */
    static final Set<String> KEYS = Set.of("AllowOrigins", "AllowMethods", "AllowHeaders", "AllowCredentials",
            "ExposeHeaders", "MaxAge");

    /** Exposes each header by name, because browsers do not accept an asterisk with credentials. */
    public static final String ALL_BY_NAME = "* by name";

    /** The settings of {@code --cors}, for any API. */
    public static CorsRules ofAnyRequest(String origin) {
        boolean isAny = origin.equals("*");
        return new CorsRules(List.of(origin), "*", "*", isAny ? "*" : ALL_BY_NAME, null, !isAny);
    }

    /** The settings of an API, written as true, an origin or a map; null if there are none. */
    static CorsRules of(boolean isRest, Object written) {
        if (Boolean.TRUE.equals(written) || "true".equals(written)) {
            return new CorsRules(List.of("*"), null, null, null, null, false);
        }
        if (written instanceof String origin) return of(isRest, Map.of("AllowOrigin", origin));
        boolean isUnknown = !(written instanceof Map<?, ?> map) || map.keySet().stream()
                .anyMatch(key -> key.equals("Ref") || key.toString().startsWith("Fn::"));
        return isUnknown ? null : ofMap(isRest, (Map<?, ?>) written);
    }

    /** Reads a map with SAM's names; OpenAPI's begin with lower-case letters. */
    private static CorsRules ofMap(boolean isRest, Map<?, ?> written) {
        Map<String, Object> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        written.forEach((name, value) -> map.put(name.toString(), value));
        Object origins = map.get(isRest ? "AllowOrigin" : "AllowOrigins");
        List<String> list = origins instanceof List<?> many ? many.stream().map(CorsRules::text).toList()
                : origins == null ? isRest ? List.of("*") : List.of() : List.of(text(origins));
        return new CorsRules(list, joined(map.get("AllowMethods")), joined(map.get("AllowHeaders")),
                joined(map.get("ExposeHeaders")), joined(map.get("MaxAge")),
                "true".equals(text(map.get("AllowCredentials"))));
    }

    private static String joined(Object value) {
        if (value == null) return null;
        return value instanceof List<?> list ? list.stream().map(CorsRules::text).collect(Collectors.joining(","))
                : text(value);
    }

    /** A value without the inner quotes of REST APIs. */
    private static String text(Object value) {
        return String.valueOf(value).replaceAll("^'+|'+$", "");
    }
}
