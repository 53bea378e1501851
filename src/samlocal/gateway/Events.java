package samlocal.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.Trace;
import samlocal.sam.Api;
import samlocal.sam.Route;

/**
 * Pure: a request to the event of its API, a handler's answer to the response. REST APIs have payload format
 * version 1.0 (API Gateway Developer Guide, "Lambda proxy integrations in API Gateway"), HTTP APIs that or 2.0
 * ("Create AWS Lambda proxy integrations for HTTP APIs"), function URLs 2.0.
 */
public final class Events {
    static final String API_ID = "1234567890";
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Map<String, Object> NO_CLAIMS = noClaims();
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
    /** The connection is the server's, not the handler's. */
    private static final Set<String> NOT_SETTABLE = Set.of("connection", "content-length", "transfer-encoding");
    private static final String TRACE = "X-Amzn-Trace-Id";
    /** What REST APIs and function URLs give another name ("Amazon API Gateway important notes"). */
    private static final Set<String> REMAPPED = Set.of("authorization", "connection", "content-length",
            "content-md5", "date", "expect", "host", "max-forwards", "proxy-authenticate", "server", "te",
            "trailer", "upgrade", "user-agent", "www-authenticate");
    private static final Set<String> ANSWER_KEYS =
            Set.of("statusCode", "body", "headers", "multiValueHeaders", "isBase64Encoded", "base64Encoded");
    /** What an HTTP API passes on as text; a form, or a body without a type, is base64. */
    private static final Pattern TEXT_TYPES =
            Pattern.compile("(?i)(text/.*|application/(json|xml|javascript))\\s*(;.*)?");

