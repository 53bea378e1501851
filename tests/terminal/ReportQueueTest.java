import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A terminal that does not read, as after Ctrl-S, or a full pipe. */
class ReportQueueTest {
    private final CountDownLatch reads = new CountDownLatch(1);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    /** Blocks until {@link #reads} is counted down. */
    private final OutputStream terminal = new OutputStream() {
        @Override public void write(int character) {
            write(new byte[] {(byte) character}, 0, 1);
        }

        @Override public void write(byte[] bytes, int offset, int length) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            read.write(bytes, offset, length);
        }
    };

    @Test void reports_wait_for_a_reader_and_are_dropped_if_there_are_too_many() {
        var console = new ServerLocal.Console(new PrintStream(terminal), System.err,
                new ServerLocal.Terminal(false, true, ServerLocal.Terminal.UNBOUNDED, false), false, false);
        String line = "x".repeat(1_000);
        for (int i = 0; i < 10_000; i++) console.tell("test", i + " " + line);
        console.flush();
        assertEquals(0, read.size());
        reads.countDown();
        console.flush();
        String text = read.toString(StandardCharsets.UTF_8);
        int printed = text.split(line, -1).length - 1;
        assertTrue(printed > 1_000 && printed < 10_000, printed + " lines");
        assertTrue(text.contains(10_000 - printed + " reports dropped because the output was not read"), printed + " lines");
        console.tell("test", "after");
        console.flush();
        assertTrue(read.toString(StandardCharsets.UTF_8).endsWith("after\n"));
    }
}
