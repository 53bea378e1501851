import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exact terminal output; times of day, durations, ports and folders are normalized. */
class ScreensTest {
    private static final ServerLocal.Terminal PIPE =
            new ServerLocal.Terminal(false, true, ServerLocal.Terminal.UNBOUNDED, false);
    private static final String TEMPLATE = """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {Runtime: java17, CodeUri: ., Timeout: 20}}
            Resources:
              ListOrders:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: orders.List::handle
                  Events: {A: {Type: Api, Properties: {Path: /orders, Method: get}}}
              CreateOrder:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: orders.Create::handle
                  Events: {A: {Type: Api, Properties: {Path: /orders, Method: post}}}
              GetOrder:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: orders.List::handle
                  Events: {A: {Type: Api, Properties: {Path: '/orders/{id}', Method: get}}}
              Cleanup:
                Type: AWS::Serverless::Function
                Properties: {Handler: orders.List::handle}
              Report:
                Type: AWS::Serverless::Function
                Properties: {Handler: report.handler, Runtime: ruby3.3}
            """;
    private static final String LIST = """
            package orders;
            import java.util.Map;
            public class List {
                public Map<String, Object> handle(Map<String, Object> event) {
                    return Map.of("statusCode", 200, "body", "[]");
                }
            }
            """;
    private static final String CREATE = """
            package orders;
            import java.util.Map;
            public class Create {
                public Map<String, Object> handle(Map<String, Object> event) {
                    try {
                        java.util.List.of(2, 1).stream().sorted(Create::compare).toList();
                    } catch (Exception e) {
                        throw new IllegalStateException("no stock for \\033[2J7", e);
                    }
                    return null;
                }
                static int compare(Integer a, Integer b) { throw new IllegalArgumentException("table STOCK not found"); }
            }
            """;

    private static TestProject project(ServerLocal.Terminal terminal, boolean isJson, boolean isQuiet) {
        return TestProject.of("template.yaml", TEMPLATE, "src/main/java/orders/List.java", LIST,
                "src/main/java/orders/Create.java", CREATE).withScreen(terminal, isJson, isQuiet).start();
    }

    /** The output after the start screen, which ends with the URL. */
    private static String since(TestProject project) {
        String[] parts = normal(project).split("CTRL\\+C to quit\\)\n", 2);
        return parts[1];
    }

    private static String normal(TestProject project) {
        return project.console().replace(project.folder() + "/", "").replaceAll("\\d\\d:\\d\\d:\\d\\d", "12:34:56")
                .replaceAll(" +\\d+ ms", "   1 ms").replaceAll("127.0.0.1:\\d+", "127.0.0.1:3000")
                .replaceAll("12:34:56  (compiling .*|compiled .* for .*)\n", ""); // if it takes half a second
    }

    @Test void the_start_screen() {
        try (TestProject project = project(PIPE, false, false)) {
            assertEquals("""
                    samlocal 0.1.0   template.yaml   ready in   1 ms

                      GET   /orders       ListOrders   orders.List::handle    rest
                      POST  /orders       CreateOrder  orders.Create::handle  rest
                      GET   /orders/{id}  GetOrder     orders.List::handle    rest

                      functions without a route: Cleanup   try: samlocal invoke Cleanup
                      inspector: http://127.0.0.1:3000/_samlocal/

                    warning: `Report` needs ruby3.3, which samlocal cannot run; run it with `sam local`

                      \u2192 http://127.0.0.1:3000   edits apply when saved (Press CTRL+C to quit)
                    """, normal(project));
        }
    }

