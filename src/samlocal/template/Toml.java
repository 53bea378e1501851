package samlocal.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Reads TOML 1.0 (toml.io, "Specification"); dates and times stay text. */
public final class Toml {
    private static final String PATHS = "a path with `\\` goes between single quotes";
    private static final int DEEPEST = 100;
    private static final Pattern INTEGER = Pattern.compile(
            "[-+]?(?:0|[1-9](?:_?\\d)*)|0x\\p{XDigit}(?:_?\\p{XDigit})*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*");
    private static final Pattern REAL = Pattern.compile(
            "[-+]?(?:0|[1-9](?:_?\\d)*)(?:\\.\\d(?:_?\\d)*)?(?:[eE][-+]?\\d(?:_?\\d)*)?|[-+]?(?:inf|nan)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d(?:[Tt ]\\d\\d:\\d\\d(?::\\d\\d"
            + "(?:\\.\\d+)?)?(?:[Zz]|[-+]\\d\\d:\\d\\d)?)?|\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?");
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern HOUR = Pattern.compile(" \\d\\d:");
    private static final Pattern LINE_END = Pattern.compile("\\\\[ \\t]*\\r?\\n");
    private static final Map<Character, String> ESCAPES = Map.of('b', "\b", 't', "\t", 'n', "\n", 'f', "\f",
            'r', "\r", '"', "\"", '\\', "\\");
    private final String name;
    private final String text;
    private final List<String> lines;
    private final int[] starts;
    private int at;
    private int depth;

    private Toml(String name, String text) {
        this.name = name;
        this.text = text;
        this.lines = text.lines().toList();
        this.starts = IntStream.concat(IntStream.of(0), IntStream.range(0, text.length())
                .filter(i -> text.charAt(i) == '\n').map(i -> i + 1)).toArray();
    }

    /** How a table came to be, which decides what may still be added to it. */
    private enum Origin {
        IMPLICIT, HEADER, DOTTED, INLINE
    }

    /** A table that grows. */
    private static final class Table {
        private final Map<String, Object> entries = new LinkedHashMap<>();
        private final Map<String, Place> keys = new LinkedHashMap<>();
        private final Place place;
        private Origin origin;

        Table(Place place, Origin origin) {
            this.place = place;
            this.origin = origin;
        }

        Mapping mapping() {
            Map<String, Value> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> values.put(key, value(value)));
            return new Mapping(values, keys, place);
        }

