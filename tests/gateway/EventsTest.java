import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Conversion of requests to proxy events, after the input format in API Gateway's Developer Guide and captured events.
 */
class EventsTest {
    private static final String ID = "00000000-0000-4000-8000-000000000001";
    private static final ServerLocal.Route ROUTE = route("ANY", "/a/{id}");

    static ServerLocal.Route route(String method, String path) {
        ServerLocal.Api api = new ServerLocal.Api("Api", "rest",
                new ServerLocal.Api.Stage(ServerLocal.AwsEnvironment.DEFAULT, "Prod", Map.of()), List.of(), null,
                ServerLocal.Guard.OPEN, Map.of());
        return new ServerLocal.Route(api, method, path, new ServerLocal.Backend.Lambda("Fn", "h", "", "", 0, false), "1.0",
                ServerLocal.Guard.OPEN, new ServerLocal.Route.Declaration(null, null, null));
    }

    @Test void the_event_has_every_key() throws IOException {
        Map<?, ?> event = event("POST", "/a/7%20x", "q=1", "hello".getBytes(), "Host", "localhost:3000", "User-Agent",
                "curl/8");
        assertEquals(List.of("resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters",
                "multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext", "body",
                "isBase64Encoded"), List.copyOf(event.keySet()));
        assertEquals("/a/{id}", event.get("resource"));
        assertEquals("/a/7%20x", event.get("path"));
        assertEquals("POST", event.get("httpMethod"));
        assertEquals(Map.of("id", "7%20x"), event.get("pathParameters"));
        assertNull(event.get("stageVariables"));
        assertEquals("hello", event.get("body"));
        assertEquals(false, event.get("isBase64Encoded"));
    }

    @Test void the_request_context_has_every_key() throws IOException {
        Map<?, ?> context = (Map<?, ?>) event("GET", "/a/7", null, new byte[0], "Host", "api.localhost:3000",
                "User-Agent", "curl/8")
                .get("requestContext");
        assertEquals("/a/{id}", context.get("resourcePath"));
        assertEquals("GET", context.get("httpMethod"));
        assertEquals("/Prod/a/7", context.get("path"));
        assertEquals("Prod", context.get("stage"));
        assertEquals("123456789012", context.get("accountId"));
        assertEquals("1234567890", context.get("apiId"));
        assertEquals("HTTP/1.1", context.get("protocol"));
        assertEquals("api.localhost", context.get("domainName"));
        assertEquals("api", context.get("domainPrefix"));
        assertEquals(ID, context.get("requestId"));
        assertEquals("23/Nov/2026:18:36:18 +0000", context.get("requestTime"));
        assertEquals(1795458978123L, context.get("requestTimeEpoch"));
        Map<?, ?> identity = (Map<?, ?>) context.get("identity");
        assertEquals("127.0.0.1", identity.get("sourceIp"));
        assertEquals("curl/8", identity.get("userAgent"));
        assertEquals(12, identity.size());
        assertTrue(identity.containsKey("cognitoIdentityId") && identity.get("cognitoIdentityId") == null);
    }

    @Test void header_names_are_in_title_case_single_and_multiple() throws IOException {
        Map<?, ?> event = event("GET", "/a/7", null, new byte[0], "x-foo-BAR", "1", "X-Foo-Bar", "2", "Accept", "*/*",
                "authorization", "a", "x-amzn-trace-id", "Root=1-2-3", "USER-AGENT", "u", "x-forwarded-for", "10.0.0.1");
        Map<?, ?> single = (Map<?, ?>) event.get("headers");
        Map<?, ?> multiple = (Map<?, ?>) event.get("multiValueHeaders");
        assertEquals(Set.of("Accept", "Authorization", "User-Agent", "X-Amzn-Trace-Id", "X-Forwarded-For",
                "X-Forwarded-Port", "X-Forwarded-Proto", "X-Foo-Bar"), single.keySet());
        assertEquals("2", single.get("X-Foo-Bar"));
        assertEquals(List.of("1", "2"), multiple.get("X-Foo-Bar"));
        assertEquals(List.of("*/*"), multiple.get("Accept"));
        assertEquals(single.keySet(), multiple.keySet());
    }

