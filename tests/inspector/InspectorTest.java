import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
    private static final String ROOT = "/_samlocal/";
    private static final String MARK = "X-Samlocal-Inspector";
    private static final String TEMPLATE = """
            Resources:
              Shop: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
              Front: {Type: AWS::Serverless::HttpApi}
              Echo:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::handle
                  CodeUri: src
                  Runtime: java17
                  Events:
                    A: {Type: Api, Properties: {Path: '/echo/{id}', Method: any, RestApiId: !Ref Shop}}
                    B: {Type: Api, Properties: {Path: '/{proxy+}', Method: any, RestApiId: !Ref Shop}}
                    C: {Type: HttpApi, Properties: {Path: '/echo/{id}', Method: get, ApiId: !Ref Front}}
              Job:
                Type: AWS::Serverless::Function
                Properties: {Handler: 'Job::handle', CodeUri: src, Runtime: java17}
            """;
    private static final String APP = """
            import java.util.*;
            public class App {
                public Map<String, Object> handle(Map<String, Object> event) {
                    String body = (String) event.get("body");
                    System.out.println("got " + body);
                    if ("fail".equals(body)) {
                        throw new IllegalStateException("no stock");
                    }
                    return Map.of("statusCode", 200, "headers", Map.of("X-Tag", "t"), "body", "echo of " + body);
                }
            }
            """;
    private static final String JOB = """
            public class Job {
                public String handle(Object event) { return "did " + event; }
            }
            """;

    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", APP, "src/Job.java", JOB).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @BeforeEach void clear() {
        assertEquals(200, post("api/clear", "{}").statusCode());
    }

    private static HttpResponse<String> post(String path, String body) {
        return project.send("POST", ROOT + path, body, MARK, "1");
    }

    private static Object json(String path) {
        return read(project.body(ROOT + path));
    }

    private static Object read(String text) {
        try {
            return ServerLocal.Json.read(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    /** The value at a path of names and indexes, such as {@code invoked.event.text}. */
    private static Object at(Object value, String path) {
        Object found = value;
        for (String step : path.split("\\.")) {
            found = found instanceof List<?> list ? list.get(Integer.parseInt(step)) : ((Map<?, ?>) found).get(step);
        }
        return found;
    }

    private static List<?> requests(String query) {
        return (List<?>) at(json("api/requests" + query), "requests");
    }

    /** All data of the newest request. */
    private static Object newest() {
        return json("api/requests/" + at(requests("").get(0), "number"));
    }

    /** The status of a request sent as raw text. */
    private static int status(String method, String path, String... headers) {
        String head = method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers).replace("PORT",
                String.valueOf(project.port())) + (headers.length > 0 ? "\r\n" : "") + "Connection: close\r\n";
        String answer = project.raw(head + (method.equals("POST") ? "Content-Length: 2\r\n\r\n{}" : "\r\n"));
        return Integer.parseInt(answer.split(" ")[1]);
    }

    @Test void only_loopback_names_reach_the_inspector() {
        for (String host : List.of("127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "localhost", "[::1]:PORT")) {
            assertEquals(200, status("GET", ROOT, "Host: " + host), host);
            assertEquals(200, status("GET", ROOT + "api/requests", "Host: " + host), host);
        }
        for (String host : List.of("site.example:PORT", "127.0.0.1.site.example", "localhost.site.example:PORT",
                "127.0.0.2:PORT", "0.0.0.0:PORT", "site.example#localhost", "localhost:PORT.site.example", "")) {
            assertEquals(403, status("GET", ROOT, "Host: " + host), host);
            assertEquals(403, status("GET", ROOT + "api/requests", "Host: " + host), host);
            assertEquals(403, status("POST", ROOT + "api/clear", "Host: " + host, MARK + ": 1"), host);
        }
        assertEquals(403, status("GET", ROOT, "Host: localhost:PORT", "Host: site.example:PORT"));
        assertEquals(403, status("GET", ROOT, "Host: site.example:PORT", "Host: localhost:PORT"));
    }

    @Test void pages_of_other_sites_do_not_reach_the_inspector() {
        String host = "Host: 127.0.0.1:PORT";
        String mark = MARK + ": 1";
        String own = "Origin: http://127.0.0.1:PORT";
        assertEquals(200, status("POST", ROOT + "api/clear", host, mark));
        assertEquals(200, status("POST", ROOT + "api/clear", host, mark, own, "Sec-Fetch-Site: same-origin"));
        for (String origin : List.of("https://site.example", "null", "http://localhost:PORT", "https://127.0.0.1:PORT",
                "http://127.0.0.1:1", "http://127.0.0.1")) {
            assertEquals(403, status("POST", ROOT + "api/clear", host, mark, "Origin: " + origin), origin);
            assertEquals(403, status("GET", ROOT + "api/live", host, "Origin: " + origin), origin);
            assertEquals(403, status("GET", ROOT + "api/requests", host, "Origin: " + origin), origin);
        }
        assertEquals(403, status("POST", ROOT + "api/clear", host, mark, own, "Origin: https://site.example"));
        for (String site : List.of("cross-site", "same-site")) {
            assertEquals(403, status("GET", ROOT + "api/requests", host, "Sec-Fetch-Site: " + site), site);
            assertEquals(403, status("POST", ROOT + "api/clear", host, mark, "Sec-Fetch-Site: " + site), site);
            assertEquals(403, status("GET", ROOT, host, "Sec-Fetch-Site: " + site, "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: iframe"), site);
        }
        assertEquals(403, status("OPTIONS", ROOT + "api/send", host, "Origin: https://site.example"));
    }

    @Test void nothing_changes_without_the_header_of_its_page() {
        project.get("/echo/1");
        for (String path : List.of("api/clear", "api/send", "api/requests/1/replay")) {
            assertEquals(403, status("POST", ROOT + path, "Host: 127.0.0.1:PORT"), path);
        }
        assertEquals(1, requests("").size());
        assertEquals(404, status("GET", ROOT + "api/clear", "Host: 127.0.0.1:PORT"));
        assertEquals(1, requests("").size());
    }

    @Test void a_link_leads_to_the_page_from_anywhere() {
        String[] link = {"Host: 127.0.0.1:PORT", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: document"};
        assertEquals(200, status("GET", ROOT, link));
        assertEquals(308, status("GET", "/_samlocal", link));
        assertEquals(403, status("GET", ROOT + "api/requests", link));
    }

    @Test void responses_are_readable_only_by_the_inspectors_page() {
        HttpResponse<String> page = project.get(ROOT);
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'nonce-"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), policy);
        String nonce = policy.replaceFirst(".*?'nonce-([^']+)'.*", "$1");
        assertTrue(page.body().contains("<script nonce=\"" + nonce + "\">"), nonce);
        assertFalse(project.get(ROOT).body().contains(nonce));
        for (String path : List.of("", "api/requests", "api/project", "api/nothing")) {
            var headers = project.get(ROOT + path, "X-Other", "1").headers();
            assertEquals("no-store", headers.firstValue("Cache-Control").orElse(""), path);
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
            assertEquals("DENY", headers.firstValue("X-Frame-Options").orElse(""), path);
            assertTrue(headers.map().keySet().stream().noneMatch(name ->
                    name.toLowerCase().startsWith("access-control")), path);
        }
    }

    @Test void the_page_loads_nothing_from_elsewhere() {
        String page = project.body(ROOT);
        List<String> addresses = Pattern.compile("https?://[^'\" ]+").matcher(page).results().map(each -> each.group())
                .toList();
        assertEquals(List.of("http://www.w3.org/2000/svg"), addresses); // a name, not an address
        assertFalse(Pattern.compile("innerHTML|insertAdjacentHTML|document\\.write|\\son\\w+=|style=|eval\\(|@import")
                .matcher(page).find());
    }

    @Test void a_request_is_kept_with_its_event_response_and_log() {
        project.send("POST", "/echo/7?x=1", "hello", "X-Id", "9", "Content-Type", "text/plain");
        Object row = newest();
        assertEquals("POST", at(row, "method"));
        assertEquals("/echo/7?x=1", at(row, "path"));
        assertEquals(200L, at(row, "status"));
        assertEquals("Echo", at(row, "function"));
        assertEquals(false, at(row, "failed"));
        assertEquals("hello", at(row, "body.text"));
        assertEquals("echo of hello", at(row, "response.text"));
        assertTrue(((List<?>) at(row, "headers")).contains(List.of("X-Id", "9")), row.toString());
        assertTrue(((List<?>) at(row, "responseHeaders")).contains(List.of("X-Tag", "t")), row.toString());
        Object event = read((String) at(row, "invoked.event.text"));
        assertEquals("/echo/{id}", at(event, "resource"));
        assertEquals("7", at(event, "pathParameters.id"));
        assertEquals("echo of hello", at(read((String) at(row, "invoked.answer.text")), "body"));
        assertEquals("got hello\n", at(row, "invoked.log"));
        assertEquals(at(event, "requestContext.requestId"), at(row, "invoked.requestId"));
    }

    @Test void the_first_request_is_cold_and_the_next_is_warm() {
        try (TestProject fresh = TestProject.serving("App::handle", "src/App.java", APP)) {
            fresh.get("/a");
            fresh.get("/b");
            Object list = read(fresh.body(ROOT + "api/requests"));
            assertEquals(true, at(list, "requests.1.cold"));
            assertEquals(false, at(list, "requests.0.cold"));
            Object first = read(fresh.body(ROOT + "api/requests/1"));
            assertTrue(((Number) at(first, "invoked.initMillis")).doubleValue() > 0, first.toString());
        }
    }

    @Test void a_failure_has_its_place_in_the_source() {
        project.send("POST", "/echo/7", "fail");
        Object row = newest();
        assertEquals(502L, at(row, "status"));
        assertEquals("IllegalStateException: no stock", at(row, "problems.0.message"));
        assertTrue(at(row, "problems.0.place").toString().endsWith("src/App.java:7"), row.toString());
        assertEquals(4L, at(row, "problems.0.first"));
        assertEquals("            throw new IllegalStateException(\"no stock\");", at(row, "problems.0.lines.3"));
        assertEquals(false, at(row, "problems.0.isChanged"));
        assertTrue(at(row, "invoked.trace").toString().contains("at App.handle(App.java:7)"), row.toString());
        assertEquals("no stock", at(read((String) at(row, "invoked.answer.text")), "errorMessage"));
        assertEquals(true, at(row, "failed"));
    }

    @Test void code_that_does_not_compile_has_errors() {
        String app = APP.replace("Map.of", "Map.off");
        try (TestProject broken = TestProject.serving("App::handle", "src/App.java", app)) {
            broken.get("/a");
            Object row = read(broken.body(ROOT + "api/requests/1"));
            assertTrue(at(row, "problems.0.message").toString().contains("cannot find symbol"), row.toString());
            assertTrue(at(row, "problems.0.lines.3").toString().contains("Map.off"), row.toString());
            assertEquals("^", at(row, "problems.0.caret").toString().strip().substring(0, 1));
        }
    }

    @Test void a_replay_is_the_same_request() {
        project.send("PUT", "/echo/7?a=b%20c&a=2", "hello \u00e4", "X-Id", "9", "Authorization", "Bearer t");
        Object first = newest();
        Object sent = read(post("api/requests/" + at(first, "number") + "/replay", "{}").body());
        Object again = json("api/requests/" + at(sent, "number"));
        for (String part : List.of("method", "path", "status", "headers", "body", "response", "function")) {
            assertEquals(at(first, part), at(again, part), part);
        }
        assertEquals(List.of("replay of " + at(first, "number")), at(again, "notes"));
        assertTrue(project.console().contains("replay of " + at(first, "number")), project.console());
    }

    @Test void binary_bodies_are_replayed_unchanged() {
        byte[] bytes = {0, (byte) 0xFF, 13, 10, (byte) 0xC3};
        project.send("POST", "/echo/7", bytes, HttpResponse.BodyHandlers.ofString());
        Object first = newest();
        assertEquals("00 ff 0d 0a c3", at(first, "body.hex"));
        post("api/requests/" + at(first, "number") + "/replay", "{}");
        assertEquals(at(first, "body"), at(newest(), "body"));
        post("api/send", "{\"method\": \"PUT\", \"path\": \"/echo/8\", \"bodyOf\": " + at(first, "number") + "}");
        assertEquals(at(first, "body"), at(newest(), "body"));
        assertEquals("PUT", at(newest(), "method"));
    }

    @Test void a_composed_request_is_sent() {
        post("api/send", """
                {"method": "PATCH", "path": "/echo/a%2Fb?x=1", "body": "written",
                 "headers": [["x-one", "1"], ["X-Two", "2"], ["X-Two", "3"], ["user-agent", "mine"],
                 ["content-length", "99"]]}""");
        Object event = read((String) at(newest(), "invoked.event.text"));
        assertEquals("PATCH", at(event, "httpMethod"));
        assertEquals("1", at(event, "headers.X-One"));
        assertEquals(List.of("2", "3"), at(event, "multiValueHeaders.X-Two"));
        assertEquals(List.of("mine"), at(event, "multiValueHeaders.User-Agent"));
        assertEquals("127.0.0.1:" + project.port(), at(event, "headers.Host"));
        assertEquals("written", at(event, "body"));
        assertEquals("1", at(event, "queryStringParameters.x"));
        assertEquals(List.of("from the inspector"), at(newest(), "notes"));
    }

    @Test void malformed_requests_are_rejected() {
        for (String wrong : List.of("", "[]", "{", "{\"method\": \"GET\"}", "{\"method\": \"G T\", \"path\": \"/\"}",
                "{\"method\": \"GET\", \"path\": \"a\"}", "{\"method\": \"GET\", \"path\": \"/a b\"}",
                "{\"method\": \"GET\", \"path\": \"/\", \"headers\": [[\"A\", \"b\\r\\nC: d\"]]}",
                "{\"method\": \"GET\", \"path\": \"/\", \"headers\": [[\"A b\", \"c\"]]}",
                "{\"method\": \"GET\", \"path\": \"/\", \"headers\": [7]}",
                "{\"method\": \"GET\", \"path\": \"/\", \"bodyOf\": 99999}", "{\"method\": 7, \"path\": {}}")) {
            HttpResponse<String> answer = post("api/send", wrong);
            assertEquals(400, answer.statusCode(), wrong + answer.body());
        }
        assertEquals(List.of(), requests(""));
        for (String path : List.of("api/requests/99999", "api/requests/99999/event", "api/none", "none",
                "api/requests/x")) {
            assertEquals(404, project.get(ROOT + path).statusCode(), path);
        }
    }

    @Test void a_function_is_called_with_an_event() {
        post("api/send", """
                {"method": "POST", "path": "/2015-03-31/functions/Job/invocations", "body": "{\\"a\\": 1}"}""");
        Object row = newest();
        assertEquals("call", at(row, "kind"));
        assertEquals("Job", at(row, "function"));
        assertEquals("\"did {a=1}\"", at(row, "invoked.answer.text"));
        assertTrue(at(row, "invoked.log").toString().contains("START RequestId: "), row.toString());
    }

    @Test void an_asynchronous_invocation_is_kept_with_its_response() {
        Object sent = read(post("api/send", """
                {"method": "POST", "path": "/2015-03-31/functions/Job/invocations", "body": "[1]",
                 "headers": [["X-Amz-Invocation-Type", "Event"]]}""").body());
        Object row = json("api/requests/" + at(sent, "number"));
        assertEquals("call", at(row, "kind"));
        assertEquals(202L, at(row, "status"));
        while (requests("").size() < 2) Thread.onSpinWait();
        row = ((List<?>) requests("")).stream().filter(each -> at(each, "kind").equals("event")).findFirst().get();
        assertEquals("\"did [1]\"", at(json("api/requests/" + at(row, "number")), "invoked.answer.text"));
    }

    @Test void an_authorizer_is_recorded_with_its_event() {
        String check = APP.replace("class App", "class Check").replaceFirst("(?s)String body.*?return.*?;",
                "return Map.of(\"isAuthorized\", false);");
        try (TestProject guarded = TestProject.of("src/App.java", APP, "src/Check.java", check, "template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17}}
                Resources:
                  Front:
                    Type: AWS::Serverless::HttpApi
                    Properties:
                      Auth:
                        DefaultAuthorizer: A
                        Authorizers:
                          A: {FunctionArn: !GetAtt Check.Arn, AuthorizerPayloadFormatVersion: '2.0',
                            EnableSimpleResponses: true, Identity: {Headers: [X-Who]}}
                  Check: {Type: AWS::Serverless::Function, Properties: {Handler: 'Check::handle'}}
                  Echo:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      Events: {A: {Type: HttpApi, Properties: {Path: /a, Method: get, ApiId: !Ref Front}}}
                """).start()) {
            assertEquals(403, guarded.get("/a", "X-Who", "me").statusCode());
            Object list = read(guarded.body(ROOT + "api/requests"));
            assertEquals("request authorizer", at(list, "requests.0.kind") + " " + at(list, "requests.1.kind"));
            Object asked = read(guarded.body(ROOT + "api/requests/" + at(list, "requests.1.number")));
            assertEquals("me", at(read((String) at(asked, "invoked.event.text")), "identitySource.0"));
            assertEquals("{\"isAuthorized\":false}", at(asked, "invoked.answer.text"));
            HttpResponse<String> replay = guarded.send("POST",
                    ROOT + "api/requests/" + at(list, "requests.0.number") + "/replay", "{}", MARK, "1");
            assertEquals(403L, at(read(guarded.body(ROOT + "api/requests/" + at(read(replay.body()), "number"))),
                    "status"));
        }
    }

    @Test void asynchronous_integrations_receive_their_event() {
        String app = APP.replace("String body =",
                "try { Thread.sleep(5_000); } catch (InterruptedException e) { }\nString body =");
        try (TestProject slow = TestProject.of("src/App.java", app, "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      CodeUri: src
                      Runtime: java17
                      Timeout: 20
                      Events: {A: {Type: HttpApi, Properties: {Path: /a, Method: get, TimeoutInMillis: 50}}}
                """).start()) {
            assertEquals(503, slow.get("/a").statusCode());
            Object row = read(slow.body(ROOT + "api/requests/1"));
            assertEquals("/a", at(read((String) at(row, "invoked.event.text")), "rawPath"));
            assertEquals(0L, at(row, "invoked.answer.length"));
        }
    }

    @Test void an_event_is_saved_as_it_was_for_invoke(@TempDir Path folder) throws IOException {
        project.send("POST", "/echo/7", "saved");
        Object row = newest();
        HttpResponse<String> file = project.get(ROOT + "api/requests/" + at(row, "number") + "/event");
        assertEquals("attachment; filename=\"Echo-" + at(row, "number") + "-event.json\"",
                file.headers().firstValue("Content-Disposition").orElse(""));
        assertEquals(at(row, "invoked.event.text"), file.body());
        Files.writeString(folder.resolve("event.json"), file.body());
        TestProject.Ran ran = TestProject.cli("invoke", "Echo", "--template", project.path("template.yaml").toString(),
                "--event", folder.resolve("event.json").toString());
        assertEquals("echo of saved", at(read(ran.out()), "body"), ran.err());
    }

    @Test void the_search_covers_the_whole_request() {
        project.send("POST", "/echo/1", "red hat");
        project.send("POST", "/echo/2", "fail");
        project.get("/echo/3", "X-Secret", "Needle");
        assertEquals(3, requests("").size());
        assertNumbers("/echo/1", "?q=HAT");
        assertNumbers("/echo/1", "?q=red+post");
        assertNumbers("/echo/2", "?q=no%20stock");
        assertNumbers("/echo/2", "?errors=1");
        assertNumbers("/echo/3", "?q=needle");
        assertNumbers("/echo/3 /echo/1", "?q=-fail");
        assertNumbers("/echo/3", "?q=echo+-post");
        assertNumbers("", "?q=red+needle");
    }

    private static void assertNumbers(String paths, String query) {
        assertEquals(paths, String.join(" ", requests(query).stream().map(row -> (String) at(row, "path")).toList()));
    }

    @Test void the_last_200_are_kept() {
        for (int i = 0; i < 205; i++) project.get("/2015-03-31/functions/None/configuration?" + i);
        List<?> rows = requests("");
        assertEquals(200, rows.size());
        assertTrue(at(rows.get(0), "path").toString().endsWith("?204"), rows.get(0).toString());
        assertTrue(at(rows.get(199), "path").toString().endsWith("?5"), rows.get(199).toString());
    }

    @Test void long_bodies_are_truncated_and_the_total_is_limited() {
        project.send("POST", "/echo/1", "\u20ac".repeat(100_000)); // 300,000 bytes, cut within a character
        Object row = newest();
        assertEquals(300_000L, at(row, "body.length"));
        assertEquals(true, at(row, "body.isCut"));
        assertEquals((256 << 10) / 3, at(row, "body.text").toString().length());
        assertEquals(null, at(row, "curl"));
        assertEquals(400, post("api/requests/" + at(row, "number") + "/replay", "{}").statusCode());
        assertEquals(404, project.get(ROOT + "api/requests/" + at(row, "number") + "/event").statusCode());
        for (int i = 0; i < 40; i++) project.send("POST", "/echo/1", "x".repeat(300_000));
        assertTrue(requests("").size() < 40, "kept: " + requests("").size());
        assertTrue(requests("").size() > 20, "kept: " + requests("").size());
    }

    @Test void changes_are_streamed_as_they_happen() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", project.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("GET " + ROOT + "api/live HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes());
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.UTF_8));
            next(lines, "event: hello");
            project.send("POST", "/echo/5", "live");
            Object news = data(lines, "event: news");
            assertEquals("/echo/5", at(news, "requests.0.path"));
            assertEquals(1, ((List<?>) at(news, "requests")).size());
            assertEquals(at(news, "revision"), at(json("api/project"), "revision"));
            post("api/clear", "{}");
            news = data(lines, "event: news");
            assertEquals(List.of(), at(news, "requests"));
            assertTrue((Long) at(news, "first") > 0, news.toString());
        }
    }

    private static Object data(BufferedReader lines, String event) throws IOException {
        next(lines, event);
        return read(next(lines, "data: ").substring("data: ".length()));
    }

    private static String next(BufferedReader lines, String start) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith(start)) line = lines.readLine();
        return line;
    }

    @Test void the_project_data_has_routes_functions_and_samples() {
        Object data = json("api/project");
        List<?> routes = (List<?>) at(data, "routes");
        assertEquals(List.of("Front GET /echo/{id}", "Shop ANY /echo/{id}", "Shop ANY /{proxy+}"), routes.stream()
                .map(route -> at(route, "api") + " " + at(route, "method") + " " + at(route, "path")).toList());
        assertEquals("http://127.0.0.1:" + project.port(), at(data, "address"));
        assertEquals(List.of("Echo", "Job"), ((List<?>) at(data, "functions")).stream().map(each -> at(each, "id"))
                .toList());
        assertEquals(null, at(routes.get(1), "host"));
        assertEquals(List.of("proxy+"), at(routes.get(2), "parameters"));
        for (Object sample : (List<?>) at(data, "samples")) {
            Object event = json("api/sample?service=" + at(sample, "service") + "&type=" + at(sample, "type"));
            assertTrue(event instanceof Map<?, ?> map && !map.isEmpty(), sample.toString());
        }
        assertEquals(400, project.get(ROOT + "api/sample?service=s3&type=none").statusCode());
    }

    @Test void the_url_of_a_function_is_one_route() {
        try (TestProject other = TestProject.of("src/App.java", APP, "template.yaml", """
                Resources:
                  Link:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      CodeUri: src
                      Runtime: java17
                      FunctionUrlConfig: {AuthType: NONE}
                """).start()) {
            List<?> routes = (List<?>) at(read(other.body(ROOT + "api/project")), "routes");
            assertEquals(1, routes.size(), routes.toString());
        }
    }

    @Test void the_inspector_precedes_routes_except_at_the_name_of_an_api() {
        assertTrue(project.body(ROOT).startsWith("<!doctype html>"));
        assertEquals("echo of null", project.body("/_samlocalx"));
        assertEquals("echo of null", project.body("/_samlocal%2F"));
        String named = project.raw("GET /_samlocal/ HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n");
        assertTrue(named.endsWith("echo of null"), named);
    }

    @Test void it_works_while_the_template_is_broken() {
        try (TestProject edited = TestProject.serving("App::handle", "src/App.java", APP)) {
            assertEquals(List.of(), at(read(edited.body(ROOT + "api/project")), "problems"));
            Object revision = at(read(edited.body(ROOT + "api/project")), "revision");
            edited.write("template.yaml", "Resources: {Fn: {Type: AWS::Serverless::Function, Properties: [}}");
            Object data = read(edited.body(ROOT + "api/project"));
            assertTrue(at(data, "problems.0.place").toString().contains("template.yaml:1:"), data.toString());
            assertEquals("/{proxy+}", at(data, "routes.0.path"));
            assertFalse(revision.equals(at(data, "revision")));
            assertEquals("echo of null", edited.body("/a"));
            edited.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/only"));
            data = read(edited.body(ROOT + "api/project"));
            assertEquals(List.of(), at(data, "problems"));
            assertEquals("/only", at(data, "routes.0.path"));
        }
    }

    @Test void a_copied_curl_command_sends_the_same_request() throws Exception {
        for (String body : new String[] {null, "a 'quoted' \"text\"\n$HOME `id` \\ !!", "@/etc/hosts",
            "\u00e4\u0000\u00ff"}) {
            String[] headers = {"X-Odd", "it's $5; \"x\"", "Authorization", "Bearer t"};
            byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
            project.send(body == null ? "GET" : "POST", "/echo/[7]?a=%27x%27&b={1,2}".replace("[", "%5B")
                    .replace("]", "%5D").replace("{", "%7B").replace("}", "%7D"), bytes,
                    HttpResponse.BodyHandlers.ofString(), headers);
            Object first = newest();
            TestProject.Ran ran = TestProject.run(project.folder(), Map.of(), "", "sh", "-c",
                    at(first, "curl").toString());
            Object again = newest();
            assertEquals(0, ran.status(), ran.err());
            assertEquals((Long) at(first, "number") + 1, at(again, "number"), ran.toString());
            for (String part : List.of("method", "path", "body", "response")) {
                assertEquals(at(first, part), at(again, part), part + " of " + at(first, "curl"));
            }
            assertEquals(own(first), own(again));
        }
    }

    /** The headers that a client does not add itself. */
    private static List<?> own(Object row) {
        Set<String> made = Set.of("Accept", "Content-Length", "Connection", "Upgrade", "Http2-Settings");
        return ((List<?>) at(row, "headers")).stream().filter(header -> !made.contains(at(header, "0")))
                .sorted(Comparator.comparing(Object::toString)).toList();
    }

    @Test void the_inspector_may_have_its_own_port_or_be_off() {
        try (TestProject apart = with(0); TestProject off = with(ServerLocal.Inspector.OFF)) {
            assertEquals("echo of null", apart.body(ROOT));
            assertEquals("echo of null", off.body(ROOT));
            assertFalse(off.console().contains("inspector"), off.console());
            String page = apart.console().replaceFirst("(?s).*inspector: (\\S+).*", "$1");
            assertTrue(page.matches("http://127\\.0\\.0\\.1:\\d+/_samlocal/"), apart.console());
            assertFalse(page.contains(":" + apart.port() + "/"), page);
            assertEquals("/_samlocal/", at(read(get(page + "api/requests")), "requests.0.path"));
            assertTrue(get(page.replace(ROOT, "/")).contains("<!doctype html>"), page);
        }
    }

    private static TestProject with(int inspectorPort) {
        var front = new ServerLocal.Config.Front(null, false, null, null, inspectorPort,
                ServerLocal.Config.Exposure.LOCAL);
        return TestProject.of("src/App.java", APP, "template.yaml", TestProject.function("Fn", "App::handle", "src",
                "/{proxy+}")).withFront(front).start();
    }

    private static String get(String address) {
        try {
            var client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.ALWAYS).build();
            return client.send(HttpRequest.newBuilder(URI.create(address)).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