        private Value value(Object entry) {
            if (entry instanceof Table table) return table.mapping();
            if (entry instanceof Tables tables) {
                List<Value> items = tables.items.stream().map(table -> (Value) table.mapping()).toList();
                return new Sequence(items, items.get(0).place());
            }
            return (Value) entry;
        }
    }

    /** Tables under one header in double brackets. */
    private record Tables(List<Table> items) {
    }

    /**
     * The document as one map; {@code name} stands in messages.
     *
     * @throws Fault with the first place that is no TOML
     */
    public static Mapping read(String name, String text) {
        return new Toml(name, text.startsWith("\uFEFF") ? text.substring(1) : text).document().mapping();
    }

    private Table document() {
        Table root = new Table(place(0, 1), Origin.HEADER);
        Table current = root;
        for (skipLines(); at < text.length(); skipLines()) {
            if (peek() == '[') current = header(root);
            else pair(current);
            endLine();
        }
        return root;
    }

    private Table header(Table root) {
        boolean isList = text.startsWith("[[", at);
        at += isList ? 2 : 1;
        List<Key> path = path();
        expect(isList ? "]]" : "]");
        Table parent = root;
        for (Key key : path.subList(0, path.size() - 1)) parent = below(parent, key);
        Key last = path.get(path.size() - 1);
        return isList ? another(parent, last) : table(parent, last);
    }

    /** The table that a header goes through. */
    private Table below(Table parent, Key key) {
        Object found = parent.entries.get(key.text());
        if (found instanceof Table table && table.origin != Origin.INLINE) return table;
        if (found instanceof Tables tables) return tables.items.get(tables.items.size() - 1);
        if (found != null) throw wrong("`" + key.text() + "` is no table that can be added to", key.place());
        return put(parent, key, new Table(key.place(), Origin.IMPLICIT));
    }

    private Table table(Table parent, Key key) {
        Object found = parent.entries.get(key.text());
        if (found == null) return put(parent, key, new Table(key.place(), Origin.HEADER));
        if (!(found instanceof Table table) || table.origin != Origin.IMPLICIT) throw twice(parent, key);
        table.origin = Origin.HEADER;
        parent.keys.put(key.text(), key.place());
        return table;
    }

    private Table another(Table parent, Key key) {
        Object found = parent.entries.get(key.text());
        if (found != null && !(found instanceof Tables)) throw twice(parent, key);
        Tables tables = found == null ? put(parent, key, new Tables(new ArrayList<>())) : (Tables) found;
        Table table = new Table(key.place(), Origin.HEADER);
        tables.items.add(table);
        return table;
    }

    private void pair(Table table) {
        List<Key> path = path();
        expect("=");
        Table parent = table;
        for (Key key : path.subList(0, path.size() - 1)) parent = dotted(parent, key);
        Key last = path.get(path.size() - 1);
        if (parent.entries.containsKey(last.text())) throw twice(parent, last);
        skipBlanks();
        put(parent, last, value());
    }

    private Table dotted(Table parent, Key key) {
        Object found = parent.entries.get(key.text());
        if (found == null) return put(parent, key, new Table(key.place(), Origin.DOTTED));
        if (found instanceof Table table && table.origin == Origin.DOTTED) return table;
        throw twice(parent, key);
    }

    private static <T> T put(Table table, Key key, T value) {
        table.entries.put(key.text(), value);
        table.keys.put(key.text(), key.place());
        return value;
    }

    private Fault twice(Table table, Key key) {
        return new Fault(new Problem("`" + key.text() + "` is defined twice", key.place(),
                "the first is in line " + table.keys.get(key.text()).line()), Fault.PROJECT);
    }

    /** One part of a key. */
    private record Key(String text, Place place) {
    }

    private List<Key> path() {
        List<Key> path = new ArrayList<>();
        do {
            skipBlanks();
            int start = at;
            String part = key();
            path.add(new Key(part, place(start, at - start)));
            skipBlanks();
        } while (path.size() <= DEEPEST && take("."));
        if (path.size() > DEEPEST) throw wrong("more than " + DEEPEST + " levels deep", place(at, 1));
        return path;
    }

    private String key() {
        if (peek() == '"') return basic();
        if (peek() == '\'') return literal();
        int start = at;
        while (at < text.length() && String.valueOf(peek()).matches("[A-Za-z0-9_-]")) at++;
        if (at == start) throw wrong("a key was expected here", place(at, 1));
        return text.substring(start, at);
    }

    private Object value() {
        int start = at;
        if (++depth > DEEPEST) throw wrong("more than " + DEEPEST + " levels deep", place(at, 1));
        Object value = switch (peek()) {
            case '"' -> text.startsWith("\"\"\"", at) ? multiline("\"\"\"") : basic();
            case '\'' -> text.startsWith("'''", at) ? multiline("'''") : literal();
            case '[' -> list();
            case '{' -> inline();
            default -> bare();
        };
        depth--;
        if (!(value instanceof String string)) return value;
        int length = text.substring(start, at).contains("\n") ? 1 : at - start;
        return new Scalar(string, string, place(start, length));
    }

    private Sequence list() {
        int start = at++;
        List<Value> items = new ArrayList<>();
        for (skipLines(); !take("]"); skipLines()) {
            Object item = value();
            items.add(item instanceof Table table ? table.mapping() : (Value) item);
            skipLines();
            if (!take(",") && peek() != ']') throw wrong("`,` or `]` was expected here", place(at, 1));
        }
        return new Sequence(items, place(start, 1));
    }

    private Table inline() {
        Table table = new Table(place(at++, 1), Origin.DOTTED);
        skipBlanks();
        if (!take("}")) {
            do pair(table); while (isFollowed());
        }
        close(table);
        return table;
    }

    private boolean isFollowed() {
        skipBlanks();
        if (take(",")) return true;
        expect("}");
        return false;
    }

    private static void close(Table table) {
        table.origin = Origin.INLINE;
        table.entries.values().forEach(entry -> {
            if (entry instanceof Table inner) close(inner);
        });
    }

    private Scalar bare() {
        int start = at;
        while (at < text.length() && "+-._:".indexOf(peek()) >= 0 || Character.isLetterOrDigit(peek())) at++;
        if (DAY.matcher(text).region(start, at).matches() && isNext(HOUR)) {
            at++;
            while (at < text.length() && "+-.:Zz".indexOf(peek()) >= 0 || Character.isDigit(peek())) at++;
        }
        String word = text.substring(start, at);
        Place place = place(start, Math.max(1, at - start));
        if (word.equals("true") || word.equals("false")) return new Scalar(word.equals("true"), word, place);
        if (INTEGER.matcher(word).matches()) return new Scalar(integer(word.replace("_", "")), word, place);
        boolean isText = DATE.matcher(word).matches() || word.matches("[-+]?(?:inf|nan)");
        if (isText) return Scalar.ofText(word, place);
        if (REAL.matcher(word).matches()) return new Scalar(new BigDecimal(word.replace("_", "")), word, place);
        throw new Fault(new Problem("a value was expected here", place, "text stands in quotes"), Fault.PROJECT);
    }

    private static BigInteger integer(String digits) {
        String prefix = digits.length() > 1 ? digits.substring(0, 2) : "";
        int radix = switch (prefix) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> 10;
        };
        return new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
    }

    private String basic() {
        int start = at++;
        StringBuilder result = new StringBuilder();
        while (peek() != '"') {
            if (peek() == '\\') result.append(escape());
            else result.append(plain(start, false));
        }
        at++;
        return result.toString();
    }

    private String literal() {
        int start = at++;
        StringBuilder result = new StringBuilder();
        while (peek() != '\'') result.append(plain(start, false));
        at++;
        return result.toString();
    }

    /** Text over several lines; one or two quotes may stand before those that end it. */
    private String multiline(String quotes) {
        int start = at;
        at += 3;
        if (!take("\n")) take("\r\n");
        StringBuilder result = new StringBuilder();
        while (!text.startsWith(quotes, at)) {
            boolean isEscape = peek() == '\\' && quotes.startsWith("\"");
            if (isEscape) result.append(isNext(LINE_END) ? joined() : escape());
            else result.append(plain(start, true));
        }
        at += 3;
        for (int i = 0; i < 2 && take(quotes.substring(0, 1)); i++) result.append(quotes.charAt(0));
        return result.toString();
    }

    private boolean isNext(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length()).lookingAt();
    }

    private String joined() {
        at++;
        while (at < text.length() && Character.isWhitespace(peek())) at++;
        return "";
    }

    private char plain(int start, boolean overLines) {
        char character = peek();
        boolean ends = at >= text.length() || !overLines && (character == '\n' || character == '\r');
        if (ends) throw wrong("this text does not end", place(start, 1));
        return checked(text.charAt(at++));
    }

    private char checked(char character) {
        boolean isReturn = character == '\r' && peek() == '\n';
        boolean isBlank = character == '\t' || character == '\n' || isReturn;
        if (character < ' ' && !isBlank || character == 127) {
            throw wrong("a control character must be written as an escape", place(at - 1, 1));
        }
        return character;
    }

    private String escape() {
        int start = at++;
        char kind = peek();
        at++;
        if (kind != 'u' && kind != 'U') {
            String known = ESCAPES.get(kind);
            if (known == null) throw wrong("unknown escape", place(start, 2), PATHS);
            return known;
        }
        int length = kind == 'u' ? 4 : 8;
        String digits = text.substring(at, Math.min(text.length(), at + length));
        at += digits.length();
        long code = digits.matches("\\p{XDigit}{" + length + "}") ? Long.parseLong(digits, 16) : -1;
        boolean isCharacter = code >= 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if (!isCharacter) throw wrong("the number of a character was expected here", place(start, 2), PATHS);
        return Character.toString((int) code);
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') at++;
    }

    private void skipLines() {
        for (skipBlanks(); at < text.length(); skipBlanks()) {
            if (peek() == '#') skipComment();
            else if (!take("\n") && !take("\r\n")) return;
        }
    }

    private void skipComment() {
        while (at < text.length() && peek() != '\n') {
            at++;
            checked(text.charAt(at - 1));
        }
    }

    private void endLine() {
        skipBlanks();
        if (peek() == '#') skipComment();
        boolean ends = at >= text.length() || take("\n") || take("\r\n");
        if (!ends) throw wrong("the end of the line was expected here", place(at, 1));
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(String expected) {
        boolean isNext = text.startsWith(expected, at);
        if (isNext) at += expected.length();
        return isNext;
    }

    private void expect(String expected) {
        if (!take(expected)) throw wrong("`" + expected + "` was expected here", place(at, 1));
    }

    private static Fault wrong(String message, Place place) {
        return wrong(message, place, null);
    }

    private static Fault wrong(String message, Place place, String hint) {
        return Fault.project(message, place, hint);
    }

    private Place place(int position, int length) {
        int found = Arrays.binarySearch(starts, position);
        int line = found >= 0 ? found : -found - 2;
        return new Place(name, lines, line + 1, position - starts[line] + 1, length);
    }
}
