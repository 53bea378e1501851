import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A debugger attached to a running server: breakpoints by class and line, before and after an edit. */
class DebugTest {
    private static final String TEMPLATE = TestProject.function("Fn", "shop.App::handle", "src", "/x") + """
                  Timeout: 1
            """;
    private static final String HANDLER = """
            package shop;
            public class App {
                public java.util.Map<String, Object> handle(java.util.Map<String, Object> event) {
                    String answer = "first";
                    return java.util.Map.of("statusCode", 200, "body", answer);
                }
            }
            """;

    @Test void breakpoints_are_hit_before_and_after_an_edit_and_no_timeout_counts() throws Exception {
        int port = freePort();
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/shop/App.java", HANDLER);
                Program program = Program.start(project, "--debug-port", String.valueOf(port), "--port", "0")) {
            String url = program.printed("http://127\\.0\\.0\\.1:\\d+") + "/x";
            VirtualMachine debugged = attach(port);
            breakAt(debugged, "shop.App", 5);
            assertEquals("first", answer(debugged, url, 1500));
            project.write("src/shop/App.java", HANDLER.replace("first", "second"));
            assertEquals("second", answer(debugged, url, 0));
            debugged.dispose();
            assertTrue(Files.readString(program.err).contains("note: debugger port: 127.0.0.1:" + port + "\n"));
        }
    }

    @Test void the_process_ends_with_the_one_that_started_it() throws Exception {
        for (String signal : List.of("TERM", "KILL")) {
            try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/shop/App.java", HANDLER);
                    Program program = Program.start(project, "-d", String.valueOf(freePort()), "--port", "0")) {
                program.printed("Press CTRL\\+C to quit");
                ProcessHandle child = program.process.toHandle().children().findFirst().orElseThrow();
                new ProcessBuilder("kill", "-" + signal, String.valueOf(program.process.pid())).start().waitFor();
                child.onExit().get(10, TimeUnit.SECONDS);
                assertTrue(program.process.waitFor(10, TimeUnit.SECONDS));
                assertEquals(signal.equals("TERM") ? 143 : 137, program.process.exitValue());
            }
        }
    }

    @Test void invoke_waits_for_the_debugger_and_returns_response_and_status() throws Exception {
        int port = freePort();
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/shop/App.java",
                HANDLER.replace("String answer = \"first\";", "if (true) throw new Error(\"no\"); String answer = null;"));
                Program program = Program.start(project, "invoke", "-d", String.valueOf(port), "--debug-args",
                        "-Da=b -Dc=d")) {
            program.printed("waiting for a debugger to attach");
            assertFalse(program.process.waitFor(300, TimeUnit.MILLISECONDS));
            VirtualMachine debugged = attach(port);
            debugged.resume();
            assertTrue(program.process.waitFor(60, TimeUnit.SECONDS));
            String out = Files.readString(program.out);
            assertTrue(out.startsWith("{\"errorMessage\":\"no\""), out + Files.readString(program.err));
            assertEquals(1, program.process.exitValue());
        }
    }

    private static final String MIXED = """
            Globals: {Function: {Runtime: nodejs20.x, Handler: index.handler}}
            Resources:
              Java:
                Type: AWS::Serverless::Function
                Properties: {Handler: 'shop.App::handle', CodeUri: src, Runtime: java17}
              Js:
                Type: AWS::Serverless::Function
                Properties:
                  InlineCode: "exports.handler = async () => 'from Node'"
                  FunctionUrlConfig: {AuthType: NONE}
              Other: {Type: AWS::Serverless::Function, Properties: {InlineCode: 'exports.handler = 1'}}
            """;

    @Test void a_process_of_a_mixed_template_is_debugged_by_name() throws Exception {
        NodeTest.assumeNode();
        int port = freePort();
        try (TestProject project = TestProject.of("template.yaml", MIXED, "src/shop/App.java", HANDLER);
                Program program = Program.start(project, "-d", String.valueOf(port), "--debug-function", "Js", "--port",
                        "0")) {
            String url = program.printed("-> http://127\\.0\\.0\\.1:\\d+|\u2192 http://127\\.0\\.0\\.1:\\d+").substring(2).strip();
            assertEquals("from Node", body(url + "/@Js/"));
            assertTrue(body("http://127.0.0.1:" + port + "/json").contains("webSocketDebuggerUrl"));
            assertTrue(Files.readString(program.err).contains("note: debugger port of Js: 127.0.0.1:" + port + "\n"));
        }
    }

    private static String body(String url) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test void the_process_to_debug_must_be_clear() {
        String template = MIXED.replaceFirst("  Java:[^J]*java17}\n", "");
        try (TestProject project = TestProject.of("template.yaml", template)) {
            String file = project.path("template.yaml").toString();
            TestProject.Ran ran = TestProject.cli("-t", file, "-d", String.valueOf(1), "--port", "0");
            assertEquals(2, ran.status());
            assertTrue(ran.err().contains("several functions can be debugged: Js, Other\n"
                    + "help: name one: --debug-function Js"), ran.err());
            assertEquals(1, TestProject.cli("-t", file, "-d", "1", "--debug-function", "Gone").status());
        }
    }

    @Test void an_unavailable_port_is_one_message() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String template = project.path("template.yaml").toString();
            TestProject.Ran ran = TestProject.cli("-t", template, "-d", String.valueOf(taken.getLocalPort()));
            assertEquals("error: cannot debug at 127.0.0.1:" + taken.getLocalPort() + ": address already in use\n"
                    + "help: stop the program that uses the port, or choose another one with `--debug-port`\n", ran.err());
            assertEquals(1, ran.status());
            assertEquals(2, TestProject.cli("-t", template, "-d", "70000").status());
        }
    }

    /** Sends a request that stops at the breakpoint for a while, and returns the value of the variable there. */
    private static String answer(VirtualMachine debugged, String url, long millis) throws Exception {
        CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient().sendAsync(
                HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        BreakpointEvent hit = nextBreakpoint(debugged);
        assertEquals("shop/App.java", hit.location().sourcePath());
        assertEquals("App.java", hit.location().sourceName());
        assertEquals(5, hit.location().lineNumber());
        StackFrame frame = hit.thread().frame(0);
        String answer = ((StringReference) frame.getValue(frame.visibleVariableByName("answer"))).value();
        Thread.sleep(millis);
        debugged.resume();
        assertEquals(200, response.get(20, TimeUnit.SECONDS).statusCode());
        assertEquals(answer, response.get().body());
        return answer;
    }

    /** Sets a breakpoint as an IDE does: in loaded classes now, in others of that name when they are loaded. */
    private static void breakAt(VirtualMachine debugged, String type, int line) throws Exception {
        for (ReferenceType known : debugged.classesByName(type)) breakAt(debugged, known, line);
        ClassPrepareRequest later = debugged.eventRequestManager().createClassPrepareRequest();
        later.addClassFilter(type);
        later.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        later.enable();
    }

    private static void breakAt(VirtualMachine debugged, ReferenceType type, int line) throws Exception {
        debugged.eventRequestManager().createBreakpointRequest(type.locationsOfLine(line).get(0)).enable();
    }

    private static BreakpointEvent nextBreakpoint(VirtualMachine debugged) throws Exception {
        while (true) {
            EventSet events = debugged.eventQueue().remove(20_000);
            if (events == null) throw new AssertionError("no breakpoint was hit");
            for (Event event : events) {
                if (event instanceof BreakpointEvent hit) return hit;
                if (event instanceof ClassPrepareEvent prepared) breakAt(debugged, prepared.referenceType(), 5);
            }
            events.resume();
        }
    }

    private static VirtualMachine attach(int port) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
        var arguments = connector.defaultArguments();
        ((Connector.IntegerArgument) arguments.get("port")).setValue(port);
        arguments.get("hostname").setValue("127.0.0.1");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return connector.attach(arguments);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) throw e;
                Thread.sleep(50);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the program in a separate process. */
    private record Program(Process process, Path out, Path err) implements AutoCloseable {
        static Program start(TestProject project, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                    .toString(), "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                    "ServerLocal"));
            command.addAll(List.of(arguments));
            command.addAll(List.of("-t", project.path("template.yaml").toString()));
            Path out = Files.createTempFile("out", "");
            Path err = Files.createTempFile("err", "");
            return new Program(new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile())
                    .start(), out, err);
        }

        /** Waits for a text on standard error. */
        String printed(String pattern) throws Exception {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < deadline && process.isAlive()) {
                Matcher found = Pattern.compile(pattern).matcher(Files.readString(err));
                if (found.find()) return found.group();
                Thread.sleep(20);
            }
            throw new AssertionError(Files.readString(out) + Files.readString(err));
        }

        @Override public void close() throws Exception {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        }
    }
}
