import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;

/** Every form of handler that AWS's runtime accepts, through a running server. */
class HandlersTest {
    /** As EventHandlerLoader of AWS's client does once the Lambda appender has registered itself. */
    @Test void log4j_has_the_request_id_where_its_appender_for_lambda_is_in_use() {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                "src/org/apache/logging/log4j/ThreadContext.java", """
                package org.apache.logging.log4j;
                public class ThreadContext {
                    public static String last = "none";
                    public static void put(String key, String value) { last = key + "=" + value; }
                }
                """, "src/App.java", """
                import com.amazonaws.services.lambda.runtime.*;
                import java.util.Map;
                public class App {
                    public Map<String, Object> handle(Map<String, Object> event, Context context) {
                        LambdaRuntimeInternal.setUseLog4jAppender(true);
                        String last = org.apache.logging.log4j.ThreadContext.last;
                        return Map.of("statusCode", 200, "body", last.replace(context.getAwsRequestId(), "this request"));
                    }
                }
                """).start()) {
            assertEquals("none", project.body("/x"));
            assertEquals("AWSRequestId=this request", project.body("/x"));
        }
    }

    /** Both affect the whole process, which is the server's. */
    @SuppressWarnings("removal")
    @Test void handlers_of_uncaught_exceptions_and_security_managers_are_the_functions_own() {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                "src/App.java", """
                import java.util.*;
                public class App {
                    static volatile String caught = "";
                    public Map<String, Object> handle() throws Exception {
                        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> caught = error.getMessage());
                        Thread other = new Thread(() -> { throw new IllegalStateException("boom"); });
                        other.start();
                        other.join();
                        String denied = "";
                        try {
                            System.setSecurityManager(new SecurityManager());
                            denied = System.getSecurityManager() == null ? "lost" : "kept";
                        } catch (UnsupportedOperationException e) {
                            denied = "unsupported";
                        }
                        return Map.of("statusCode", 200, "body", caught + " " + denied + " "
                                + (Thread.getDefaultUncaughtExceptionHandler() != null));
                    }
                }
                """).start()) {
            String kept = Runtime.version().feature() < 18 ? "kept" : "unsupported";
            for (int i = 0; i < 2; i++) assertEquals("boom " + kept + " true", project.body("/x"));
            assertNull(Thread.getDefaultUncaughtExceptionHandler());
            assertNull(System.getSecurityManager());
        }
    }

    private static final String IMPORTS = """
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.io.*;
            import java.util.*;
            """;

    @Test void a_request_handler_with_event_types() {
        assertBody("GET /x", "App", """
                public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event,
                            Context context) {
                        return new APIGatewayProxyResponseEvent().withStatusCode(200)
                                .withBody(event.getHttpMethod() + " " + event.getPath());
                    }
                }
                """);
    }

    @Test void a_request_handler_in_a_package_named_by_method() {
        try (TestProject project = TestProject.serving("orders.List::handleRequest", "src/orders/List.java", """
                package orders;
                public class List implements com.amazonaws.services.lambda.runtime.RequestHandler<java.util.Map<String,
                        Object>, java.util.Map<String, Object>> {
                    public java.util.Map<String, Object> handleRequest(java.util.Map<String, Object> event,
                            com.amazonaws.services.lambda.runtime.Context context) {
                        return java.util.Map.of("statusCode", 200, "body", "" + event.get("path"));
                    }
                }
                """)) {
            assertEquals("/orders", project.body("/orders"));
        }
    }

    @Test void a_method_with_a_map() {
        assertBody("/x", "App::handle",
                "public class App { public Map<String, Object> handle(Map<String, Object> event) {"
                + " return Map.of(\"statusCode\", 200, \"body\", event.get(\"path\")); } }");
    }

    @Test void a_method_with_pojos_by_field_getter_and_setter() {
        assertBody("/x GET", "App::handle", """
                public class App {
                    public static class In { private String path; public String httpMethod;
                        public void setPath(String path) { this.path = path; } public String getPath() { return path; } }
                    public static class Out { public int statusCode = 200; private final String body;
                        Out(String body) { this.body = body; } public String getBody() { return body; } }
                    public Out handle(In in, Context context) { return new Out(in.getPath() + " " + in.httpMethod); }
                }
                """);
    }

    @Test void a_method_with_records() {
        assertBody("/x", "App::handle", """
                public class App {
                    public record In(String path) { }
                    public record Out(int statusCode, String body) { }
                    public Out handle(In in) { return new Out(200, in.path()); }
                }
                """);
    }

    @Test void a_static_method() {
        assertBody("static", "App::handle",
                "public class App { private App() { } public static Map<String, Object> handle("
                + "Map<String, Object> event) { return Map.of(\"statusCode\", 200, \"body\", \"static\"); } }");
    }

    @Test void methods_without_parameters_or_with_only_the_context() {
        assertBody("none", "App::handle", "public class App { public Map<String, Object> handle() {"
                + " return Map.of(\"statusCode\", 200, \"body\", \"none\"); } }");
        assertBody("Fn", "App::handle", "public class App { public Map<String, Object> handle(Context c) {"
                + " return Map.of(\"statusCode\", 200, \"body\", c.getFunctionName()); } }");
    }

    @Test void a_stream_handler_by_interface() {
        assertBody("true", "App", """
                public class App implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        boolean isEvent = new String(in.readAllBytes()).contains("\\"httpMethod\\":\\"GET\\"");
                        out.write(("{\\"statusCode\\": 200, \\"body\\": \\"" + isEvent + "\\"}").getBytes());
                    }
                }
                """);
    }

    @Test void a_stream_handler_by_method() {
        String out = "o.write(\"{\\\"statusCode\\\": 200, \\\"body\\\": \\\"streamed\\\"}\".getBytes());";
        assertBody("streamed", "App::h",
                "public class App { public void h(InputStream i, OutputStream o) throws IOException {" + out + "} }");
        assertBody("streamed", "App::h",
                "public class App { public void h(OutputStream o, Context c) throws IOException {" + out + "} }");
        assertBody("streamed", "App::h", "public class App { public void h(OutputStream o) throws IOException {" + out
                + "} }");
    }

    @Test void a_string_handler_rejects_other_events_as_on_aws() {
        try (TestProject project = TestProject.serving("App::h", "src/App.java",
                IMPORTS + "public class App { public String h(String event) { return event; } }")) {
            assertEquals(502, project.get("/x").statusCode());
            assertTrue(project.console().contains("An error occurred during JSON parsing"), project.console());
        }
    }

    @Test void the_longest_overload_is_chosen() {
        assertBody("two", "App::h", "public class App {"
                + " public Map<String, Object> h(Map<String, Object> e) { return Map.of(\"statusCode\", 200, \"body\", \"one\"); }"
                + " public Map<String, Object> h(Map<String, Object> e, Context c) { return Map.of(\"statusCode\", 200, \"body\", \"two\"); } }");
    }

    @Test void generic_types_are_found_up_the_hierarchy() {
        assertBody("/x", "App", """
                public class App extends Base<APIGatewayProxyRequestEvent> { String text(APIGatewayProxyRequestEvent e) { return e.getPath(); } }
                abstract class Base<E> implements RequestHandler<E, Map<String, Object>> {
                    abstract String text(E event);
                    public Map<String, Object> handleRequest(E event, Context c) { return Map.of("statusCode", 200, "body", text(event)); }
                }
                """);
    }

    @Test void the_context_is_complete() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", """
                String.join("|", context.getFunctionName(), context.getFunctionVersion(),
                        context.getInvokedFunctionArn(),
                    "" + context.getMemoryLimitInMB(), context.getLogGroupName(), context.getLogStreamName(),
                    context.getAwsRequestId(),
                    "" + context.getRemainingTimeInMillis(), "" + context.getIdentity(), ""
                    + context.getClientContext())"""),
                "template.yaml", TestProject.function("Fn", "App::handle", "src", "/x")
                        .replace("Runtime:",
                        "FunctionName: orders\n      Timeout: 7\n      MemorySize: 256\n      Runtime:"))) {
            String[] values = project.start().body("/x").split("\\|");
            assertEquals("orders", values[0]);
            assertEquals("$LATEST", values[1]);
            assertEquals("arn:aws:lambda:us-east-1:123456789012:function:orders", values[2]);
            assertEquals("256", values[3]);
            assertEquals("/aws/lambda/orders", values[4]);
            assertTrue(values[5].matches("\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}"), values[5]);
            assertTrue(values[6].matches("[0-9a-f-]{36}"), values[6]);
            int remaining = Integer.parseInt(values[7]);
            assertTrue(remaining > 5000 && remaining <= 7000, values[7]);
            assertEquals("null", values[8]);
            assertFalse(values[6].equals(project.body("/x").split("\\|")[6]), "each request has its own id");
        }
    }

    @Test void a_trace_is_the_requests_own_or_started_by_the_gateway() throws Exception {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", IMPORTS + """
                public class App { public Map<String, Object> handle(Map<String, Object> in, Context c) {
                    return Map.of("statusCode", 200, "body", ((Map<?, ?>) in.get("headers")).get("X-Amzn-Trace-Id") + " "
                            + System.getProperty("com.amazonaws.xray.traceHeader")); } }
                """)) {
            String[] begun = project.body("/x").split(" ");
            assertTrue(begun[0].matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}"), begun[0]);
            assertTrue(begun[1].matches(begun[0] + ";Parent=[0-9a-f]{16};Sampled=0"), begun[1]);
            String[] sent = project.send("GET", "/x", null, "X-Amzn-Trace-Id", "Root=1-a-b;Sampled=1").body().split(" ");
            assertEquals("Root=1-a-b;Sampled=1", sent[0]);
            assertTrue(sent[1].matches("Root=1-a-b;Parent=[0-9a-f]{16};Sampled=1"), sent[1]);
        }
    }

    @Test void each_environment_has_the_trace_of_its_own_request() throws Exception {
        try (TestProject project = TestProject.of("src/App.java", IMPORTS + """
                public class App { public Map<String, Object> handle(Map<String, Object> in, Context c) throws Exception {
                    Thread.sleep(300);
                    return Map.of("statusCode", 200, "body", c.getXrayTraceId().equals(System.getProperty("com.amazonaws.xray.traceHeader"))
                            + " " + c.getXrayTraceId().equals(System.getenv("_X_AMZN_TRACE_ID"))); } }
                """, "template.yaml", TestProject.function("New", "App::handle", "src", "/new")
                + TestProject.function("Old", "App::handle", "src", "/old").replace("java17", "java11")
                .replace("Resources:\n", "")).start()) {
            var clients = java.util.concurrent.Executors.newFixedThreadPool(6);
            var bodies = java.util.stream.IntStream.range(0, 6).mapToObj(i -> clients.submit(() ->
                    project.body(i % 2 == 0 ? "/new" : "/old"))).toList();
            for (int i = 0; i < 6; i++) assertEquals(i % 2 == 0 ? "true false" : "true true", bodies.get(i).get());
            clients.shutdown();
        }
    }

    @Test void a_handler_may_clear_the_systems_properties() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "clear()").replaceFirst("\\{", "{ static int clear() {"
                + " System.getProperties().clear(); System.setProperties(new java.util.Properties()); return 1; }"))) {
            assertEquals("1", project.body("/x"));
            project.write("src/App.java", TestProject.handler("App", "2"));
            assertEquals("2", project.body("/x"));
        }
    }

    @Test void the_remaining_time_decreases() {
        assertBody("true", "App::handle", """
                public class App { public Map<String, Object> handle(Context c) throws Exception {
                    int before = c.getRemainingTimeInMillis(); Thread.sleep(30);
                    return Map.of("statusCode", 200, "body", "" + (before - c.getRemainingTimeInMillis() >= 20)); } }
                """);
    }

    @Test void the_logger_writes_to_the_console() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", IMPORTS + """
                public class App { public Map<String, Object> handle(Context c) {
                    c.getLogger().log("one"); LambdaRuntime.getLogger().log("two".getBytes()); return Map.of("statusCode", 200); } }
                """)) {
            assertEquals(200, project.get("/x").statusCode());
            assertTrue(project.console().contains("Fn | one\nFn | two\n"), project.console());
        }
    }

    /** They belong to no function's thread group, or to that of the function that used them first. */
    @Test void output_in_shared_threads_goes_to_the_functions_log() throws IOException {
        LogManager.getLogManager().readConfiguration(); // a handler of another test may have removed the handlers
        String code = """
                import java.util.concurrent.*;
                import java.util.logging.Logger;
                public class App {
                    static class Own extends Exception { Own(String message) { super(message); } }
                    static void tell(String where) {
                        Logger.getLogger("tests").warning("logged by NAME in the " + where);
                        new Own("traced by NAME in the " + where).printStackTrace();
                    }
                    public java.util.Map<String, Object> handle() throws Exception {
                        CompletableFuture<Object> late = new CompletableFuture<>();
                        CompletableFuture<Void> done = late.handle((value, error) -> { tell("timer"); return null; });
                        late.orTimeout(1, TimeUnit.MILLISECONDS);
                        done.get();
                        CompletableFuture<Void> pooled = new CompletableFuture<>();
                        ForkJoinPool.commonPool().execute(() -> { tell("pool"); pooled.complete(null); });
                        pooled.get();
                        return java.util.Map.of("statusCode", 200);
                    }
                }
                """;
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("A", "App::handle", "a", "/a")
                + TestProject.function("B", "App::handle", "b", "/b").replaceFirst("Resources:\\n", ""),
                "a/App.java", code.replace("NAME", "A"), "b/App.java", code.replace("NAME", "B")).start()) {
            for (String name : List.of("A", "B", "A")) {
                assertEquals(200, project.get("/" + name.toLowerCase()).statusCode(), project.console());
            }
            for (String name : List.of("A", "B")) {
                for (String where : List.of("timer", "pool")) {
                    assertTrue(project.console().contains(name + " | WARNING: logged by " + name + " in the " + where),
                            project.console());
                    assertTrue(project.console().contains(name + " | App$Own: traced by " + name + " in the " + where),
                            project.console());
                }
            }
        }
    }

    @Test void a_log_may_be_json_with_a_minimum_level() throws java.io.IOException {
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/x").replace("Runtime:",
                "LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: WARN}\n      Runtime:"), "src/App.java",
                IMPORTS + """
                public class App { public Map<String, Object> handle(Context c) {
                    c.getLogger().log("hidden", com.amazonaws.services.lambda.runtime.logging.LogLevel.INFO);
                    c.getLogger().log("shown", com.amazonaws.services.lambda.runtime.logging.LogLevel.ERROR);
                    return Map.of("statusCode", 200); } }
                """).start()) {
            assertEquals(200, project.get("/x").statusCode());
            String line = project.console().lines().filter(each -> each.contains("shown")).findFirst().orElse("");
            Map<?, ?> entry = (Map<?, ?>) ServerLocal.Json.read(line.substring(line.indexOf('{')));
            assertEquals("ERROR", entry.get("level"));
            assertEquals(Set.of("timestamp", "message", "level", "AWSRequestId"), entry.keySet());
            assertFalse(project.console().contains("hidden"));
        }
    }

    @Test void an_exception_is_a_502_and_its_trace_ends_at_the_handler() {
        try (TestProject project = TestProject.serving("orders.App::handle", "src/orders/App.java", """
                package orders;
                public class App {
                    public Object handle(java.util.Map<String, Object> event) {
                        try { deep(); } catch (Exception e) { throw new IllegalStateException("no stock", e); }
                        return null;
                    }
                    static void deep() { java.util.List.of(1, 2).stream().map(i -> i / 0).toList(); }
                }
                """)) {
            HttpResponse<String> response = project.get("/x");
            assertEquals(502, response.statusCode());
            assertEquals("{\"message\":\"Internal server error\"}", response.body());
            String console = project.console();
            assertTrue(console.contains("IllegalStateException: no stock"), console);
            assertTrue(console.contains("App.java:7\n"), "the first own frame of the cause: " + console);
            assertTrue(console.contains("Caused by: java.lang.ArithmeticException: / by zero"), console);
            assertTrue(console.contains("    at orders.App.deep(App.java:7)"), console);
            assertTrue(console.contains("frames in java.util"), console);
            assertFalse(console.contains("ServerLocal") || console.contains("jdk.internal.reflect"), console);
        }
    }

    @Test void problems_with_a_handler_are_reported() {
        assertFailure("Class not found: Nope", "Nope", "public class App { }");
        assertFailure("\nhelp: did you mean `App`?", "Apt", "public class App { }");
        assertFailure("\nhelp: did you mean `handle`?", "App::work", "public class App { public int handle() { return 1; } }");
        assertFailure("Class does not implement an appropriate handler interface: App", "App", "public class App { }");
        assertFailure("No public method named h with appropriate method signature found on class App", "App::h",
                "public class App { void h() { } }");
        assertFailure("Class App has no public zero-argument constructor", "App::h",
                "public class App { App() { } public void h() { } }");
        assertFailure("ArithmeticException: / by zero (Error loading class App)", "App::h",
                "public class App { static int x = 1 / Integer.parseInt(\"0\"); public void h() { } }");
        assertFailure("IllegalStateException: in the constructor", "App::h",
                "public class App { public App() { throw new IllegalStateException(\"in the constructor\"); } public void h() { } }");
    }

    @Test void statics_survive_between_requests() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "++Counter.count"), "src/Counter.java",
                "class Counter { static int count; }")) {
            assertEquals("1", project.body("/x"));
            assertEquals("2", project.body("/x"));
        }
    }

    @Test void errors_of_the_virtual_machine_end_the_environment_only() {
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", TestProject.handler("App",
                "event.get(\"path\").equals(\"/boom\") ? App.boom(1) : event.get(\"path\").equals(\"/exit\") ? App.exit() : ++App.count")
                .replaceFirst("\\{", "{ static int count; static int boom(int n) { return boom(n + 1) + 1; }"
                        + " static int exit() { System.exit(3); return 0; }"))) {
            assertEquals("1", project.body("/x"));
            assertEquals(502, project.get("/boom").statusCode());
            assertEquals("1", project.body("/x"), "static fields are reset");
            assertEquals(502, project.get("/exit").statusCode());
            assertTrue(project.console().contains("Runtime exited with error: exit status 3"), project.console());
            assertEquals("1", project.body("/x"));
        }
    }

    @Test void misbehaving_exceptions_are_reported() {
        String code = TestProject.handler("App", "App.fail(event.get(\"path\").toString())").replaceFirst("\\{", """
                {
                    static class Rude extends RuntimeException {
                        public String getMessage() { throw new IllegalStateException("rude"); }
                        public String toString() { throw new IllegalStateException("rude"); }
                        public StackTraceElement[] getStackTrace() { return null; }
                    }
                    static class Own extends RuntimeException {
                        public synchronized Throwable getCause() { return new Own(); }
                    }
                    static Object fail(String path) throws Exception {
                        if (path.equals("/rude")) throw new Rude();
                        if (path.equals("/own")) throw new Own();
                        if (path.equals("/loop")) {
                            Exception a = new Exception("a");
                            a.initCause(new Exception("b", a));
                            throw a;
                        }
                        if (path.equals("/interrupt")) Thread.currentThread().interrupt();
                        return "fine";
                    }
                """);
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", code)) {
            for (String path : new String[] {"/rude", "/own", "/loop"}) {
                assertEquals(502, project.get(path).statusCode(), path);
                assertEquals("fine", project.body("/x"));
            }
            for (int i = 0; i < 3; i++) assertEquals("fine", project.body("/interrupt"));
        }
    }

    @Test void nothing_of_the_server_is_visible() {
        for (String name : new String[] {"ServerLocal", "ServerLocal$Gateway", "ServerLocal$JavaRuntime",
                "picocli.CommandLine",
            "org.yaml.snakeyaml.Yaml", "com.fasterxml.jackson.core.JsonFactory",
            "com.fasterxml.jackson.databind.ObjectMapper", "com.fasterxml.jackson.annotation.JsonProperty",
            "com.fasterxml.jackson.dataformat.toml.TomlFactory", "com.google.gson.Gson", "org.objectweb.asm.ClassReader",
            "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer"}) {
            try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                    TestProject.handler("App", "Class.forName(\"" + name + "\")"))) {
                assertEquals(502, project.get("/x").statusCode(), name);
                assertTrue(project.console().contains("ClassNotFoundException: " + name), project.console());
            }
        }
    }

    @Test void class_files_and_resources_are_found() {
        try (TestProject project = TestProject.of("Fn/src/main/java/a/App.java", "package a;\n"
                + TestProject.handler("App", """
                new String(App.class.getResourceAsStream("/greeting.txt").readAllBytes()).strip()
                    + (App.class.getResource("App.class") != null)
                    + (Thread.currentThread().getContextClassLoader() == App.class.getClassLoader())
                    + App.class.getProtectionDomain().getCodeSource().getLocation().getPath().endsWith("/Fn/")"""),
                "Fn/src/main/resources/greeting.txt", "hello\n", "template.yaml",
                TestProject.function("Fn", "a.App::handle", "Fn/", "/x"))) {
            assertEquals("hellotruetruetrue", project.start().body("/x"));
        }
    }

    /** Component scans list the folders of packages, the root, and the URLs of the loader. */
    @Test void compiled_classes_are_found_by_listing_their_package() {
        String count = """
                count(App.class.getClassLoader().getResources("a/")) + count(ClassLoader.getSystemClassLoader()
                    .getResources("a/")) + count(App.class.getClassLoader().getResources("a/b"))
                    + (App.class.getClassLoader().getResource("a/c/") == null)
                    + new File(((java.net.URLClassLoader) App.class.getClassLoader()).getURLs()[0].toURI()).list()[0]
                """;
        try (TestProject project = TestProject.of("src/a/App.java", "package a;\nimport java.io.*;\n"
                + TestProject.handler("App", count).replaceFirst("\\}\\s*$", """
                static String count(Enumeration<java.net.URL> folders) throws Exception {
                    List<String> names = new ArrayList<>();
                    for (java.net.URL folder : Collections.list(folders)) {
                        names.addAll(List.of(new File(folder.toURI()).list((in, name) -> name.endsWith(".class"))));
                    }
                    return new TreeSet<>(names).toString();
                }
                }
                """), "src/a/b/Other.java", "package a.b; public class Other { class Inner { } }", "template.yaml",
                TestProject.function("Fn", "a.App::handle", "src", "/x"))) {
            assertEquals("[App.class][][Other$Inner.class, Other.class]truea", project.start().body("/x"));
            project.write("src/a/b/Another.java", "package a.b; class Another { }");
            assertEquals("[App.class][][Another.class, Other$Inner.class, Other.class]truea", project.body("/x"));
        }
    }

    /** Spring Cloud Function's invoker searches the manifests that its class loader finds. */
    @Test void the_manifest_names_the_start_class() {
        String spring = "org.springframework.boot.autoconfigure";
        String name = "shop.whose.name.goes.on.and.on.until.it.has.more.than.one.line.Application";
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/x"), "src/App.java", TestProject.handler("App", """
                new java.util.jar.Manifest(Collections.list(Class.forName("org.joda.time.DateTime").getClassLoader()
                    .getResources("META-INF/MANIFEST.MF")).get(0).openStream()).getMainAttributes()
                    .getValue("Start-Class")
                """), "src/SpringBootApplication.java", "package " + spring + "; public @interface SpringBootApplication { }",
                "src/Other.java", "class Other { public static void main(String[] arguments) { } }",
                "src/Application.java", "package " + name.replace(".Application", ";") + "@" + spring
                + ".SpringBootApplication class Application { public static void main(String[] arguments) { } }",
                "src/Config.java", "@" + spring + ".SpringBootApplication class Config { }").start()) {
            assertEquals(name, project.body("/x"));
        }
    }

    @Test void the_process_start_time_is_that_of_the_environment() {
        String bean = "java.lang.management.ManagementFactory.getRuntimeMXBean()";
        try (TestProject project = TestProject.serving("App::handle", "src/App.java", TestProject.handler("App",
                bean + ".getStartTime() + \" \" + (" + bean + ".getUptime() < 60_000)"))) {
            long before = System.currentTimeMillis();
            String first = project.body("/x");
            assertTrue(Long.parseLong(first.split(" ")[0]) >= before && first.endsWith(" true"), first);
            assertEquals(first, project.body("/x"));
        }
    }

    private static void assertBody(String body, String handler, String code) {
        try (TestProject project = TestProject.serving(handler, "src/App.java", IMPORTS + code)) {
            assertEquals(body, project.body("/x"));
        }
    }

    private static void assertFailure(String message, String handler, String code) {
        try (TestProject project = TestProject.serving(handler, "src/App.java", code)) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> response = project.get("/x");
                assertEquals(502, response.statusCode());
                assertEquals("{\"message\":\"Internal server error\"}", response.body());
            }
            assertTrue(project.console().contains(message), project.console());
        }
    }

    /** JEP 403 closes the JDK from Java 17 on; the JVM of java11 only warns (JEP 261, "--illegal-access"). */
    @Test void the_option_that_opens_the_jdk_to_old_reflection_is_named() {
        String read = "((Supplier<Object>) () -> { try { java.lang.reflect.Field field = ArrayList.class.getDeclaredField("
                + "\"size\"); field.setAccessible(true); return field.get(new ArrayList<>()); }"
                + " catch (ReflectiveOperationException e) { return e; } }).get()";
        try (TestProject project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", read.replace("Supplier", "java.util.function.Supplier")))) {
            assertEquals(502, project.get("/x").statusCode());
            assertTrue(project.console().contains("`JDK_JAVA_OPTIONS=--add-opens=java.base/java.util=ALL-UNNAMED`"),
                    project.console());
        }
    }
}