    @Test void requests_failures_and_reloads() {
        try (TestProject project = project(PIPE, false, false)) {
            project.get("/orders");
            project.get("/orders/7");
            project.get("/ordres/7");
            project.send("POST", "/orders", "");
            project.send("POST", "/orders", "");
            project.send("POST", "/2015-03-31/functions/Cleanup/invocations", "{}", "X-Amz-Invocation-Type", "DryRun");
            project.write("src/main/java/orders/List.java", LIST.replace("Map.of(", "Map\n\t\t\t.off("));
            project.get("/orders/7");
            project.get("/orders");
            project.write("template.yaml", TEMPLATE.replace("/orders, Method: get", "/all, Method: get"));
            project.get("/orders");
            project.write("template.yaml", TEMPLATE + "  X: !Ref [\n");
            project.get("/all");
            String output = since(project).replaceAll(" *  (compiled \\d files? in   1 ms|cold start)", "");
            assertEquals("""
                    12:34:56  200   1 ms  GET      /orders               ListOrders
                    12:34:56  200   1 ms  GET      /orders/7             GetOrder
                    12:34:56  403   1 ms  GET      /ordres/7             -            no route; nearest: GET /orders/{id}
                    12:34:56  502   1 ms  POST     /orders               CreateOrder  IllegalStateException: no stock for \\u001b[2J7
                        at orders.Create.handle(Create.java:8)
                    Caused by: java.lang.IllegalArgumentException: table STOCK not found
                      --> src/main/java/orders/Create.java:12
                       |
                    12 |     static int compare(Integer a, Integer b) { throw new IllegalArgumentException("table STOCK not found"); }
                        at orders.Create.compare(Create.java:12)
                        ... N frames in java.util
                        at orders.Create.handle(Create.java:6)
                      see http://127.0.0.1:3000/_samlocal/#4
                    12:34:56  502   1 ms  POST     /orders               CreateOrder  IllegalStateException: no stock for \\u001b[2J7  same as at 12:34:56
                    12:34:56  204   1 ms  invoke   Cleanup
                    12:34:56  500   1 ms  GET      /orders/7             GetOrder     does not compile: 1 error
                    error: cannot find symbol
                      --> src/main/java/orders/List.java:6:5
                      |
                    6 |             .off("statusCode", 200, "body", "[]");
                      |              ^^^
                      = symbol:   method off(java.lang.String,int,java.lang.String,java.lang.String)
                      = location: interface java.util.Map
                    12:34:56  500   1 ms  GET      /orders               ListOrders   still does not compile, see 12:34:56
                    12:34:56   1 ms  reload   template.yaml  added GET /all; removed GET /orders
                    """, output.substring(0, output.indexOf("12:34:56  403   1 ms  GET      /orders "))
                            .replaceAll("\\d+ frames in java.util\\S*", "N frames in java.util"));
            assertTrue(output.contains("  reload   template.yaml  has errors; serving the last valid version\n"
                    + "error: "), output);
        }
    }

