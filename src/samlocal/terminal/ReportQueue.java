package samlocal.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * Prints reports in a separate thread, so that a blocked output (a full pipe, Ctrl-S in a terminal) delays no request.
 * Reports that do not fit are dropped and counted.
 */
final class ReportQueue {
    private static final int MAX_CHARACTERS = 4 << 20;
    /** How long reports are collected under load: waking up for each would cost more than printing it. */
    private static final int GATHER_MILLIS = 2;
    /** Moves the cursor up by a number of rows and erases everything below it (CUU and ED of ECMA-48). */
    private static final String UP = "\u001b[%dA\u001b[J";
    /** What the last report is about, and how many rows it takes if it can be replaced. */
    private record Last(String subject, int rows) {
        static final Last NONE = new Last("", 0);

        boolean isReplacedBy(String other) {
            return !subject.isEmpty() && subject.equals(other) && rows > 0;
        }
    }

    private final PrintStream out;
    private final IntFunction<String> droppedReport;
    private final ScheduledThreadPoolExecutor printer = new ScheduledThreadPoolExecutor(1, ReportQueue::thread);
    private final List<String> reports = new ArrayList<>();
    private Last last = Last.NONE;
    private Last beforeLast = Last.NONE;
    private int characters;
    private int dropped;

    /** {@code droppedReport} returns the report about a number of dropped reports. */
    ReportQueue(PrintStream out, IntFunction<String> droppedReport) {
        this.out = out;
        this.droppedReport = droppedReport;
        printer.prestartCoreThread();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "console");
        thread.setDaemon(true);
        return thread;
    }

    /** Adds a report, which ends with a line break and is printed as a whole. */
    void add(String report) {
        add("", report, 0);
    }

    /**
     * Adds a report that replaces the last one if that has the same subject.
     *
     * @param subject empty if it replaces no other
     * @param rows how many rows it takes on the terminal, 0 if it cannot be replaced later
     */
    synchronized void add(String subject, String report, int rows) {
        boolean replaces = last.isReplacedBy(subject);
        boolean isKept = append((replaces ? UP.formatted(last.rows()) : "") + report);
        if (!replaces) beforeLast = last;
        last = isKept ? new Last(subject, rows) : Last.NONE;
    }

    /** Erases the last report if it has this subject; the one above it can be replaced again. */
    synchronized void erase(String subject) {
        if (!last.isReplacedBy(subject) || !append(UP.formatted(last.rows()))) return;
        last = beforeLast;
        beforeLast = Last.NONE;
    }

    /** Returns false if the queue is full. */
    private boolean append(String report) {
        boolean fits = reports.isEmpty() || characters + report.length() <= MAX_CHARACTERS;
        if (!fits) {
            dropped++;
            return false;
        }
        if (reports.isEmpty()) printer.schedule(this::print, GATHER_MILLIS, TimeUnit.MILLISECONDS);
        reports.add(report);
        characters += report.length();
        return true;
    }

    /** Keeps the last report on the terminal, because something else is printed below it. */
    synchronized void keepLast() {
        last = Last.NONE;
    }

    private void print() {
        out.print(next());
        out.flush();
    }

    private synchronized String next() {
        String all = String.join("", reports) + (dropped == 0 ? "" : droppedReport.apply(dropped));
        reports.clear();
        characters = 0;
        dropped = 0;
        return all;
    }

    /** Waits until all reports are printed, at most for a time in milliseconds. */
    void flush(long millis) {
        try {
            printer.submit(this::print).get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return; // the remaining reports are lost
        }
    }
}
