package samlocal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.compile.Codebase;
import samlocal.lambda.LambdaFunction;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Route;
import samlocal.terminal.Console;
import samlocal.terminal.Notice;
import samlocal.terminal.Terminal;
import samlocal.terminal.Text;

/** Reports requests, starts, reloads and failures on the console, and requests also to a recorder. */
public final class Report {
    private static final Pattern METHOD = Pattern.compile("[!-~]{1,20}");
    /** Maximum width of a path or note if the terminal sets no limit. */
    private static final int MOST_SHOWN = 500;
    /** Width of the time of day and the spaces after it; continuation lines are indented by it. */
    private static final int INDENT = 10;
    /** Width of time, status and duration, which start each line. */
    private static final int HEAD = INDENT + 3 + 2 + 7 + 2;
    /** Key of compile errors, which functions with the same code repeat. */
    private static final String COMPILING = "compile";
    private static final String INVOKE = "invoke";
    /** The longest usual method: browsers send it to any route. */
    private static final String OPTIONS = "OPTIONS";
    private final Console console;
    private final Repeats repeats = new Repeats();
    private volatile Columns columns = new Columns(OPTIONS.length(), Columns.USUAL_PATH, 0);
    private volatile Function<Finished, String> recorder = finished -> "";

    /** Common column widths of request lines. */
    private record Columns(int method, int path, int function) {
        private static final int LEAST_PATH = 12;
        private static final int USUAL_PATH = 20;
        private static final int MOST_PATH = 40;
        private static final int MOST_FUNCTION = 24;

        static Columns of(Served served) {
            int method = widest(served.routes().stream().map(Route::method)
                    .map(each -> each.equals("ANY") ? "DELETE" : each));
            int path = widest(served.routes().stream().map(Route::path));
            int function = widest(served.project().functions().stream().map(FunctionDefinition::id));
            return new Columns(Math.max(OPTIONS.length(), method),
                    Math.max(USUAL_PATH, Math.min(MOST_PATH, served.routes().isEmpty() ? function : path)),
                    Math.min(MOST_FUNCTION, function));
        }

        private static int widest(Stream<String> texts) {
            return texts.mapToInt(Text::width).max().orElse(0);
        }

        /** Narrows the path column if the terminal is too narrow. */
        Columns within(int width) {
            int room = width - HEAD - method - 2 - 2 - function;
            return new Columns(method, Math.max(LEAST_PATH, Math.min(path, room)), function);
        }
    }

    public Report(Console console) {
        this.console = console;
    }

    /**
     * Passes each completed request to {@code recorder}, in the request's thread.
     *
     * @param recorder must be fast; returns the URL at which the request can be viewed, or an empty string
     */
    public void recordWith(Function<Finished, String> recorder) {
        this.recorder = recorder;
    }

    /** The server has started. */
    public void started(String template, Served served, long nanos) {
        columns = Columns.of(served);
        console.tell(new Notice(Notice.Level.info, "start", () -> served.fields(
                "version", Program.VERSION,
                "template", template,
                "millis", Finished.millis(nanos)), () -> new Screen(console).start(template, served, nanos)));
    }

    /** The template or one of its inputs has changed. */
    public void reloaded(String file, Changes changes, Served served, long nanos) {
        columns = Columns.of(served);
        repeats.forget("reload");
        console.tell(new Notice(Notice.Level.info, "reload", () -> served.fields(
                "file", file,
                "millis", Finished.millis(nanos),
                "added", changes.added(),
                "removed", changes.removed(),
                "changed", changes.changed()), () -> row("", nanos, "reload", file, List.of(changes.toString())) + "\n"
                + console.warnings(changes.warnings())));
    }

    /** The changed template has errors; the last valid version is served. */
    public void notReloaded(String file, List<Problem> errors, long nanos) {
        console.tell(new Notice(Notice.Level.error, "reload", () -> Json.object(
                "file", file,
                "millis", Finished.millis(nanos),
                "errors", errors.stream().map(Problem::fields).toList()), () -> {
            String text = console.errors(errors);
            String first = repeats.first("reload", text, console.time());
            String note = first == null ? "has errors; serving the last valid version"
                    : "still has errors, see " + first;
            return row("", nanos, "reload", file, List.of(note)) + "\n" + (first == null ? text : "");
        }));
    }

    /** Code was compiled before a request needed it; the report replaces the last one about this code. */
    public void compiled(List<String> functions, Codebase.Build build) {
        List<Problem> errors = build.errors();
        String what = errors.isEmpty() ? build.compiled().toString()
                : "does not compile: " + Console.count(errors.size(), "error");
        if (errors.isEmpty()) repeats.forget(COMPILING);
        ofCode(COMPILING, what, functions, errors, () -> {
            String text = console.errors(errors);
            if (!errors.isEmpty()) repeats.first(COMPILING, text, console.time());
            return text;
        });
    }

    /** The libraries of some code became complete or incomplete. */
    public void libraries(List<String> functions, List<Problem> missing) {
        ofCode("libraries", missing.isEmpty() ? "libraries complete" : "libraries missing", functions, missing,
                () -> console.errors(missing.stream().distinct().toList()));
    }

