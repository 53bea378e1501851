package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import samlocal.base.Json;
import samlocal.base.Utf8;
import samlocal.http.Request;
import samlocal.http.UrlDecoding;
import samlocal.sam.Route;

/**
 * Creates the event of a request. REST APIs have payload format version 1.0 (API Gateway Developer Guide, "Lambda proxy
 * integrations in API Gateway"), HTTP APIs 1.0 or 2.0 ("Create AWS Lambda proxy integrations for HTTP APIs"), function
 * URLs 2.0.
 */
record Events(Request request, Route route, Map<String, String> pathParameters, String requestId) {
    static final String API_ID = "1234567890";
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final DateTimeFormatter REQUEST_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    /** Headers that a REST API does not pass on. */
    private static final Set<String> DROPPED = Set.of("connection", "content-length", "content-md5", "expect",
            "max-forwards", "proxy-authenticate", "server", "te", "trailer", "transfer-encoding", "upgrade",
            "www-authenticate");
    private static final Set<String> DROPPED_BY_HTTP = Set.of("connection", "transfer-encoding", "upgrade", "te",
            "trailer");
    /** Fields that are known only for authenticated callers. */
    private static final List<String> NOT_AUTHENTICATED = List.of("cognitoIdentityPoolId", "accountId",
            "cognitoIdentityId", "caller", "accessKey", "principalOrgId", "cognitoAuthenticationType",
            "cognitoAuthenticationProvider", "userArn", "user");

    /** The event as JSON in UTF-8, in the payload format of the route. */
    static byte[] event(Request request, Route route, Map<String, String> pathParameters, String requestId,
            Caller caller) {
        Events events = new Events(request, route, pathParameters, requestId);
        Map<String, Object> event = events.event();
        Map<String, Object> context = object(event, "requestContext");
        if (caller.authorizer() != null) context.put("authorizer", caller.authorizer());
        else if (events.isFirst() && !events.isRest()) {
            context.put("authorizer", Json.object("claims", null, "scopes", null));
        }
        if (events.isFirst()) object(context, "identity").putAll(caller.identity());
        else if (caller.authorizer() != null) context.put("accountId", route.api().aws().accountId());
        return Json.write(event).getBytes(UTF_8);
    }

    /** A member of the event that is an object. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Map<String, Object> event, String name) {
        return (Map<String, Object>) event.get(name);
    }

    private boolean isFirst() {
        return route.payload().equals("1.0");
    }

    private boolean isRest() {
        return route.api().isRest();
    }

    private boolean isUrl() {
        return route.api().isUrl();
    }

    /** The event as plain values. */
    Map<String, Object> event() {
        Map<String, Object> event = isFirst() ? firstVersion() : secondVersion();
        byte[] body = request.body();
        boolean isEncoded = body.length > 0 && (BinaryMedia.isBinary(request, route.api())
                || !isRest() && Utf8.decoded(body).isEmpty());
        String content = body.length == 0 ? null : isEncoded ? Base64.getEncoder().encodeToString(body)
                : new String(body, UTF_8); // invalid UTF-8 is lost, as on AWS
        if (isFirst() || content != null) event.put("body", content);
        event.put("isBase64Encoded", isEncoded);
        return event;
    }

    private Map<String, Object> firstVersion() {
        Map<String, List<String>> headers = headers(isRest() ? DROPPED : DROPPED_BY_HTTP);
        Map<String, List<String>> query = UrlDecoding.query(request.query(), isRest() ? "[&;]" : "&");
        Map<String, Object> event = isRest() ? new LinkedHashMap<>() : Json.object("version", "1.0");
        event.putAll(Json.object(
                "resource", route.path(),
                "path", path(),
                "httpMethod", request.method(),
                "headers", orNull(lastValues(headers)),
                "multiValueHeaders", orNull(headers),
                "queryStringParameters", orNull(lastValues(query)),
                "multiValueQueryStringParameters", orNull(query),
                "pathParameters", orNull(isRest() ? pathParameters : decoded()),
                "stageVariables", orNull(route.api().variables()),
                "requestContext", firstContext()));
        return event;
    }