    @Test void the_cause_comes_first_and_the_message_is_not_repeated() {
        try (TestProject project = TestProject.of("template.yaml", """
                Globals: {Function: {Runtime: java17, CodeUri: .}}
                Resources:
                  Static: {Type: AWS::Serverless::Function, Properties: {Handler: 'Static::handle',
                    Events: {A: {Type: Api, Properties: {Path: /static, Method: get}}}}}
                  Later: {Type: AWS::Serverless::Function, Properties: {Handler: 'Later::handle',
                    Events: {A: {Type: Api, Properties: {Path: /later, Method: get}}}}}
                  Wraps: {Type: AWS::Serverless::Function, Properties: {Handler: 'Later::wraps',
                    Events: {A: {Type: Api, Properties: {Path: /wraps, Method: get}}}}}
                  Absent: {Type: AWS::Serverless::Function, Properties: {Handler: 'Latter::handle',
                    Events: {A: {Type: Api, Properties: {Path: /absent, Method: get}}}}}
                  Exits: {Type: AWS::Serverless::Function, Properties: {Handler: 'Later::exits',
                    Events: {A: {Type: Api, Properties: {Path: /exits, Method: get}}}}}
                """, "Static.java", """
                public class Static {
                    static final int SIZE = Integer.parseInt("many");
                    public String handle() { return ""; }
                }
                """, "Later.java", """
                public class Later {
                    public String handle() { return "" + Static.SIZE; }
                    public String wraps() { throw new RuntimeException(new java.io.IOException("no disk")); }
                    public String exits() { System.exit(3); return ""; }
                }
                """).withScreen(PIPE, false, false).start()) {
            for (String path : List.of("/static", "/later", "/later", "/wraps", "/absent", "/exits")) project.get(path);
            List<String> output = since(project).lines().map(line -> line.replaceAll("  (compiled \\d files? in   1 ms|cold start)", "").stripTrailing()).toList();
            List<String> lines = output.stream().filter(line -> line.startsWith("12:34:56")).toList();
            assertEquals("""
                    12:34:56  502   1 ms  GET      /static               Static  NumberFormatException: For input string: "many" (Error loading class Static)
                    12:34:56  502   1 ms  GET      /later                Later   NumberFormatException: For input string: "many" (ExceptionInInitializerError)
                    """, String.join("\n", lines.subList(0, 2)) + "\n");
            assertTrue(lines.get(2).contains("NumberFormatException: For input string: \"many\" [in thread "), lines.get(2));
            assertTrue(lines.get(2).endsWith(" (NoClassDefFoundError: Could not initialize class Static)"), lines.get(2));
            assertEquals("12:34:56  502   1 ms  GET      /wraps                Wraps   IOException: no disk (RuntimeException)",
                    lines.get(3));
            assertEquals("""
                    12:34:56  502   1 ms  GET      /absent               Absent  Class not found: Latter
                      --> template.yaml:9:67
                      |
                    9 |   Absent: {Type: AWS::Serverless::Function, Properties: {Handler: 'Latter::handle',
                      |                                                                   ^^^^^^^^^^^^^^^^
                    help: did you mean `Later`?
                      see http://127.0.0.1:3000/_samlocal/#5
                    12:34:56  502   1 ms  GET      /exits                Exits   Runtime exited with error: exit status 3
                      see http://127.0.0.1:3000/_samlocal/#6
                    """, String.join("\n", output.subList(output.indexOf(lines.get(4)), output.size())) + "\n");
        }
    }

    @Test void a_failed_invocation_looks_failed_although_its_status_is_200() throws IOException {
        for (boolean isJson : new boolean[] {false, true}) {
            try (TestProject project = project(PIPE, isJson, false)) {
                var response = project.send("POST", "/2015-03-31/functions/CreateOrder/invocations", "{}");
                assertEquals(200, response.statusCode());
                assertEquals("Unhandled", response.headers().firstValue("X-Amz-Function-Error").orElse(""));
                if (!isJson) {
                    assertTrue(since(project).contains("\n12:34:56  err   1 ms  invoke   CreateOrder"), since(project));
                    continue;
                }
                List<String> lines = project.console().lines().toList();
                Map<?, ?> last = (Map<?, ?>) ServerLocal.Json.read(lines.get(lines.size() - 1));
                assertEquals("error 200", last.get("level") + " " + last.get("status"));
            }
        }
    }

