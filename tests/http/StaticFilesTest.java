import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticFilesTest {
    @TempDir Path folder;
    private Path root;
    private ServerLocal.StaticFiles files;

    @BeforeEach void fill() throws IOException {
        root = folder.resolve("public");
        files = new ServerLocal.StaticFiles(root);
        write("public/index.html", "<h1>front</h1>");
        write("public/digits.txt", "0123456789");
        write("public/a b+\u00fc.txt", "odd");
        write("public/sub/index.html", "sub");
        write("public/bare/.hidden", "dot");
        write("public/empty.css", "");
        write("secret.txt", "secret");
        write("public-too/secret.txt", "secret");
        Files.setLastModifiedTime(root.resolve("digits.txt"), FileTime.from(Instant.parse("2026-01-04T10:11:12.5Z")));
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.writeString(folder.resolve(path), text);
    }

    private Optional<ServerLocal.Response> find(String request, String... headers) {
        String[] words = request.split(" ", 2);
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) pairs.add(Map.entry(headers[i], headers[i + 1]));
        String[] path = words[1].split("\\?", 2);
        return files.find(new ServerLocal.Request(words[0], path[0], path.length > 1 ? path[1] : null, pairs,
                new byte[0], Instant.EPOCH, null));
    }

    /** Status, content and values of some headers as one string. */
    private String answer(String request, String... headers) throws IOException {
        ServerLocal.Response found = find(request, headers).orElse(null);
        if (found == null) return "none";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        found.body().writeTo(out);
        assertEquals(out.size(), found.body().length());
        List<String> ranges = found.headers().get("Content-Range");
        return found.status() + " " + out.toString("UTF-8") + (ranges == null ? "" : " " + ranges.get(0));
    }

    private void assertAnswer(String answer, String request, String... headers) throws IOException {
        assertEquals(answer, answer(request, headers), request + " " + List.of(headers));
    }

    private String header(String request, String name) {
        return find(request).orElseThrow().headers().get(name).get(0);
    }

    @Test void paths_lead_to_files_and_folders_to_their_index() throws IOException {
        assertAnswer("200 0123456789", "GET /digits.txt");
        assertAnswer("200 0123456789", "GET /digits.txt?v=1");
        assertAnswer("200 0123456789", "GET /d%69gits.txt");
        assertAnswer("200 odd", "GET /a%20b+%C3%BC.txt");
        assertAnswer("200 <h1>front</h1>", "GET /");
        assertAnswer("200 sub", "GET /sub/");
        assertAnswer("302 ", "GET /sub?x=1");
        assertEquals("/sub/?x=1", header("GET /sub?x=1", "Location"));
        assertAnswer("200 dot", "GET /bare/.hidden");
        assertAnswer("200 ", "GET /empty.css");
        for (String path : List.of("/bare", "/bare/", "/digits.txt/", "/none", "//digits.txt", "/sub//index.html")) {
            assertAnswer("none", "GET " + path);
        }
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "get")) {
            assertAnswer("none", method + " /digits.txt");
        }
        assertEquals(Optional.empty(), new ServerLocal.StaticFiles(null).find(new ServerLocal.Request("GET", "/", null,
                List.of(), new byte[0], Instant.EPOCH, null)));
    }

    @Test void nothing_outside_the_folder_is_found() throws IOException {
        Files.createSymbolicLink(root.resolve("out.txt"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("outside"), folder);
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        Files.createSymbolicLink(root.resolve("in.txt"), root.resolve("digits.txt"));
        for (String path : List.of("/../secret.txt", "/%2e%2e/secret.txt", "/sub/../../secret.txt", "/..%2fsecret.txt",
                "/..%5csecret.txt", "/..\\secret.txt", "/%2fetc%2fpasswd", "//etc/passwd", "/" + folder + "/secret.txt",
                "/../public-too/secret.txt", "/digits.txt%00", "/digits.txt%00.html", "/%00", "/.", "/..", "/./digits.txt",
                "/sub/%2e%2e/digits.txt", "/out.txt", "/outside/secret.txt", "/outside/public/digits.txt/..", "/loop",
                "/%c0%ae%c0%ae/secret.txt", "/%zz", "/%", "/" + "x".repeat(5_000))) {
            assertAnswer("none", "GET " + path);
        }
        assertAnswer("200 0123456789", "GET /in.txt");
    }

    @Test void a_folder_may_be_a_link_and_appear_later() throws IOException {
        files = new ServerLocal.StaticFiles(folder.resolve("link"));
        assertAnswer("none", "GET /digits.txt");
        Files.createSymbolicLink(folder.resolve("link"), root);
        assertAnswer("200 0123456789", "GET /digits.txt");
    }

    @Test void media_types_follow_file_extensions() {
        Map.of("a.html", "text/html; charset=utf-8", "a.JS", "text/javascript; charset=utf-8", "a.json",
                "application/json; charset=utf-8", "a.svg", "image/svg+xml; charset=utf-8", "a.b.png", "image/png",
                "a.woff2", "font/woff2", "a.wasm", "application/wasm", "a.nothing", "application/octet-stream", "html",
                "text/html; charset=utf-8", "a.", "application/octet-stream").forEach((name, type) ->
                assertEquals(type, ServerLocal.StaticFiles.type(name), name));
    }

    @Test void conditional_requests_get_304() throws IOException {
        assertEquals("Sun, 04 Jan 2026 10:11:12 GMT", header("GET /digits.txt", "Last-Modified"));
        String tag = header("GET /digits.txt", "ETag");
        assertAnswer("304 ", "GET /digits.txt", "If-None-Match", tag);
        assertAnswer("304 ", "HEAD /digits.txt", "If-None-Match", "\"x\", W/" + tag);
        assertAnswer("304 ", "GET /digits.txt", "If-None-Match", "*");
        assertAnswer("200 0123456789", "GET /digits.txt", "If-None-Match", "\"x\"");
        assertAnswer("304 ", "GET /digits.txt", "If-Modified-Since", "Sun, 04 Jan 2026 10:11:12 GMT");
        assertAnswer("200 0123456789", "GET /digits.txt", "If-Modified-Since", "Sun, 04 Jan 2026 10:11:11 GMT");
        assertAnswer("200 0123456789", "GET /digits.txt", "If-Modified-Since", "yesterday");
        assertAnswer("200 0123456789", "GET /digits.txt", "If-None-Match", "\"x\"", "If-Modified-Since",
                "Mon, 05 Jan 2026 10:11:12 GMT");
        write("public/digits.txt", "other");
        assertNotEquals(tag, header("GET /digits.txt", "ETag"));
        assertAnswer("200 other", "GET /digits.txt", "If-None-Match", tag);
    }

    @Test void range_requests_are_served() throws IOException {
        Map.ofEntries(Map.entry("bytes=0-3", "206 0123 bytes 0-3/10"), Map.entry("bytes=8-", "206 89 bytes 8-9/10"),
                Map.entry("bytes=-2", "206 89 bytes 8-9/10"), Map.entry("bytes=-20", "206 0123456789 bytes 0-9/10"),
                Map.entry("bytes=9-99", "206 9 bytes 9-9/10"), Map.entry("bytes=10-", "416  bytes */10"),
                Map.entry("bytes=-0", "416  bytes */10"), Map.entry("bytes=10-5", "200 0123456789"),
                Map.entry("bytes=5-2", "200 0123456789"), Map.entry("bytes=-", "200 0123456789"),
                Map.entry("bytes=0-1,3-4", "200 0123456789"), Map.entry("lines=0-1", "200 0123456789"),
                Map.entry("bytes=a-b", "200 0123456789"), Map.entry("bytes=" + "9".repeat(30) + "-", "200 0123456789"),
                Map.entry("bytes=0-999999999999999999", "206 0123456789 bytes 0-9/10")).forEach((range, answer) -> {
                    try {
                        assertAnswer(answer, "GET /digits.txt", "Range", range);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        assertAnswer("416  bytes */0", "GET /empty.css", "Range", "bytes=0-");
        assertAnswer("200 0123456789", "HEAD /digits.txt", "Range", "bytes=0-3");
        String tag = header("GET /digits.txt", "ETag");
        assertAnswer("206 0 bytes 0-0/10", "GET /digits.txt", "Range", "bytes=0-0", "If-Range", tag);
        assertAnswer("206 0 bytes 0-0/10", "GET /digits.txt", "Range", "bytes=0-0", "If-Range",
                "Sun, 04 Jan 2026 10:11:12 GMT");
        assertAnswer("200 0123456789", "GET /digits.txt", "Range", "bytes=0-0", "If-Range", "\"other\"");
    }

    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: App::handle}}
            Resources:
              Some:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    A: {Type: Api, Properties: {Path: /literal.txt, Method: get}}
                    B: {Type: Api, Properties: {Path: '/items/{id}', Method: get}}
                    C: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}
            """;

    private static TestProject project() {
        return TestProject.of("template.yaml", TEMPLATE, "src/App.java", TestProject.handler("App", "\"function\""),
                "public/literal.txt", "file", "public/items/7", "file", "public/other.txt", "file",
                "public/index.html", "front");
    }

    @Test void a_file_follows_specific_routes_and_precedes_greedy_ones() {
        try (TestProject project = project().start()) {
            assertTrue(project.console().contains("  static files: " + project.path("public")), project.console());
            assertEquals("function", project.body("/literal.txt"));
            assertEquals("function", project.body("/items/7"));
            assertEquals("file", project.body("/other.txt"));
            assertEquals("front", project.body("/"));
            assertEquals("function", project.body("/no-file.txt"));
            assertEquals("function", project.send("POST", "/other.txt", "x").body());
            project.write("public/no-file.txt", "now");
            assertEquals("now", project.body("/no-file.txt"));
            HttpResponse<String> head = project.send("HEAD", "/other.txt", null);
            assertEquals("4", head.headers().firstValue("Content-Length").orElse("none"));
            assertEquals("", head.body());
            assertTrue(project.console().lines().anyMatch(line -> line.matches(".* 200 .*  GET +/other.txt .*  file")),
                    project.console());
        }
    }

    @Test void a_named_folder_is_served_with_cors_headers() {
        try (TestProject project = project().with("www/a.css", "b {}").withRules(false, "http://front.test")
                .withFront(new ServerLocal.Config.Front(Path.of("www"), false, null, null,
                ServerLocal.Inspector.BESIDE, ServerLocal.Config.Exposure.LOCAL)).start()) {
            HttpResponse<String> response = project.get("/a.css", "Origin", "http://front.test");
            assertEquals("b {}", response.body());
            assertEquals("http://front.test", response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
            assertEquals("function", project.body("/other.txt"));
            TestProject.Ran ran = TestProject.cli("-t", project.path("template.yaml").toString(), "-s", "nowhere");
            assertEquals(2, ran.status());
            assertTrue(ran.err().startsWith("error: `--static-dir`: no such folder `nowhere`"), ran.err());
        }
    }

    @Test void a_large_file_is_never_held_in_memory() throws IOException {
        try (TestProject project = project().start()) {
            try (RandomAccessFile file = new RandomAccessFile(project.path("public/large.bin").toFile(), "rw")) {
                file.setLength(3L << 30);
                file.seek((3L << 30) - 2);
                file.write(new byte[] {1, 2});
            }
            HttpResponse<byte[]> end = project.send("GET", "/large.bin", null, HttpResponse.BodyHandlers.ofByteArray(),
                    "Range", "bytes=-3");
            assertArrayEquals(new byte[] {0, 1, 2}, end.body());
            HttpResponse<Void> all = project.send("HEAD", "/large.bin", null, HttpResponse.BodyHandlers.discarding());
            assertEquals(3L << 30, all.headers().firstValueAsLong("Content-Length").orElse(0));
        }
    }
}
