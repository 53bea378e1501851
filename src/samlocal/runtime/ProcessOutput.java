package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Passes the output of a process on to the function's log. Our own bootstraps write a mark, a line with a zero byte and
 * a request id, at the end of the output of an invocation, so that its log is complete before its response.
 */
final class ProcessOutput {
    private static final long MOST_WAIT_MILLIS = 500;
    private static final int MOST_MARK = 100;
    private static final Pattern MARK = Pattern.compile("[0-9a-f-]*");
    private final ByteArrayOutputStream mark = new ByteArrayOutputStream();
    private OutputStream log = OutputStream.nullOutputStream();
    private boolean isInMark;
    private String lastMark = "none";
    private boolean isOver;

    synchronized void to(OutputStream log) {
        this.log = log;
    }

    /** Reads the output until it ends. */
    void pump(InputStream output) {
        byte[] part = new byte[1 << 13];
        try (output) {
            for (int count = output.read(part); count >= 0; count = output.read(part)) write(part, count);
        } catch (IOException e) {
            // the process was killed
        } finally {
            end();
        }
    }

    private synchronized void write(byte[] part, int count) throws IOException {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (isInMark) {
                start = i + 1;
                if (part[i] == '\n' || mark.size() > MOST_MARK) endMark();
                else mark.write(part[i]);
            } else if (part[i] == 0) {
                log.write(part, start, i - start);
                start = i + 1;
                isInMark = true;
            }
        }
        log.write(part, start, count - start);
    }

    private void endMark() throws IOException {
        String text = mark.toString(UTF_8);
        if (MARK.matcher(text).matches()) lastMark = text;
        else log.write((text + "\n").getBytes(UTF_8)); // the function itself has written a zero
        mark.reset();
        isInMark = false;
        notifyAll();
    }

    private synchronized void end() {
        isOver = true;
        notifyAll();
    }

    /** Waits for the output before a mark, but not long, because the process may have lost its output. */
    synchronized void awaitMark(String id) {
        await(() -> lastMark.equals(id));
    }

    /** Waits for the rest of the output of a process that has ended; its own children may still write. */
    synchronized void awaitEnd() {
        await(() -> false);
    }

    private void await(BooleanSupplier isThere) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_WAIT_MILLIS);
        try {
            while (!isOver && !isThere.getAsBoolean() && System.nanoTime() < end) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Logs a line of our own. */
    synchronized void note(String text) {
        try {
            log.write((text + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            return; // the log is in memory
        }
    }
}
