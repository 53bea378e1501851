package samlocal.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pure functions: whether a browser lets the page that sent a request see the response, by the Fetch standard ("CORS
 * check", "CORS-preflight fetch"). Otherwise only the browser's console would show it.
 */
public final class Browser {
    private static final String ALLOW = "Access-Control-Allow-";
    private static final Set<String> SIMPLE_METHODS = Set.of("GET", "HEAD", "POST");

    private Browser() {
    }

    /** Why the page does not get the response; empty if it does, or if the request is not from another site. */
    public static String refusal(Request request, Response response) {
        String origin = request.header("Origin").orElse(null);
        boolean isShared = request.header("Sec-Fetch-Mode").orElse("cors").equals("cors");
        if (origin == null || origin.equalsIgnoreCase(request.origin()) || !isShared) return "";
        Optional<String> asked = request.method().equals("OPTIONS")
                ? request.header("Access-Control-Request-Method") : Optional.empty();
        boolean hasCookies = asked.isEmpty() && request.header("Cookie").isPresent();
        return ofOrigin(origin, hasCookies, response)
                .or(() -> asked.flatMap(method -> ofPreflight(method, request, response)))
                .map(reason -> "blocked by browsers: " + reason).orElse("");
    }

    private static Optional<String> ofOrigin(String origin, boolean hasCookies, Response response) {
        String allowed = value("Origin", response).orElse(null);
        if (allowed == null) return Optional.of("no " + ALLOW + "Origin for " + origin
                + "; configure CORS in the template, or start with `--cors " + origin + "`");
        boolean isAny = allowed.equals("*");
        if (isAny && hasCookies) return Optional.of(ALLOW + "Origin must not be * with cookies");
        if (!isAny && !allowed.equals(origin)) {
            return Optional.of(ALLOW + "Origin is " + allowed + ", not " + origin);
        }
        boolean isMissing = hasCookies && !value("Credentials", response).orElse("").equals("true");
        return isMissing ? Optional.of("no " + ALLOW + "Credentials: true, required with cookies") : Optional.empty();
    }

    private static Optional<String> ofPreflight(String method, Request request, Response response) {
        if (response.status() / 100 != 2) return Optional.of("a preflight response must have status 200 or 204");
        List<String> methods = names(value("Methods", response));
        if (!SIMPLE_METHODS.contains(method) && !methods.contains("*") && !methods.contains(method)) {
            return Optional.of(ALLOW + "Methods does not include " + method);
        }
        List<String> headers = names(value("Headers", response).map(each -> each.toLowerCase(Locale.ROOT)));
        if (headers.contains("*")) return Optional.empty();
        String missing = names(request.header("Access-Control-Request-Headers")).stream()
                .filter(name -> !headers.contains(name.toLowerCase(Locale.ROOT))).collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of(ALLOW + "Headers does not include " + missing);
    }

    private static Optional<String> value(String name, Response response) {
        return response.header(ALLOW + name).map(values -> String.join(", ", values));
    }

    private static List<String> names(Optional<String> list) {
        return list.stream().flatMap(each -> Stream.of(each.trim().split("\\s*,\\s*")))
                .filter(name -> !name.isEmpty()).toList();
    }
}
