import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP APIs and function URLs, after "Create AWS Lambda proxy integrations for HTTP APIs". */
class HttpApiTest {
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("src/App.java", """
                import com.amazonaws.services.lambda.runtime.*;
                import java.io.*;
                public class App implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        String event = new String(in.readAllBytes(), "UTF-8");
                        int start = event.indexOf("\\"x-answer\\":\\"");
                        if (event.contains("/old")) out.write(old(event).getBytes("UTF-8"));
                        else if (start < 0) out.write(event.getBytes("UTF-8"));
                        else out.write(event.substring(start + 12, event.indexOf("~", start)).replace("\\\\\\"", "\\"")
                                .getBytes("UTF-8"));
                        if (event.contains("/throw")) throw new IOException("on purpose");
                    }
                    static String old(String event) throws IOException {
                        String body = java.util.Base64.getEncoder().encodeToString(event.getBytes("UTF-8"));
                        return "{\\"statusCode\\": 200, \\"isBase64Encoded\\": true, \\"body\\": \\"" + body + "\\"}";
                    }
                }
                """, "template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: App}}
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Events:
                        One: {Type: HttpApi, Properties: {Path: '/items/{id}', Method: get}}
                        Old: {Type: HttpApi, Properties: {Path: /old, Method: any, PayloadFormatVersion: '1.0'}}
                        Post: {Type: HttpApi, Properties: {Path: /post, Method: post}}
                """).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void the_event_has_format_2() throws IOException {
        Map<?, ?> event = event(project.get("/items/a%20b?x=1&x=2&y=", "X-Foo", "1", "X-Foo", "2", "Cookie",
                "a=1; b=2"));
        assertEquals("2.0", event.get("version"));
        assertEquals("GET /items/{id}", event.get("routeKey"));
        assertEquals("/items/a b", event.get("rawPath"));
        assertEquals("x=1&x=2&y=", event.get("rawQueryString"));
        assertEquals(List.of("a=1", "b=2"), event.get("cookies"));
        assertEquals(Map.of("x", "1,2", "y", ""), event.get("queryStringParameters"));
        assertEquals(Map.of("id", "a b"), event.get("pathParameters"));
        assertEquals("1,2", ((Map<?, ?>) event.get("headers")).get("x-foo"));
        assertEquals("0", ((Map<?, ?>) event.get("headers")).get("content-length"));
        assertFalse(((Map<?, ?>) event.get("headers")).containsKey("cookie"));
        assertEquals(false, event.get("isBase64Encoded"));
        assertFalse(event.containsKey("body") || event.containsKey("stageVariables"));
        Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
        assertEquals("$default", context.get("stage"));
        assertEquals("GET /items/{id}", context.get("routeKey"));
        assertEquals("/items/a b", ((Map<?, ?>) context.get("http")).get("path"));
        assertEquals("GET", ((Map<?, ?>) context.get("http")).get("method"));
        assertTrue((long) context.get("timeEpoch") > 1_600_000_000_000L);
    }

    @Test void the_event_may_have_format_1() throws IOException {
        Map<?, ?> event = event(project.get("/old"));
        assertEquals("0", ((Map<?, ?>) event.get("headers")).get("Content-Length"));
        assertEquals("1.0", event.get("version"));
        assertEquals("/old", event.get("resource"));
        assertEquals("$default", ((Map<?, ?>) event.get("requestContext")).get("stage"));
    }

    @Test void only_some_types_are_text() throws IOException {
        assertEquals("{}", event(project.send("POST", "/post", "{}", "Content-Type", "application/json")).get("body"));
        assertEquals("x", event(project.send("POST", "/post", "x", "Content-Type", "text/plain; charset=utf-8"))
                .get("body"));
        Map<?, ?> form = event(project.send("POST", "/post", "a=b", "Content-Type",
                "application/x-www-form-urlencoded"));
        assertEquals(true, form.get("isBase64Encoded"));
        assertArrayEquals("a=b".getBytes(), Base64.getDecoder().decode(form.get("body").toString()));
    }

    @Test void an_unexpected_base64_body_is_reported_if_the_function_fails() {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      {Runtime: java17, Handler: 'App::handle', CodeUri: src,
                       Events: {Any: {Type: HttpApi, Properties: {Path: /x, Method: any}}}}
                """;
        try (TestProject json = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "event.get(\"body\").toString().substring(5)")).start()) {
            json.send("POST", "/x", "a=1", "Content-Type", "application/x-www-form-urlencoded");
            json.send("POST", "/x", "{}", "Content-Type", "application/json");
            assertEquals(1, json.console().split("the body is base64 in the event because its type is", -1).length - 1, json.console());
            assertTrue(json.console().contains("because its type is `application/x-www-form-urlencoded`"), json.console());
        }
    }

    @Test void a_result_without_a_status_is_the_body() {
        assertAnswer("{\"a\":1}", "{\"a\":1}");
        assertAnswer("\"text\"", "text");
        assertAnswer("[1, 2]", "[1, 2]");
        assertAnswer("5", "5");
        assertAnswer("null", "");
        for (String answer : List.of("no json", "")) {
            assertEquals(500, project.get("/items/1", "X-Answer", answer + "~").statusCode(), answer);
        }
    }

    @Test void a_result_with_a_status_is_a_response() {
        HttpResponse<String> response = project.get("/items/1", "X-Answer",
                "{\"statusCode\": 201, \"body\": \"b\", \"cookies\": [\"a=1\", \"b=2\"], \"other\": 1, "
                + "\"multiValueHeaders\": {\"X-Many\": [\"1\"]}}~");
        assertEquals(201, response.statusCode());
        assertEquals("b", response.body());
        assertEquals(List.of("a=1", "b=2"), response.headers().allValues("set-cookie"));
        assertEquals(List.of(), response.headers().allValues("x-many"), "format 2.0 has none");
    }

    @Test void unknown_paths_and_failures_are_answered_as_by_an_http_api() {
        assertEquals("404 {\"message\":\"Not Found\"}", shown(project.get("/nowhere")));
        assertEquals("404 {\"message\":\"Not Found\"}", shown(project.get("/post")));
        assertEquals("500 {\"message\":\"Internal Server Error\"}", shown(project.get("/items/throw?/throw")));
    }

    @Test void an_event_without_a_path_matches_all_paths() throws IOException {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle', Events: {All: {Type: HttpApi}}}
                """;
        try (TestProject all = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "event.get(\"routeKey\") + \" \" + event.get(\"rawPath\")")).start()) {
            assertEquals("$default /", all.body("/"));
            assertEquals("$default /a/b/", all.body("/a/b/"));
        }
    }

    @Test void a_function_url_is_served_at_the_root_without_apis() {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle',
                            FunctionUrlConfig: {AuthType: NONE}}
                """;
        try (TestProject url = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "event.get(\"version\") + \" \" + event.get(\"rawPath\")")).start()) {
            assertEquals("2.0 /any/path", url.body("/any/path"));
        }
    }

    @Test void several_function_urls_have_names() throws IOException {
        String function = "  %s: {Type: AWS::Serverless::Function, Properties: {CodeUri: src, Runtime: java17, Handler: "
                + "'App::handle', FunctionUrlConfig: {AuthType: NONE}}}\n";
        try (TestProject urls = TestProject.of("template.yaml", "Resources:\n" + function.formatted("One")
                + function.formatted("Two"), "src/App.java", TestProject.handler("App", "context.getFunctionName()"))
                .start()) {
            assertEquals("One", urls.body("/"));
            assertTrue(urls.console().contains("  ANY  http://Two.localhost:" + urls.port() + "/"),
                    urls.console());
            assertTrue(urls.raw("GET / HTTP/1.0\r\nHost: two.localhost:" + urls.port() + "\r\n\r\n")
                    .endsWith("\r\n\r\nTwo"));
        }
    }

    @Test void the_integration_timeout_ends_the_request_but_not_the_function() {
        String api = "{Type: %s, Properties: {Path: %s, Method: get, TimeoutInMillis: 100}}";
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle', Timeout: 20, Events: {
                      A: %s, B: %s}}
                """.formatted(api.formatted("HttpApi", "/http"), api.formatted("Api", "/rest"));
        try (TestProject slow = TestProject.of("template.yaml", template, "src/App.java", TestProject.handler("App",
                "((java.util.function.Supplier<Object>) () -> { try { Thread.sleep(400); } catch (Exception e) { } "
                + "System.out.println(\"done\"); return 1; }).get()")).start()) {
            assertEquals("503 {\"message\":\"Service Unavailable\"}", shown(slow.get("/http")));
            assertEquals("504 {\"message\":\"Endpoint request timed out\"}", shown(slow.get("/rest")));
            assertTrue(slow.console().contains("no response within 100 ms; the function keeps running"), slow.console());
        }
    }

    /** "Working with AWS Lambda proxy integrations for HTTP APIs", "Set up Lambda proxy integrations in API Gateway". */
    @Test void the_default_content_type() {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle', FunctionUrlConfig: {AuthType: NONE},
                      Events: {A: {Type: Api, Properties: {Path: /rest, Method: get}},
                        B: {Type: HttpApi, Properties: {Path: /http, Method: get}},
                        C: {Type: HttpApi, Properties: {Path: /old, Method: get, PayloadFormatVersion: '1.0'}}}}
                """;
        String code = "public class App { public java.util.Map<String, Object> handle(java.util.Map<String, Object> event) {"
                + " return event.toString().contains(\"inferred\") ? java.util.Map.of(\"a\", 1)"
                + " : java.util.Map.of(\"statusCode\", 200, \"body\", \"hi\"); } }";
        try (TestProject types = TestProject.of("template.yaml", template, "src/App.java", code).start()) {
            assertEquals("application/json", type(types, "/rest"));
            assertEquals("text/plain; charset=utf-8", type(types, "/http"));
            assertEquals("text/plain; charset=utf-8", type(types, "/old"));
            assertEquals("application/json", type(types, "/http?inferred"));
            HttpResponse<String> refused = types.get("/old?inferred");
            assertEquals(500, refused.statusCode(), "only format 2.0 infers the response");
            assertEquals("{\"message\":\"Internal Server Error\"}", refused.body());
            assertTrue(types.console().contains("`statusCode` is missing"), types.console());
            assertTrue(types.raw("GET / HTTP/1.0\r\nHost: fn.localhost:" + types.port() + "\r\n\r\n")
                    .toLowerCase(java.util.Locale.ROOT).contains("content-type: application/json\r\n"));
        }
    }

    /** API Gateway Developer Guide, "Content type conversions in API Gateway": a REST API without BinaryMediaTypes. */
    @Test void a_body_that_a_rest_api_corrupts_is_reported() throws Exception {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle', Events: {
                      A: {Type: Api, Properties: {Path: /rest, Method: post}},
                      B: {Type: HttpApi, Properties: {Path: /http, Method: post}}}}
                """;
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java", TestProject.handler("App",
                "event.get(\"isBase64Encoded\") + \" \" + (int) String.valueOf(event.get(\"body\")).charAt(0)")).start()) {
            assertEquals("true 47", posted(project, "/http")); // "/"
            assertFalse(project.console().contains("corrupted"), project.console());
            assertEquals("false 65533", posted(project, "/rest"));
            assertEquals("false 65533", posted(project, "/rest"));
            assertEquals(2, project.console().split("binary body is corrupted, as on AWS: add `application/octet-stream`"
                    + " to the API's `BinaryMediaTypes`", -1).length, "once for a route: " + project.console());
        }
    }

    private static String posted(TestProject project, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + project.port() + path))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {-1, -2, 0})).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String type(TestProject project, String path) {
        return project.get(path).headers().firstValue("Content-Type").orElse("");
    }

    /** AWS would start an environment for each of these requests; here they wait for one. */
    @Test void the_gateways_limit_does_not_count_the_wait_for_an_environment() throws Exception {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle', Timeout: 60, Events: {
                      A: {Type: HttpApi, Properties: {Path: /, Method: get, TimeoutInMillis: 2000}}}}
                """;
        String sleep = "((java.util.function.Supplier<Object>) () -> { try { Thread.sleep(700); } catch (Exception e) { }"
                + " return 1; }).get()";
        try (TestProject slow = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", sleep)).withLimits(1, false).start()) {
            List<CompletableFuture<Integer>> statuses = Stream.generate(() -> CompletableFuture.supplyAsync(() ->
                    slow.get("/").statusCode(), command -> new Thread(command).start())).limit(5).toList();
            for (CompletableFuture<Integer> status : statuses) assertEquals(200, status.get());
        }
    }

    private static Map<?, ?> event(HttpResponse<String> response) throws IOException {
        assertEquals(200, response.statusCode(), response.body());
        return (Map<?, ?>) ServerLocal.Json.read(response.body());
    }

    private static void assertAnswer(String answer, String body) {
        assertEquals("200 " + body, shown(project.get("/items/1", "X-Answer", answer + "~")));
    }

    private static String shown(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }
}