    @Test void the_gateway_adds_and_takes_headers() throws IOException {
        Map<?, ?> headers = (Map<?, ?>) event("GET", "/a/7", null, new byte[0], "Connection", "keep-alive",
                "Content-Length", "0",
                "X-Forwarded-For", "10.0.0.1").get("headers");
        assertEquals("http", headers.get("X-Forwarded-Proto"));
        assertEquals("3000", headers.get("X-Forwarded-Port"));
        assertEquals("10.0.0.1, 127.0.0.1", headers.get("X-Forwarded-For"));
        assertTrue(headers.get("X-Amzn-Trace-Id").toString().matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}"));
        assertTrue(!headers.containsKey("Connection") && !headers.containsKey("Content-Length"));
    }

    @Test void query_values() throws IOException {
        assertQuery("a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":[\"1\"],\"b\":[\"2\"]}");
        assertQuery("a=1&a=2", "{\"a\":\"2\"}", "{\"a\":[\"1\",\"2\"]}");
        assertQuery("flag&empty=", "{\"flag\":\"\",\"empty\":\"\"}", "{\"flag\":[\"\"],\"empty\":[\"\"]}");
        assertQuery("a=x+y%2Bz%20%C3%A4", "{\"a\":\"x y+z \u00e4\"}", "{\"a\":[\"x y+z \u00e4\"]}");
        assertQuery("a=1;b=2", "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":[\"1\"],\"b\":[\"2\"]}");
        assertQuery("a=b=c", "{\"a\":\"b=c\"}", "{\"a\":[\"b=c\"]}");
        assertQuery(null, "null", "null");
        assertQuery("", "null", "null");
    }

    @Test void maps_that_are_absent_are_null() throws IOException {
        Map<?, ?> event = (Map<?, ?>) ServerLocal.Json.read(new String(ServerLocal.Events.event(
                request("GET", "/a", null, new byte[0]), ROUTE, Map.of(), ID, ServerLocal.Caller.NOBODY), StandardCharsets.UTF_8));
        assertNull(event.get("pathParameters"));
        assertNull(event.get("queryStringParameters"));
        assertNull(event.get("body"));
    }

    /** API Gateway Developer Guide, "Content type conversions in API Gateway": a REST API without BinaryMediaTypes. */
    @Test void a_body_is_text() throws IOException {
        assertBody("{\"a\": \"\u00e4\"}".getBytes(StandardCharsets.UTF_8), "{\"a\": \"\u00e4\"}", false);
        assertBody(new byte[] {(byte) 0xff, 0, 1}, "\ufffd\u0000\u0001", false);
        assertBody(new byte[0], null, false);
    }

    private static void assertBody(byte[] body, Object text, boolean isBase64) throws IOException {
        Map<?, ?> event = event("POST", "/a/7", null, body);
        assertEquals(text, event.get("body"));
        assertEquals(isBase64, event.get("isBase64Encoded"));
    }

    private static void assertQuery(String query, String single, String multiple) throws IOException {
        Map<?, ?> event = event("GET", "/a/7", query, new byte[0]);
        assertEquals(single, ServerLocal.Json.write(event.get("queryStringParameters")), query);
        assertEquals(multiple, ServerLocal.Json.write(event.get("multiValueQueryStringParameters")), query);
    }

    private static Map<?,
            ?> event(String method, String path, String query, byte[] body, String... headers) throws IOException {
        byte[] event = ServerLocal.Events.event(request(method, path, query, body, headers), ROUTE,
                Map.of("id", path.substring(path.lastIndexOf('/') + 1)), ID, ServerLocal.Caller.NOBODY);
        return (Map<?, ?>) ServerLocal.Json.read(new String(event, StandardCharsets.UTF_8));
    }

    private static ServerLocal.Request request(String method, String path, String query, byte[] body,
            String... headers) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            pairs.add(Map.entry(ServerLocal.HeaderSyntax.titleCase(headers[i]), headers[i + 1]));
        }
        return new ServerLocal.Request(method, path, query, pairs, body, Instant.parse("2026-11-23T18:36:18.123Z"),
                new ServerLocal.Request.Connection("http", "HTTP/1.1", "127.0.0.1", 3000));
    }
}