    @Test void a_handler_that_does_not_exist_is_reported_at_its_place_in_the_saved_template() {
        String template = TestProject.function("Fn", "Absent::handle", "src", "/a");
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "1")).withScreen(PIPE, false, false).start()) {
            assertEquals(502, project.get("/a").statusCode());
            assertTrue(normal(project).contains("  --> template.yaml:5:16\n"), project.console());
            project.write("template.yaml", "Description: moved by one line\n" + template);
            assertEquals(502, project.get("/a").statusCode());
            assertTrue(normal(project).contains("  --> template.yaml:6:16\n"), project.console());
        }
    }

    @Test void a_narrow_terminal_wraps_words_and_shortens_long_ones() {
        try (TestProject project = project(new ServerLocal.Terminal(false, false, 60, false), false, false)) {
            project.get("/orders/" + "0123456789".repeat(9));
            project.send("POST", "/orders", "");
            String output = normal(project);
            assertEquals("""
                    samlocal 0.1.0   template.yaml   ready in   1 ms

                      GET   /orders       ListOrders   List::handle    rest
                      POST  /orders       CreateOrder  Create::handle  rest
                      GET   /orders/{id}  GetOrder     List::handle    rest

                      functions without a route: Cleanup   try: samlocal
                        invoke Cleanup
                      inspector: http://127.0.0.1:3000/_samlocal/

                    warning: `Report` needs ruby3.3, which samlocal cannot run;
                             run it with `sam local`

                      -> http://127.0.0.1:3000   (Press CTRL+C to quit)
                    """, output.substring(0, output.indexOf("12:34:56"))
                            .replaceFirst("/tmp\\S+   ready", "template.yaml   ready"));
            assertTrue(output.contains("  GET      /orde...456789  GetOrder\n          compiled 2 files"), output);
            assertTrue(output.contains("  CreateOrder\n          cold start\n          IllegalStateException: no stock for \\u001b[2J7"), output);
            output.lines().skip(1).filter(line -> !line.matches(".*(java:|Caused by|see http).*")).forEach(line ->
                    assertTrue(line.length() <= 60, line));
        }
    }

    /** A compilation that takes half a second has a line, which is erased at its end. */
    private static String withoutProgress(String output) {
        return output.replaceAll("[0-9:]{8}  compiling .*\n\u001b\\[\\dA\u001b\\[J", "");
    }

    @Test void saves_are_reported_at_once_and_in_place() {
        ServerLocal.Terminal terminal = new ServerLocal.Terminal(false, true, 120, true);
        try (TestProject project = project(terminal, false, false)) {
            project.get("/orders");
            project.following();
            int start = project.console().length();
            String broken = LIST.replace("Map.of(", "Map.off(");
            project.write("src/main/java/orders/List.java", broken);
            String output = withoutProgress(project.awaitConsole(start, "location: interface java.util.Map\n"));
            assertTrue(output.matches("(?s)\\d\\d:\\d\\d:\\d\\d  does not compile: 1 error for Cleanup, CreateOrder, GetOrder, ListOrders\n"
                    + "error: cannot find symbol\n.*"), output);
            String up = "\u001b[" + output.lines().count() + "A\u001b[J";

            start = project.console().length();
            project.write("src/main/java/orders/List.java", broken.replace("\"[]\"", "\"[1]\""));
            output = withoutProgress(project.awaitConsole(start, "location: interface java.util.Map\n"));
            assertTrue(output.startsWith(up), "still broken: the report is updated: " + output);

            assertEquals(500, project.get("/orders").statusCode());
            start = project.console().length();
            project.write("src/main/java/orders/List.java", LIST.replace("\"[]\"", "\"[2]\""));
            output = withoutProgress(project.awaitConsole(start, " for Cleanup, CreateOrder, GetOrder, ListOrders\n"));
            assertTrue(output.matches("\\d\\d:\\d\\d:\\d\\d  compiled 1 file in \\d+ ms for .*\n"), output);

            start = project.console().length();
            project.write("src/main/java/orders/List.java", broken);
            project.awaitConsole(start, "error: cannot find symbol");
            start = project.console().length();
            project.write("src/main/java/orders/List.java", LIST.replace("\"[]\"", "\"[2]\""));
            project.awaitConsole(start, "  compiles again for ");

            start = project.console().length();
            project.write("template.yaml", TEMPLATE + "  X: !Ref [\n");
            project.awaitConsole(start, "has errors; serving the last valid version\nerror: ");
            start = project.console().length();
            project.write("template.yaml", TEMPLATE.replace("/orders, Method: get", "/all, Method: get"));
            project.awaitConsole(start, "added GET /all; removed GET /orders\n");
        }
    }

    @Test void quiet_prints_the_url_and_errors() {
        try (TestProject project = project(PIPE, false, true)) {
            project.get("/orders");
            project.get("/nope");
            assertEquals("""
                    warning: `Report` needs ruby3.3, which samlocal cannot run; run it with `sam local`
                      \u2192 http://127.0.0.1:3000   edits apply when saved (Press CTRL+C to quit)
                    12:34:56  403   1 ms  GET      /nope                 -            no route; routes: GET /orders, POST /orders, GET /orders/{id}
                    """, normal(project));
        }
    }

    @Test void json_is_one_object_per_line() throws IOException {
        try (TestProject project = project(PIPE, true, false)) {
            project.get("/orders/7");
            project.send("POST", "/orders", "");
            project.write("src/main/java/orders/List.java", LIST.replace("return Map", "System.out.println(\"hi\"); return Map"));
            project.get("/orders");
            project.write("src/main/java/orders/List.java", "x");
            project.get("/orders");
            project.write("template.yaml", TEMPLATE.replace("/orders, Method: get", "/all, Method: get"));
            project.get("/all");
            List<Map<?, ?>> reports = new ArrayList<>();
            for (String line : project.console().lines().toList()) reports.add((Map<?, ?>) ServerLocal.Json.read(line));
            reports.forEach(object -> assertTrue(object.get("time").toString().matches("\\d{4}-.*Z"), object.toString()));
            assertEquals(List.of("start info", "request info", "request error", "log info", "request info",
                    "request error", "reload info", "request error"), reports.stream().map(object -> object.get("event") + " "
                            + object.get("level")).filter(each -> !each.matches("(compile|progress) .*")).toList());
            assertEquals(List.of("time", "level", "event", "version", "template", "millis", "url", "routes", "functions",
                    "notes", "warnings"), List.copyOf(reports.get(0).keySet()));
            Map<?, ?> request = reports.get(1);
            assertEquals("GET /orders/7 200 GetOrder", request.get("method") + " " + request.get("path") + " "
                    + request.get("status") + " " + request.get("function"));
            assertTrue(request.get("requestId").toString().matches("[0-9a-f-]{36}"), request.toString());
            Map<?, ?> error = (Map<?, ?>) reports.get(2).get("error");
            assertEquals("java.lang.IllegalStateException", error.get("type"));
            assertEquals("no stock for \u001b[2J7", error.get("message"));
            assertEquals(List.of("orders.Create.handle(Create.java:8)"), error.get("trace"));
            assertTrue(error.get("place").toString().endsWith("orders/Create.java:12"), error.toString());
            Map<?, ?> cause = (Map<?, ?>) ((List<?>) error.get("causes")).get(0);
            assertEquals("java.lang.IllegalArgumentException table STOCK not found",
                    cause.get("type") + " " + cause.get("message"));
            Map<?, ?> log = reports.get(3);
            assertEquals("ListOrders 1 hi", log.get("function") + " " + log.get("environment") + " " + log.get("message"));
            assertEquals(reports.get(4).get("requestId"), log.get("requestId"));
            Map<?, ?> problem = (Map<?, ?>) ((List<?>) reports.get(5).get("errors")).get(0);
            assertEquals(1L, problem.get("line"), problem.toString());
            assertNull(problem.get("hint"));
            assertEquals(List.of("GET /all"), reports.get(6).get("added"));
        }
    }

    @Test void carets_align_below_wide_characters_and_tabs_and_long_lines_are_cut() {
        assertEquals("""
                error: wrong
                  --> A.java:1:9
                  |
                1 |     "\u65e5\u672c" + x;
                  |              ^
                help: mend it
                """, screen(80, new ServerLocal.Problem("wrong", new ServerLocal.Place("A.java",
                List.of("\t\"\u65e5\u672c\" + x;"), 1, 9, 1), "mend it")));
        String line = "x".repeat(100) + " here " + "y".repeat(100);
        assertEquals("""
                error: wrong
                  --> A.java:1:102
                  |
                1 | ...xxxxxxxx here yyyyyyyyyyyyyyyyyy...
                  |             ^^^^
                """, screen(42, new ServerLocal.Problem("wrong", new ServerLocal.Place("A.java", List.of(line), 1, 102, 4),
                null)));
    }

    @Test void the_last_column_of_a_table_is_folded_beside_the_others_or_beneath_them() {
        String message = "this is not a good thing, and there is no way around it at all";
        List<List<String>> rows = List.of(List.of("error", "a.yaml:1:2", message), List.of("", "", "help: another"));
        assertEquals("""
                error  a.yaml:1:2  this is not a good thing, and there is
                                   no way around it at all
                                   help: another
                """, ServerLocal.Table.of(rows, 59));
        assertEquals("""
                error  a.yaml:1:2
                    this is not a good thing, and there is no way around
                    it at all
                    help: another
                """, ServerLocal.Table.of(rows, 58));
        assertEquals("error  a.yaml:1:2  " + message + "\n" + " ".repeat(19) + "help: another\n",
                ServerLocal.Table.of(rows, ServerLocal.Terminal.UNBOUNDED));
    }

    private static String screen(int width, ServerLocal.Problem problem) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new ServerLocal.Console(stream, stream, new ServerLocal.Terminal(false, true, width, false), false, false).fail(problem);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test void five_errors_then_a_count_of_the_rest() {
        List<ServerLocal.Problem> errors = new ArrayList<>();
        for (int i = 1; i <= 7; i++) errors.add(new ServerLocal.Problem("wrong " + i, null, null));
        ServerLocal.Console console = new ServerLocal.Console(System.out, System.err, PIPE, false, false);
        assertEquals("error: wrong 1\nerror: wrong 2\nerror: wrong 3\nerror: wrong 4\nerror: wrong 5\nand 2 more errors\n",
                console.errors(errors));
    }

    @Test void function_output_keeps_colors_but_not_other_escape_sequences() {
        assertEquals("Fn | \u001b[31mred\u001b[0m\nFn | \u001b[31mstill\u001b[0m plain",
                ServerLocal.Text.marked("\u001b[31mred\nstill\u001b[0m plain\n", "Fn | "));
        assertEquals("Fn | \\u001b[2J\\u001b]0;title\\u0007 a\tb\\u202e", ServerLocal.Text.marked(
                "\u001b[2J\u001b]0;title\u0007 a\tb\u202e\r\n", "Fn | "));
        assertEquals("Fn | one\nFn | two", ServerLocal.Text.marked("one\rtwo", "Fn | "));
    }

    @Test void colors_are_never_the_only_sign() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ServerLocal.Terminal colourful = new ServerLocal.Terminal(true, true, 80, false);
        new ServerLocal.Console(stream, stream, colourful, false, false).fail(new ServerLocal.Problem("wrong",
                new ServerLocal.Place("A.java", List.of("a b"), 1, 3, 1), "mend it"));
        assertEquals("\u001b[1;31merror\u001b[0m: wrong\n  --> A.java:1:3\n  |\n1 | a b\n  |   \u001b[1;31m^\u001b[0m\n"
                + "\u001b[36mhelp\u001b[0m: mend it\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test void texts_are_measured_in_columns() {
        assertEquals(4, ServerLocal.Text.width("\u65e5\u672c"));
        assertEquals(1, ServerLocal.Text.width("e\u0301"));
        assertEquals(2, ServerLocal.Text.width("\u001b[1mab\u001b[0m"));
        assertEquals("ab...yz", ServerLocal.Text.shortened("abcdefghijklmnopqrstuvwxyz", 7));
        assertEquals("one two\nthree", ServerLocal.Text.folded("one two three", 8));
        assertFalse(ServerLocal.Text.clean("a\u001bb\u2028c\u200b").chars().anyMatch(c -> c > 126));
    }
}
