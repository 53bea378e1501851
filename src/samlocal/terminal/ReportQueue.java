package samlocal.terminal;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Prints reports in a thread of its own: a reader that does not read (a full pipe, Ctrl-S in a terminal) delays nobody.
 * Reports that do not fit are dropped and counted.
 */
final class ReportQueue {
    private static final int MAX_CHARACTERS = 4 << 20;
    /** Under load, so long reports are gathered to be printed together. */
    private static final int GATHER_MILLIS = 2;
    private final PrintStream out;
    private final IntFunction<String> droppedReport;
    private final Deque<String> reports = new ArrayDeque<>();
    private int characters;
    private int dropped;
    private boolean isPrinting;
    private Thread printer;

    /** {@code droppedReport} makes the report of how many were dropped. */
    ReportQueue(PrintStream out, IntFunction<String> droppedReport) {
        this.out = out;
        this.droppedReport = droppedReport;
    }

    /** A report is printed as a whole; it ends with a line break. */
    synchronized void add(String report) {
        if (printer == null) start();
        boolean fits = reports.isEmpty() || characters + report.length() <= MAX_CHARACTERS;
        if (!fits) {
            dropped++;
            return;
        }
        boolean isFirst = reports.isEmpty();
        reports.add(report);
        characters += report.length();
        if (isFirst) notifyAll();
    }

    private void start() {
        printer = new Thread(this::print, "console");
        printer.setDaemon(true);
        printer.setContextClassLoader(null); // it stays, and the caller may be a function's thread
        printer.start();
    }

    private void print() {
        try {
            while (true) {
                out.print(next());
                out.flush();
                printed();
            }
        } catch (InterruptedException e) {
            return; // nobody does this
        }
    }

    private synchronized String next() throws InterruptedException {
        while (reports.isEmpty()) wait();
        isPrinting = true;
        wait(GATHER_MILLIS); // waking up for each report would cost more than printing it
        String all = String.join("", reports) + (dropped == 0 ? "" : droppedReport.apply(dropped));
        reports.clear();
        characters = 0;
        dropped = 0;
        return all;
    }

    private synchronized void printed() {
        isPrinting = false;
        notifyAll();
    }

    /** Waits until all reports are printed, but not for long if nobody reads them. */
    synchronized void flush(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        notifyAll();
        try {
            for (long left = millis; left > 0 && (isPrinting || !reports.isEmpty());) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
