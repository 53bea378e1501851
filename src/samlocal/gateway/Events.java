package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import samlocal.base.Json;
import samlocal.base.Utf8;
import samlocal.http.Request;
import samlocal.http.UrlDecoding;
import samlocal.sam.Api;
import samlocal.sam.Route;

/**
 * Makes the event of a request. REST APIs have payload format version 1.0 (API Gateway Developer Guide, "Lambda proxy
 * integrations in API Gateway"), HTTP APIs that or 2.0 ("Create AWS Lambda proxy integrations for HTTP APIs"),
 * function URLs 2.0.
 */
final class Events {
    static final String API_ID = "1234567890";
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Map<String, Object> NO_CLAIMS =
            Collections.unmodifiableMap(Json.object("claims", null, "scopes", null));
    private static final DateTimeFormatter REQUEST_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    /** What a REST API keeps to itself. */
    private static final Set<String> DROPPED = Set.of("connection", "content-length", "content-md5", "expect",
            "max-forwards", "proxy-authenticate", "server", "te", "trailer", "transfer-encoding", "upgrade",
            "www-authenticate");
    private static final Set<String> DROPPED_BY_HTTP = Set.of("connection", "transfer-encoding", "upgrade", "te",
            "trailer");
    /** Who called is not known where nobody asks. */
    private static final List<String> NOT_AUTHENTICATED = List.of("cognitoIdentityPoolId", "accountId",
            "cognitoIdentityId", "caller", "accessKey", "principalOrgId", "cognitoAuthenticationType",
            "cognitoAuthenticationProvider", "userArn", "user");

    private Events() {
    }

    /** The event as JSON in UTF-8, in the format that the route asks for. */
    static byte[] event(Request request, Route route, Map<String, String> pathParameters, String requestId,
            Caller caller) {
        Map<String, Object> event = event(request, route, pathParameters, requestId);
        @SuppressWarnings("unchecked")
        Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
        boolean isFirst = route.payload().equals("1.0");
        if (caller.authorizer() != null) context.put("authorizer", caller.authorizer());
        else if (isFirst && !route.api().isRest()) context.put("authorizer", NO_CLAIMS);
        if (isFirst) {
            @SuppressWarnings("unchecked")
            Map<String, Object> identity = (Map<String, Object>) context.get("identity");
            identity.putAll(caller.identity());
        } else if (route.api().isUrl() && caller.authorizer() != null) {
            context.put("accountId", route.api().aws().accountId());
        }
        return Json.write(event).getBytes(UTF_8);
    }

    /** The event as plain values. */
    static Map<String, Object> event(Request request, Route route, Map<String, String> pathParameters,
            String requestId) {
        return route.payload().equals("1.0") ? firstVersion(request, route, pathParameters, requestId)
                : secondVersion(request, route, pathParameters, requestId);
    }

    private static Map<String, Object> firstVersion(Request request, Route route,
            Map<String, String> pathParameters, String requestId) {
        boolean isRest = route.api().isRest();
        Map<String, List<String>> headers = headers(request, requestId, isRest ? DROPPED : DROPPED_BY_HTTP);
        Map<String, List<String>> query = UrlDecoding.query(request.query(), isRest ? "[&;]" : "&");
        Map<String, Object> event = new LinkedHashMap<>();
        if (!isRest) event.put("version", "1.0");
        event.put("resource", route.path());
        event.put("path", isRest ? restPath(request) : httpPath(request.path()));
        event.put("httpMethod", request.method());
        event.put("headers", orNull(lastValues(headers)));
        event.put("multiValueHeaders", orNull(headers));
        event.put("queryStringParameters", orNull(lastValues(query)));
        event.put("multiValueQueryStringParameters", orNull(query));
        event.put("pathParameters", orNull(isRest ? pathParameters : decoded(pathParameters)));
        event.put("stageVariables", orNull(route.api().variables()));
        event.put("requestContext", requestContext(request, route, requestId));
        putBody(request, route.api(), event);
        return event;
    }

    private static Map<String, Object> secondVersion(Request request, Route route,
            Map<String, String> pathParameters, String requestId) {
        Map<String, String> headers = joinedHeaders(request, requestId);
        String cookies = route.api().isUrl() ? headers.get("cookie") : headers.remove("cookie");
        boolean isUrl = route.api().isUrl();
        Map<String, Object> event = Json.object(
                "version", "2.0",
                "routeKey", routeKey(route),
                "rawPath", isUrl ? request.path() : stagePath(request, route.api()),
                "rawQueryString", request.query() == null ? "" : request.query());
        if (cookies != null) event.put("cookies", List.of(cookies.split("; *")));
        event.put("headers", headers);
        putIfAny(event, "queryStringParameters", joined(request.queryValues()));
        event.put("requestContext", secondContext(request, route, requestId));
        putIfAny(event, "pathParameters", isUrl ? Map.of() : decoded(pathParameters));
        putIfAny(event, "stageVariables", route.api().variables());
        putBody(request, route.api(), event);
        if (event.get("body") == null) event.remove("body");
        return event;
    }

    /** As sent, with one slash in front. */
    private static String restPath(Request request) {
        String path = request.path();
        int first = 0;
        while (path.startsWith("//", first)) first++;
        return path.substring(first);
    }

    private static String routeKey(Route route) {
        return route.path().endsWith("$default") ? "$default" : route.toString();
    }

    private static void putIfAny(Map<String, Object> event, String key, Map<String, String> values) {
        if (!values.isEmpty()) event.put(key, values);
    }

