package samlocal.compile;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;
import samlocal.terminal.Console;

/** Converts the errors of compilers to problems. */
final class CompileErrors {
    /** Errors that may be caused by a missing library. */
    private static final Pattern FOLLOWING = Pattern.compile("package \\S+ does not exist|cannot find symbol"
            + "|static import only|does not override or implement" // javac
            + "|(?i:unresolved reference|overrides nothing|cannot infer type|not enough information to infer)" // Kotlin
            + "|not found: (?:type|value|object)|is not a member of|unable to resolve class"); // Scala, Groovy

    private CompileErrors() {
    }

    /** Encoding errors, which javac cannot report because it reads strings. */
    static List<Problem> illegible(Map<Path, String> sources) {
        return sources.entrySet().stream().flatMap(each -> illegible(each.getKey(), each.getValue()).stream())
                .toList();
    }

    private static Optional<Problem> illegible(Path file, String text) {
        if (text.startsWith("\uFEFF")) {
            return Optional.of(new Problem("the file starts with a byte order mark, which javac does not accept",
                    new Place(Place.display(file), List.of(), 1, 1, 1), "save it as UTF-8 without one"));
        }
        return text.indexOf('\uFFFD') < 0 ? Optional.empty() : UserText.faultIn(file).map(problem ->
                new Problem(problem.message(), problem.place(), problem.hint().equals(UserText.ADVICE)
                        ? UserText.ADVICE + ", or declare its encoding in the build file" : problem.hint()));
    }

    /** The problem if a source crashes the compiler, such as an expression of thousands of terms. */
    static Problem crashed(String output) {
        String cause = output.lines().filter(line -> line.matches("\\S*(Error|Exception)\\b.*")).findFirst()
                .orElse("no reason given");
        return new Problem("the compiler failed: " + cause, null, "check the source that was edited last");
    }

    /** Missing libraries followed by compile errors; errors that they may cause are only counted. */
    static List<Problem> explained(List<Problem> errors, List<Problem> missing) {
        if (errors.isEmpty() || missing.isEmpty()) return errors;
        List<Problem> others = errors.stream().filter(error -> !FOLLOWING.matcher(error.message()).find()).toList();
        int following = errors.size() - others.size();
        Problem rest = new Problem(Console.count(following, "error") + " about unknown names "
                + (following == 1 ? "follows" : "follow") + " from this", null, null);
        return Stream.of(missing, following == 0 ? List.<Problem>of() : List.of(rest), others)
                .flatMap(List::stream).distinct().toList();
    }

    static Problem of(Diagnostic<? extends JavaFileObject> diagnostic) {
        List<String> message = diagnostic.getMessage(Locale.ENGLISH).lines().map(String::strip).toList();
        return new Problem(message.get(0).replaceFirst(";$", ""), place(diagnostic),
                message.subList(1, message.size()), null);
    }

    /** The place by offsets, since the compiler's columns count a tab as eight and point at a call's parenthesis. */
    private static Place place(Diagnostic<? extends JavaFileObject> diagnostic) {
        if (!(diagnostic.getSource() instanceof SourceText source)) return null;
        if (diagnostic.getPosition() == Diagnostic.NOPOS) return Place.of(source.path());
        String text = source.getCharContent(true);
        int start = (int) Math.min(start(diagnostic, text), text.length());
        return Place.at(source.path(), text, start, (int) Math.max(1, diagnostic.getEndPosition() - start));
    }

    /** The start of an unresolved name, which may be lines below the start of its expression. */
    private static long start(Diagnostic<?> diagnostic, String text) {
        long position = diagnostic.getPosition();
        boolean isMember = diagnostic.getCode().startsWith("compiler.err.cant.resolve")
                && position >= diagnostic.getStartPosition() && position < text.length()
                && text.charAt((int) position) == '.';
        if (isMember) return position + 1;
        return diagnostic.getStartPosition() == Diagnostic.NOPOS ? position : diagnostic.getStartPosition();
    }
}