    private static final String PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><style>
            :root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }
            pre { overflow: auto; padding: .5rem; border-left: .25rem solid #c33 }
            </style><h1>%s</h1>
            """;

    private Events() {
    }

    private static Map<String, Object> noClaims() {
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("claims", null);
        none.put("scopes", null);
        return Collections.unmodifiableMap(none);
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

    /** All values of all query parameters, decoded. */
    static Map<String, List<String>> queryValues(Request request) {
        return query(request.query(), "&");
    }

    /** The last value of a query parameter. */
    public static Optional<String> queryValue(Request request, String name) {
        return Optional.ofNullable(query(request.query(), "&").get(name)).map(values ->
                values.get(values.size() - 1));
    }

    private static Map<String, Object> firstVersion(Request request, Route route,
            Map<String, String> pathParameters, String requestId) {
        boolean isRest = route.api().isRest();
        Map<String, List<String>> headers = headers(request, requestId, isRest ? DROPPED : DROPPED_BY_HTTP);
        Map<String, List<String>> query = query(request.query(), isRest ? "[&;]" : "&");
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
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", routeKey(route));
        boolean isUrl = route.api().isUrl();
        event.put("rawPath", isUrl ? request.path() : stagePath(request, route.api()));
        event.put("rawQueryString", request.query() == null ? "" : request.query());
        if (cookies != null) event.put("cookies", List.of(cookies.split("; *")));
        event.put("headers", headers);
        putIfAny(event, "queryStringParameters", joined(query(request.query(), "&")));
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

    private static String decodePath(String path) {
        return decode(path.replace("+", "%2B"));
    }

    /** An HTTP API decodes the path before it looks for a query. */
    private static String httpPath(String path) {
        return before('?', decodePath(path));
    }

    private static Map<String, String> decoded(Map<String, String> parameters) {
        Map<String, String> decoded = new LinkedHashMap<>();
        parameters.forEach((name, value) -> decoded.put(name, decodePath(value)));
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
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", request.method());
        http.put("path", isUrl ? request.path() : stagePath(request, route.api()));
        http.put("protocol", request.protocol());
        http.put("sourceIp", request.sourceIp());
        http.put("userAgent", request.header("User-Agent").orElse(""));
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("accountId", isUrl ? "anonymous" : route.api().aws().accountId());
        context.put("apiId", API_ID);
        context.put("domainName", domain);
        context.put("domainPrefix", before('.', domain));
        context.put("http", http);
        context.put("requestId", isUrl ? requestId : shortId(requestId));
        context.put("routeKey", routeKey(route));
        context.put("stage", route.api().stage());
        context.put("time", REQUEST_TIME.format(request.time()));
        context.put("timeEpoch", request.time().toEpochMilli());
        return context;
    }

    /** A request's id: a UUID of version 4 that is random, and no secret. */
    static String randomId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long first = random.nextLong() & ~0xF000L | 0x4000L;
        return new UUID(first, random.nextLong() & ~0L >>> 2 | 1L << 63).toString();
    }

    /** API Gateway's second kind of id, eleven bytes in base64, made of the first. */
    static String shortId(String requestId) {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(requestId.replace("-", "").getBytes(UTF_8), 11));
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
        headers.computeIfAbsent(TRACE, name -> List.of(Trace.header(requestId, request.time())));
        headers.merge("X-Forwarded-For", List.of(request.sourceIp()), Events::joined);
        headers.put("X-Forwarded-Port", List.of(String.valueOf(request.port())));
        headers.put("X-Forwarded-Proto", List.of(request.scheme()));
        return headers;
    }

    private static List<String> joined(List<String> before, List<String> added) {
        return List.of(String.join(", ", before) + ", " + added.get(0));
    }

    /** The header of the trace that a request belongs to: its own, or one that the gateway adds. */
    public static String trace(Request request, String requestId) {
        return request.header(TRACE).orElseGet(() -> Trace.header(requestId, request.time()));
    }

    /** A REST API parts a query at {@code ;} too, and gives a name without a value the empty text. */
    private static Map<String, List<String>> query(String query, String separator) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null) return values;
        for (String pair : query.split(separator)) {
            if (pair.isEmpty()) continue;
            String[] parts = pair.split("=", 2);
            String value = parts.length == 1 ? "" : decode(parts[1]);
            values.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>()).add(value);
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static Map<String, Object> requestContext(Request request, Route route, String requestId) {
        String domain = domain(request);
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("resourceId", route.api().isRest() ? "123456" : null);
        context.put("resourcePath", route.path());
        context.put("httpMethod", request.method());
        context.put("extendedRequestId", shortId(requestId));
        context.put("requestTime", REQUEST_TIME.format(request.time()));
        String path = route.api().isRest() ? restPath(request) : httpPath(request.path());
        context.put("path", route.api().stage().equals("$default") ? path : "/" + route.api().stage() + path);
        context.put("accountId", route.api().aws().accountId());
        context.put("protocol", request.protocol());
        context.put("stage", route.api().stage());
        context.put("domainPrefix", before('.', domain));
        context.put("requestTimeEpoch", request.time().toEpochMilli());
        context.put("requestId", route.api().isRest() ? requestId : shortId(requestId));
        context.put("identity", identity(request));
        context.put("domainName", domain);
        if (route.api().isRest()) context.put("deploymentId", "abc123");
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
        Optional<String> text = body.length == 0 || isBinary(request, api) ? Optional.empty() : text(body);
        boolean isEncoded = body.length > 0 && text.isEmpty();
        event.put("body", isEncoded ? Base64.getEncoder().encodeToString(body) : text.orElse(null));
        event.put("isBase64Encoded", isEncoded);
    }

    /** Says so where a text has become base64 for its type, as forms do that only look like JSON; else empty. */
    static String encoding(Request request, Api api) {
        boolean isText = request.body().length > 0 && text(request.body()).isPresent();
        String type = request.header("Content-Type").map(given -> "`" + given + "`").orElse("no Content-Type");
        return isText && isBinary(request, api) ? "the body is base64 in the event, for " + type : "";
    }

    /** By what the template says for a REST API, by the type alone for others. */
    private static boolean isBinary(Request request, Api api) {
        String type = request.header("Content-Type").orElse("");
        if (!api.isRest()) return !TEXT_TYPES.matcher(type).matches();
        return isBinaryType(type, api);
    }

    private static boolean isBinaryType(String type, Api api) {
        if (api.binaryMediaTypes().isEmpty()) return false;
        String bare = type.replaceFirst("\\s*;.*", "");
        return api.binaryMediaTypes().stream().anyMatch(media -> media.equals("*/*")
                || bare.matches("(?i)" + Pattern.quote(media).replace("*", "\\E.*\\Q")));
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** An answer that is no proxy response: one detail a fault. */
    static final class InvalidResponse extends Exception {
        private static final long serialVersionUID = 1;
        private final transient List<String> details;

        InvalidResponse(List<String> details) {
            super(String.join("; ", details), null, false, false);
            this.details = details;
        }

        List<String> details() {
            return details;
        }

        Response response() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("error", "Invalid response format");
            body.put("details", details);
            return Response.json(500, body);
        }
    }

    /** Checks a handler's answer and makes it a response; {@code accept} is what the client would like to get. */
    static Response response(byte[] payload, Route route, String accept) throws InvalidResponse {
        String json = new String(payload, UTF_8);
        return route.payload().equals("1.0") ? new Answer(object(json), route, accept).response()
                : inferred(json, route);
    }

    /** A response with the headers by which each kind of API names the request. */
    static Response identified(Response response, Api api, Request request, String requestId) {
        if (api.type().equals("http")) return response.with("apigw-requestid", shortId(requestId));
        Response named = response.with("x-amzn-RequestId", requestId);
        return !api.isRest() ? named : named.with("x-amz-apigw-id", shortId(requestId))
                .with(TRACE, trace(request, requestId));
    }

    /**
     * Whether base64 is decoded for a client: by a REST API if the first type that it accepts is binary ("Return
     * binary media from a Lambda proxy integration"), by others always.
     */
    static boolean decodes(Api api, String accept) {
        return !api.isRest() || isBinaryType(before(',', accept).strip(), api);
    }

    /** "Lambda proxy integration format for response streaming": a JSON object, eight zeros, the content. */
    private static final byte[] END_OF_HEAD = new byte[8];
    private static final int LONGEST_HEAD = 16 << 10;
    private static final Pattern HEAD = Pattern.compile("(?s)\\s*(\\{\\s*(\"(statusCode|headers|multiValueHeaders|"
            + "cookies)\".*|\"?[a-zA-Z]*|}.*))?");

    /** Whether more is needed to tell whether a streamed answer begins with a head. */
    static boolean mayBeHead(byte[] start, boolean mustHave) {
        if (headLength(start) >= 0 || start.length > LONGEST_HEAD) return false;
        return mustHave || HEAD.matcher(new String(start, UTF_8)).matches();
    }

    private static int headLength(byte[] start) {
        return new String(start, ISO_8859_1).indexOf(new String(END_OF_HEAD, ISO_8859_1));
    }

    /** Status and headers of a streamed answer; a function URL's that has none is good, and of any type. */
    static Response streamedHead(byte[] start, Route route) throws InvalidResponse {
        int length = headLength(start);
        if (length >= 0) {
            Map<Object, Object> fields = new HashMap<>(object(new String(start, 0, length, UTF_8)));
            fields.putIfAbsent("statusCode", 200);
            return new Answer(fields, route, "").response();
        }
        if (route.api().isUrl()) return Response.of(200, "application/octet-stream", "");
        throw new InvalidResponse(List.of("the streamed answer has no head, it must begin with a JSON object with "
                + "`statusCode` and eight zero bytes within 16 KB"));
    }

    /** What was read of a streamed answer's content. */
    static byte[] streamedContent(byte[] start) {
        int length = headLength(start);
        return length < 0 ? start : Arrays.copyOfRange(start, length + END_OF_HEAD.length, start.length);
    }

    /** In format 2.0 an answer without a status is the body of a good one; a function's own URL takes any text. */
    private static Response inferred(String json, Route route) throws InvalidResponse {
        Object answer;
        try {
            answer = Json.read(json);
        } catch (IOException | NumberFormatException e) {
            if (route.api().isUrl()) return Response.of(200, "application/json", json);
            throw noJson(json);
        }
        if (answer instanceof Map<?, ?> map && map.containsKey("statusCode")) {
            return new Answer(map, route, "").response();
        }
        boolean isText = answer instanceof String;
        return Response.of(200, "application/json", answer == null ? "" : isText ? answer.toString() : json);
    }

    private static Map<?, ?> object(String json) throws InvalidResponse {
        try {
            Object answer = Json.read(json);
            if (answer instanceof Map<?, ?> map) return map;
            throw new InvalidResponse(List.of("the answer is " + shown(answer)
                    + ", it must be an object with `statusCode`"));
        } catch (IOException | NumberFormatException e) {
            throw noJson(json);
        }
    }

    private static InvalidResponse noJson(String text) {
        String start = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return new InvalidResponse(List.of("the answer is no JSON: " + (text.isBlank() ? "it is empty" : start)));
    }

    /** A value and its kind, cut short, for a detail. */
    private static String shown(Object value) {
        if (value == null) return "null";
        String kind = value instanceof Map ? "an object" : value instanceof List ? "an array"
                : value instanceof String ? "a string" : value instanceof Number ? "a number" : "a boolean";
        String json = Json.write(value);
        return kind + " (" + (json.length() > 80 ? json.substring(0, 80) + "..." : json) + ")";
    }

    /** One answer under examination: every field is read, and each fault noted, before it is refused. */
    private static final class Answer {
        private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Pattern STATUS = Pattern.compile("[2-5]\\d\\d(\\.0)?");
        private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t]]");
        private final Map<?, ?> fields;
        private final List<String> faults = new ArrayList<>();

        private final Route route;
        private final String accept;

        Answer(Map<?, ?> fields, Route route, String accept) {
            this.fields = fields;
            this.route = route;
            this.accept = accept;
        }

        Response response() throws InvalidResponse {
            int status = status();
            Map<String, List<String>> headers = headers();
            byte[] body = body(isBase64());
            checkKeys();
            if (!faults.isEmpty()) throw new InvalidResponse(faults);
            return new Response(status, headers, body);
        }

        private void checkKeys() {
            if (!route.api().isRest()) return;
            fields.forEach((key, value) -> {
                boolean isKnown = value == null || ANSWER_KEYS.contains(key);
                if (!isKnown) fault(key.toString(), value, Nearest.to(key.toString(), ANSWER_KEYS)
                        .map(near -> "`" + near + "` or left out").orElse("left out, no such field is known"));
            });
        }

        private void fault(String field, Object value, String wanted) {
            faults.add("`" + field + "` is " + shown(value) + ", it must be " + wanted);
        }

        private int status() {
            Object status = fields.get("statusCode");
            if (status == null && route.api().isRest()) return 200;
            String text = status instanceof Number || status instanceof String ? status.toString() : "";
            if (STATUS.matcher(text).matches()) return Integer.parseInt(text.substring(0, 3));
            fault("statusCode", status, "a whole number from 200 to 599");
            return 500;
        }

        private boolean isBase64() {
            boolean hasOldName = route.api().isRest() && fields.get("base64Encoded") != null;
            Object flag = fields.get(hasOldName ? "base64Encoded" : "isBase64Encoded");
            if (flag == null || flag instanceof Boolean) return Boolean.TRUE.equals(flag);
            if (flag instanceof String text && text.matches("(?i)true|false")) return Boolean.parseBoolean(text);
            fault("isBase64Encoded", flag, "true or false");
            return false;
        }

        private byte[] body(boolean isBase64) {
            Object body = fields.get("body");
            if (body == null) return new byte[0];
            if (!(body instanceof String text)) {
                fault("body", body, "a string or absent");
                return new byte[0];
            }
            byte[] decoded = isBase64 ? decoded(text) : null;
            return isBase64 && decodes(route.api(), accept) ? decoded : text.getBytes(UTF_8);
        }

        private byte[] decoded(String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                fault("body", text, "base64, as `isBase64Encoded` says");
                return new byte[0];
            }
        }

        /** First the repeated ones, then the single ones that are not among them already. */
        private Map<String, List<String>> headers() {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            boolean isFirst = route.payload().equals("1.0");
            if (isFirst) map("multiValueHeaders").forEach((name, value) -> repeated(name, value, headers));
            map("headers").forEach((name, value) -> header("headers", name, value, headers));
            if (!isFirst) cookies(headers);
            if (route.api().isRest() || route.api().isUrl()) remap(headers);
            headers.keySet().removeIf(name -> NOT_SETTABLE.contains(name.toLowerCase(Locale.ROOT)));
            headers.computeIfAbsent("Content-Type", name -> List.of("application/json"));
            return headers;
        }

        private static void remap(Map<String, List<String>> headers) {
            List.copyOf(headers.keySet()).stream().filter(name -> REMAPPED.contains(name.toLowerCase(Locale.ROOT)))
                    .forEach(name -> headers.put("x-amzn-Remapped-" + name, headers.remove(name)));
        }

        private void cookies(Map<String, List<String>> headers) {
            Object cookies = fields.get("cookies");
            if (cookies instanceof List<?> list) {
                list.forEach(cookie -> header("cookies", "Set-Cookie", cookie, headers));
            }
            else if (cookies != null) fault("cookies", cookies, "an array of strings");
        }

        private void repeated(Object name, Object value, Map<String, List<String>> headers) {
            if (value instanceof List<?> values) {
                values.forEach(item -> header("multiValueHeaders", name, item, headers));
            } else {
                fault("multiValueHeaders." + name, value, "an array of strings");
            }
        }

        private Map<?, ?> map(String field) {
            Object value = fields.get(field);
            if (value instanceof Map<?, ?> map) return map;
            if (value != null) fault(field, value, "an object");
            return Map.of();
        }

        private void header(String field, Object name, Object value, Map<String, List<String>> headers) {
            if (value == null) return;
            if (value instanceof Map || value instanceof List) {
                fault(field + "." + name, value, "a string");
            } else if (!HEADER_NAME.matcher(name.toString()).matches()) {
                faults.add("`" + field + "` has " + shown(name.toString()) + ", which is no name that HTTP allows");
            } else if (CONTROL.matcher(value.toString()).find()) {
                fault(field + "." + name, value, "without control characters");
            } else {
                add(name.toString(), Response.inLatin1(value.toString()), headers);
            }
        }

        private static void add(String name, String value, Map<String, List<String>> headers) {
            List<String> values = headers.computeIfAbsent(name, key -> new ArrayList<>());
            if (!values.contains(value)) values.add(value);
        }
    }

    /** Compile errors for a program that calls. */
    public static Response errors(String summary, List<Problem> errors) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", summary);
        body.put("errors", errors.stream().map(Events::error).toList());
        return Response.json(500, body);
    }

    private static Map<String, Object> error(Problem problem) {
        Place place = problem.place();
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("file", place == null ? null : place.file());
        error.put("line", place == null ? null : place.line());
        error.put("column", place == null ? null : place.column());
        String notes = String.join(", ", problem.notes());
        error.put("message", problem.message() + (notes.isEmpty() ? "" : "; " + notes)
                + (problem.hint() == null ? "" : "; " + problem.hint()));
        error.put("source", place == null ? null : place.source().strip());
        return error;
    }

    /** Compile errors for a person who looks with a browser. */
    static Response errorPage(String summary, List<Problem> errors) {
        StringBuilder page = new StringBuilder(PAGE.formatted(escaped(summary), escaped(summary)));
        for (Problem error : errors) {
            page.append("<h2>").append(escaped(error.message())).append("</h2>");
            if (error.place() == null) continue;
            page.append("<p>").append(escaped(error.place().toString())).append("<pre>")
                    .append(escaped(error.place().source())).append('\n').append(error.place().caret())
                    .append("</pre>");
        }
        return Response.of(500, "text/html; charset=utf-8", page.append("</html>\n").toString());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
