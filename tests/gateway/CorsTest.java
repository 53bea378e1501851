import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CORS of each kind of API, and the host names of a single API. */
class CorsTest {
    private static final String CODE = TestProject.handler("App", "event.get(\"path\")").replace(
            "answer.put(\"statusCode\"", "answer.put(\"headers\", Map.of(\"Access-Control-Allow-Origin\", \"own\"));\n"
            + "        answer.put(\"statusCode\"");
    private static final String REST = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Mine: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Cors: %s}}
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Get: {Type: Api, Properties: {Path: /x, Method: get, RestApiId: !Ref Mine}}
                    Post: {Type: Api, Properties: {Path: /x, Method: post, RestApiId: !Ref Mine}}
                    Any: {Type: Api, Properties: {Path: /any, Method: any, RestApiId: !Ref Mine}}
                    Own: {Type: Api, Properties: {Path: /own, Method: options, RestApiId: !Ref Mine}}
            """;
    private static final String HTTP = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Mine: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: %s}}
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    Get: {Type: HttpApi, Properties: {Path: /x, Method: get, ApiId: !Ref Mine}}
                    Any: {Type: HttpApi, Properties: {Path: /any, Method: any, ApiId: !Ref Mine}}
            """;

    @Test void unquoted_rest_api_values_are_reported() {
        try (TestProject project = project(REST, "'*'")) {
            assertHeader("*", preflight(project, "/x", "o"), "Access-Control-Allow-Origin");
            String output = project.console();
            assertTrue(output.contains("CORS of a REST API needs quotes within quotes: API Gateway does not accept `*`"), output);
            assertTrue(output.contains("write \"'*'\""), output);
        }
        try (TestProject project = project(REST, "{AllowOrigin: \"'*'\", AllowMethods: 'GET,POST'}")) {
            assertTrue(project.console().contains("write \"'GET,POST'\""), project.console());
        }
        try (TestProject project = project(REST, "{AllowOrigin: \"'*'\", AllowCredentials: false}")) {
            assertTrue(!project.console().contains("quotes"), project.console());
        }
    }

    @Test void unknown_cors_keys_are_rejected_with_a_suggestion() {
        assertRejected("AllowOrigins", "AllowOrigin", REST, "{AllowOrigins: \"'*'\"}");
        assertRejected("AllowMethod", "AllowMethods", HTTP, "{AllowOrigins: ['*'], AllowMethod: [GET]}");
        assertRejected("AllowOrigin", "AllowOrigins", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      CodeUri: src
                      Runtime: java17
                      FunctionUrlConfig: {AuthType: NONE, Cors: %s}
                """, "{AllowOrigin: ['*']}");
    }

    private static void assertRejected(String key, String nearest, String template, String cors) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class,
                () -> project(template, cors));
        assertEquals("`" + key + "` is not a CORS setting of this type of API, did you mean `" + nearest + "`?",
                fault.getMessage() + ", " + fault.problems().get(0).hint());
    }

    @Test void a_rest_api_handles_preflights_and_leaves_other_responses_to_the_handler() {
        try (TestProject project = project(REST, "\"'https://a.example'\"")) {
            HttpResponse<String> preflight = preflight(project, "/x", "https://b.example");
            assertEquals(200, preflight.statusCode());
            assertEquals("{}\n", preflight.body());
            assertHeader("https://a.example", preflight, "Access-Control-Allow-Origin");
            assertHeader("GET,OPTIONS,POST", preflight, "Access-Control-Allow-Methods");
            assertHeader("DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT", preflight(project, "/any", "o"),
                    "Access-Control-Allow-Methods");
            assertEquals("/own", preflight(project, "/own", "o").body());
            assertEquals(200, project.send("OPTIONS", "/x", null).statusCode());
            assertEquals(403, preflight(project, "/nowhere", "o").statusCode());
            assertHeader("own", project.get("/x", "Origin", "https://a.example"), "Access-Control-Allow-Origin");
        }
        try (TestProject project = project(REST,
                "{AllowOrigin: \"'*'\", AllowMethods: \"'GET'\", AllowHeaders: \"'X-A,X-B'\","
                + " MaxAge: \"'600'\", AllowCredentials: true}")) {
            HttpResponse<String> preflight = preflight(project, "/x", "o");
            assertHeader("*", preflight, "Access-Control-Allow-Origin");
            assertHeader("GET", preflight, "Access-Control-Allow-Methods");
            assertHeader("X-A,X-B", preflight, "Access-Control-Allow-Headers");
            assertHeader("600", preflight, "Access-Control-Max-Age");
            assertHeader("true", preflight, "Access-Control-Allow-Credentials");
        }
    }

    @Test void an_http_api_handles_preflights_and_replaces_the_handlers_headers() {
        try (TestProject project = project(HTTP,
                "{AllowOrigins: ['https://a.example', 'http://*'], AllowMethods: [GET, POST],"
                + " AllowHeaders: [x-a], ExposeHeaders: [x-b, x-c], AllowCredentials: true, MaxAge: 60}")) {
            HttpResponse<String> preflight = preflight(project, "/x", "https://a.example");
            assertEquals(204, preflight.statusCode());
            assertHeader("https://a.example", preflight, "Access-Control-Allow-Origin");
            assertHeader("GET,POST", preflight, "Access-Control-Allow-Methods");
            assertHeader("x-a", preflight, "Access-Control-Allow-Headers");
            assertHeader("60", preflight, "Access-Control-Max-Age");
            assertHeader("true", preflight, "Access-Control-Allow-Credentials");
            assertHeader("Origin", preflight, "Vary");
            assertEquals(204, preflight(project, "/nowhere", "http://any.example").statusCode());
            assertHeader("", preflight(project, "/x", "https://b.example"), "Access-Control-Allow-Origin");
            HttpResponse<String> answer = project.get("/x", "Origin", "http://any.example");
            assertHeader("http://any.example", answer, "Access-Control-Allow-Origin");
            assertHeader("x-b,x-c", answer, "Access-Control-Expose-Headers");
            assertHeader("", project.get("/x"), "Access-Control-Allow-Origin");
            assertHeader("GET,POST", project.send("OPTIONS", "/x", null, "Origin", "https://a.example"),
                    "Access-Control-Allow-Methods");
            HttpResponse<String> noSite = project.send("OPTIONS", "/x", null);
            assertEquals(204, noSite.statusCode(), "no function is invoked for a method without a route");
            assertHeader("", noSite, "Access-Control-Allow-Origin");
            assertEquals("null", project.send("OPTIONS", "/any", null).body(), "the handler's own");
        }
        try (TestProject project = project(HTTP, "true")) {
            assertHeader("*", project.get("/x", "Origin", "https://a.example"), "Access-Control-Allow-Origin");
        }
    }

    @Test void the_console_reports_why_a_browser_rejects_a_preflight() {
        try (TestProject project = project(HTTP, "{AllowOrigins: ['https://a.example'], AllowMethods: [GET, PUT],"
                + " AllowHeaders: [x-a]}")) {
            assertReported("no Access-Control-Allow-Origin for https://b.example; configure CORS in the template, or start with"
                    + " `--cors https://b.example`", project,
                    "https://b.example", "GET", "");
            assertReported("Access-Control-Allow-Methods does not include DELETE", project, "https://a.example", "DELETE", "");
            assertReported("Access-Control-Allow-Headers does not include x-b, content-type", project, "https://a.example", "PUT",
                    "x-b,content-type,X-A");
            assertReported("", project, "https://a.example", "PUT", "x-a");
            assertReported("", project, "https://a.example", "POST", "");
        }
        try (TestProject project = project(REST, "\"'https://a.example'\"")) {
            assertReported("Access-Control-Allow-Origin is https://a.example, not https://b.example", project,
                    "https://b.example", "GET", "");
        }
    }

    private static void assertReported(String reason, TestProject project, String origin, String method, String headers) {
        int before = project.console().length();
        project.send("OPTIONS", "/x", null, "Origin", origin, "Access-Control-Request-Method", method,
                "Access-Control-Request-Headers", headers);
        String output = project.console().substring(before);
        assertEquals(reason.isEmpty() ? "" : "blocked by browsers: " + reason,
                output.strip().replaceFirst("(?s).*?(blocked by browsers: .*)?$", "$1"), output);
    }

    @Test void the_console_reports_why_a_browser_blocks_a_response() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "1"), "template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/x").replace(": any", ": get")).start()) {
            project.get("/x", "Origin", "https://b.example");
            assertTrue(project.console().contains("blocked by browsers: no Access-Control-Allow-Origin"), project.console());
            int before = project.console().length();
            project.get("/x", "Origin", "http://127.0.0.1:" + project.port());
            project.get("/x", "Origin", "https://b.example", "Sec-Fetch-Mode", "navigate");
            project.get("/x");
            assertTrue(!project.console().substring(before).contains("blocked by"), project.console());
            project.send("OPTIONS", "/x", null);
            assertTrue(project.console().contains("declares neither OPTIONS nor CORS"), project.console());
        }
        try (TestProject project = project(HTTP, "{AllowOrigins: ['*']}")) {
            project.get("/x", "Origin", "https://b.example");
            assertTrue(!project.console().contains("blocked by"), project.console());
            project.get("/x", "Origin", "https://b.example", "Cookie", "a=b");
            assertTrue(project.console().contains("Allow-Origin must not be * with cookies"), project.console());
        }
        try (TestProject project = project(HTTP, "{AllowOrigins: ['https://b.example']}")) {
            project.get("/x", "Origin", "https://b.example", "Cookie", "a=b");
            assertTrue(project.console().contains("no Access-Control-Allow-Credentials: true"), project.console());
        }
    }

    /** API Gateway knows only the methods that are defined. */
    @Test void options_without_a_route_is_rejected_if_strict() {
        String function = TestProject.function("Fn", "App::handle", "src", "/x").replace(": any", ": get");
        for (String type : new String[] {"Api", "HttpApi"}) {
            try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "1"), "template.yaml",
                    function.replace("Type: Api", "Type: " + type)).withRules(true, null).start()) {
                assertEquals(type.equals("Api") ? 403 : 404, project.send("OPTIONS", "/x", null).statusCode());
                assertEquals(200, project.get("/x").statusCode());
            }
        }
    }

    @Test void a_front_end_can_be_allowed_without_the_template() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "1"), "template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/x")).withRules(false, "https://a.example").start()) {
            HttpResponse<String> preflight = preflight(project, "/x", "https://a.example");
            assertEquals(204, preflight.statusCode());
            assertHeader("https://a.example", preflight, "Access-Control-Allow-Origin");
            assertHeader("PUT", preflight, "Access-Control-Allow-Methods");
            assertHeader("https://a.example", project.get("/x", "Origin", "https://a.example"),
                    "Access-Control-Allow-Origin");
            String exposed = project.get("/x", "Origin", "https://a.example").headers()
                    .firstValue("Access-Control-Expose-Headers").orElse("").toLowerCase();
            assertTrue(exposed.contains("x-amzn-requestid") && !exposed.contains("*"), exposed);
            assertHeader("", project.get("/x", "Origin", "https://b.example"), "Access-Control-Allow-Origin");
        }
    }

    @Test void apis_have_host_names_and_paths_may_start_with_the_stage() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App",
                "System.getenv(\"AWS_LAMBDA_FUNCTION_NAME\") + \" \" + event.getOrDefault(\"path\", event.get(\"rawPath\"))"),
                "template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
                Resources:
                  One: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
                  Two: {Type: AWS::Serverless::HttpApi}
                  A: {Type: AWS::Serverless::Function, Properties: {Events: {
                      E: {Type: Api, Properties: {Path: /x, Method: get, RestApiId: !Ref One}},
                      F: {Type: Api, Properties: {Path: '/items/{id}', Method: get, RestApiId: !Ref One}}}}}
                  B: {Type: AWS::Serverless::Function, Properties: {Events: {
                      E: {Type: HttpApi, Properties: {Path: /x, Method: get, ApiId: !Ref Two}},
                      F: {Type: HttpApi, Properties: {Path: '/items/{item}', Method: any, ApiId: !Ref Two}}}}}
                  C: {Type: AWS::Serverless::Function, Properties: {FunctionUrlConfig: {AuthType: NONE}}}
                """).start()) {
            assertEquals("A /x", project.body("/x"));
            assertEquals("A /x", project.body("/v1/x"));
            assertEquals(403, project.get("/v2/x").statusCode());
            assertTrue(raw(project, "One", "/x").endsWith("\r\n\r\nA /x"));
            assertTrue(raw(project, "two", "/x").endsWith("\r\n\r\nB /x"));
            assertTrue(raw(project, "C", "/any/%20path").endsWith("\r\n\r\nC /any/%20path"));
            assertTrue(raw(project, "Two", "/y").startsWith("HTTP/1.1 404"));
            assertTrue(project.console().contains("`GET /x` of Two is not reached: One has it too"), project.console());
            assertTrue(project.console().contains("`ANY /items/{item}` of Two is reached in part: One has "
                    + "`GET /items/{id}`"), project.console());
            assertEquals("A /items/1", project.body("/items/1"));
            assertEquals("B /items/1", project.send("PUT", "/items/1", "").body());
            assertTrue(project.console().contains("separate APIs: http://One.localhost:" + project.port()
                    + "/, http://Two.localhost:" + project.port() + "/"), project.console());
            assertTrue(project.console().contains("  ANY  http://C.localhost:" + project.port() + "/"),
                    project.console());
        }
    }

    @Test void with_strict_responses_are_the_gateways() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "1")
                .replace("200", "\"x\""),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/x")).withRules(true, null)
                .start()) {
            HttpResponse<String> wrong = project.get("/x");
            assertEquals(502, wrong.statusCode());
            assertEquals("{\"message\":\"Internal server error\"}", wrong.body());
            assertTrue(project.console().contains("`statusCode` is a string (\"x\")"), project.console());
            project.write("src/App.java", "class App {");
            assertEquals(502, project.get("/x").statusCode());
        }
    }

    private static TestProject project(String template, String cors) {
        return TestProject.of("src/App.java", CODE, "template.yaml", template.formatted(cors)).start();
    }

    @Test void a_default_authorizer_applies_to_preflights_unless_disabled() {
        String auth = "Cors: %s, Auth: {DefaultAuthorizer: Key, AddDefaultAuthorizerToCorsPreflight: %s, Authorizers: {Key: "
                + "{FunctionArn: !GetAtt Fn.Arn}}}";
        try (TestProject asked = project(REST.replace("Cors: %s", auth.formatted("%s", "true")), "\"'*'\"");
                TestProject open = project(REST.replace("Cors: %s", auth.formatted("%s", "false")), "\"'*'\"")) {
            assertEquals(401, preflight(asked, "/x", "https://a.example").statusCode());
            assertEquals(200, preflight(open, "/x", "https://a.example").statusCode());
            assertEquals(401, open.get("/x").statusCode());
        }
    }

    private static HttpResponse<String> preflight(TestProject project, String path, String origin) {
        return project.send("OPTIONS", path, null, "Origin", origin, "Access-Control-Request-Method", "PUT");
    }

    private static String raw(TestProject project, String name, String path) {
        return project.raw("GET " + path + " HTTP/1.1\r\nHost: " + name
                + ".localhost:3000\r\nConnection: close\r\n\r\n");
    }

    private static void assertHeader(String expected, HttpResponse<String> response, String name) {
        assertEquals(expected.isEmpty() ? List.of() : List.of(expected), response.headers().allValues(name), name);
    }
}
