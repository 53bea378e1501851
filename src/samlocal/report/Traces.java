package samlocal.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.compile.Codebase;
import samlocal.lambda.LambdaFunction;
import samlocal.lambda.Thrown;
import samlocal.runtime.ReportedError;
import samlocal.runtime.RuntimeFault;
import samlocal.terminal.Console;
import samlocal.terminal.Excerpt;
import samlocal.terminal.Terminal;
import samlocal.terminal.Text;

/**
 * Renders a failure: the innermost cause with its source line, without the runtime's frames, those of libraries folded.
 */
public final class Traces {
    private static final int MOST_LIBRARY_FRAMES = 2;
    private static final int MOST_CAUSES = 10;
    private static final int MOST_FRAMES = 100;
    private static final int MOST_CHARACTERS = 2000;
    private static final String FRAME = "    at ";

    private Traces() {
    }

    /** The stack trace of a failure with its causes, without colors; ends with a line break. */
    public static String render(LambdaFunction.Failure failure) {
        return render(failure, "", Terminal.PLAIN);
    }

    /** The stack trace in the colors and width of a console, without messages that are in the text above it. */
    static String render(LambdaFunction.Failure failure, String above, Console console) {
        return render(failure, above, console.terminal());
    }

    private static String render(LambdaFunction.Failure failure, String above, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        List<Throwable> errors = causes(failure.error());
        Throwable root = errors.get(errors.size() - 1);
        Throwable deepest = errors.stream().filter(error -> place(error, failure).isPresent())
                .reduce(root, (before, error) -> error);
        for (Throwable error : errors) {
            head(error, error == errors.get(0), above).lines().map(Text::clean).forEach(lines::add);
            if (error == deepest) {
                place(error, failure).ifPresent(place -> lines.addAll(Excerpt.block(place, terminal)));
            }
            List<String> frames = frames(error, failure.build(), terminal);
            lines.addAll(error == deepest || error == root ? frames
                    : frames.stream().filter(frame -> frame.startsWith(FRAME)).limit(1).toList());
            for (Throwable suppressed : suppressed(error)) {
                ("Suppressed: " + describe(suppressed)).lines().map(Text::clean).forEach(lines::add);
                lines.addAll(frames(suppressed, failure.build(), terminal));
            }
        }
        advice(failure).ifPresent(advice -> lines.add(terminal.paint(Console.Style.HELP, "help") + ": "
                + Text.clean(advice)));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Type and message, unless the text above contains them. */
    private static String head(Throwable error, boolean isFirst, String above) {
        String message = ownMessage(error);
        boolean isAbove = !above.isEmpty() && above.contains(Text.clean(message == null
                ? simpleName(error) : message));
        String shown = isAbove ? name(error) : describe(error);
        return !isFirst ? "Caused by: " + shown : isAbove ? "" : shown;
    }

    /** The fields of {@code --log json}. */
    static Map<String, Object> fields(LambdaFunction.Failure failure) {
        List<Throwable> errors = causes(failure.error());
        Map<String, Object> fields = fields(errors.get(0));
        fields.put("place", place(failure).map(Place::toString).orElse(null));
        fields.put("causes", errors.stream().skip(1).map(Traces::fields).toList());
        return fields;
    }

    private static Map<String, Object> fields(Throwable error) {
        Map<String, Object> fields = Json.object(
                "type", error instanceof RuntimeFault fault ? fault.type() : name(error),
                "message", ownMessage(error),
                "trace", ownFrames(error).stream().map(Traces::text).toList());
        List<Throwable> suppressed = suppressed(error);
        if (!suppressed.isEmpty()) {
            fields.put("suppressed", suppressed.stream().map(each -> Map.of("type", name(each),
                    "message", Thrown.ask(() -> String.valueOf(ownMessage(each)), ""))).toList());
        }
        return fields;
    }

    /** The message, null if it is only that of the cause. */
    private static String ownMessage(Throwable error) {
        String message = Thrown.ask(error::getLocalizedMessage, null);
        Throwable cause = cause(error);
        boolean isCauses = message == null || cause != null && message.equals(Thrown.ask(cause::toString, null));
        return isCauses ? null : cut(message);
    }

    /** What helps where a handler cannot be called, a type is missing, or the JDK is closed to reflection. */
    private static Optional<String> advice(LambdaFunction.Failure failure) {
        String handler = failure.error() instanceof RuntimeFault fault ? fault.handler() : null;
        if (failure.error() instanceof ReportedError reported) return reported.advice();
        return handler != null ? failure.build().advice(handler)
                : RuntimeFault.adviceOn(causes(failure.error()).stream());
    }

    /** A failure on one line, with the place of the first frame in the project's sources and advice. */
    public static Problem problem(LambdaFunction.Failure failure) {
        return new Problem(headline(failure.error()), place(failure).orElse(null), advice(failure).orElse(null));
    }

    /** Lambda's response to a failure: {@code errorMessage}, {@code errorType}, {@code stackTrace}. */
    public static byte[] json(LambdaFunction.Failure failure) {
        if (failure.error() instanceof ReportedError reported) return reported.json();
        Map<String, Object> fields = new LinkedHashMap<>();
        Throwable error = failure.error();
        if (error instanceof RuntimeFault fault) {
            fields.put("errorMessage", fault.isPlatforms()
                    ? "RequestId: " + failure.requestId() + " Error: " + fault.getMessage() : fault.getMessage());
            if (fault.type() != null) fields.put("errorType", fault.type());
        } else {
            String message = Thrown.ask(error::getLocalizedMessage, null);
            fields.put("errorMessage", message == null ? error.getClass().getName() : message);
            fields.put("errorType", error.getClass().getName());
            if (!failure.inInit()) fields.put("stackTrace", stack(error).stream().map(Object::toString).toList());
        }
        return Json.write(fields).getBytes(UTF_8);
    }

    /** The error and its causes, up to a limit: the chain of a handler's exception may be endless. */
    private static List<Throwable> causes(Throwable first) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable error = first; error != null && causes.size() < MOST_CAUSES; error = cause(error)) {
            Throwable next = error;
            if (causes.stream().anyMatch(known -> known == next)) break;
            causes.add(error);
        }
        return causes;
    }

    private static Throwable cause(Throwable error) {
        return Thrown.ask(error::getCause, null);
    }

    private static List<Throwable> suppressed(Throwable error) {
        Throwable[] suppressed = Thrown.ask(error::getSuppressed, null);
        return suppressed == null ? List.of() : Arrays.stream(suppressed).filter(Objects::nonNull)
                .limit(MOST_CAUSES).toList();
    }

    private static List<StackTraceElement> stack(Throwable error) {
        StackTraceElement[] frames = Thrown.ask(error::getStackTrace, null);
        return frames == null ? List.of() : Arrays.stream(frames).filter(Objects::nonNull).toList();
    }

    /** Type and message on one line; an error that only wraps its cause comes after the cause. */
    static String headline(Throwable first) {
        List<Throwable> errors = causes(first);
        int index = 0;
        while (index + 1 < errors.size() && isCarrier(errors.get(index), errors.get(index + 1))) index++;
        if (index == 0) return line(first);
        boolean isMute = !(first instanceof RuntimeFault) && ownMessage(first) == null;
        return line(errors.get(index)) + " (" + (isMute ? simpleName(first) : line(first)) + ")";
    }

    /** Whether an error only wraps its cause, as the JVM and AWS's runtime do on failed initialization. */
    private static boolean isCarrier(Throwable error, Throwable cause) {
        return error instanceof RuntimeFault || cause instanceof ExceptionInInitializerError
                || ownMessage(error) == null;
    }

    private static String line(Throwable error) {
        String text = describe(error);
        String name = name(error);
        return (text.startsWith(name) ? simpleName(error) + text.substring(name.length()) : text)
                .lines().findFirst().orElse(name);
    }

    /** The {@code toString} of an error, truncated if very long. */
    private static String describe(Throwable error) {
        String text = Thrown.ask(error::toString, name(error));
        return cut(text == null ? name(error) : text);
    }

    /** The type of an error. */
    private static String name(Throwable error) {
        return error instanceof ReportedError reported ? reported.type() : error.getClass().getName();
    }

    private static String simpleName(Throwable error) {
        return error instanceof ReportedError reported ? reported.type() : error.getClass().getSimpleName();
    }

    private static String cut(String text) {
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
    }

    /** The place of the innermost error that has one. */
    private static Optional<Place> place(LambdaFunction.Failure failure) {
        return causes(failure.error()).stream().flatMap(error -> place(error, failure).stream())
                .reduce((before, place) -> place);
    }

    /** The first frame in the user's code, or the template's line if the handler that it names cannot be used. */
    private static Optional<Place> place(Throwable error, LambdaFunction.Failure failure) {
        Optional<Place> ofHandler = Optional.ofNullable(failure.handler());
        if (error instanceof RuntimeFault fault && fault.handler() != null) return ofHandler;
        return place(error, failure.build())
                .or(() -> ofHandler.filter(place -> error instanceof ReportedError reported && reported.isOfHandler()));
    }

    private static Optional<Place> place(Throwable error, Codebase.Build build) {
        return stack(error).stream().flatMap(frame ->
                Optional.ofNullable(build.source(frame.getClassName(), frame.getFileName())).map(source ->
                        new Place(Place.display(source), Place.lines(source), frame.getLineNumber(), 0, 0)).stream())
                .findFirst();
    }

    private static List<String> frames(Throwable error, Codebase.Build build, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        List<StackTraceElement> folded = new ArrayList<>();
        for (StackTraceElement frame : ownFrames(error)) {
            if (isOwn(frame, build)) {
                flush(folded, terminal, lines);
                lines.add(FRAME + Text.clean(text(frame)));
            } else {
                folded.add(frame);
            }
        }
        flush(folded, terminal, lines);
        return lines;
    }

    private static boolean isOwn(StackTraceElement frame, Codebase.Build build) {
        return isOfScript(frame) ? build.source("", frame.getFileName()) != null
                : build.classes().isEmpty() || build.classes().containsKey(frame.getClassName());
    }

    private static boolean isOfScript(StackTraceElement frame) {
        return frame.getClassName().isEmpty();
    }

    private static String text(StackTraceElement frame) {
        return !isOfScript(frame) ? frame.toString() : frame.getMethodName() + "("
                + Place.display(Path.of(frame.getFileName())) + ":" + frame.getLineNumber() + ")";
    }

    /** The package of a frame's class, or the folder of its script. */
    private static String origin(StackTraceElement frame) {
        if (isOfScript(frame)) return Place.display(Path.of(frame.getFileName()).resolveSibling(""));
        String type = frame.getClassName();
        return type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type;
    }

    /** The frames above the runtime's first one, without its reflective call. */
    private static List<StackTraceElement> ownFrames(Throwable error) {
        List<StackTraceElement> frames = stack(error).stream().limit(MOST_FRAMES)
                .takeWhile(frame -> !Program.isOwn(frame.getClassName()))
                .collect(Collectors.toCollection(ArrayList::new));
        while (!frames.isEmpty() && isReflection(frames.get(frames.size() - 1))) frames.remove(frames.size() - 1);
        return frames;
    }

    private static boolean isReflection(StackTraceElement frame) {
        return frame.getClassName()
                .matches("(jdk\\.internal|java\\.lang)\\.(reflect|invoke)\\..*|java\\.lang\\.Class");
    }

    private static void flush(List<StackTraceElement> folded, Terminal terminal, List<String> lines) {
        Stream<String> shown = folded.size() > MOST_LIBRARY_FRAMES
                ? Stream.of("    ... " + folded.size() + " frames in " + origin(folded.get(0)))
                : folded.stream().map(frame -> FRAME + text(frame));
        shown.forEach(line -> lines.add(terminal.paint(Console.Style.DIM, Text.clean(line))));
        folded.clear();
    }
}