    private Map<String, Object> secondVersion() {
        Map<String, String> headers = new TreeMap<>(); // in lower case
        headers(DROPPED_BY_HTTP).forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT),
                String.join(name.equalsIgnoreCase("Cookie") ? "; " : ",", values)));
        String cookies = isUrl() ? headers.get("cookie") : headers.remove("cookie");
        Map<String, String> query = new LinkedHashMap<>();
        request.queryValues().forEach((name, values) -> query.put(name, String.join(",", values)));
        Map<String, Object> event = Json.object(
                "version", "2.0",
                "routeKey", routeKey(),
                "rawPath", isUrl() ? request.path() : stagePath(),
                "rawQueryString", request.query() == null ? "" : request.query());
        if (cookies != null) event.put("cookies", List.of(cookies.split("; *")));
        event.put("headers", headers);
        putIfAny(event, "queryStringParameters", query);
        event.put("requestContext", secondContext());
        putIfAny(event, "pathParameters", isUrl() ? Map.of() : decoded());
        putIfAny(event, "stageVariables", route.api().variables());
        return event;
    }

    private String routeKey() {
        return route.path().endsWith("$default") ? "$default" : route.toString();
    }

    private static void putIfAny(Map<String, Object> event, String key, Map<String, String> values) {
        if (!values.isEmpty()) event.put(key, values);
    }

    private static <T> Map<String, T> orNull(Map<String, T> map) {
        return map.isEmpty() ? null : map;
    }

    private static Map<String, String> lastValues(Map<String, List<String>> values) {
        Map<String, String> last = new LinkedHashMap<>();
        values.forEach((name, all) -> last.put(name, all.get(all.size() - 1)));
        return last;
    }

    /**
     * For a REST API the path as sent, with one leading slash; an HTTP API decodes it before it splits off the query.
     */
    private String path() {
        return isRest() ? request.path().replaceFirst("^/+", "/") : before('?', UrlDecoding.path(request.path()));
    }

    /** The path with the stage, unless that is the default stage. */
    private String stagePath() {
        return route.api().stage().equals("$default") ? path() : "/" + route.api().stage() + path();
    }

    private static String before(char mark, String text) {
        int end = text.indexOf(mark);
        return end < 0 ? text : text.substring(0, end);
    }

    private Map<String, String> decoded() {
        Map<String, String> decoded = new LinkedHashMap<>();
        pathParameters.forEach((name, value) -> decoded.put(name, UrlDecoding.path(value)));
        return decoded;
    }

    private Map<String, List<String>> headers(Set<String> dropped) {
        Map<String, List<String>> headers = request.headers(name -> !dropped.contains(name.toLowerCase(Locale.ROOT)));
        headers.computeIfAbsent(RequestIds.TRACE, name -> List.of(RequestIds.trace(request, requestId)));
        headers.merge("X-Forwarded-For", List.of(request.connection().sourceIp()), (before, added) ->
                List.of(String.join(", ", before) + ", " + added.get(0)));
        boolean isHttp = !isRest() && !isUrl();
        if (isHttp && request.body().length == 0) headers.putIfAbsent("Content-Length", List.of("0"));
        headers.put("X-Forwarded-Port", List.of(String.valueOf(request.connection().port())));
        headers.put("X-Forwarded-Proto", List.of(request.connection().scheme()));
        return headers;
    }

    /** The fields of both formats, which name the time differently. */
    private Map<String, Object> context(String time) {
        String domain = PORT.matcher(request.header("Host").orElse("localhost")).replaceFirst("");
        return Json.object(
                "accountId", route.api().aws().accountId(),
                "apiId", API_ID,
                "domainName", domain,
                "domainPrefix", before('.', domain),
                "requestId", isRest() || isUrl() ? requestId : RequestIds.shortened(requestId),
                "stage", route.api().stage(),
                time, REQUEST_TIME.format(request.time()),
                time + "Epoch", request.time().toEpochMilli());
    }

    private Map<String, Object> firstContext() {
        Map<String, Object> identity = new LinkedHashMap<>();
        NOT_AUTHENTICATED.forEach(absent -> identity.put(absent, null));
        identity.put("sourceIp", request.connection().sourceIp());
        identity.put("userAgent", request.header("User-Agent").orElse(null));
        Map<String, Object> context = context("requestTime");
        context.putAll(Json.object(
                "resourceId", isRest() ? "123456" : null,
                "resourcePath", route.path(),
                "httpMethod", request.method(),
                "extendedRequestId", RequestIds.shortened(requestId),
                "path", stagePath(),
                "protocol", request.connection().protocol(),
                "identity", identity));
        if (isRest()) context.put("deploymentId", "abc123");
        String operation = route.declaration().operation();
        if (isRest() && operation != null) context.put("operationName", operation);
        return context;
    }

    private Map<String, Object> secondContext() {
        Map<String, Object> context = context("time");
        if (isUrl()) context.put("accountId", "anonymous");
        context.put("routeKey", routeKey());
        context.put("http", Json.object(
                "method", request.method(),
                "path", isUrl() ? request.path() : stagePath(),
                "protocol", request.connection().protocol(),
                "sourceIp", request.connection().sourceIp(),
                "userAgent", request.header("User-Agent").orElse("")));
        return context;
    }
}
