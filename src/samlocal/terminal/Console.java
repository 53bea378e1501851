package samlocal.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Prints whole blocks, so that lines of different threads never mix. */
public final class Console {
    /** The role of a text, which decides its colour. */
    public enum Style {
        PLAIN(""), BOLD("1"), DIM("2"), ERROR("1;31"), WARNING("33"), HELP("36"), SUCCESS("32");

        /** The parameter of ECMA-48's "Select Graphic Rendition". */
        final String code;

        Style(String code) {
            this.code = code;
        }
    }

    static final int MOST_ERRORS = 5;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final long FLUSH_MILLIS = 500;
    private final PrintStream out;
    private final PrintStream err;
    private final ReportQueue reports;
    private final Terminal terminal;
    private final boolean isJson;
    private final boolean isQuiet;
    /** The user's time zone, even if functions set another default. */
    private final ZoneId zone = ZoneId.systemDefault();
    private volatile PrintStream copy;

    /** A console that prints text to two streams; {@code when} is {@code always}, {@code never} or {@code auto}. */
    Console(PrintStream out, PrintStream err, String when) {
        this(out, err, Terminal.of(when), false, false);
    }

    /**
     * A console that prints to two streams.
     *
     * @param isJson whether reports are JSON, one object per line
     * @param isQuiet whether only failures and function output are reported
     */
    public Console(PrintStream out, PrintStream err, Terminal terminal, boolean isJson, boolean isQuiet) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.isJson = isJson;
        this.isQuiet = isQuiet;
        this.reports = new ReportQueue(out, this::dropped);
    }

    private String dropped(int count) {
        String text = count(count, "report") + " dropped because the output was not read";
        return !isJson ? text + "\n"
                : json(new Notice(Notice.Level.warn, "dropped", () -> Map.of("message", text), () -> ""));
    }

    /** Waits until all reports are printed, but not for long if the output is blocked. */
    public void flush() {
        reports.flush(FLUSH_MILLIS);
    }

    public boolean isQuiet() {
        return isQuiet;
    }

    /** The capabilities of the output. */
    public Terminal terminal() {
        return terminal;
    }

    /** Columns of the terminal, {@link Terminal#UNBOUNDED} if the output is not a terminal. */
    public int width() {
        return terminal.width();
    }

    /** Prints the result of a command unchanged. */
    public void print(String text) {
        write(out, text);
    }

    /** Prints a result in bytes: unchanged for programs, in the terminal's charset on a terminal. */
    public void print(byte[] result) {
        flush();
        if (Terminal.isOutput()) write(out, new String(result, UTF_8));
        else out.write(result, 0, result.length);
        out.flush();
    }

    /** Ends the line of a result on standard error: programs that read the result do not get the line break. */
    public void endResult() {
        if (!isJson) write(err, "\n");
    }

    /** Prints a report of a running server. */
    public void tell(Notice notice) {
        replace("", notice);
    }

    /** Prints a report; on a terminal, it replaces the last one if that has the same subject. */
    public void replace(String subject, Notice notice) {
        if (isQuiet && !notice.isQuiet()) return;
        if (isJson) {
            reports.add(json(notice));
        } else {
            String text = notice.text().get();
            String shown = (terminal.arrow() ? text : text.replace("\u2192", "->")).stripTrailing() + "\n";
            reports.add(subject, shown, terminal.rows(shown));
        }
    }

    /** Erases the last report on a terminal if it has this subject. */
    void erase(String subject) {
        if (!isJson && terminal.rewrites()) reports.erase(subject);
    }

    /** Prints a text after the time of day. */
    public void tell(String event, String text) {
        tell(new Notice(Notice.Level.info, event, () -> Map.of("message", text), () -> now() + "  " + text));
    }

    /** Prints errors that do not belong to a request. */
    public void tell(List<Problem> errors) {
        if (!isJson) {
            tell(new Notice(Notice.Level.error, "error", Map::of, () -> errors(errors)));
        } else {
            errors.forEach(error -> tell(new Notice(Notice.Level.error, "error", error::fields, () -> "")));
        }
    }

    private static String json(Notice notice) {
        Map<String, Object> fields = Json.object(
                "time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                "level", notice.level().name(),
                "event", notice.event());
        fields.putAll(notice.fields().get());
        return Json.write(fields) + "\n";
    }

    /** From now on, copies function output to this stream too. */
    public void copyFunctionsTo(PrintStream file) {
        copy = file;
    }

    /** Copies a function's output or response. */
    public void copyFunctions(String text) {
        PrintStream file = copy;
        if (file == null) return;
        file.print(text);
        file.flush();
    }

    /** Prints a note of a command, separate from its result. */
    public void note(String text) {
        beside(new Notice(Notice.Level.info, "note", () -> Map.of("message", text),
                () -> paint(Style.HELP, "note") + ": " + folded(text, 6) + "\n"));
    }

    /** Prints a warning of a command, separate from its result. */
    public void warn(Problem problem) {
        beside(new Notice(Notice.Level.warn, "note", problem::fields,
                () -> render("warning", Style.WARNING, problem)));
    }

    /** Prints the failure that ends a command. */
    public void fail(Problem problem) {
        beside(new Notice(Notice.Level.error, "error", problem::fields,
                () -> render("error", Style.ERROR, problem)));
    }

    private void beside(Notice notice) {
        write(err, isJson ? json(notice) : notice.text().get());
    }

    /** Prints a text as a whole, after all reports. */
    private void write(PrintStream stream, String text) {
        flush();
        reports.keepLast();
        stream.print(text);
        stream.flush();
    }

    /** The time of day. */
    public String now() {
        return paint(Style.DIM, time());
    }

    /** The time of day, without colour. */
    public String time() {
        return LocalTime.now(zone).format(TIME);
    }

    /** A text in a style; unchanged if colours are off. */
    public String paint(Style style, String text) {
        return terminal.paint(style, text);
    }

    /** Warnings in rustc's layout: message, place, source line, carets, notes, hint; ends with a line break. */
    public String warnings(List<Problem> warnings) {
        return blocks(warnings.stream().map(warning -> render("warning", Style.WARNING, warning)).toList());
    }

    /** Errors in the same layout, at most {@link #MOST_ERRORS}, and the number of further ones. */
    public String errors(List<Problem> errors) {
        List<String> shown = errors.stream().limit(MOST_ERRORS)
                .map(error -> render("error", Style.ERROR, error)).collect(Collectors.toCollection(ArrayList::new));
        int more = errors.size() - MOST_ERRORS;
        if (more > 0) shown.add("and " + count(more, "more error") + "\n");
        return blocks(shown);
    }

    private static String blocks(List<String> blocks) {
        boolean areApart = blocks.stream().anyMatch(text -> text.contains("\n  --> "));
        return String.join(areApart ? "\n" : "", blocks);
    }

    /** {@code 1 file}, {@code 2 files}. */
    public static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** A duration in at most seven characters: {@code 37 ms}, {@code 12.3 s}. */
    public static String millis(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    /** A text wrapped between words and indented, except for its first line, which is indented already. */
    public String folded(String text, int indent) {
        return text.lines().map(line -> Text.folded(Text.clean(line), terminal.width() - indent))
                .map(line -> line.replace("\n", "\n" + " ".repeat(indent)))
                .collect(Collectors.joining("\n" + " ".repeat(indent)));
    }

    private String render(String kind, Style style, Problem problem) {
        List<String> lines = new ArrayList<>();
        lines.add(paint(style, kind) + ": " + folded(problem.message(), kind.length() + 2));
        Place place = problem.place();
        if (place != null) lines.addAll(Excerpt.block(place, terminal, style));
        String margin = place == null ? "  " : " ".repeat(String.valueOf(place.line()).length()) + " = ";
        problem.notes().forEach(note -> lines.add(margin + folded(note, margin.length())));
        if (problem.hint() != null) lines.add(paint(Style.HELP, "help") + ": " + folded(problem.hint(), 6));
        return String.join("\n", lines) + "\n";
    }
}
