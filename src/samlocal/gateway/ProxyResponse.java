package samlocal.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.http.HeaderSyntax;
import samlocal.http.Response;
import samlocal.sam.Route;

/** Checks a handler's result and converts it to a response, in the payload formats of {@link Events}. */
final class ProxyResponse {
    /** Headers of the connection, which handlers cannot set. */
    private static final Set<String> NOT_SETTABLE = Set.of("connection", "content-length", "transfer-encoding");
    /** Headers that REST APIs and function URLs rename ("Amazon API Gateway important notes"). */
    private static final Set<String> REMAPPED = Set.of("authorization", "connection", "content-length",
            "content-md5", "date", "expect", "host", "max-forwards", "proxy-authenticate", "server", "te",
            "trailer", "upgrade", "user-agent", "www-authenticate");
    private static final Set<String> ANSWER_KEYS =
            Set.of("statusCode", "body", "headers", "multiValueHeaders", "isBase64Encoded", "base64Encoded");
    /** "Lambda proxy integration format for response streaming": a JSON object, eight zero bytes, the content. */
    private static final byte[] END_OF_HEAD = new byte[8];
    private static final int LONGEST_HEAD = 16 << 10;
    private static final Pattern HEAD = Pattern.compile("(?s)\\s*(\\{\\s*(\"(statusCode|headers|multiValueHeaders|"
            + "cookies)\".*|\"?[a-zA-Z]*|}.*))?");

    private ProxyResponse() {
    }

    /** A result that is not a valid proxy response, with a detail per fault. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final transient List<String> details;

        /** @param status of the response, 0 for the API's own response to a failed integration */
        Invalid(int status, List<String> details) {
            super(String.join("; ", details), null, false, false);
            this.status = status;
            this.details = details;
        }

        List<String> details() {
            return details;
        }

