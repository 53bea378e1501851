import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Functions over the same code: what they share, their memory, and their initialization at startup. */
class ManyFunctionsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String LIBRARY = """
            package shared;
            public class State {
                public static final String NAME = System.getenv("NAME");
                public static int calls;
            }
            """;
    private static final String HANDLER = """
            import java.util.Map;
            public class A {
                public Map<String, Object> run(Map<String, Object> event) {
                    return Map.of("statusCode", 200, "body", shared.State.NAME + ++shared.State.calls);
                }
            }
            """;

    /** A template with functions F1 to Fn behind the paths /1 to /n. */
    private static String functions(int count, String handler) {
        return "Resources:\n" + IntStream.rangeClosed(1, count).mapToObj(i -> """
                  F%d:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: %s
                      CodeUri: src
                      Runtime: java17
                      Timeout: 60
                      Environment: {Variables: {NAME: F%d}}
                      Events: {Any: {Type: HttpApi, Properties: {Path: /%d, Method: get}}}
                """.formatted(i, handler, i, i)).collect(Collectors.joining());
    }

    @Test void functions_do_not_share_the_static_fields_of_their_libraries() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", functions(2, "A::run"), "src/A.java", HANDLER,
                "made/shared/State.java", LIBRARY)) {
            Jars.make(project.path("src/lib/state.jar"), project.path("made/shared/State.java"));
            project.start();
            assertEquals("F11", project.body("/1"));
            assertEquals("F12", project.body("/1"));
            assertEquals("F21", project.body("/2"));
            assertEquals("F13", project.body("/1"));
        }
    }

    @Test void two_functions_at_a_time_are_initialized_at_startup_in_the_order_of_the_template() throws Exception {
        String handler = """
                import java.nio.file.*;
                public class A {
                    static {
                        System.out.println("begins");
                        Path folder = Path.of(System.getenv("FOLDER"));
                        try {
                            Files.createFile(folder.resolve(System.getenv("NAME")));
                            while (!Files.exists(folder.resolve("F2")) || !Files.exists(folder.resolve("go"))) {
                                Thread.onSpinWait();
                            }
                        } catch (java.io.IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    public String run() { return "answer"; }
                }
                """;
        TestProject project = TestProject.of("src/A.java", handler);
        project.with("template.yaml", functions(3, "A::run").replace("{NAME", "{FOLDER: '" + project.folder() + "', NAME"))
                .withFunctions(new ServerLocal.Config.Functions(List.of(), null, null, null, true, true, null));
        try (project) {
            CompletableFuture<Void> started = CompletableFuture.runAsync(project::start);
            project.awaitConsole(0, "initialized 0 of 3 functions");
            project.write("go", "");
            started.join();
            String console = project.console();
            assertTrue(console.indexOf("F3 | begins") > console.indexOf("F1 | begins"), console);
            assertTrue(console.indexOf("F3 | begins") > console.indexOf("F2 | begins"), console);
            assertEquals("answer", project.body("/3"));
            assertEquals(3, project.console().split("\\| begins", -1).length - 1, console);
        }
    }

    /** The functions together need more memory than the server has. */
    @Test void idle_functions_are_ended_when_memory_is_short() throws Exception {
        String handler = """
                public class A {
                    static final byte[][] DATA = new byte[24 * 8][1 << 17];
                    static int calls;
                    public String run() { return "" + ++calls; }
                }
                """;
        int count = 16;
        try (TestProject project = TestProject.of("template.yaml", functions(count, "A::run"), "src/A.java", handler)) {
            Path log = project.path("log");
            int port = freePort();
            Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m", "-cp", System.getProperty("java.class.path"), "ServerLocal", "--template",
                    project.path("template.yaml").toString(), "--port", "" + port).redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start();
            try {
                awaitPort(server, log, port);
                for (int i = 1; i <= count; i++) assertEquals("1", get(port, "/" + i), Files.readString(log));
                assertEquals("2", get(port, "/" + count), "the function used last is still warm");
                assertEquals("1", get(port, "/1"), "the function used first starts again");
                assertEquals(1, Files.readString(log).split("memory is short", -1).length - 1, Files.readString(log));
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process server, Path log, int port) throws IOException {
        while (!Files.readString(log).contains(":" + port)) {
            if (!server.isAlive()) throw new AssertionError(Files.readString(log));
            Thread.onSpinWait();
        }
    }

    private static String get(int port, String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }
}
