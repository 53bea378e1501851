import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: App::handle}}
            Resources:
              Get:
                Type: AWS::Serverless::Function
                Properties:
                  Events: {E: {Type: Api, Properties: {Path: '/items/{id}', Method: get}}}
              Put:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App2::handle
                  Events: {E: {Type: Api, Properties: {Path: '/items/{id}', Method: PUT}}}
              Any:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App3::handle
                  Events: {E: {Type: Api, Properties: {Path: '/any', Method: any}}}
            """;

    private static TestProject items() {
        return TestProject.of("template.yaml", TEMPLATE,
                "src/App.java", TestProject.handler("App",
                "\"get \" + event.get(\"httpMethod\") + event.get(\"pathParameters\")"),
                "src/App2.java", TestProject.handler("App2",
                "\"put \" + event.get(\"httpMethod\") + event.get(\"body\")"),
                "src/App3.java", TestProject.handler("App3", "\"any \" + event.get(\"httpMethod\")")).start();
    }

    @Test void each_method_reaches_its_function() {
        try (TestProject project = items()) {
            assertEquals("get GET{id=7}", project.body("/items/7"));
            assertEquals("put PUThello", project.send("PUT", "/items/7", "hello").body());
            for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                assertEquals("any " + method, project.send(method, "/any", null).body());
            }
        }
    }

    @Test void an_unknown_route_is_403_and_the_console_suggests_similar_ones() {
        try (TestProject project = items()) {
            for (HttpResponse<String> response
                    : List.of(project.get("/itmes"), project.get("/"), project.send("DELETE", "/items/7", null))) {
                assertEquals(403, response.statusCode());
                assertEquals("{\"message\":\"Missing Authentication Token\"}", response.body());
                assertEquals(List.of("MissingAuthenticationTokenException"), response.headers()
                        .allValues("x-amzn-errortype"));
            }
            assertTrue(project.console().contains("no route; nearest: GET /items/{id}, PUT /items/{id}"),
                    project.console());
            project.get("/anny");
            assertTrue(project.console().contains("no route; nearest: ANY /any"), project.console());
        }
    }

    @Test void another_method_of_a_path_is_rejected_by_the_api_that_has_the_path() {
        try (TestProject project = TestProject.of("template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Events:
                        A: {Type: Api, Properties: {Path: /rest, Method: get}}
                        B: {Type: HttpApi, Properties: {Path: /http, Method: get}}
                """, "src/App.java", TestProject.handler("App", "1")).start()) {
            assertEquals("{\"message\":\"Not Found\"}", project.send("POST", "/http", "").body());
            assertEquals(403, project.send("POST", "/rest", "").statusCode());
            assertEquals(403, project.get("/none").statusCode());
        }
    }

    @Test void options_without_a_route_reaches_the_handler_that_the_browser_asks_for() {
        try (TestProject project = items()) {
            assertEquals("put OPTIONSnull",
                    project.send("OPTIONS", "/items/7", null, "Access-Control-Request-Method", "PUT").body());
            assertEquals("get OPTIONS{id=7}",
                    project.send("OPTIONS", "/items/7", null, "Access-Control-Request-Method", "GET").body());
            assertEquals("get OPTIONS{id=7}", project.send("OPTIONS", "/items/7", null).body());
            assertEquals(403, project.send("OPTIONS", "/nowhere", null).statusCode());
        }
    }

    @Test void a_body_over_10_mb_is_rejected() {
        try (TestProject project = items()) {
            assertEquals(200, project.send("PUT", "/items/7", "x".repeat(6_000_000)).statusCode());
            HttpResponse<String> response = project.send("PUT", "/items/7", "x".repeat((10 << 20) + 1));
            assertEquals(413, response.statusCode());
            assertEquals("{\"message\":\"Request Too Long\"}", response.body());
        }
    }

    @Test void concurrent_requests_have_separate_environments() throws Exception {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "App.count()")
                .replaceFirst("\\{", "{ static int count; static int count() throws Exception {"
                        + " int before = count; Thread.sleep(300); return count = before + 1; }"))) {
            project.body("/warm");
            ExecutorService clients = Executors.newFixedThreadPool(4);
            List<Callable<String>> calls = IntStream.range(0, 8).<Callable<String>>mapToObj(i -> () ->
                    project.body("/x")).toList();
            int sum = 0;
            for (Future<String> call : clients.invokeAll(calls)) sum += Integer.parseInt(call.get());
            clients.shutdown();
            assertTrue(sum > 8 && sum < 36, "counts of several environments, none lost: " + sum);
        }
    }

    @Test void requests_wait_in_order_for_a_single_environment() throws Exception {
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/{proxy+}"), "src/App.java",
                TestProject.handler("App", "++count").replaceFirst("\\{", "{ static int count;")).withLimits(1, false)
                .start()) {
            ExecutorService clients = Executors.newFixedThreadPool(8);
            List<Callable<String>> calls = IntStream.range(0, 40).<Callable<String>>mapToObj(i -> () ->
                    project.body("/x")).toList();
            List<Integer> counts = new java.util.ArrayList<>();
            for (Future<String> call : clients.invokeAll(calls)) counts.add(Integer.parseInt(call.get()));
            clients.shutdown();
            assertEquals(IntStream.rangeClosed(1, 40).boxed().toList(), counts.stream().sorted().toList());
        }
    }

    @Test void an_unsupported_runtime_is_reported_on_invocation() {
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "app.handler", "src", "/x")
                .replace("java17", "ruby3.3")).start()) {
            HttpResponse<String> response = project.get("/x");
            assertEquals(501, response.statusCode());
            assertEquals("{\"message\":\"Fn needs ruby3.3, which samlocal cannot run; run it with `sam local`\"}", response.body());
            assertTrue(project.console().contains("warning: `Fn` needs ruby3.3"), project.console());
        }
    }

    @Test void one_line_per_request() {
        try (TestProject project = items()) {
            project.body("/any");
            project.body("/any");
            List<String> lines = project.console().lines().filter(line -> line.matches(".* 200 .* /any .*")).toList();
            assertEquals(2, lines.size());
            assertTrue(lines.get(0)
                    .matches("\\d\\d:\\d\\d:\\d\\d  200 +\\d+ ms  GET +/any +Any  (cold start|compiled .*)"),
                            lines.get(0));
            assertTrue(lines.get(1).matches("\\d\\d:\\d\\d:\\d\\d  200 +\\d+ ms  GET +/any +Any"), lines.get(1));
        }
    }

    @Test void http_1_0_and_malformed_requests_get_a_response() throws IOException {
        try (TestProject project = items()) {
            assertTrue(project.raw("GET /any HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200"));
            assertTrue(project.raw("GARBAGE\r\n\r\n").startsWith("HTTP/1.1 400"));
            assertTrue(project.raw("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n").startsWith("HTTP/1.1 400"));
            assertEquals("any GET", project.body("/any"));
        }
    }

    @Test void a_browser_at_the_printed_url_is_redirected_to_the_inspector() {
        try (TestProject project = items()) {
            HttpResponse<String> led = project.get("/", "Accept", "text/html,*/*");
            assertEquals(302, led.statusCode());
            assertEquals("http://127.0.0.1:" + project.port() + "/_samlocal/", led.headers().firstValue("location").get());
            assertEquals(403, project.get("/", "Accept", "application/json").statusCode());
            assertEquals(403, project.get("/other", "Accept", "text/html").statusCode());
        }
        try (TestProject strict = TestProject.of("template.yaml", TEMPLATE, "src/App.java", "").withRules(true, null).start()) {
            assertEquals(403, strict.get("/", "Accept", "text/html").statusCode());
        }
    }

    @Test void functions_reach_each_other_at_the_urls_of_the_template() {
        try (TestProject project = TestProject.of("template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'Caller::handle', Timeout: 30}}
                Resources:
                  Orders: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
                  Caller:
                    Type: AWS::Serverless::Function
                    Properties:
                      Environment:
                        Variables:
                          REST: !Sub 'https://${Orders}.execute-api.${AWS::Region}.amazonaws.com/v1/name'
                          IMPLICIT: !Sub 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/name'
                          HTTP: !Sub 'https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/name'
                          ENDPOINT: !Sub '${ServerlessHttpApi.ApiEndpoint}/name'
                          OWN_URL: !Sub '${CalledUrl.FunctionUrl}name'
                          OTHER: https://abc.execute-api.us-east-1.amazonaws.com/v1/name
                      Events: {A: {Type: Api, Properties: {Path: '/call/{variable}', Method: get}}}
                  Called:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      FunctionUrlConfig: {AuthType: NONE}
                      Events:
                        A: {Type: Api, Properties: {Path: /name, Method: get, RestApiId: !Ref Orders}}
                        B: {Type: Api, Properties: {Path: /name, Method: get}}
                        C: {Type: HttpApi, Properties: {Path: /name, Method: get}}
                """, "src/App.java", TestProject.handler("App", """
                ((Map<?, ?>) event.get("requestContext")).get("stage") + " " + event.get("path") + event.get("rawPath")"""),
                "src/Caller.java", TestProject.handler("Caller", """
                call(System.getenv((String) ((Map<?, ?>) event.get("pathParameters")).get("variable")))""")
                .replaceFirst("}\\s*$", """
                    static String call(String url) throws Exception {
                        if (!url.startsWith("http://127.0.0.1")) return url;
                        return java.net.http.HttpClient.newHttpClient().send(java.net.http.HttpRequest.newBuilder(
                                java.net.URI.create(url)).build(), java.net.http.HttpResponse.BodyHandlers.ofString()).body();
                    }
                }
                """)).start()) {
            assertEquals("v1 /namenull", project.body("/call/REST"));
            assertEquals("Prod /namenull", project.body("/call/IMPLICIT"));
            assertEquals("$default null/name", project.body("/call/HTTP"));
            assertEquals("$default null/name", project.body("/call/ENDPOINT"));
            assertEquals("$default null/name", project.body("/call/OWN_URL"));
            assertEquals("https://abc.execute-api.us-east-1.amazonaws.com/v1/name", project.body("/call/OTHER"));
            assertEquals("v1 /namenull", project.body("/@Orders/v1/name"));
            assertEquals(403, project.get("/@Nothing/name").statusCode());
            TestProject.Ran alone = TestProject.cli("invoke", "Caller", "-t", project.path("template.yaml").toString(),
                    "-e", event(project));
            assertTrue(alone.out().contains("https://CalledUrl.lambda-url.us-east-1.on.aws/name"), alone.out());
        }
    }

    private static String event(TestProject project) {
        project.write("event.json", "{\"pathParameters\": {\"variable\": \"OWN_URL\"}}");
        return project.path("event.json").toString();
    }
}
