package samlocal.server;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.gateway.Router;
import samlocal.http.ServerAddress;
import samlocal.sam.Route;

/**
 * Replaces AWS URLs of APIs and functions with local ones, so that functions can call each other. The forms of AWS URLs
 * are in the API Gateway Developer Guide ("Invoke REST APIs in API Gateway") and the Lambda Developer Guide ("Invoking
 * Lambda function URLs"), with the logical id instead of the generated one.
 */
record LocalAddresses(ServerAddress server, Map<String, Router> byName, Collection<Route> routes) {
    private static final Pattern AWS_URL = Pattern.compile("https://([A-Za-z0-9]+)\\.(?:"
            + "execute-api\\.[a-z0-9-]+\\.(?:amazonaws\\.com(?:\\.cn)?|localhost)|lambda-url\\.[a-z0-9-]+\\.on\\.aws)"
            + "(?![\\w.:-])");

    /** The same variables with local URLs. */
    Map<String, String> in(Map<String, String> variables) {
        Map<String, String> local = new LinkedHashMap<>(variables);
        local.replaceAll((name, value) -> in(value));
        return local;
    }

    private String in(String value) {
        if (value == null || !value.contains("https://")) return value;
        return AWS_URL.matcher(value).replaceAll(url -> Matcher.quoteReplacement(
                byName.containsKey(url.group(1).toLowerCase(Locale.ROOT)) ? of(url.group(1)) : url.group()));
    }

    /** A local URL with the API in the path, since names below localhost do not resolve everywhere. */
    private String of(String name) {
        boolean isAlone = routes.stream().map(route -> route.api().id()).distinct().count() == 1;
        return server.url() + (isAlone ? "" : Gateway.NAME_MARK + name);
    }
}