    private void ofCode(String event, String what, List<String> functions, List<Problem> problems,
            Supplier<String> details) {
        String of = functions.isEmpty() ? "" : " for " + String.join(", ", functions);
        Notice.Level level = problems.isEmpty() ? Notice.Level.info : Notice.Level.error;
        console.replace(event + of, new Notice(level, event, () -> Json.object(
                "message", what,
                "functions", functions,
                "errors", problems.stream().map(Problem::fields).toList()),
                () -> console.now() + "  " + console.folded(what + of, INDENT) + "\n" + details.get()));
    }

    /** A request is complete. */
    public void finished(Finished finished) {
        String url = recorder.apply(finished);
        console.tell(new Notice(finished.level(), finished.kind().name(), finished::fields,
                () -> text(finished, url)));
    }

    /** A function ran as part of a request; passed to the recorder but not printed. */
    public void passed(Finished finished) {
        recorder.apply(finished);
    }

    /** A secondary function of a request, such as an authorizer, has failed. */
    public void failed(String what, LambdaFunction.Failure failure) {
        String headline = Text.clean(Traces.headline(failure.error()));
        failed(failure, () -> console.now() + "  " + what + "  " + console.paint(Console.Style.ERROR, headline) + "\n"
                + Traces.render(failure, headline, console));
    }

    /** The invoked function has failed. */
    public void failed(LambdaFunction.Failure failure) {
        failed(failure, () -> Traces.render(failure, "", console));
    }

    private void failed(LambdaFunction.Failure failure, Supplier<String> text) {
        console.tell(new Notice(Notice.Level.error, "error", () -> Traces.fields(failure), text));
    }

    /** Errors occurred outside of a request. */
    public void errors(List<Problem> errors) {
        console.tell(errors);
    }

    /** The line of a request and its errors below; in full if they or the code are new. */
    private String text(Finished finished, String url) {
        String headline = finished.failure().map(failure -> Text.shortened(Text.clean(Traces.headline(failure.error())),
                Math.min(console.width() - INDENT, MOST_SHOWN))).orElse("");
        String details = finished.failure().map(failure -> Traces.render(failure, headline, console))
                .orElseGet(() -> console.errors(finished.reply().problems()));
        if (!finished.isBroken() && finished.run().map(LambdaFunction.Run::compiled).isPresent()) {
            repeats.forget(finished.function());
            repeats.forget(COMPILING);
        }
        String first = details.isEmpty() ? null
                : repeats.first(finished.isBroken() ? COMPILING : finished.function(), headline + details,
                        console.time());
        String link = finished.failure().isEmpty() || url.isEmpty() ? "" : "  see " + url + "\n";
        return line(finished, headline, first) + "\n" + (first == null ? details + link : "");
    }

    private String line(Finished finished, String headline, String first) {
        boolean isRequest = finished.kind() == Finished.Kind.request;
        List<String> words = new ArrayList<>();
        boolean isStill = finished.isBroken() && first != null;
        finished.run().map(LambdaFunction.Run::note).filter(note -> !isStill && !note.isEmpty())
                .ifPresent(note -> words.add(
                        console.paint(finished.isBroken() ? Console.Style.ERROR : Console.Style.DIM, note)));
        if (!headline.isEmpty()) words.add(console.paint(Console.Style.ERROR, headline));
        finished.reply().notes().forEach(note -> words.add(Text.clean(note)));
        if (first != null) words.add((isStill ? "still does not compile, see " : "same as at ") + first);
        if (isRequest) {
            words.add(0, words.isEmpty() ? finished.function()
                    : Text.padded(finished.function(), columns.function()));
        }
        String status = finished.isFunctionError() ? console.paint(Console.Style.ERROR, "err")
                : console.paint(style(finished.status()), String.valueOf(finished.status()));
        return row(status, finished.nanos(), verb(finished), isRequest ? finished.request().path()
                : finished.function(), words);
    }

    private static String verb(Finished finished) {
        return switch (finished.kind()) {
            case request -> METHOD.matcher(finished.request().method()).matches() ? finished.request().method() : "?";
            case call -> INVOKE;
            default -> finished.kind().name();
        };
    }

    /** A line in columns; a long path is shortened in the middle, and notes continue on further lines. */
    private String row(String status, long nanos, String verb, String path, List<String> words) {
        String time = Console.millis(nanos);
        Columns fitting = columns.within(console.width());
        boolean isBounded = console.width() != Terminal.UNBOUNDED;
        String line = console.now() + "  " + (status.isEmpty() ? "   " : status) + "  "
                + " ".repeat(Math.max(0, 7 - time.length())) + console.paint(Console.Style.DIM, time) + "  "
                + console.paint(Console.Style.BOLD, Text.padded(verb, fitting.method())) + "  "
                + Text.padded(Text.shortened(Text.clean(path), isBounded ? fitting.path() : MOST_SHOWN),
                        words.isEmpty() ? 0 : fitting.path());
        return line + flowing(words, Text.width(line));
    }

    private String flowing(List<String> words, int start) {
        StringBuilder text = new StringBuilder();
        int column = start;
        for (String word : words) {
            boolean fits = column + 2 + Text.width(word) <= console.width();
            String below = "\n" + Text.folded(word, console.width() - INDENT);
            if (!fits) text.setLength(text.toString().stripTrailing().length());
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
