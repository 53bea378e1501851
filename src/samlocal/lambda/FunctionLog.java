package samlocal.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import samlocal.runtime.ReportedError;
import samlocal.runtime.RuntimeFault;

/**
 * Receives the output of an execution environment from any thread and passes complete lines to the console; keeps the
 * end of each invocation's log.
 */
public final class FunctionLog extends OutputStream {
    private static final int MOST_LINE = 1 << 16;
    private final Consumer<Entry> entries;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Transcript transcript = new Transcript();
    private boolean hasBegun;
    private String requestId;
    private boolean showsPlatform;

    /** Complete lines that were printed together; the id is that of the last started invocation, or null. */
    record Entry(String requestId, String text) {
    }

    FunctionLog(Consumer<Entry> entries) {
        this.entries = entries;
    }

    @Override public void write(int character) {
        write(new byte[] {(byte) character}, 0, 1);
    }

    @Override public synchronized void write(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int afterLast = end;
        while (afterLast > offset && bytes[afterLast - 1] != '\n') afterLast--;
        line.write(bytes, offset, afterLast - offset);
        if (afterLast > offset) giveLines();
        line.write(bytes, afterLast, end - afterLast);
        if (line.size() > MOST_LINE) givePart();
    }

    /** Passes on the start of a very long line, without the bytes of an incomplete character. */
    private void givePart() {
        byte[] bytes = line.toByteArray();
        int end = bytes.length;
        while (end > bytes.length - 4 && (bytes[end - 1] & 0xC0) == 0x80) end--;
        boolean isStart = (bytes[end - 1] & 0xC0) == 0xC0;
        int whole = isStart ? end - 1 : bytes.length;
        line.reset();
        line.write(bytes, 0, whole);
        giveLines();
        line.write(bytes, whole, bytes.length - whole);
    }

    private void giveLines() {
        if (line.size() == 0) return;
        String text = line.toString(UTF_8);
        line.reset();
        entries.accept(new Entry(requestId, text));
        keep(text);
    }

    private void keep(String text) {
        if (!text.isEmpty()) transcript.add(text.endsWith("\n") ? text : text + "\n");
    }

    /** Logs a separate entry. */
    synchronized void println(String text) {
        giveLines();
        entries.accept(new Entry(requestId, text));
        keep(text);
    }

    /** Logs the START line; {@code isShown} tells whether such lines are visible. */
    synchronized void begin(String id, boolean isShown) {
        giveLines();
        if (hasBegun) transcript = new Transcript();
        hasBegun = true;
        transcript.begin();
        requestId = id;
        showsPlatform = isShown;
        platform("START RequestId: " + id + " Version: $LATEST");
    }

    /** Logs the END and REPORT lines. */
    synchronized void end(String report) {
        giveLines();
        platform("END RequestId: " + requestId);
        platform("REPORT RequestId: " + requestId + "\t" + report);
    }

    private void platform(String text) {
        if (!showsPlatform) return;
        entries.accept(new Entry(requestId, text));
        keep(text);
    }

    /** Logs an error as AWS's runtime does; the console reports it differently. */
    synchronized void failure(Throwable error) {
        giveLines();
        keep(RuntimeFault.isTimeout(error) ? Instant.now() + " " + requestId + " " + error.getMessage()
                : error instanceof ReportedError reported ? reported.log() : trace(error));
    }

    private static String trace(Throwable error) {
        String type = error.getClass().getName();
        return Thrown.ask(() -> {
            StringWriter text = new StringWriter();
            error.printStackTrace(new PrintWriter(text));
            return error.getMessage() + ": " + type + "\n" + text;
        }, type);
    }

    /** The log from the start of the last invocation until the start of the next one. */
    synchronized Transcript transcript() {
        return transcript;
    }

    /** The log of one invocation, limited to its end; that of the first starts with the output of initialization. */
    public static final class Transcript {
        private static final int MOST = 1 << 15;
        /** Lambda API Reference, "Invoke": the header X-Amz-Log-Result. */
        private static final int MOST_TAIL = 4096;
        private StringBuilder text;
        private int beginning;
        private boolean isCut;

        private synchronized void add(String lines) {
            if (text == null) text = new StringBuilder();
            int from = Math.max(0, lines.length() - MOST);
            text.append(lines, from, lines.length());
            isCut |= from > 0;
            if (text.length() > 2 * MOST) dropOldest();
        }

        private void dropOldest() {
            int dropped = text.length() - MOST;
            text.delete(0, dropped);
            beginning = Math.max(0, beginning - dropped);
            isCut = true;
        }

        private synchronized void begin() {
            beginning = text == null ? 0 : text.length();
        }

        public synchronized String text() {
            return text == null ? "" : text.toString();
        }

        /** Whether the start was dropped. */
        public synchronized boolean isCut() {
            return isCut;
        }

        /** The end of the log for callers of the Lambda API, without initialization, at most 4 KB. */
        public synchronized byte[] tail() {
            byte[] bytes = text == null ? new byte[0] : text.substring(beginning).getBytes(UTF_8);
            return bytes.length <= MOST_TAIL ? bytes
                    : Arrays.copyOfRange(bytes, bytes.length - MOST_TAIL, bytes.length);
        }
    }
}
