package samlocal.template;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.Mark;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Resource;
import samlocal.terminal.Console;

/**
 * Explains a syntax error in terms of the user's text: SnakeYAML's messages are in terms of its grammar, and its place
 * is often just after the mistake.
 *
 * @param opened the start of the construct being parsed
 * @param found where parsing failed, or {@code opened} if the text ended first
 */
record YamlSyntaxError(String name, List<String> lines, Mark opened, Mark found, boolean isAtEnd) {
    /**
     * Parts of SnakeYAML's messages, with explanations. Its exceptions identify the error in no other way. Unknown
     * messages are passed on.
     */
    private static final List<Map.Entry<String, Function<YamlSyntaxError, Problem>>> EXPLANATIONS = List.of(
            Map.entry("mapping values are not allowed", YamlSyntaxError::colon),
            Map.entry("could not find expected ':'", error -> error.keyless(error.opened.getLine())),
            Map.entry("but found '<block mapping start>'", YamlSyntaxError::level),
            Map.entry("scanning a quoted scalar", YamlSyntaxError::quote),
            Map.entry("but found '<scalar>'", YamlSyntaxError::rest),
            Map.entry("expected ',' or ", YamlSyntaxError::bracket),
            Map.entry("that cannot start any token", YamlSyntaxError::beginning),
            Map.entry("expected the node content", YamlSyntaxError::beginning),
            Map.entry("scanning an alias", YamlSyntaxError::beginning),
            Map.entry("scanning an anchor", YamlSyntaxError::beginning),
            Map.entry("found undefined alias", YamlSyntaxError::beginning));
    /** Errors with a fixed explanation: part of the message, explanation and hint, separated by tabs. */
    private static final String TEXTS = Resource.text(YamlSyntaxError.class, "yaml-errors.txt");
    private static final Pattern JOINED = Pattern.compile("((?:- )*[\\w.-]+):([^\\s/:].*)");
    private static final Pattern COLON = Pattern.compile(":(?=\\s|$)");

    Problem explained(String said) {
        Optional<Problem> fixed = TEXTS.lines().map(line -> line.split("\t")).filter(row -> said.contains(row[0]))
                .findFirst().map(row -> problem(filled(row[1]), filled(row[2])));
        return fixed.or(() -> EXPLANATIONS.stream().filter(row -> said.contains(row.getKey())).findFirst()
                .map(row -> row.getValue().apply(this)))
                .orElseGet(() -> problem(said.replaceAll("\\s*\\n\\s*", " "), null));
    }

    private String filled(String text) {
        return text.replace("@character@", String.valueOf(character(found))).replace("@key@", called(found.getLine()));
    }

    private Problem problem(String message, String hint) {
        return problem(message, found.getLine(), found.getColumn(), 1, hint);
    }

    private Problem problem(String message, int line, int column, int length, String hint) {
        return new Problem(message, new Place(name, lines, line + 1, column + 1, length), hint);
    }

    /** A line; empty for the line after the last, which the parser may report. */
    private String text(int line) {
        return line < lines.size() ? lines.get(line) : "";
    }

    private String line() {
        return text(found.getLine());
    }

    private char character(Mark mark) {
        String line = text(mark.getLine());
        return mark.getColumn() < line.length() ? line.charAt(mark.getColumn()) : ' ';
    }

    /** The nearest line above that is neither blank nor a comment, -1 if there is none. */
    private int above(int line) {
        int above = line - 1;
        while (above >= 0 && text(above).strip().replaceFirst("^#.*", "").isEmpty()) above--;
        return above;
    }

    private int indent(int line) {
        return text(line).length() - text(line).stripLeading().length();
    }

    /** The key of a line, for messages. */
    private String called(int line) {
        String text = text(line).strip();
        String key = COLON.split(text, 2)[0].replaceFirst("^(- )+", "");
        return "`" + (key.length() > 40 ? key.substring(0, 40) + "..." : key) + "`";
    }

    private static String spaces(int count) {
        return Console.count(count, "space");
    }

