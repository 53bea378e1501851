import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Every request sees all edits that were saved before it. */
class ReloadTest {
    @Test void a_changed_source_is_live_on_the_next_request() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "100"))) {
            assertEquals("100", project.body("/x"));
            for (int i = 101; i < 120; i++) {
                project.write("src/App.java", TestProject.handler("App", "" + i));
                assertEquals("" + i, project.body("/x"));
            }
            assertTrue(project.console().contains("compiled 1 file in "), project.console());
        }
    }

    @Test void handlers_of_different_types_do_not_affect_each_others_dates() throws Exception {
        String event = """
                import com.amazonaws.services.lambda.runtime.events.*;
                public class App {
                    public APIGatewayProxyResponseEvent handle(APIGatewayProxyRequestEvent event) {
                        return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody("%d");
                    }
                }
                """;
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", event.formatted(0))) {
            Files.createDirectories(project.path("src/lib"));
            // With its own library, each version has a sandbox that was created in advance.
            Jars.write(project.path("src/lib/own.jar"), Map.of("own.txt", new byte[0]));
            for (int i = 1; i < 4; i++) {
                project.write("src/App.java", event.formatted(i));
                assertEquals("" + i, project.body("/x"));
                Thread.sleep(400);
            }
            project.write("src/App.java", """
                    import java.util.*;
                    public class App {
                        public Map<String, Object> handle(Map<String, Object> event) {
                            return Map.of("statusCode", 200, "headers", Map.of("at", new Date(7_000)));
                        }
                    }
                    """);
            assertEquals("7000", project.get("/x").headers().firstValue("at").orElseThrow());
        }
    }

    @Test void edits_are_detected_some_seconds_after_the_start_too() throws Exception {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "\"\" + Helper.text(7) + Helper.LEVEL"), "src/Helper.java",
                helper("", "static String text(Object any) { return \"any\"; }", 1))) {
            assertEquals("any1", project.body("/x"));
            Thread.sleep(3_500); // from then on javac remembers libraries
            project.write("src/Helper.java", helper("", "static String text(Object any) { return \"other\"; }", 1));
            assertEquals("other1", project.body("/x"));
            project.write("src/Helper.java", helper("", "static String text(int more) { return \"int\"; }", 2));
            assertEquals("int2", project.body("/x"));
            project.write("src/Helper.java", helper("", "static String text(int more) { return 3; }", 2));
            assertRejected(project, "incompatible types");
            project.write("src/sub/Extra.java", "package sub; public class Extra { public static final int N = 4; }");
            project.write("src/Helper.java", helper("import sub.*;", "static int text(int more) { return Extra.N; }", 3));
            assertEquals("43", project.body("/x"));
            Files.delete(project.path("src/sub/Extra.java"));
            assertRejected(project, "package sub does not exist");
            project.write("src/Helper.java", helper("import sub.*;", "static int text(int more) { return 5; }", 3));
            assertRejected(project, "package sub does not exist");
            project.write("src/Extra.java", "class Extra { static final int N = 6; }");
            project.write("src/Helper.java", helper("", "static int text(int more) { return Extra.N; }", 3));
            assertEquals("63", project.body("/x"));
        }
    }

    private static void assertRejected(TestProject project, String why) {
        HttpResponse<String> refused = project.get("/x");
        assertEquals(500, refused.statusCode());
        assertTrue(refused.body().contains(why), refused.body());
    }

    private static String helper(String imports, String method, int level) {
        return imports + " class Helper { static final int LEVEL = " + level + "; " + method + " }";
    }

    @Test void new_and_deleted_sources_count() throws IOException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "new Helper().text()"), "src/Helper.java", helper("one"))) {
            assertEquals("one", project.body("/x"));
            project.write("src/sub/Extra.java",
                    "package sub; public class Extra { public static String text() { return \"two\"; } }");
            project.write("src/Helper.java", helper("one").replace("\"one\"", "sub.Extra.text()"));
            assertEquals("two", project.body("/x"));
            Files.delete(project.path("src/sub/Extra.java"));
            assertEquals(500, project.get("/x").statusCode());
            project.write("src/Helper.java", helper("three"));
            assertEquals("three", project.body("/x"));
        }
    }

    @Test void a_changed_resource_restarts_the_code() {
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "fn", "/x"),
                "fn/src/main/resources/a.txt", "one", "fn/src/main/java/App.java", TestProject.handler("App", "TEXT")
                        .replaceFirst("\\{", "{ static final String TEXT = read(); static String read() { try (var in ="
                                + " App.class.getResourceAsStream(\"/a.txt\")) { return new String(in.readAllBytes()); }"
                                + " catch (Exception e) { throw new Error(e); } }")).start()) {
            assertEquals("one", project.body("/x"));
            project.write("fn/src/main/resources/a.txt", "longer");
            assertEquals("longer", project.body("/x"));
        }
    }

    @Test void an_unchanged_text_with_a_new_time_keeps_the_environment() throws IOException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "++count").replaceFirst("\\{", "{ static int count;"))) {
            assertEquals("1", project.body("/x"));
            Files.setLastModifiedTime(project.path("src/App.java"),
                    FileTime.fromMillis(System.currentTimeMillis() - 100_000));
            assertEquals("2", project.body("/x"));
        }
    }

    @Test void temporary_files_of_editors_are_skipped() throws IOException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "1"), "src/.#Hidden.java", "no Java", "src/._App.java", "\0")) {
            Files.createSymbolicLink(project.path("src/Lock.java"), Path.of("user@host.1:2"));
            Files.createSymbolicLink(project.path("src/loop"), Path.of("."));
            assertEquals("1", project.body("/x"));
        }
    }

    @Test void a_compile_error_is_reported_until_the_next_valid_save() throws IOException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "1"))) {
            assertEquals("1", project.body("/x"));
            project.write("src/App.java", TestProject.handler("App", "\"x\".foo()")
                    .replace("\n        answer.put(\"body\"", "\n\tanswer.put(\"body\""));
            HttpResponse<String> response = project.get("/x");
            assertEquals(500, response.statusCode());
            assertEquals(List.of("application/json"), response.headers().allValues("content-type"));
            Map<?, ?> body = (Map<?, ?>) ServerLocal.Json.read(response.body());
            assertEquals("Fn does not compile: 1 error", body.get("message"));
            Map<?, ?> error = (Map<?, ?>) ((List<?>) body.get("errors")).get(0);
            assertEquals(ServerLocal.Place.display(project.path("src/App.java")), error.get("file"));
            assertEquals(7L, error.get("line"));
            assertEquals(40L, error.get("column"));
            assertEquals("answer.put(\"body\", String.valueOf(\"x\".foo()));", error.get("source"));
            assertTrue(error.get("message").toString().startsWith("cannot find symbol"), error.toString());
            assertTrue(project.console().contains("Fn  does not compile: 1 error\nerror: cannot find symbol\n"),
                    project.console());
            assertTrue(project.console().contains("7 |     answer.put(\"body\", String.valueOf(\"x\".foo()));\n"
                    + "  |                                           ^^^\n"), project.console());
            project.write("src/App.java", TestProject.handler("App", "2"));
            assertEquals("2", project.body("/x"));
        }
    }

    @Test void a_browser_gets_compile_errors_as_a_page() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                "class App { List<String> x; }")) {
            HttpResponse<String> response = project.get("/x", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            assertEquals(500, response.statusCode());
            assertEquals(List.of("text/html; charset=utf-8"), response.headers().allValues("content-type"));
            assertTrue(response.body().contains("List&lt;String&gt;"), response.body());
            assertTrue(response.body().contains("App.java:1:13"), response.body());
            assertEquals(List.of("application/json"), project.get("/x", "Accept", "*/*").headers()
                    .allValues("content-type"));
        }
    }

    @Test void compile_errors_are_reported_at_startup_and_other_functions_serve() {
        try (TestProject project = TestProject.of("good/App.java", TestProject.handler("App", "1"), "bad/App.java",
                "class App {",
                "template.yaml", TestProject.function("Good", "App::handle", "good", "/good")
                        + TestProject.function("Bad", "App::handle", "bad", "/bad").replace("Resources:\n", ""))
                        .start()) {
            assertEquals("1", project.body("/good"));
            assertEquals(500, project.get("/bad").statusCode());
            assertTrue(project.console().contains("reached end of file while parsing"), project.console());
        }
    }

    @Test void routes_change_with_the_template() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "event.get(\"path\")"),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/one")).start()) {
            assertEquals("/one", project.body("/one"));
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/two"));
            assertEquals("/two", project.body("/two"));
            assertEquals(403, project.get("/one").statusCode());
            assertTrue(project.console().contains("reload  "), project.console());
        }
    }

    @Test void a_broken_template_keeps_the_last_valid_one_and_is_reported_once() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "event.get(\"path\")"),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/one")).start()) {
            assertEquals("/one", project.body("/one"));
            project.write("template.yaml", "Resources:\n  a: b: c\n");
            assertEquals("/one", project.body("/one"));
            assertEquals("/one", project.body("/one"));
            assertEquals(1, project.console().split("a second colon on one line", -1).length - 1,
                    project.console());
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/two"));
            assertEquals("/two", project.body("/two"));
        }
    }

    @Test void each_response_states_that_the_template_is_broken() throws IOException {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "event.get(\"path\")"),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/one")).start()) {
            String place = project.path("template.yaml") + ":2:7";
            project.write("template.yaml", "Resources:\n  a: b: c\n");
            HttpResponse<String> routed = project.get("/one");
            assertEquals("/one", routed.body());
            assertEquals("serving the last valid template: error at " + place,
                    routed.headers().firstValue("X-Samlocal-Template").orElse(""));
            HttpResponse<String> unrouted = project.get("/new");
            assertEquals(403, unrouted.statusCode());
            Map<?, ?> body = (Map<?, ?>) ServerLocal.Json.read(unrouted.body());
            assertEquals("no route in the last valid template, and the saved template has errors", body.get("message"));
            assertEquals("a second colon on one line; quote a value that contains `: `, or start a new line for the"
                    + " second key",
                    ((Map<?, ?>) ((List<?>) body.get("errors")).get(0)).get("message"));
            assertTrue(project.get("/new", "Accept", "text/html").body().contains(place));
            assertTrue(project.console().contains("  no route; routes: ANY /one  serving the last valid template: error at " + place),
                    project.console());
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/new"));
            assertFalse(project.get("/new").headers().firstValue("X-Samlocal-Template").isPresent());
        }
    }

    @Test void with_strict_a_broken_template_is_reported_only_on_the_console() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "event.get(\"path\")"),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/one")).withRules(true, null)
                .start()) {
            project.write("template.yaml", "Resources:\n  a: b: c\n");
            HttpResponse<String> unrouted = project.get("/new");
            assertEquals("{\"message\":\"Missing Authentication Token\"}", unrouted.body());
            assertFalse(unrouted.headers().firstValue("X-Samlocal-Template").isPresent());
            assertTrue(project.console().contains("  serving the last valid template: error at "), project.console());
        }
    }

    @Test void code_that_is_missing_at_startup_is_served_once_it_exists() throws IOException {
        String two = TestProject.function("Fn", "App::handle", "src", "/x") + """
                  Later:
                    Type: AWS::Serverless::Function
                    Properties:
                      {Runtime: java17, Handler: 'New::handle', CodeUri: later,
                       Events: {Any: {Type: Api, Properties: {Path: /later, Method: get}}}}
                """;
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", TestProject.handler("App", "1"))) {
            project.write("template.yaml", two);
            assertEquals(501, project.get("/later").statusCode());
            project.write("later/New.java", TestProject.handler("New", "2"));
            assertEquals("2", project.body("/later"));
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "moved", "/x"));
            assertEquals("1", project.body("/x"), "the last valid template's");
            Files.move(project.path("src"), project.path("moved"));
            project.write("moved/App.java", TestProject.handler("App", "3"));
            assertEquals("3", project.body("/x"));
        }
    }

    @Test void deleted_code_is_reported_and_found_again_when_restored() throws Exception {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", TestProject.handler("App", "1"))) {
            for (int i = 0; i < 5; i++) {
                assertEquals("1", project.body("/x"));
                Thread.sleep(150); // in which the server may come to hear of the folder's events
            }
            Files.move(project.path("src"), project.path("away"));
            HttpResponse<String> gone = project.get("/x");
            assertEquals(500, gone.statusCode(), gone.body());
            assertTrue(gone.body().contains("src` is gone"), gone.body());
            Files.move(project.path("away"), project.path("src"));
            assertEquals("1", project.body("/x"));
        }
    }

    @Test void an_unchanged_function_stays_warm() {
        try (TestProject project = TestProject.of("src/App.java",
                TestProject.handler("App", "++count").replaceFirst("\\{", "{ static int count;"),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/x")).start()) {
            assertEquals("1", project.body("/x"));
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/y"));
            assertEquals("2", project.body("/y"));
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/y")
                    .replace("java17", "java17\n      Timeout: 9"));
            assertEquals("1", project.body("/y"));
        }
    }

    @Test void threads_of_outdated_code_end() throws InterruptedException {
        for (String pool : List.of("new Timer(true).schedule(new TimerTask() { public void run() { TICK.run(); } }, 0, 20)",
                "Executors.newScheduledThreadPool(1).scheduleAtFixedRate(TICK, 0, 20, TimeUnit.MILLISECONDS)",
                "new ScheduledThreadPoolExecutor(1).scheduleAtFixedRate(TICK, 0, 20, TimeUnit.MILLISECONDS)")) {
            String code = "import java.util.concurrent.*;\n" + TestProject.handler("App", "1").replaceFirst("\\{",
                    "{ static final Runnable TICK = () -> System.out.println(\"tick of old\"); static { " + pool + "; }");
            String console = edited(code, 500);
            String later = console.substring(console.indexOf("later"));
            assertFalse(later.contains("tick of old"), console);
            assertFalse(console.contains("cannot be stopped"), console);
        }
    }

    @Test void outdated_threads_that_cannot_be_stopped_are_reported() throws InterruptedException {
        String code = TestProject.handler("App", "1").replaceFirst("\\{", """
                { static { new Thread(() -> { while (true) try { Thread.sleep(10); } catch (Throwable e) { } }, "deaf").start(); }
                """);
        String console = edited(code, 800);
        assertTrue(console.contains("1 thread of outdated code cannot be stopped: deaf"), console);
    }

    /**
     * The console output until some milliseconds after an edit, a mark, and the output after outdated code has ended.
     */
    private static String edited(String code, long millis) throws InterruptedException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", code)) {
            assertEquals("1", project.body("/x"));
            project.write("src/App.java", TestProject.handler("App", "2"));
            assertEquals("2", project.body("/x"));
            Thread.sleep(millis);
            String before;
            String later;
            int tries = 0;
            do { // on a busy machine threads take longer to end
                before = project.console();
                Thread.sleep(200);
                later = project.console().substring(before.length());
            } while (later.contains("tick of old") && ++tries < 50);
            return before + "later" + later;
        }
    }

    @Test void the_end_of_outdated_threads_is_not_reported() throws InterruptedException {
        String code = TestProject.handler("App", "1").replaceFirst("\\{", """
                { static final java.util.concurrent.ExecutorService POOL =
                        java.util.concurrent.Executors.newFixedThreadPool(2);
                  static final java.util.concurrent.ScheduledExecutorService TICKS =
                        java.util.concurrent.Executors.newScheduledThreadPool(1);
                  static { POOL.submit(() -> { }); POOL.submit(() -> { }); new Timer();
                    TICKS.scheduleAtFixedRate(() -> { }, 0, 20, java.util.concurrent.TimeUnit.MILLISECONDS); }
                """);
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", code)) {
            assertEquals("1", project.body("/x"));
            project.write("src/App.java", TestProject.handler("App", "2"));
            assertEquals("2", project.body("/x"));
            Thread.sleep(600);
            assertFalse(project.console().contains("Exception"), project.console());
            assertFalse(project.console().contains("ThreadDeath"), project.console());
        }
    }

    @Test void no_request_fails_while_sources_are_edited() throws InterruptedException {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "0"))) {
            AtomicBoolean stop = new AtomicBoolean();
            Set<String> answers = ConcurrentHashMap.newKeySet();
            List<Thread> clients = java.util.stream.Stream.generate(() -> new Thread(() -> {
                while (!stop.get()) {
                    HttpResponse<String> response = project.get("/x");
                    answers.add(response.statusCode() == 200 ? "good" : response.statusCode() + " " + response.body());
                }
            })).limit(3).toList();
            clients.forEach(Thread::start);
            for (int i = 1; i < 8; i++) {
                project.write("next", TestProject.handler("App", "" + i));
                move(project, "next", "src/App.java");
                assertEquals("" + i, project.body("/x"));
            }
            stop.set(true);
            for (Thread client : clients) client.join();
            assertEquals(Set.of("good"), answers);
        }
    }

    /** Replaces the file, as editors and sed do. */
    private static void move(TestProject project, String from, String to) {
        try {
            Files.move(project.path(from), project.path(to), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String helper(String text) {
        return "class Helper { String text() { return \"" + text + "\"; } }";
    }
}
