package samlocal.template;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;
import samlocal.terminal.Console;

/**
 * A template as it was written: YAML 1.1 or JSON, short tags turned into their long form, nothing resolved.
 * Values are typed as PyYAML types them, which is what SAM and CloudFormation read templates with:
 * {@code 010} is 8, {@code yes} is true, {@code 2010-09-09} stays text. Each keeps its text as written too.
 *
 * @param root the whole document
 * @param warnings what is legal and still most likely a mistake: duplicate keys
 */
public record Template(Mapping root, List<Problem> warnings) {
    static final int MOST_BYTES = 10 << 20;
    /** SnakeYAML takes a time for a line that grows with the square of its length. */
    private static final int MOST_LINE = 1_000_000;
    private static final int MOST_VALUES = 1_000_000;
    private static final int DEEPEST = 200;

    /**
     * Reads a template.
     *
     * @throws Fault if it cannot be read, is not YAML, or is more than a template may be
     */
    public static Template read(Path file) {
        return parse(Place.display(file), text(file));
    }

    /** Reads a template from its text; {@code name} stands in messages. */
    static Template parse(String name, String text) {
        return new Parser(name, text).read();
    }

    /** Reads any YAML as values, by the rules of templates. */
    public static Value values(String name, String text) {
        return new Parser(name, text).values();
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            Path template = file.resolve("template.yaml");
            throw Fault.project("`" + Place.display(file) + "` is a folder, not a template", null,
                    Files.exists(template) ? "name `" + Place.display(template) + "`" : null);
        }
        if (!Files.exists(file)) throw Fault.project("template file not found: `" + Place.display(file) + "`");
        if (!Files.isRegularFile(file)) throw Fault.project("`" + Place.display(file) + "` is not a file");
        try {
            if (Files.size(file) > MOST_BYTES) throw tooLarge(file);
            return UserText.read(file);
        } catch (IOException e) {
            throw Fault.project("cannot read `" + Place.display(file) + "`: " + Fault.reason(e));
        }
    }

    private static Fault tooLarge(Path file) {
        return Fault.project("`" + Place.display(file) + "` has more than " + (MOST_BYTES >> 20) + " MB");
    }

    /** Turns SnakeYAML's nodes into values. */
    private static final class Parser {
        private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\.");
        private final String name;
        private final String text;
        private final List<String> lines;
        private final List<Problem> warnings = new ArrayList<>();
        private int values;

        Parser(String name, String text) {
            this.name = name;
            this.text = text.stripLeading().startsWith("{") ? asYaml(text) : text;
            this.lines = text.lines().toList();
        }

        /** YAML 1.1 does not quite contain JSON: it takes no tabs for blanks, and no escaped slash. */
        private static String asYaml(String json) {
            String blank = json.replace('\t', ' ');
            return !Json.isObject(json) ? blank : JSON_ESCAPE.matcher(blank).replaceAll(escape ->
                    escape.group().equals("\\/") ? "/" : Matcher.quoteReplacement(escape.group()));
        }

        Template read() {
            Value root = values();
            if (root instanceof Mapping mapping) return new Template(mapping, warnings);
            throw Fault.project("a template is a map with `Resources`, this file is not", root.place());
        }

        Value values() {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MOST_LINE) {
                    throw Fault.project("a line of `" + name + "` has more than " + MOST_LINE + " characters",
                            new Place(name, List.of(), i + 1, 1, 1));
                }
            }
            return value(compose(), 0);
        }

        private Node compose() {
            try {
                StreamReader reader = new StreamReader(text);
                Node node = new Composer(new ParserImpl(reader, limits()), new Types(), limits()).getSingleNode();
                if (node == null) throw Fault.project("`" + name + "` is empty");
                return node;
            } catch (MarkedYAMLException e) {
                throw syntaxError(e);
            } catch (ReaderException e) {
                throw Fault.project("a template has no control characters", place(e.getPosition()));
            } catch (YAMLException e) {
                String reason = e.getMessage().lines().findFirst().orElse("");
                throw Fault.project("`" + name + "` cannot be read: " + reason, new Place(name, lines, 0, 0, 0));
            }
        }

        private Place place(int position) {
            String before = text.substring(0, Math.min(position, text.length()));
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            return new Place(name, lines, line, before.length() - before.lastIndexOf('\n'), 1);
        }

        private static LoaderOptions limits() {
            LoaderOptions options = new LoaderOptions();
            options.setNestingDepthLimit(DEEPEST);
            options.setCodePointLimit(MOST_BYTES);
            options.setMergeOnCompose(true);
            options.setMaxAliasesForCollections(MOST_VALUES);
            return options;
        }

        private Fault syntaxError(MarkedYAMLException e) {
            boolean isAtEnd = e.getProblemMark() == null || e.getProblemMark().getLine() >= lines.size();
            Mark found = isAtEnd && e.getContextMark() != null ? e.getContextMark() : e.getProblemMark();
            String said = (e.getContext() == null ? "" : e.getContext() + ": ") + e.getProblem();
            if (found == null) return Fault.project(said, new Place(name, lines, 1, 1, 1));
            Mark opened = e.getContextMark() == null ? found : e.getContextMark();
            return new Fault(new Syntax(name, lines, opened, found, isAtEnd).explained(said), Fault.PROJECT);
        }

        private Value value(Node node, int depth) {
            if (++values > MOST_VALUES) {
                throw Fault.project("aliases make more than a million values of it", place(node));
            }
            if (depth > DEEPEST) throw Fault.project("more than " + DEEPEST + " levels deep", place(node));
            return Tags.isOn(node) ? tagged(node, depth) : untagged(node, depth);
        }

        private Value tagged(Node node, int depth) {
            Tags.check(node, place(node));
            String name = Tags.longName(node);
            Value argument = Tags.attributeAsList(name, untagged(node, depth + 1));
            return Mapping.of(name, argument, argument.place());
        }

        private Value untagged(Node node, int depth) {
            if (node instanceof ScalarNode scalar) return scalar(scalar);
            if (node instanceof SequenceNode sequence) return sequence(sequence, depth);
            return mapping((MappingNode) node, depth);
        }

        private Scalar scalar(ScalarNode node) {
            return new Scalar(Types.typed(node), node.getValue(), place(node));
        }

        private Sequence sequence(SequenceNode node, int depth) {
            List<Value> items = node.getValue().stream().map(item -> value(item, depth + 1)).toList();
            return new Sequence(items, place(node));
        }

        private Value mapping(MappingNode node, int depth) {
            Map<String, Value> entries = new LinkedHashMap<>();
            Map<String, Place> keys = new LinkedHashMap<>();
            for (NodeTuple tuple : node.getValue()) {
                String key = key(tuple.getKeyNode());
                Place place = place(tuple.getKeyNode());
                warnOfDuplicate(key, keys.put(key, place), place);
                entries.put(key, Tags.attributeAsList(key, value(tuple.getValueNode(), depth + 1)));
            }
            return new Mapping(entries, keys, place(node));
        }

        private String key(Node node) {
            if (node instanceof ScalarNode scalar) return scalar.getValue();
            throw Fault.project("a key must be a text", place(node), node instanceof MappingNode
                    ? "put a value that begins with `{{` in quotes" : null);
        }

        private void warnOfDuplicate(String key, Place first, Place second) {
            if (first == null) return;
            String message = "duplicate key `" + key + "`, the last one counts";
            warnings.add(new Problem(message, second, "the first is in line " + first.line()));
        }

        Place place(Node node) {
            Mark start = node.getStartMark();
            Mark end = node.getEndMark();
            boolean oneLine = node instanceof ScalarNode && start.getLine() == end.getLine();
            return place(start, oneLine ? Math.max(1, end.getColumn() - start.getColumn()) : 1);
        }

        private Place place(Mark mark, int length) {
            return new Place(name, lines, mark.getLine() + 1, mark.getColumn() + 1, length);
        }
    }

    /**
     * Where the parser stopped, to be told in plain words: its own are of its grammar, and its place is often one
     * after the mistake.
     *
     * @param opened where what was being read began
     * @param found where it could not go on, or the same place if it went on to the end
     */
    private record Syntax(String name, List<String> lines, Mark opened, Mark found, boolean isAtEnd) {
        /** What the parser says, by a part of it, to what is told. */
        private static final List<Map.Entry<String, Function<Syntax, Problem>>> WORDS = List.of(
                Map.entry("'\\t(TAB)'", Syntax::tab),
                Map.entry("mapping values are not allowed", Syntax::colon),
                Map.entry("could not find expected ':'", Syntax::keyless),
                Map.entry("but found '<block mapping start>'", Syntax::level),
                Map.entry("but found '-'", Syntax::item),
                Map.entry("but found '?'", Syntax::key),
                Map.entry("sequence entries are not allowed", Syntax::itemInLine),
                Map.entry("scanning a quoted scalar", Syntax::quote),
                Map.entry("but found '<scalar>'", Syntax::rest),
                Map.entry("expected ',' or ", Syntax::bracket),
                Map.entry("but found '}'", Syntax::closing),
                Map.entry("but found ']'", Syntax::closing),
                Map.entry("that cannot start any token", Syntax::beginning),
                Map.entry("expected the node content", Syntax::beginning),
                Map.entry("scanning an alias", Syntax::beginning),
                Map.entry("scanning an anchor", Syntax::beginning),
                Map.entry("found undefined alias", Syntax::beginning),
                Map.entry("unknown escape character", Syntax::escape),
                Map.entry("expected a comment or a line break", Syntax::block),
                Map.entry("expected chomping or indentation", Syntax::block),
                Map.entry("expected a single document", Syntax::document));
        private static final Pattern JOINED = Pattern.compile("((?:- )*[\\w.-]+):([^\\s/:].*)");
        private static final Pattern COLON = Pattern.compile(":(?=\\s|$)");

        Problem explained(String said) {
            return WORDS.stream().filter(words -> said.contains(words.getKey())).findFirst()
                    .map(words -> words.getValue().apply(this))
                    .orElseGet(() -> problem(said.replaceAll("\\s*\\n\\s*", " "), null));
        }

        private Problem problem(String message, String hint) {
            return problem(message, found.getLine(), found.getColumn(), 1, hint);
        }

        private Problem problem(String message, int line, int column, int length, String hint) {
            return new Problem(message, new Place(name, lines, line + 1, column + 1, length), hint);
        }

        /** Empty where the parser counts lines that are none here. */
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

        /** The nearest line above one that says something, -1 if there is none. */
        private int above(int line) {
            int above = line - 1;
            while (above >= 0 && text(above).strip().replaceFirst("^#.*", "").isEmpty()) above--;
            return above;
        }

        private int indent(int line) {
            return text(line).length() - text(line).stripLeading().length();
        }

        /** What a person would call a line: its key. */
        private String called(int line) {
            String text = text(line).strip();
            String key = COLON.split(text, 2)[0].replaceFirst("^(- )+", "");
            return "`" + (key.length() > 40 ? key.substring(0, 40) + "..." : key) + "`";
        }

        private static String spaces(int count) {
            return Console.count(count, "space");
        }

        private Problem tab() {
            return problem("a tab where spaces must be", "YAML indents with spaces, never with tabs");
        }

        private Problem colon() {
            Matcher first = COLON.matcher(line());
            int above = above(found.getLine());
            boolean isFirst = first.find() && first.start() == found.getColumn() && above >= 0;
            if (isFirst && JOINED.matcher(text(above).strip()).matches()) return joined(above);
            if (isFirst && !text(above).contains(":")) return keyless(above);
            if (isFirst && indent(found.getLine()) > indent(above)) return tooDeep(above);
            return problem("a second colon in one line", "put a value that has `: ` in it in quotes, or begin a new"
                    + " line for the second key");
        }

        private Problem joined(int line) {
            Matcher joined = JOINED.matcher(text(line).strip());
            String written = joined.matches() ? joined.group(1) + ": " + joined.group(2) : "";
            return problem("there is no blank after the colon", line, text(line).indexOf(':'), 1,
                    "write `" + written + "`");
        }

        private Problem keyless() {
            return keyless(opened.getLine());
        }

        private Problem keyless(int line) {
            if (JOINED.matcher(text(line).strip()).matches()) return joined(line);
            String text = text(line).strip();
            return problem("this line has no key", line, indent(line), text.length(),
                    "write `key: value`, with a blank after the colon");
        }

        private Problem tooDeep(int above) {
            int line = found.getLine();
            return problem(called(line) + " is indented more than " + called(above) + " in line " + (above + 1)
                    + ", which has a value already", line, indent(line), called(line).length() - 2, "give it "
                    + spaces(indent(above)) + " as there, or leave nothing behind the colon of " + called(above));
        }

        private Problem level() {
            int line = found.getLine();
            int own = indent(line);
            int above = above(line);
            if (above >= 0 && own > indent(above)) return tooDeep(above);
            NavigableMap<Integer, Integer> levels = levels(line);
            String hint = Stream.of(levels.floorEntry(own), levels.ceilingEntry(own)).filter(Objects::nonNull)
                    .map(level -> spaces(level.getKey()) + " as " + called(level.getValue()) + " in line "
                            + (level.getValue() + 1)).collect(Collectors.joining(", or "));
            return problem(called(line) + " is indented by " + spaces(own) + ", which fits no line above", line,
                    own, called(line).length() - 2, hint.isEmpty() ? null : "give it " + hint);
        }

        /** The indents that a line may have, each with the last line that has it. */
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

        private Problem item() {
            return problem("an item of a list among the keys of a map", "indent it more if it belongs to the key"
                    + " above");
        }

        private Problem key() {
            return problem(called(found.getLine()) + " is a key among the items of a list", "indent it more if it"
                    + " belongs to the item above, less if the list ends there");
        }

        private Problem itemInLine() {
            return problem("a list cannot begin behind a colon", "begin a new line before `- `");
        }

        private Problem quote() {
            String mark = String.valueOf(character(opened));
            return problem("this quote is never closed", opened.getLine(), opened.getColumn(), 1, "close it with `"
                    + mark + "`");
        }

        private Problem rest() {
            String before = line().substring(0, Math.min(found.getColumn(), line().length())).strip();
            if (before.isEmpty()) {
                return problem("this line belongs to nothing above", "indent it as the text that it goes on, or"
                        + " give it a key");
            }
            return problem("a value goes on after its closing quote", "put quotes around all of it, with `''` for a"
                    + " quote inside of single quotes; or a quote further up is not closed");
        }

        private Problem bracket() {
            char open = character(opened);
            String close = open == '[' ? "]" : "}";
            String where = opened.getLine() == found.getLine() ? "" : " of line " + (opened.getLine() + 1);
            if (isAtEnd) return problem("this `" + open + "` is never closed", "close it with `" + close + "`");
            if (character(found) == '{') {
                return problem("a brace in a value within braces", "put the value in quotes: `'/{id}'`");
            }
            return problem("the `" + open + "`" + where + " is not closed before this, or a comma is missing",
                    "close it with `" + close + "`, or put `,` in between");
        }

        private Problem closing() {
            return problem("this `" + character(found) + "` closes nothing", "leave it out, or put the value in"
                    + " quotes");
        }

        private Problem beginning() {
            int column = Math.max(0, "*&".indexOf(character(opened)) >= 0 ? opened.getColumn() : found.getColumn());
            String rest = line().substring(Math.min(column, line().length())).strip();
            String first = rest.isEmpty() ? "" : rest.substring(0, 1);
            return problem("a value cannot begin with `" + first + "`", found.getLine(), column, 1,
                    "put it in quotes: `'" + rest + "'`");
        }

        private Problem escape() {
            return problem("`\\" + character(found) + "` means nothing within double quotes", "write `\\\\"
                    + character(found) + "`, or use single quotes");
        }

        private Problem block() {
            return problem("text stands behind `>` or `|`", "begin it in the next line, indented; or put a value"
                    + " that begins so in quotes");
        }

        private Problem document() {
            return problem("a second document begins here", "a template is one document: leave out this line");
        }
    }

    /** Which scalars are not text: the rules of YAML 1.1 as PyYAML has them, less dates. */
    private static final class Types extends Resolver {
        private static final Pattern BOOLEAN = Pattern.compile("(?:[yY]es|YES|[nN]o|NO"
                + "|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF)");
        private static final Pattern INTEGER = Pattern.compile("[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)"
                + "|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
        private static final Pattern REAL = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

        @Override protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, REAL, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }

        static Object typed(ScalarNode node) {
            try {
                return converted(node);
            } catch (NumberFormatException e) {
                return node.getValue();
            }
        }

        private static Object converted(ScalarNode node) {
            String text = node.getValue();
            if (node.getTag().equals(Tag.NULL)) return null;
            if (node.getTag().equals(Tag.BOOL)) return text.matches("(?i)yes|true|on");
            if (node.getTag().equals(Tag.INT)) return integer(text.replace("_", ""));
            if (node.getTag().equals(Tag.FLOAT)) return real(text.replace("_", ""));
            return text;
        }

        private static Number integer(String text) {
            boolean negative = text.startsWith("-");
            String digits = text.replaceFirst("^[-+]", "");
            BigInteger value = digits.contains(":") ? sexagesimal(digits)
                    : new BigInteger(digits(digits), radix(digits));
            return number(negative ? value.negate() : value);
        }

        private static BigInteger sexagesimal(String digits) {
            return Arrays.stream(digits.split(":")).map(BigInteger::new)
                    .reduce(BigInteger.ZERO, (sum, part) -> sum.multiply(BigInteger.valueOf(60)).add(part));
        }

        private static int radix(String digits) {
            if (digits.startsWith("0x")) return 16;
            if (digits.startsWith("0b")) return 2;
            return digits.startsWith("0") ? 8 : 10;
        }

        private static String digits(String digits) {
            String bare = digits.startsWith("0x") || digits.startsWith("0b") ? digits.substring(2) : digits;
            return bare.isEmpty() ? "0" : bare;
        }

        private static Number number(BigInteger value) {
            if (value.bitLength() < Long.SIZE) return value.longValue();
            return value;
        }

        /** JSON has no infinity and no NaN: those stay text. */
        private static Object real(String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                return text;
            }
        }
    }

    /** CloudFormation's tags, {@code !X y} for {@code {Fn::X: y}}: their long names and what each one takes. */
    private static final class Tags {
        private static final Map<String, String> TAKEN = Map.ofEntries(
                Map.entry("Ref", "a text"), Map.entry("Condition", "a text"),
                Map.entry("Fn::GetAtt", "a text or a list"), Map.entry("Fn::Sub", "a text or a list"),
                Map.entry("Fn::Join", "a list"), Map.entry("Fn::Select", "a list"),
                Map.entry("Fn::Split", "a list"), Map.entry("Fn::FindInMap", "a list"),
                Map.entry("Fn::Cidr", "a list"), Map.entry("Fn::If", "a list"),
                Map.entry("Fn::Equals", "a list"), Map.entry("Fn::And", "a list"), Map.entry("Fn::Or", "a list"),
                Map.entry("Fn::Not", "a list"), Map.entry("Fn::Transform", "a map"));

        static boolean isOn(Node node) {
            String tag = node.getTag().getValue();
            return tag.startsWith("!") && tag.length() > 1;
        }

        static String longName(Node node) {
            String name = node.getTag().getValue().substring(1);
            return name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
        }

        /** Refuses a node of a kind that its tag does not take. */
        static void check(Node node, Place place) {
            String taken = TAKEN.getOrDefault(longName(node), kind(node));
            if (taken.contains(kind(node))) return;
            String tag = node.getTag().getValue();
            throw Fault.project("`" + tag + "` takes " + taken + ", this is " + kind(node), place);
        }

        private static String kind(Node node) {
            if (node instanceof ScalarNode) return "a text";
            return node instanceof SequenceNode ? "a list" : "a map";
        }

        /** {@code Fn::GetAtt: A.B.C} is {@code Fn::GetAtt: [A, B.C]}: one form for all that follows. */
        static Value attributeAsList(String name, Value argument) {
            if (!name.equals("Fn::GetAtt") || !(argument instanceof Scalar scalar)) return argument;
            List<Value> parts = Arrays.stream(scalar.text().split("\\.", 2))
                    .map(part -> (Value) Scalar.ofText(part, scalar.place())).toList();
            return new Sequence(parts, scalar.place());
        }
    }
}
