import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code samlocal invoke --watch} as a person uses it: save, and look at what has changed. */
class WatchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test void a_save_invokes_again_and_shows_what_has_changed() throws Exception {
        String handler = """
                import java.util.*;
                public class App {
                    public Map<String, Object> handle(Map<String, Object> event) {
                        return new TreeMap<>(Map.of("name", event.get("name"), "size", 1));
                    }
                }
                """;
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/"), "src/App.java", handler, "event.json",
                "{\"name\": \"Ada\"}")) {
            Thread watching = new Thread(() -> ServerLocal.Cli.run(new String[] {"invoke", "--watch", "-t",
                project.path("template.yaml").toString(), "-e", project.path("event.json").toString()},
                    new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)));
            watching.start();
            assertNext(out, "{\n  \"name\": \"Ada\",\n  \"size\": 1\n}\n");
            await(err, "  Fn  ");

            project.write("src/App.java", handler.replace("\"size\", 1", "\"size\", 2"));
            assertNext(out, "  {\n    \"name\": \"Ada\",\n-   \"size\": 1\n+   \"size\": 2\n  }\n");
            await(err, "  changed\n");

            project.write("src/App.java", handler.replace("\"size\", 1", "\"size\", 2x"));
            await(err, "error: ");
            project.write("event.json", "{\"name\": ");
            await(err, "error: the event is not JSON: ");
            project.write("event.json", "{\"name\": \"Bob\"}");
            project.write("src/App.java", handler.replace("\"size\", 1", "\"size\", 2"));
            assertNext(out, "  {\n-   \"name\": \"Ada\",\n+   \"name\": \"Bob\",\n    \"size\": 2\n  }\n");

            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/") + "      Nope: [\n");
            await(err, "has errors; serving the last valid version\n");
            project.write("template.yaml", TestProject.function("Fn", "App::handle", "src", "/")
                    .replace("Handler:", "Environment: {Variables: {A: b}}\n      Handler:"));
            await(err, "  same response\n");
            watching.interrupt();
            watching.join(TimeUnit.SECONDS.toMillis(30));
            assertEquals(false, watching.isAlive());
        }
    }

    /** Waits for a text, and takes it and all before it away. */
    private static void await(ByteArrayOutputStream stream, String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!stream.toString(UTF_8).contains(text)) {
            if (System.nanoTime() > end) throw new AssertionError("waited in vain for: " + text + "\n"
                    + stream.toString(UTF_8));
            Thread.onSpinWait();
        }
        stream.reset();
    }

    private static void assertNext(ByteArrayOutputStream stream, String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (stream.size() < text.length() && System.nanoTime() < end) Thread.onSpinWait();
        assertTrue(stream.toString(UTF_8).startsWith(text), stream.toString(UTF_8));
        stream.reset();
    }
}