        /**
         * A response that lists the details; empty if the client gets the API's own response to a failed integration.
         */
        Optional<Response> response() {
            return status == 0 ? Optional.empty() : Optional.of(
                    Response.json(status, Json.object("error", "Invalid response format", "details", details)));
        }
    }

    /**
     * Converts a result to a response. In format 2.0 a result without a status is the body of a 200 response, and
     * function URLs accept any text.
     *
     * @param accept the request's header, which decides whether base64 is decoded
     */
    static Response of(byte[] payload, Route route, String accept) throws Invalid {
        String json = new String(payload, UTF_8);
        boolean isFirst = route.payload().equals("1.0");
        try {
            Object answer = Json.read(json);
            boolean isResponse = isFirst || answer instanceof Map<?, ?> map && map.containsKey("statusCode");
            if (isResponse) return new Answer(object(answer), route, accept).response();
            String text = answer instanceof String || answer == null ? Objects.toString(answer, "") : json;
            return Response.of(200, "application/json", text);
        } catch (IOException e) {
            if (!isFirst && route.api().isUrl()) return Response.of(200, "application/json", json);
            throw noJson(json);
        }
    }

    private static Map<?, ?> object(Object answer) throws Invalid {
        if (answer instanceof Map<?, ?> map) return map;
        throw new Invalid(500, List.of("the result is " + shown(answer) + "; it must be an object with `statusCode`"));
    }

    /** Whether more bytes are needed to decide whether a streamed response starts with a head. */
    static boolean mayBeHead(byte[] start, boolean mustHave) {
        if (headLength(start) >= 0 || start.length > LONGEST_HEAD) return false;
        return mustHave || HEAD.matcher(new String(start, UTF_8)).matches();
    }

    private static int headLength(byte[] start) {
        return new String(start, ISO_8859_1).indexOf(new String(END_OF_HEAD, ISO_8859_1));
    }

    /** Status and headers of a streamed response; without a head, that of a function URL is binary. */
    static Response streamedHead(byte[] start, Route route) throws Invalid {
        int length = headLength(start);
        if (length >= 0) {
            String json = new String(start, 0, length, UTF_8);
            try {
                Map<Object, Object> fields = new HashMap<>(object(Json.read(json)));
                fields.putIfAbsent("statusCode", 200);
                return new Answer(fields, route, "").response();
            } catch (IOException e) {
                throw noJson(json);
            }
        }
        if (route.api().isUrl()) return Response.of(200, "application/octet-stream", "");
        throw new Invalid(500, List.of("the streamed response has no metadata: it must start with a JSON object with "
                + "`statusCode` and eight zero bytes within 16 KB"));
    }

    /** The content of a streamed response that was read together with its head. */
    static byte[] streamedContent(byte[] start) {
        int length = headLength(start);
        return length < 0 ? start : Arrays.copyOfRange(start, length + END_OF_HEAD.length, start.length);
    }

    private static Invalid noJson(String text) {
        return new Invalid(500, List.of("the result is not JSON: " + (text.isBlank() ? "it is empty" : cut(text))));
    }

    private static String cut(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    /** A value and its type, truncated, for a detail. */
    private static String shown(Object value) {
        if (value == null) return "null";
        String kind = value instanceof Map ? "an object" : value instanceof List ? "an array"
                : value instanceof String ? "a string" : value instanceof Number ? "a number" : "a boolean";
        return kind + " (" + cut(Json.write(value)) + ")";
    }

    /** The fields of a result; all are checked, so that the client sees every fault at once. */
    private static final class Answer {
        private static final Pattern STATUS = Pattern.compile("[2-5]\\d\\d(\\.0)?");
        private final Map<?, ?> fields;
        private final List<String> faults = new ArrayList<>();
        private boolean hasMalformedHeader;

        private final Route route;
        private final String accept;

        Answer(Map<?, ?> fields, Route route, String accept) {
            this.fields = fields;
            this.route = route;
            this.accept = accept;
        }

        Response response() throws Invalid {
            int status = status();
            Map<String, List<String>> headers = headers();
            byte[] body = body(isBase64());
            checkKeys();
            if (!faults.isEmpty()) throw new Invalid(!hasStatus() ? 0 : hasMalformedHeader ? 502 : 500, faults);
            return new Response(status, headers, body);
        }

        private void checkKeys() {
            if (!route.api().isRest()) return;
            fields.forEach((key, value) -> {
                boolean isKnown = value == null || ANSWER_KEYS.contains(key);
                if (!isKnown) fault(key.toString(), value, Nearest.to(key.toString(), ANSWER_KEYS)
                        .map(near -> "`" + near + "` or omitted")
                        .orElse("omitted because API Gateway has no such field"));
            });
        }

        private void fault(String field, Object value, String wanted) {
            faults.add("`" + field + "` is " + shown(value) + "; it must be " + wanted);
        }

        private boolean hasStatus() {
            return fields.get("statusCode") != null;
        }

        /** "Set up Lambda proxy integrations in API Gateway": a response without it is malformed. */
        private int status() {
            Object status = fields.get("statusCode");
            if (status == null) {
                faults.add("`statusCode` is missing; it must be an integer from 200 to 599");
                return 500;
            }
            String text = status instanceof Number || status instanceof String ? status.toString() : "";
            if (STATUS.matcher(text).matches()) return Integer.parseInt(text.substring(0, 3));
            fault("statusCode", status, "an integer from 200 to 599");
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
            if (fields.get("body") instanceof String text) {
                byte[] decoded = isBase64 ? decoded(text) : null;
                return isBase64 && BinaryMedia.decodes(route.api(), accept) ? decoded : text.getBytes(UTF_8);
            }
            if (fields.get("body") != null) fault("body", fields.get("body"), "a string or absent");
            return new byte[0];
        }

        private byte[] decoded(String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                fault("body", text, "base64 because `isBase64Encoded` is true");
                return new byte[0];
            }
        }

        /** The multi-value headers, then single-value headers that are not among them. */
        private Map<String, List<String>> headers() {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            boolean isFirst = route.payload().equals("1.0");
            if (isFirst) map("multiValueHeaders").forEach((name, values) -> each("multiValueHeaders." + name, values,
                    value -> header("multiValueHeaders", name, value, headers)));
            map("headers").forEach((name, value) -> header("headers", name, value, headers));
            Object cookies = isFirst ? null : fields.get("cookies");
            if (cookies != null) each("cookies", cookies, value -> header("cookies", "Set-Cookie", value, headers));
            if (route.api().isRest() || route.api().isUrl()) {
                List.copyOf(headers.keySet()).stream().filter(name -> REMAPPED.contains(name.toLowerCase(Locale.ROOT)))
                        .forEach(name -> headers.put("x-amzn-Remapped-" + name, headers.remove(name)));
            }
            headers.keySet().removeIf(name -> NOT_SETTABLE.contains(name.toLowerCase(Locale.ROOT)));
            headers.putIfAbsent("Content-Type", List.of(defaultType()));
            return headers;
        }

        /** "Working with AWS Lambda proxy integrations for HTTP APIs"; JSON for REST APIs and function URLs. */
        private String defaultType() {
            return route.api().isRest() || route.api().isUrl() ? "application/json" : "text/plain; charset=utf-8";
        }

        private void each(String field, Object values, Consumer<Object> action) {
            if (values instanceof List<?> list) list.forEach(action);
            else fault(field, values, "an array of strings");
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
            } else if (!HeaderSyntax.isName(name.toString())) {
                hasMalformedHeader = true;
                faults.add("`" + field + "` has " + shown(name.toString()) + ", which is not a valid header name");
            } else if (HeaderSyntax.hasControl(value.toString())) {
                hasMalformedHeader = true;
                fault(field + "." + name, value, "without control characters");
            } else {
                List<String> values = headers.computeIfAbsent(name.toString(), key -> new ArrayList<>());
                String sent = HeaderSyntax.inLatin1(value.toString());
                if (!values.contains(sent)) values.add(sent);
            }
        }
    }
}
