package samlocal.dependencies;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import samlocal.base.Fault;
import samlocal.base.Place;

/**
 * Parses build scripts in Gradle's Groovy and Kotlin DSLs into statements of names, strings and brackets, which both
 * languages share. It accepts any text and takes time proportional to its length.
 */
final class GradleScript {
    private static final int DEEPEST = 100;
    private static final int LONGEST_TYPE = 200;
    private static final Set<String> OPERATORS = Set.of("+=", "-=", "<<", "->", "==", "!=", "?.", "?:", "!!", "&&",
            "||");
    /** A line that ends with one of these continues on the next line. */
    private static final Set<String> AT_END = Set.of(",", ".", "?.", "=", "+", "+=", "<<", "?:", ":", "&&", "||");
    private static final Set<String> AT_START = Set.of(",", ".", "?.", "?:");
    private final String text;
    private final Path file;
    private final Deque<Group> open = new ArrayDeque<>();
    private int at;
    private boolean isNewLine;

    private GradleScript(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** An open bracket: its complete parts (statements or arguments), and the part being read. */
    private record Group(GradleToken.Kind kind, int start, List<List<GradleToken>> parts, List<GradleToken> part) {
        Group(GradleToken.Kind kind, int start) {
            this(kind, start, new ArrayList<>(), new ArrayList<>());
        }

        GradleToken last() {
            return part.isEmpty() ? null : part.get(part.size() - 1);
        }

        boolean isBlock() {
            return kind == GradleToken.Kind.BRACES;
        }

        void end() {
            if (!part.isEmpty()) parts.add(List.copyOf(part));
            part.clear();
        }
    }

    /**
     * The statements of a script.
     *
     * @throws Fault if brackets are nested more than 100 levels deep
     */
    static List<List<GradleToken>> parse(Path file, String text) {
        return new GradleScript(file, text).statements();
    }

    private List<List<GradleToken>> statements() {
        open.push(new Group(GradleToken.Kind.BRACES, 0));
        while (at < text.length()) read(text.charAt(at));
        while (open.size() > 1) close(open.peek().kind());
        open.peek().end();
        return open.peek().parts();
    }

    private void read(char next) {
        if (next == '\n') isNewLine = true;
        if (Character.isWhitespace(next)) at++;
        else if (text.startsWith("//", at)) at = indexOf("\n", at);
        else if (text.startsWith("/*", at)) at = Math.min(text.length(), indexOf("*/", at + 2) + 2);
        else if (next == '"' || next == '\'' || next == '/' && isPattern()) string(next);
        else if (next == '`') quoted(GradleToken.Kind.NAME, at + 1, indexOf("`", at + 1), 1);
        else if (Character.isJavaIdentifierPart(next)) name();
        else if (next == '<' && generic() > 0) generic(generic());
        else if ("({[".indexOf(next) >= 0) open(GradleToken.Kind.of(next));
        else if (")}]".indexOf(next) >= 0) close(GradleToken.Kind.of(next));
        else if (next == ';') separate();
        else sign();
    }

    private int indexOf(String wanted, int from) {
        int found = text.indexOf(wanted, from);
        return found < 0 ? text.length() : found;
    }

    /** A slash begins a Groovy slashy string where a value is expected; elsewhere it divides. */
    private boolean isPattern() {
        GradleToken last = open.peek().last();
        int end = text.indexOf('/', at + 1);
        boolean isValue = last == null || last.kind() == GradleToken.Kind.SIGN;
        return isValue && end > 0 && text.substring(at, end).indexOf('\n') < 0;
    }

    private void string(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        boolean isTriple = text.startsWith(triple, at);
        int start = at + (isTriple ? 3 : 1);
        int end = start;
        int depth = 0;
        while (end < text.length()) {
            char next = text.charAt(end);
            boolean isEnd = depth == 0 && (isTriple ? text.startsWith(triple, end) : next == quote);
            if (isEnd || next == '\n' && !isTriple) break;
            if (text.startsWith("${", end)) depth++;
            if (next == '}' && depth > 0) depth--;
            end += next == '\\' ? 2 : 1;
        }
        quoted(GradleToken.Kind.TEXT, start, Math.min(end, text.length()), isTriple ? 3 : 1);
    }

    private void quoted(GradleToken.Kind kind, int start, int end, int quotes) {
        add(new GradleToken(kind, text.substring(start, end), at, Math.min(text.length(), end + quotes), List.of()));
    }

    /** A name or a number. */
    private void name() {
        int end = at;
        boolean isNumber = Character.isDigit(text.charAt(at));
        while (end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end))
                || isNumber && text.charAt(end) == '.')) end++;
        add(new GradleToken(GradleToken.Kind.NAME, text.substring(at, end), at, end, List.of()));
    }

    /** The end of the type arguments that follow a name, or 0. */
    private int generic() {
        GradleToken last = open.peek().last();
        int end = at + 1;
        int limit = Math.min(text.length(), at + LONGEST_TYPE);
        while (end < limit && (Character.isJavaIdentifierPart(text.charAt(end))
                || ".*?,< ".indexOf(text.charAt(end)) >= 0)) end++;
        boolean isGeneric = last != null && last.isName() && last.end() == at
                && end < text.length() && text.charAt(end) == '>';
        return isGeneric ? end : 0;
    }

    /** {@code withType<Type>()} means {@code withType(Type)}; {@code named<Type>("x")} means {@code named("x")}. */
    private void generic(int end) {
        GradleToken type = new GradleToken(GradleToken.Kind.NAME, text.substring(at + 1, end), at + 1, end, List.of());
        boolean isCalled = text.startsWith("(", end + 1);
        boolean isEmptyCall = text.startsWith("()", end + 1);
        if (isCalled && !isEmptyCall) at = end + 1;
        else add(new GradleToken(GradleToken.Kind.PARENTHESES, "", at,
                isEmptyCall ? end + 3 : end + 1, List.of(List.of(type))));
    }

    private void open(GradleToken.Kind kind) {
        if (open.size() > DEEPEST) throw Fault.project("brackets are nested too deeply", Place.at(file, text, at, 1));
        if (kind == GradleToken.Kind.BRACES) isNewLine = false;
        endLine("");
        open.push(new Group(kind, at++));
        isNewLine = false;
    }

    /** Closes a group and the groups inside it. An unmatched closing bracket is ignored. */
    private void close(GradleToken.Kind kind) {
        at = Math.min(text.length(), at + 1);
        if (open.stream().limit(open.size() - 1L).noneMatch(group -> group.kind() == kind)) return;
        boolean isClosed = false;
        while (!isClosed) {
            Group group = open.pop();
            group.end();
            isClosed = group.kind() == kind;
            open.peek().part().add(new GradleToken(group.kind(), "", group.start(), at, List.copyOf(group.parts())));
        }
        isNewLine = false;
    }

    private void separate() {
        open.peek().end();
        at++;
    }

    private void sign() {
        String two = text.substring(at, Math.min(text.length(), at + 2));
        String sign = OPERATORS.contains(two) ? two : two.substring(0, 1);
        boolean isComma = sign.equals(",") && !open.peek().isBlock();
        boolean isParameter = sign.equals("->") && open.peek().parts().isEmpty();
        if (isParameter) open.peek().part().clear();
        if (isComma) separate();
        else if (isParameter) at += 2;
        else add(new GradleToken(GradleToken.Kind.SIGN, sign, at, at + sign.length(), List.of()));
    }

    private void add(GradleToken token) {
        endLine(token.kind() == GradleToken.Kind.SIGN ? token.text() : "");
        open.peek().part().add(token);
        at = token.end();
    }

    /** Ends the statement at a line break, unless the next line continues it. */
    private void endLine(String next) {
        Group group = open.peek();
        boolean isEnd = isNewLine && group.isBlock() && !AT_START.contains(next)
                && (group.last() == null || group.last().kind() != GradleToken.Kind.SIGN
                || !AT_END.contains(group.last().text()));
        if (isEnd) group.end();
        isNewLine = false;
    }
}
