package samlocal.terminal;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows the progress of an operation that takes longer than half a second: on a terminal in one line that is updated in
 * place, elsewhere with occasional lines.
 */
public final class Progress implements AutoCloseable {
    /** Shorter operations are not shown. */
    public static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long UPDATE_MILLIS = 250;
    private static final long PLAIN_UPDATE_MILLIS = 5_000;
    private final Console console;
    private final String subject;
    private final Supplier<String> text;
    private final Thread thread = new Thread(this::run, "progress");
    private final long started = System.nanoTime();
    private boolean isShown;

    /**
     * Shows the progress of an operation until it is closed.
     *
     * @param subject identifies the operation among those that run at the same time
     * @param text returns a description of the current step
     */
    public Progress(Console console, String subject, Supplier<String> text) {
        this.console = console;
        this.subject = subject;
        this.text = text;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            long pause = console.terminal().rewrites() ? UPDATE_MILLIS : PLAIN_UPDATE_MILLIS;
            String last = "";
            for (TimeUnit.NANOSECONDS.sleep(PATIENCE_NANOS); true; Thread.sleep(pause)) {
                String now = text.get();
                boolean isNews = console.terminal().rewrites() || !now.equals(last);
                if (isNews) show(now + (console.terminal().rewrites() ? seconds() : ""));
                last = now;
            }
        } catch (InterruptedException e) {
            return; // the work is done
        }
    }

    private String seconds() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        return seconds == 0 ? "" : "  " + seconds + " s";
    }

    private synchronized void show(String line) {
        if (Thread.currentThread().isInterrupted()) return;
        isShown = true;
        console.replace(subject, new Notice(Notice.Level.info, "progress", () -> Map.of("message", line),
                () -> console.now() + "  " + line));
    }

    /** Ends the progress report and erases its line on a terminal. */
    @Override public synchronized void close() {
        thread.interrupt();
        if (isShown) console.erase(subject);
    }
}
