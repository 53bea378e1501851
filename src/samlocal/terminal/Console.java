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

/** Prints whole blocks, so that two threads never mix their lines. */
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
    /** The user's, whatever zone functions set. */
    private final ZoneId zone = ZoneId.systemDefault();
    private volatile PrintStream copy;

    /** A console over two streams, in text; {@code when} is {@code always}, {@code never} or {@code auto}. */
    Console(PrintStream out, PrintStream err, String when) {
        this(out, err, Terminal.of(when), false, false);
    }

    /**
     * A console over two streams.
     *
     * @param isJson whether reports are JSON, an object a line
     * @param isQuiet whether only failures and what functions print are reported
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
        String text = count(count, "report") + " dropped, because nobody read the output";
        return !isJson ? text + "\n"
                : json(new Notice(Notice.Level.warn, "dropped", () -> Map.of("message", text), () -> ""));
    }

    /** Waits until what was reported is printed, but not for long if nobody reads it. */
    public void flush() {
        reports.flush(FLUSH_MILLIS);
    }

    public boolean isQuiet() {
        return isQuiet;
    }

    /** What the output can show. */
    public Terminal terminal() {
        return terminal;
    }

    /** Columns of the terminal, {@link Terminal#UNBOUNDED} if the output is not a terminal. */
    public int width() {
        return terminal.width();
    }

    /** The results that were asked for, as they are. */
    public void print(String text) {
        write(out, text);
    }

    /** A result in bytes: unchanged for programs that read it, in the charset of a terminal. */
    public void print(byte[] result) {
        flush();
        if (Terminal.isOutput()) write(out, new String(result, UTF_8));
        else out.write(result, 0, result.length);
        out.flush();
    }

    /** Ends the line of a result, beside it: programs that read the result do not get the line break. */
    public void endResult() {
        if (!isJson) write(err, "\n");
    }

    /** A report of a running server. */
    public void tell(Notice notice) {
        replace("", notice);
    }

    /** The same, which takes the place of the last report on a terminal if that had the same subject. */
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

    /** Erases the last report on a terminal if it had this subject. */
    void erase(String subject) {
        if (!isJson && terminal.rewrites()) reports.add(subject, "", 0);
    }

    /** Something plain, with the time of day before it. */
    public void tell(String event, String text) {
        tell(new Notice(Notice.Level.info, event, () -> Map.of("message", text), () -> now() + "  " + text));
    }

    /** Errors outside of any request. */
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

    /** From now on, what functions print is copied to this stream too. */
    public void copyFunctionsTo(PrintStream file) {
        copy = file;
    }

    /** Copies what a function has printed or answered. */
    public void copyFunctions(String text) {
        PrintStream file = copy;
        if (file == null) return;
        file.print(text);
        file.flush();
    }

    /** A note of a command, beside its results. */
    public void note(String text) {
        beside(new Notice(Notice.Level.info, "note", () -> Map.of("message", text),
                () -> paint(Style.HELP, "note") + ": " + folded(text, 6) + "\n"));
    }

    /** A warning of a command, beside its results. */
    public void warn(Problem problem) {
        beside(new Notice(Notice.Level.warn, "note", problem::fields,
                () -> render("warning", Style.WARNING, problem)));
    }

    /** The failure that ends a command. */
    public void fail(Problem problem) {
        beside(new Notice(Notice.Level.error, "error", problem::fields,
                () -> render("error", Style.ERROR, problem)));
    }

    private void beside(Notice notice) {
        write(err, isJson ? json(notice) : notice.text().get());
    }

    /** After all reports, as a whole: no other thread writes in between. */
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

    /** The same without colour. */
    public String time() {
        return LocalTime.now(zone).format(TIME);
    }

    /** A text in a style; unchanged without colours. */
    public String paint(Style style, String text) {
        return terminal.paint(style, text);
    }

    /** Warnings in the layout of rustc: message, place, source line, carets, notes, hint; ends in a line break. */
    public String warnings(List<Problem> warnings) {
        return blocks(warnings.stream().map(warning -> render("warning", Style.WARNING, warning)).toList());
    }

    /** Errors in that layout, at most {@link #MOST_ERRORS}, and how many more there are. */
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

    /** A text of one or more lines, folded between words behind an indent that its first line has already. */
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
