package samlocal.runtime;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Python file defines at its top level, from its text. In doubt a name counts as defined.
 *
 * @param functions the functions, in their order
 * @param names all names
 * @param isOpen whether it may define any name
 */
record PythonModule(List<String> functions, Set<String> names, boolean isOpen) {
    private static final Pattern TEXTS = Pattern.compile("(?s)\"\"\".*?\"\"\"|'''.*?'''");
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*#.*$");
    /**
     * The lines of functions and classes below their first one; those of {@code if} and {@code try} are top level.
     * Possessive, because Java needs stack for each repetition of a group that it may take back.
     */
    private static final Pattern BODIES = Pattern.compile(
            "(?m)^((?:async\\s+)?def|class)\\b(.*)(?:\\R(?:[ \\t)\\]}].*)?)*+");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^\\s*(?:async\\s+)?def\\s+(\\w+)");
    private static final Pattern CLASS = Pattern.compile("(?m)^\\s*class\\s+(\\w+)");
    private static final Pattern ASSIGNED = Pattern.compile("(?<![\\w.])(\\w+)(?=[ \\t]*(?:[,:][^=\\n]*)?=(?!=))");
    private static final Pattern IMPORTED = Pattern.compile(
            "(?m)^\\s*(?:from\\s+\\S+\\s+)?import\\s+(\\([^)]*\\)|(?:.*\\\\\\R)*+.*)");
    private static final Pattern ANY = Pattern.compile(
            "__getattr__|globals\\(\\)|\\bsetattr\\(|\\bexec\\(|import\\s+\\*");

    static PythonModule of(String text) {
        String code = COMMENT.matcher(TEXTS.matcher(text).replaceAll("''")).replaceAll("");
        String top = BODIES.matcher(code).replaceAll("$1$2\n");
        List<String> functions = found(FUNCTION, top);
        Set<String> names = new TreeSet<>(functions);
        names.addAll(found(CLASS, top));
        names.addAll(found(ASSIGNED, top));
        found(IMPORTED, top).forEach(list -> names.addAll(imported(list)));
        return new PythonModule(functions, names, ANY.matcher(code).find());
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** {@code a.b, c as d} imports {@code a} and {@code d}. */
    private static Set<String> imported(String list) {
        Matcher each = Pattern.compile("(\\w+)(?:\\.\\w+)*(?:\\s+as\\s+(\\w+))?").matcher(list.replaceAll("#.*", ""));
        return each.results().map(name -> name.group(2) == null ? name.group(1) : name.group(2))
                .collect(Collectors.toSet());
    }

    boolean defines(String name) {
        return isOpen || names.contains(name);
    }
}
