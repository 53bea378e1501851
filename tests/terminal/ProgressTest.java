import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private ServerLocal.Console console(boolean rewrites) {
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new ServerLocal.Console(stream, stream, new ServerLocal.Terminal(false, true, 80, rewrites), false, false);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8).replaceAll("\\d\\d:\\d\\d:\\d\\d", "12:34:56")
                .replaceAll("  \\d+ s\n", "\n");
    }

    private void await(String text) {
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (!printed().contains(text)) Thread.onSpinWait();
        });
    }

    @Test void long_tasks_have_one_line_that_is_updated_and_erased() {
        ServerLocal.Console console = console(true);
        ServerLocal.Progress progress = new ServerLocal.Progress(console, "work", () -> "working");
        await("12:34:56  working\n\u001b[1A\u001b[J12:34:56  working\n");
        progress.close();
        console.flush();
        assertTrue(printed().endsWith("12:34:56  working\n\u001b[1A\u001b[J"), printed());
        console.tell("done", "done");
        console.flush();
        assertTrue(printed().endsWith("\u001b[J12:34:56  done\n"), printed());
    }

    @Test void without_a_terminal_progress_lines_stay() {
        ServerLocal.Console console = console(false);
        ServerLocal.Progress progress = new ServerLocal.Progress(console, "work", () -> "working");
        await("12:34:56  working\n");
        progress.close();
        console.flush();
        assertEquals("12:34:56  working\n", printed());
    }

    @Test void short_work_is_not_shown() {
        ServerLocal.Console console = console(true);
        for (int i = 0; i < 100; i++) new ServerLocal.Progress(console, "work", () -> "working").close();
        console.flush();
        assertEquals("", printed());
    }
}