    /** Decoded, and below the stage unless that is the default one. */
    private static String stagePath(Request request, Api api) {
        String path = httpPath(request.path());
        return api.stage().equals("$default") ? path : "/" + api.stage() + path;
    }

    private static String before(char mark, String text) {
        int end = text.indexOf(mark);
        return end < 0 ? text : text.substring(0, end);
    }

    /** An HTTP API decodes the path before it looks for a query. */
    private static String httpPath(String path) {
        return before('?', UrlDecoding.path(path));
    }

    private static Map<String, String> decoded(Map<String, String> parameters) {
        Map<String, String> decoded = new LinkedHashMap<>();
        parameters.forEach((name, value) -> decoded.put(name, UrlDecoding.path(value)));
        return decoded;
    }

    /** In lower case, repeated ones joined by commas, cookies by semicolons. */
    private static Map<String, String> joinedHeaders(Request request, String requestId) {
        Map<String, String> joined = new TreeMap<>();
        headers(request, requestId, DROPPED_BY_HTTP).forEach((name, values) ->
                joined.put(name.toLowerCase(Locale.ROOT),
                        String.join(name.equalsIgnoreCase("Cookie") ? "; " : ",", values)));
        return joined;
    }

    private static Map<String, String> joined(Map<String, List<String>> query) {
        Map<String, String> joined = new LinkedHashMap<>();
        query.forEach((name, values) -> joined.put(name, String.join(",", values)));
        return joined;
    }

    private static Map<String, Object> secondContext(Request request, Route route, String requestId) {
        String domain = domain(request);
        boolean isUrl = route.api().isUrl();
        Map<String, Object> http = Json.object(
                "method", request.method(),
                "path", isUrl ? request.path() : stagePath(request, route.api()),
                "protocol", request.protocol(),
                "sourceIp", request.sourceIp(),
                "userAgent", request.header("User-Agent").orElse(""));
        return Json.object(
                "accountId", isUrl ? "anonymous" : route.api().aws().accountId(),
                "apiId", API_ID,
                "domainName", domain,
                "domainPrefix", before('.', domain),
                "http", http,
                "requestId", isUrl ? requestId : RequestIds.shortened(requestId),
                "routeKey", routeKey(route),
                "stage", route.api().stage(),
                "time", REQUEST_TIME.format(request.time()),
                "timeEpoch", request.time().toEpochMilli());
    }

    private static String domain(Request request) {
        return PORT.matcher(request.header("Host").orElse("localhost")).replaceFirst("");
    }

    private static <T> Map<String, T> orNull(Map<String, T> map) {
        return map.isEmpty() ? null : map;
    }

    private static Map<String, String> lastValues(Map<String, List<String>> values) {
        Map<String, String> last = new LinkedHashMap<>();
        values.forEach((name, all) -> last.put(name, all.get(all.size() - 1)));
        return last;
    }

    private static Map<String, List<String>> headers(Request request, String requestId, Set<String> dropped) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> header : request.headers()) {
            if (dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) continue;
            headers.computeIfAbsent(header.getKey(), none -> new ArrayList<>()).add(header.getValue());
        }
        headers.computeIfAbsent(RequestIds.TRACE, name -> List.of(RequestIds.trace(request, requestId)));
        headers.merge("X-Forwarded-For", List.of(request.sourceIp()), Events::joined);
        headers.put("X-Forwarded-Port", List.of(String.valueOf(request.port())));
        headers.put("X-Forwarded-Proto", List.of(request.scheme()));
        return headers;
    }

    private static List<String> joined(List<String> before, List<String> added) {
        return List.of(String.join(", ", before) + ", " + added.get(0));
    }

    private static Map<String, Object> requestContext(Request request, Route route, String requestId) {
        String domain = domain(request);
        boolean isRest = route.api().isRest();
        String path = isRest ? restPath(request) : httpPath(request.path());
        Map<String, Object> context = Json.object(
                "resourceId", isRest ? "123456" : null,
                "resourcePath", route.path(),
                "httpMethod", request.method(),
                "extendedRequestId", RequestIds.shortened(requestId),
                "requestTime", REQUEST_TIME.format(request.time()),
                "path", route.api().stage().equals("$default") ? path : "/" + route.api().stage() + path,
                "accountId", route.api().aws().accountId(),
                "protocol", request.protocol(),
                "stage", route.api().stage(),
                "domainPrefix", before('.', domain),
                "requestTimeEpoch", request.time().toEpochMilli(),
                "requestId", isRest ? requestId : RequestIds.shortened(requestId),
                "identity", identity(request),
                "domainName", domain);
        if (isRest) context.put("deploymentId", "abc123");
        context.put("apiId", API_ID);
        if (route.operation() != null) context.put("operationName", route.operation());
        return context;
    }

    private static Map<String, Object> identity(Request request) {
        Map<String, Object> identity = new LinkedHashMap<>();
        NOT_AUTHENTICATED.forEach(absent -> identity.put(absent, null));
        identity.put("sourceIp", request.sourceIp());
        identity.put("userAgent", request.header("User-Agent").orElse(null));
        return identity;
    }

    private static void putBody(Request request, Api api, Map<String, Object> event) {
        byte[] body = request.body();
        Optional<String> text = body.length == 0 || BinaryMedia.isBinary(request, api) ? Optional.empty()
                : Utf8.decoded(body);
        boolean isEncoded = body.length > 0 && text.isEmpty();
        event.put("body", isEncoded ? Base64.getEncoder().encodeToString(body) : text.orElse(null));
        event.put("isBase64Encoded", isEncoded);
    }
}
