import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The response for a handler's result; the handler returns the JSON that it receives. */
class AnswersTest {
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", "Globals: {Api: {BinaryMediaTypes: [image~1*]}}\n"
                + TestProject.function("Fn", "App", "src", "/{proxy+}"), "src/App.java", """
                import com.amazonaws.services.lambda.runtime.*;
                import java.io.*;
                import java.util.regex.*;
                public class App implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        Matcher body = Pattern.compile("\\"X-Answer\\":\\"((?:[^\\"\\\\\\\\]|\\\\\\\\.)*)\\"").matcher(new String(in.readAllBytes()));
                        if (body.find()) {
                            out.write(body.group(1).replaceAll("\\\\\\\\(.)", "$1").getBytes("ISO-8859-1"));
                        }
                    }
                }
                """).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void a_complete_response() {
        HttpResponse<String> response =
                answer("{'statusCode': 201, 'headers': {'Content-Type': 'text/plain', 'X-A': 1, 'X-B': true},"
                + " 'multiValueHeaders': {'X-C': ['1', '2']}, 'body': 'hi', 'isBase64Encoded': false}");
        assertEquals(201, response.statusCode());
        assertEquals("hi", response.body());
        assertEquals(List.of("text/plain"), response.headers().allValues("content-type"));
        assertEquals(List.of("1"), response.headers().allValues("x-a"));
        assertEquals(List.of("true"), response.headers().allValues("x-b"));
        assertEquals(List.of("1", "2"), response.headers().allValues("x-c"));
    }

    @Test void optional_parts() {
        assertEquals("", answer("{'statusCode': 200}").body());
        assertEquals("", answer("{'statusCode': 200, 'body': null, 'headers': null, 'multiValueHeaders': null, 'isBase64Encoded': null}").body());
        assertEquals(List.of("application/json"), answer("{'statusCode': 200, 'body': 'x'}").headers()
                .allValues("content-type"));
    }

    /** API Gateway, "Set up Lambda proxy integrations": 502 for a malformed response. */
    @Test void a_status_is_required() {
        for (String answer : List.of("{}", "{'body': 'x'}", "{'statusCode': null}", "{'body': 42}")) {
            HttpResponse<String> response = answer(answer);
            assertEquals(502, response.statusCode(), answer);
            assertEquals("{\"message\":\"Internal server error\"}", response.body());
        }
        assertTrue(project.console().contains("invalid response format\n"
                + "error: `statusCode` is missing; it must be an integer from 200 to 599"), project.console());
    }

    @Test void a_status_may_be_a_string_of_digits() {
        assertEquals(404, answer("{'statusCode': '404'}").statusCode());
    }

    @Test void repeated_and_single_headers_are_joined_once() {
        HttpResponse<String> response =
                answer("{'statusCode': 200, 'headers': {'x-a': '1', 'X-B': '3'}, 'multiValueHeaders': {'X-A': ['1', '2']}}");
        assertEquals(List.of("1", "2"), response.headers().allValues("x-a"));
        assertEquals(List.of("3"), response.headers().allValues("x-b"));
    }

    @Test void base64_is_decoded_if_the_first_accepted_type_is_binary() {
        byte[] bytes = {(byte) 0xff, 0, 1};
        assertArrayEquals(bytes, base64("image/png, */*", "isBase64Encoded"));
        assertArrayEquals(bytes, base64("IMAGE/GIF;q=1", "base64Encoded"));
        assertArrayEquals("/wAB".getBytes(), base64("text/html, image/png", "isBase64Encoded"));
        assertArrayEquals("/wAB".getBytes(), base64("*/*", "isBase64Encoded"));
        assertTrue(project.console().contains("the base64 body is not decoded: `BinaryMediaTypes` does not include `*/*`"), project.console());
    }

    private static byte[] base64(String accept, String flag) {
        return project.send("GET", "/x", null, HttpResponse.BodyHandlers.ofByteArray(), "Accept", accept, "X-Answer",
                "{\"statusCode\": 200, \"body\": \"/wAB\", \"" + flag + "\": true}").body();
    }

    @Test void a_rest_api_adds_its_request_id_and_renames_headers() {
        HttpResponse<String> response = answer("{'statusCode': 200, 'headers': {'Server': 'me', 'WWW-Authenticate': 'Basic'}}");
        assertEquals(List.of("me"), response.headers().allValues("x-amzn-remapped-server"));
        assertEquals(List.of("Basic"), response.headers().allValues("x-amzn-remapped-www-authenticate"));
        assertEquals(List.of(), response.headers().allValues("server"));
        assertEquals(1, response.headers().allValues("x-amzn-requestid").size());
        assertEquals(1, response.headers().allValues("x-amz-apigw-id").size());
    }

    @Test void a_response_without_content_has_none() {
        assertEquals("", raw("GET", "{'statusCode': 204, 'body': 'x'}").split("\r\n\r\n", -1)[1]);
        assertEquals("", raw("GET", "{'statusCode': 304, 'body': 'x'}").split("\r\n\r\n", -1)[1]);
        assertEquals("", raw("HEAD", "{'statusCode': 200, 'body': 'x'}").split("\r\n\r\n", -1)[1]);
        assertEquals("x", raw("GET", "{'statusCode': 200, 'body': 'x'}").split("\r\n\r\n", -1)[1]);
    }

    @Test void a_header_cannot_contain_line_breaks() throws IOException {
        assertMalformed("{'statusCode': 200, 'headers': {'X-A': 'a\\r\\nX-B: b'}}",
                "`headers.X-A` is a string (\"a\\r\\nX-B: b\"); it must be without control characters");
        assertMalformed("{'statusCode': 200, 'headers': {'X-A': 'a\\r\\n b'}}",
                "`headers.X-A` is a string (\"a\\r\\n b\"); it must be without control characters");
        assertMalformed("{'statusCode': 200, 'headers': {'X A': 'a'}}", "`headers` has a string (\"X A\"), which is not a valid header name");
        String answer = raw("GET", "{'statusCode': 200, 'headers': {'X-A': '\\u00e9'}, 'body': 'x'}");
        assertTrue(answer.contains("\u00c3\u00a9"), "UTF-8 bytes: " + answer);
    }

    @Test void oversized_headers_are_reported_or_rejected_if_strict() {
        for (boolean strict : List.of(false, true)) {
            try (TestProject large = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                    "src/App.java", """
                    import java.util.*;
                    public class App {
                        public Map<String, Object> handle() {
                            return Map.of("statusCode", 200, "headers", Map.of("X-Long", "x".repeat(10_240)), "body", "ok");
                        }
                    }
                    """).withRules(strict, null).start()) {
                HttpResponse<String> response = large.get("/x");
                assertEquals(strict ? 500 : 200, response.statusCode());
                assertEquals(strict ? 0 : 10_240, response.headers().firstValue("x-long").orElse("").length());
                assertTrue(large.console().contains("headers over 10240 bytes, for which AWS answers 500"));
            }
        }
    }

    @Test void handlers_cannot_set_headers_of_the_connection() {
        HttpResponse<String> response =
                answer("{'statusCode': 200, 'headers': {'Content-Length': '99', 'Transfer-Encoding': 'chunked', 'Connection': 'x'}, 'body': 'abc'}");
        assertEquals("abc", response.body());
        assertEquals(List.of("3"), response.headers().allValues("content-length"));
    }

    @Test void each_fault_is_one_detail() throws IOException {
        assertDetails("{'statusCode': 'abc'}",
                "`statusCode` is a string (\"abc\"); it must be an integer from 200 to 599");
        assertDetails("{'statusCode': 99}", "`statusCode` is a number (99); it must be an integer from 200 to 599");
        assertDetails("{'statusCode': 103}",
                "`statusCode` is a number (103); it must be an integer from 200 to 599");
        assertDetails("{'statusCode': 200.5}",
                "`statusCode` is a number (200.5); it must be an integer from 200 to 599");
        assertDetails("{'statusCode': true}",
                "`statusCode` is a boolean (true); it must be an integer from 200 to 599");
        assertDetails("{'statusCode': 200, 'body': {'a': 1}}", "`body` is an object ({\"a\":1}); it must be a string or absent");
        assertDetails("{'statusCode': 200, 'body': 42}", "`body` is a number (42); it must be a string or absent");
        assertDetails("{'statusCode': 200, 'headers': ['a']}", "`headers` is an array ([\"a\"]); it must be an object");
        assertDetails("{'statusCode': 200, 'headers': {'X-A': ['1']}}", "`headers.X-A` is an array ([\"1\"]); it must be a string");
        assertDetails("{'statusCode': 200, 'multiValueHeaders': {'X-A': '1'}}",
                "`multiValueHeaders.X-A` is a string (\"1\"); it must be an array of strings");
        assertDetails("{'statusCode': 200, 'isBase64Encoded': 'maybe'}",
                "`isBase64Encoded` is a string (\"maybe\"); it must be true or false");
        assertDetails("{'statusCode': 200, 'body': '%%', 'isBase64Encoded': true}",
                "`body` is a string (\"%%\"); it must be base64 because `isBase64Encoded` is true");
        assertDetails("{'statusCode': 200, 'foo': 'bar'}", "`foo` is a string (\"bar\"); it must be omitted because API Gateway has no such field");
        assertDetails("'text'", "the result is a string (\"text\"); it must be an object with `statusCode`");
        assertDetails("[1]", "the result is an array ([1]); it must be an object with `statusCode`");
        assertDetails("null", "the result is null; it must be an object with `statusCode`");
        assertDetails("", "the result is not JSON: it is empty");
        assertDetails("hello", "the result is not JSON: hello");
    }

    @Test void all_faults_are_reported_at_once() throws IOException {
        assertDetails("{'statusCode': 'x', 'body': 1, 'headers': 2, 'multiValueHeaders': 3, 'isBase64Encoded': 4}",
                "`statusCode` is a string (\"x\"); it must be an integer from 200 to 599",
                "`multiValueHeaders` is a number (3); it must be an object",
                "`headers` is a number (2); it must be an object",
                "`isBase64Encoded` is a number (4); it must be true or false",
                "`body` is a number (1); it must be a string or absent");
        assertTrue(project.console().matches("(?s).*invalid response format[^\n]*\nerror: `statusCode` is.*"),
                project.console());
    }

    private static HttpResponse<String> answer(String json) {
        return project.get("/x", "X-Answer", json.replace('\'', '"'));
    }

    private static String raw(String method, String json) {
        return project.raw(method + " /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Answer: "
                + json.replace('\'', '"') + "\r\n\r\n");
    }

    private static void assertDetails(String answer, String... details) throws IOException {
        assertInvalid(500, answer, details);
    }

    /** A response with a header that cannot be sent. */
    private static void assertMalformed(String answer, String detail) throws IOException {
        assertInvalid(502, answer, detail);
    }

    private static void assertInvalid(int status, String answer, String... details) throws IOException {
        HttpResponse<String> response = answer(answer);
        assertEquals(status, response.statusCode(), answer);
        Map<?, ?> body = (Map<?, ?>) ServerLocal.Json.read(response.body());
        assertEquals("Invalid response format", body.get("error"));
        assertEquals(List.of(details), body.get("details"));
    }
}
