import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The complete event of one request to each kind of API. The files in tests/gateway/events were written by hand after
 * the input formats in API Gateway's and Lambda's Developer Guides and captured events.
 */
class EventShapesTest {
    private static final String ID = "c6af9ac6-7bb6-11e6-9f0e-03b2a1d5cd1d";

    @Test void a_rest_api() throws IOException {
        assertEvent("rest", "rest", "1.0", "dev", "/pets/{id}");
    }

    @Test void an_http_api_with_payload_1_0() throws IOException {
        assertEvent("http-1.0", "http", "1.0", "dev", "/pets/{id}");
    }

    @Test void an_http_api_with_payload_2_0() throws IOException {
        assertEvent("http-2.0", "http", "2.0", "dev", "/pets/{id}");
    }

    @Test void a_function_url() throws IOException {
        assertEvent("function-url", "url", "2.0", "$default", "$default");
    }

    @Test void paths_omit_the_default_stage_and_end_at_an_encoded_question_mark() throws IOException {
        Map<?, ?> event = event(request("/a%20b%3Fc"), route("http", "2.0", "$default", "$default"));
        assertEquals("/a b", event.get("rawPath"));
        assertEquals("$default", event.get("routeKey"));
        assertFalse(event.containsKey("pathParameters"));
    }

    @Test void missing_parts_are_absent_in_2_0_and_null_in_1_0() throws IOException {
        ServerLocal.Request bare = new ServerLocal.Request("GET", "/pets/1", null, List.of(), new byte[0],
                Instant.EPOCH, new ServerLocal.Request.Connection("http", "HTTP/1.1", "127.0.0.1", 3000));
        Map<?, ?> second = event(bare, route("http", "2.0", "$default", "/pets/{id}"));
        for (String key : List.of("cookies", "queryStringParameters", "body", "stageVariables")) {
            assertEquals(key.equals("stageVariables"), second.containsKey(key), key);
        }
        Map<?, ?> first = event(bare, route("rest", "1.0", "dev", "/pets"));
        for (String key : List.of("queryStringParameters", "multiValueQueryStringParameters", "body")) {
            assertEquals("null", String.valueOf(first.get(key)), key);
            assertEquals(true, first.containsKey(key), key);
        }
    }

    private static void assertEvent(String file, String type, String payload, String stage, String path)
            throws IOException {
        String golden = Files.readString(Checkout.folder().resolve("tests/gateway/events/" + file + ".json"));
        Map<?, ?> event = event(request("/pets/a%20b%2Fc/"), route(type, payload, stage, path));
        assertEquals(sorted(ServerLocal.Json.read(golden)), sorted(event));
    }

    /** Printed with one key per line, so that differences are easy to see. */
    private static String sorted(Object value) {
        if (!(value instanceof Map<?, ?> map)) return ServerLocal.Json.write(value);
        StringBuilder text = new StringBuilder("{\n");
        map.keySet().stream().map(Object::toString).sorted()
                .forEach(key -> text.append(key).append(": ").append(sorted(map.get(key))).append('\n'));
        return text.append('}').toString();
    }

    private static Map<?, ?> event(ServerLocal.Request request, ServerLocal.Route route) throws IOException {
        ServerLocal.Router.Match match = new ServerLocal.Router(List.of(route)).match(request.method(), request.path())
                .orElse(new ServerLocal.Router.Match(route, Map.of()));
        String event = new String(ServerLocal.Events.event(request, route, match.parameters(), ID,
                ServerLocal.Caller.NOBODY),
                StandardCharsets.UTF_8);
        return (Map<?, ?>) ServerLocal.Json.read(event.replaceAll("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", "Root=1-trace"));
    }

    private static ServerLocal.Route route(String type, String payload, String stage, String path) {
        ServerLocal.Api.Stage deployed = new ServerLocal.Api.Stage(ServerLocal.AwsEnvironment.DEFAULT, stage,
                type.equals("url") ? Map.of() : Map.of("table", "pets-dev"));
        ServerLocal.Api api = new ServerLocal.Api("Api", type, deployed, List.of(), null, ServerLocal.Guard.OPEN,
                Map.of());
        return new ServerLocal.Route(api, path.equals("$default") ? "ANY" : "POST", path,
                new ServerLocal.Backend.Lambda("Fn", "h", "", "", 0, false), payload, ServerLocal.Guard.OPEN,
                new ServerLocal.Route.Declaration(type.equals("rest") ? "AddPet" : null, null, null));
    }

    private static ServerLocal.Request request(String path) {
        return new ServerLocal.Request("POST", path, "a=1&a=2&flag&empty=&text=x+y%2B%C3%A4&semi=1;colon=2",
                List.of(Map.entry("Host", "api.localhost:3000"), Map.entry("User-Agent", "curl/8.5.0"),
                Map.entry("Accept", "text/html"), Map.entry("Connection", "keep-alive"),
                Map.entry("Content-Type", "application/json; charset=utf-8"), Map.entry("Content-Length", "17"),
                Map.entry("Cookie", "a=1; b=2"), Map.entry("Cookie", "c=3"), Map.entry("X-Tag", "one"),
                Map.entry("X-Tag", "two"), Map.entry("X-Forwarded-For", "10.0.0.1"),
                Map.entry("X-Forwarded-Proto", "https")), "{\"name\": \"R\u00e4x\"}".getBytes(StandardCharsets.UTF_8),
                Instant.parse("2026-11-23T18:36:18.123Z"),
                new ServerLocal.Request.Connection("http", "HTTP/1.1", "127.0.0.1", 3000));
    }
}
