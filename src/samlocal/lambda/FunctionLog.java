package samlocal.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import samlocal.runtime.RuntimeFault;

/**
 * Takes what an execution environment prints, by any thread and in any pieces, and gives whole lines to the
 * console as they come; keeps the end of what an invocation logged.
 */
public final class FunctionLog extends OutputStream {
    private static final int MOST_LINE = 1 << 16;
    private final Consumer<Entry> entries;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Transcript transcript = new Transcript();
    private boolean hasBegun;
    private String requestId;
    private boolean showsPlatform;

    /** Whole lines that were printed at once; the id is that of the last invocation that began, or null. */
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

    /** The beginning of a very long line, without the first bytes of an incomplete character. */
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
        transcript.add(text.endsWith("\n") ? text : text + "\n");
    }

    /** An entry of its own. */
    synchronized void println(String text) {
        giveLines();
        entries.accept(new Entry(requestId, text));
        keep(text);
    }

    /** The line that starts an invocation's log; {@code isShown}: whether such lines are printed. */
    synchronized void begin(String id, boolean isShown) {
        giveLines();
        if (hasBegun) transcript = new Transcript();
        hasBegun = true;
        transcript.begin();
        requestId = id;
        showsPlatform = isShown;
        platform("START RequestId: " + id + " Version: $LATEST");
    }

    /** The two lines that end it. */
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

    /** Keeps what AWS's runtime logs about an error; the console reports errors in its own words. */
    synchronized void failure(Throwable error) {
        giveLines();
        keep(RuntimeFault.isTimeout(error) ? Instant.now() + " " + requestId + " " + error.getMessage() : trace(error));
    }

    private static String trace(Throwable error) {
        String type = error.getClass().getName();
        return Thrown.ask(() -> {
            StringWriter text = new StringWriter();
            error.printStackTrace(new PrintWriter(text));
            return error.getMessage() + ": " + type + "\n" + text;
        }, type);
    }

    /** What has been logged since the last invocation began, and will be until the next one does. */
    synchronized Transcript transcript() {
        return transcript;
    }

    /** The log of one invocation, the newest of it; the first one's has what initialization printed in front. */
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

        /** Whether the oldest of it was dropped. */
        public synchronized boolean isCut() {
            return isCut;
        }

        /** Its end as callers of Lambda's own API get it, without the initialization, at most 4 KB. */
        public synchronized byte[] tail() {
            byte[] bytes = text == null ? new byte[0] : text.substring(beginning).getBytes(UTF_8);
            return bytes.length <= MOST_TAIL ? bytes
                    : Arrays.copyOfRange(bytes, bytes.length - MOST_TAIL, bytes.length);
        }
    }
}
