package samlocal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.lambda.LambdaFunction;
import samlocal.sam.Route;
import samlocal.terminal.Console;
import samlocal.terminal.Notice;
import samlocal.terminal.Text;

/** Reports requests, starts, reloads and failures on the console, and requests to listeners too. */
public final class Report {
    private static final Pattern METHOD = Pattern.compile("[!-~]{1,20}");
    /** Columns of a path, and of one note, that has no end. */
    private static final int MOST_SHOWN = 500;
    private static final int LEAST_PATH = 12;
    /** Of the time of day and the blanks behind it, below which a line goes on. */
    private static final int INDENT = 10;
    /** What errors of code repeat, whichever of the functions that share it is asked for. */
    private static final String COMPILING = "compile";
    private final Console console;
    private final Repeats repeats = new Repeats();
    private final List<Consumer<Finished>> listeners = new CopyOnWriteArrayList<>();
    private volatile Columns columns = new Columns(6, LEAST_PATH);

    /** Widths that the lines of requests have in common. */
    private record Columns(int method, int path) {
        private static final int MOST_PATH = 40;

        static Columns of(Served served) {
            IntStream paths = served.routes().stream().mapToInt(route -> Text.width(route.path()));
            IntStream calls = served.project().functions().stream().mapToInt(function -> Text.width(function.id()));
            int method = served.routes().stream().map(Route::method)
                    .mapToInt(each -> each.equals("ANY") ? "DELETE".length() : each.length()).max().orElse(0);
            int path = served.routes().isEmpty() ? calls.max().orElse(0) : paths.max().orElse(0);
            return new Columns(Math.max("call".length(), method), Math.max(LEAST_PATH, Math.min(MOST_PATH, path)));
        }
    }

    public Report(Console console) {
        this.console = console;
    }

    /** Calls {@code listener} for each request from now on, in the thread that answers it; it must be quick. */
    public void onFinished(Consumer<Finished> listener) {
        listeners.add(listener);
    }

    /** The first screen. */
    public void started(String template, Served served, long nanos) {
        columns = Columns.of(served);
        console.tell(new Notice(Notice.Level.info, "start", () -> served.fields(
                "version", Program.VERSION,
                "template", template,
                "millis", Finished.millis(nanos)), () -> new Screen(console).start(template, served, nanos)));
    }

    /** The template, or what it is read with, has changed. */
    public void reloaded(String file, Changes changes, Served served, long nanos) {
        columns = Columns.of(served);
        repeats.forget("reload");
        console.tell(new Notice(Notice.Level.info, "reload", () -> served.fields(
                "file", file,
                "millis", Finished.millis(nanos),
                "added", changes.added(),
                "removed", changes.removed(),
                "changed", changes.changed()), () -> row("reload", file, "", nanos, List.of(changes.toString())) + "\n"
                + console.warnings(changes.warnings())));
    }

    /** The template has changed and has errors: the last good one is served. */
    public void notReloaded(String file, List<Problem> errors, long nanos) {
        console.tell(new Notice(Notice.Level.error, "reload", () -> Json.object(
                "file", file,
                "millis", Finished.millis(nanos),
                "errors", errors.stream().map(Problem::fields).toList()), () -> {
            String text = console.errors(errors);
            String first = repeats.first("reload", text, console.time());
            String note = first == null ? "failed, the last good one is served" : "still fails, see " + first;
            return row("reload", file, "", nanos, List.of(note)) + "\n" + (first == null ? text : "");
        }));
    }

    /** Code does not compile; no request has needed it yet. */
    public void broken(List<String> functions, List<Problem> errors) {
        String what = "does not compile: " + Console.count(errors.size(), "error");
        ofCode("compile", what, functions, errors, () -> {
            String text = console.errors(errors);
            repeats.first(COMPILING, text, console.time());
            return text;
        });
    }

    /** The libraries of some code are, or are no longer, what its build file asks for. */
    public void libraries(List<String> functions, List<Problem> missing) {
        ofCode("libraries", missing.isEmpty() ? "libraries complete" : "libraries missing", functions, missing,
                () -> console.errors(missing));
    }

    private void ofCode(String event, String what, List<String> functions, List<Problem> problems,
            Supplier<String> details) {
        String of = functions.isEmpty() ? "" : " for " + String.join(", ", functions);
        Notice.Level level = problems.isEmpty() ? Notice.Level.info : Notice.Level.error;
        console.tell(new Notice(level, event, () -> Json.object(
                "message", what,
                "functions", functions,
                "errors", problems.stream().map(Problem::fields).toList()),
                () -> console.now() + "  " + console.folded(what + of, INDENT) + "\n" + details.get()));
    }

    /** A request has been answered. */
    public void finished(Finished finished) {
        console.tell(new Notice(finished.level(), finished.kind().name(), finished::fields, () -> text(finished)));
        listeners.forEach(listener -> listener.accept(finished));
    }

