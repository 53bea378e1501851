import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pending requests in the inspector. The handlers wait for files that the tests write. */
class PendingRequestsTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 60, Environment: {Variables: {FOLDER: '%s'}}}}
            Resources:
              Slow:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Slow::handle
                  Events: {Any: {Type: HttpApi, Properties: {Path: '/{proxy+}', Method: any}}}
              Streamer:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Streamer
                  FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
            """;
    private static final String SLOW = """
            import java.nio.file.*;
            import java.util.*;
            public class Slow {
                public String handle(Map<String, Object> event) throws Exception {
                    Path file = Path.of(System.getenv("FOLDER"), String.valueOf(event.get("rawPath")).substring(1));
                    while (!Files.exists(file)) Thread.sleep(10);
                    return "done";
                }
            }
            """;
    private static final String STREAMER = """
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;
            public class Streamer implements RequestStreamHandler {
                public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                    out.write("first \\u00e4".getBytes(StandardCharsets.UTF_8), 0, 7); // half of a character
                    out.flush();
                    try {
                        while (!Files.exists(Path.of(System.getenv("FOLDER"), "second"))) Thread.sleep(10);
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException();
                    }
                    out.write(new byte[] {(byte) 0xA4, ' ', 's', 'e', 'c', 'o', 'n', 'd'});
                }
            }
            """;

    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("src/Slow.java", SLOW, "src/Streamer.java", STREAMER);
        project.with("template.yaml", TEMPLATE.formatted(project.folder())).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    private static Map<?, ?> json(String path) {
        try {
            return (Map<?, ?>) ServerLocal.Json.read(project.body("/_samlocal/" + path));
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    /** The pending request to a path, as soon as it is in the list. */
    private static Map<?, ?> pending(String path) {
        while (true) {
            for (Object row : (List<?>) json("api/requests").get("pending")) {
                if (((Map<?, ?>) row).get("path").equals(path)) return (Map<?, ?>) row;
            }
            Thread.onSpinWait();
        }
    }

    private static void assertIsDone(CompletableFuture<HttpResponse<String>> response, Map<?, ?> pending, String body)
            throws Exception {
        assertEquals(body, response.get(60, TimeUnit.SECONDS).body());
        Map<?, ?> row = json("api/requests/" + pending.get("number"));
        while ((Long) row.get("order") == 0) row = json("api/requests/" + pending.get("number"));
        assertEquals(body, ((Map<?, ?>) row.get("response")).get("text"));
        assertTrue((Long) row.get("order") > 0, row.toString());
        assertEquals(List.of(), json("api/requests").get("pending"));
    }

    @Test void a_pending_request_keeps_its_number_when_completed() throws Exception {
        var response = CompletableFuture.supplyAsync(() -> project.send("POST", "/a", "hello", "X-Id", "9"));
        Map<?, ?> row = pending("/a");
        assertEquals(0L, row.get("status"));
        assertEquals("", row.get("page"));
        Map<?, ?> detail = json("api/requests/" + row.get("number"));
        assertEquals("hello", ((Map<?, ?>) detail.get("body")).get("text"));
        assertEquals(0L, ((Map<?, ?>) detail.get("response")).get("length"));
        project.write("a", "");
        assertIsDone(response, row, "done");
    }

    @Test void a_response_is_shown_while_it_is_streamed() throws Exception {
        String host = "streamer.localhost:" + project.port();
        var response = CompletableFuture.supplyAsync(() -> {
            String raw = project.raw("GET /stream HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return raw.substring(raw.indexOf("\r\n\r\n"));
        });
        Map<?, ?> row = pending("/stream");
        while ((Long) row.get("bytes") < 7) row = pending("/stream");
        assertEquals(200L, row.get("status"));
        Map<?, ?> content = (Map<?, ?>) json("api/requests/" + row.get("number")).get("response");
        assertEquals("first ", content.get("text"));
        project.write("second", "");
        assertTrue(response.get(60, TimeUnit.SECONDS).contains("second"));
        Map<?, ?> done = json("api/requests/" + row.get("number"));
        while ((Long) done.get("order") == 0) done = json("api/requests/" + row.get("number"));
        assertEquals("first \u00e4 second", ((Map<?, ?>) done.get("response")).get("text"));
    }

    @Test void a_page_recognizes_its_own_requests() throws Exception {
        String invoke = "{\"method\": \"POST\", \"path\": \"/2015-03-31/functions/Slow/invocations\","
                + " \"body\": \"{\\\"rawPath\\\": \\\"/own\\\"}\"}";
        var response = CompletableFuture.supplyAsync(() -> project.send("POST", "/_samlocal/api/send", invoke,
                "X-Samlocal-Inspector", "page-1"));
        Map<?, ?> row = pending("/2015-03-31/functions/Slow/invocations");
        assertEquals(List.of("page-1", "call", "Slow"), List.of(row.get("page"), row.get("kind"), row.get("function")));
        project.write("own", "");
        assertEquals("{\"number\":" + row.get("number") + "}", response.get(60, TimeUnit.SECONDS).body().strip());
    }
}