    private Problem colon() {
        Matcher first = COLON.matcher(line());
        int above = above(found.getLine());
        boolean isFirst = first.find() && first.start() == found.getColumn() && above >= 0;
        if (isFirst && JOINED.matcher(text(above).strip()).matches()) return joined(above);
        if (isFirst && !text(above).contains(":")) return keyless(above);
        if (isFirst && indent(found.getLine()) > indent(above)) return tooDeep(above);
        return problem("a second colon on one line", "quote a value that contains `: `, or start a new"
                + " line for the second key");
    }

    private Problem joined(int line) {
        Matcher joined = JOINED.matcher(text(line).strip());
        String written = joined.matches() ? joined.group(1) + ": " + joined.group(2) : "";
        return problem("a space is missing after the colon", line, text(line).indexOf(':'), 1,
                "write `" + written + "`");
    }

    private Problem keyless(int line) {
        if (JOINED.matcher(text(line).strip()).matches()) return joined(line);
        String text = text(line).strip();
        return problem("this line has no key", line, indent(line), text.length(),
                "write `key: value`, with a space after the colon");
    }

    private Problem tooDeep(int above) {
        int line = found.getLine();
        return problem(called(line) + " is indented more than " + called(above) + " on line " + (above + 1)
                + ", which already has a value", line, indent(line), called(line).length() - 2, "indent it by "
                + spaces(indent(above)) + " too, or remove the value after the colon of " + called(above));
    }

    private Problem level() {
        int line = found.getLine();
        int own = indent(line);
        int above = above(line);
        if (above >= 0 && own > indent(above)) return tooDeep(above);
        NavigableMap<Integer, Integer> levels = levels(line);
        String hint = Stream.of(levels.floorEntry(own), levels.ceilingEntry(own)).filter(Objects::nonNull)
                .map(level -> spaces(level.getKey()) + " as " + called(level.getValue()) + " on line "
                        + (level.getValue() + 1)).collect(Collectors.joining(", or "));
        return problem(called(line) + " is indented by " + spaces(own) + ", which matches no line above", line,
                own, called(line).length() - 2, hint.isEmpty() ? null : "indent it by " + hint);
    }

    /** The valid indents of a line, each with the last line that has it. */
    private NavigableMap<Integer, Integer> levels(int line) {
        NavigableMap<Integer, Integer> levels = new TreeMap<>();
        int least = Integer.MAX_VALUE;
        for (int above = above(line); above >= 0 && least > 0; above = above(above)) {
            if (indent(above) >= least) continue;
            least = indent(above);
            levels.put(least, above);
            if (text(above).strip().startsWith("- ")) levels.put(least + 2, above);
        }
        return levels;
    }

    private Problem quote() {
        String mark = String.valueOf(character(opened));
        return problem("this quote is never closed", opened.getLine(), opened.getColumn(), 1, "close it with `"
                + mark + "`");
    }

    private Problem rest() {
        String before = line().substring(0, Math.min(found.getColumn(), line().length())).strip();
        if (before.isEmpty()) {
            return problem("this line does not belong to anything above it",
                    "indent it like the text that it continues, or add a key");
        }
        return problem("text after the closing quote of a value", "quote the whole value, and write `''` for a"
                + " quote inside single quotes; or a quote further up is not closed");
    }

    private Problem bracket() {
        char open = character(opened);
        String close = open == '[' ? "]" : "}";
        String where = opened.getLine() == found.getLine() ? "" : " of line " + (opened.getLine() + 1);
        if (isAtEnd) return problem("this `" + open + "` is never closed", "close it with `" + close + "`");
        if (character(found) == '{') {
            return problem("a brace in a value within braces", "quote the value: `'/{id}'`");
        }
        return problem("the `" + open + "`" + where + " is not closed before this, or a comma is missing",
                "close it with `" + close + "`, or add a `,`");
    }

    private Problem beginning() {
        int column = Math.max(0, "*&".indexOf(character(opened)) >= 0 ? opened.getColumn() : found.getColumn());
        String rest = line().substring(Math.min(column, line().length())).strip();
        String first = rest.isEmpty() ? "" : rest.substring(0, 1);
        return problem("a value cannot begin with `" + first + "`", found.getLine(), column, 1,
                "quote it: `'" + rest + "'`");
    }
}