    /** A function has run besides what was asked for, of which the console says nothing. */
    public void passed(Finished finished) {
        listeners.forEach(listener -> listener.accept(finished));
    }

    /** A function that a request needs besides its own has failed. */
    public void failed(String what, LambdaFunction.Failure failure) {
        String headline = Text.clean(Traces.headline(failure.error()));
        failed(failure, () -> console.now() + "  " + what + "  " + console.paint(Console.Style.ERROR, headline) + "\n"
                + Traces.render(failure, headline, console::paint));
    }

    /** The one function that was asked for has failed. */
    public void failed(LambdaFunction.Failure failure) {
        failed(failure, () -> Traces.render(failure, "", console::paint));
    }

    private void failed(LambdaFunction.Failure failure, Supplier<String> text) {
        console.tell(new Notice(Notice.Level.error, "error", () -> Traces.fields(failure), text));
    }

    /** Something went wrong outside of a request. */
    public void errors(List<Problem> errors) {
        console.tell(errors);
    }

    /** A line, and what went wrong below it: in full if it is new, or the code is. */
    private String text(Finished finished) {
        String headline = finished.failure().map(failure -> Text.shortened(Text.clean(Traces.headline(failure.error())),
                Math.min(console.width() - INDENT, MOST_SHOWN))).orElse("");
        String details = finished.failure().map(failure -> Traces.render(failure, headline, console::paint))
                .orElseGet(() -> console.errors(finished.reply().problems()));
        if (!finished.isBroken() && finished.run().map(LambdaFunction.Run::compiled).isPresent()) {
            repeats.forget(finished.function());
            repeats.forget(COMPILING);
        }
        String first = details.isEmpty() ? null
                : repeats.first(finished.isBroken() ? COMPILING : finished.function(), headline + details,
                        console.time());
        return line(finished, headline, first) + "\n" + (first == null ? details : "");
    }

    private String line(Finished finished, String headline, String first) {
        boolean isRequest = finished.kind() == Finished.Kind.request;
        String sent = finished.request().method();
        String verb = !isRequest ? finished.kind().name() : METHOD.matcher(sent).matches() ? sent : "?";
        List<String> words = new ArrayList<>();
        if (isRequest) words.add(finished.function());
        if (!headline.isEmpty()) words.add(console.paint(Console.Style.ERROR, headline));
        boolean isStill = finished.isBroken() && first != null;
        finished.reply().notes().forEach(note -> words.add(Text.clean(note)));
        if (first != null) words.add((isStill ? "still does not compile, see " : "as at ") + first);
        finished.run().map(LambdaFunction.Run::note).filter(note -> !isStill && !note.isEmpty())
                .ifPresent(note -> words.add(
                        console.paint(finished.isBroken() ? Console.Style.ERROR : Console.Style.DIM, note)));
        String status = console.paint(style(finished.status()), String.valueOf(finished.status()));
        return row(verb, isRequest ? finished.request().path() : finished.function(), status, finished.nanos(),
                words);
    }

    /** In columns; where the terminal is too narrow, the last words go below, and the path loses its middle. */
    private String row(String verb, String path, String status, long nanos, List<String> words) {
        String time = Console.millis(nanos);
        int function = status.isEmpty() || words.isEmpty() ? 0 : 2 + Text.width(words.get(0));
        int others = INDENT + columns.method() + 2 + 2 + 3 + 2 + 7 + function;
        int room = Math.max(LEAST_PATH, Math.min(console.width() - others, MOST_SHOWN));
        String what = console.paint(Console.Style.BOLD, Text.padded(verb, columns.method())) + "  "
                + Text.shortened(Text.clean(path), room);
        int whole = columns.method() + 2 + Math.min(columns.path(), room);
        String line = console.now() + "  " + Text.padded(what, whole) + "  " + Text.padded(status, 3) + "  "
                + " ".repeat(Math.max(0, 7 - time.length())) + console.paint(Console.Style.DIM, time);
        return line + flowing(words, Text.width(line));
    }

    private String flowing(List<String> words, int start) {
        StringBuilder text = new StringBuilder();
        int column = start;
        for (String word : words) {
            boolean fits = column + 2 + Text.width(word) <= console.width();
            String below = "\n" + Text.folded(word, console.width() - INDENT);
            text.append(fits ? "  " + word : below.replace("\n", "\n" + " ".repeat(INDENT)));
            column = fits ? column + 2 + Text.width(word)
                    : INDENT + Text.width(below.substring(below.lastIndexOf('\n') + 1));
        }
        return text.toString();
    }

    private static Console.Style style(int status) {
        if (status < 300) return Console.Style.SUCCESS;
        if (status < 400) return Console.Style.HELP;
        return status < 500 ? Console.Style.WARNING : Console.Style.ERROR;
    }
}
