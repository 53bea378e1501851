package samlocal.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Reads YAML with SnakeYAML and turns its nodes into values. */
final class YamlReader {
    /** SnakeYAML's time for a line grows with the square of its length. */
    private static final int MOST_LINE = 1_000_000;
    private static final int MOST_VALUES = 1_000_000;
    private static final int DEEPEST = 200;
    private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\.");
    private final String name;
    private final String text;
    private final List<String> lines;
    private final List<Problem> warnings = new ArrayList<>();
    private int values;

    YamlReader(String name, String text) {
        this.name = name;
        this.text = text.stripLeading().startsWith("{") ? asYaml(text) : text;
        this.lines = text.lines().toList();
    }

    /** Converts JSON that is not valid YAML 1.1: tabs as white space, escaped slashes. */
    private static String asYaml(String json) {
        String blank = json.replace('\t', ' ');
        return !Json.isObject(json) ? blank : JSON_ESCAPE.matcher(blank).replaceAll(escape ->
                escape.group().equals("\\/") ? "/" : Matcher.quoteReplacement(escape.group()));
    }

    /** The whole document as a template. */
    Template template() {
        Value root = value();
        if (root instanceof Mapping mapping) return new Template(mapping, warnings);
        throw Fault.project("a template must be a map with `Resources`", root.place());
    }

    /** The whole document. */
    Value value() {
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
            Node node = new Composer(new ParserImpl(reader, limits()), new YamlTypes(), limits()).getSingleNode();
            if (node == null) throw Fault.project("`" + name + "` is empty");
            return node;
        } catch (MarkedYAMLException e) {
            throw syntaxError(e);
        } catch (ReaderException e) {
            throw Fault.project("control characters are not allowed in a template",
                    Place.at(name, text, e.getPosition(), 1));
        } catch (YAMLException e) {
            String reason = e.getMessage().lines().findFirst().orElse("");
            throw Fault.project("`" + name + "` is not readable: " + reason, new Place(name, lines, 0, 0, 0));
        }
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(Template.MOST_MEGABYTES << 20);
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
        return new Fault(new YamlSyntaxError(name, lines, opened, found, isAtEnd).explained(said), Fault.PROJECT);
    }

    private Value value(Node node, int depth) {
        if (++values > MOST_VALUES) {
            throw Fault.project("aliases expand to more than a million values", place(node));
        }
        if (depth > DEEPEST) throw Fault.project("nested more than " + DEEPEST + " levels deep", place(node));
        return ShortTag.isOn(node) ? tagged(node, depth) : untagged(node, depth);
    }

    private Value tagged(Node node, int depth) {
        ShortTag.check(node, place(node));
        String name = ShortTag.longName(node);
        Value argument = ShortTag.attributeAsList(name, untagged(node, depth + 1));
        return Mapping.of(name, argument, argument.place());
    }

    private Value untagged(Node node, int depth) {
        if (node instanceof ScalarNode scalar) return scalar(scalar);
        if (node instanceof SequenceNode sequence) return sequence(sequence, depth);
        return mapping((MappingNode) node, depth);
    }

    private Scalar scalar(ScalarNode node) {
        return new Scalar(YamlTypes.typed(node), node.getValue(), place(node));
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
            entries.put(key, ShortTag.attributeAsList(key, value(tuple.getValueNode(), depth + 1)));
        }
        return new Mapping(entries, keys, place(node));
    }

    private String key(Node node) {
        if (node instanceof ScalarNode scalar) return scalar.getValue();
        throw Fault.project("a key must be a string", place(node), node instanceof MappingNode
                ? "quote a value that begins with `{{`" : null);
    }

    private void warnOfDuplicate(String key, Place first, Place second) {
        if (first == null) return;
        String message = "duplicate key `" + key + "`: the last one is used";
        warnings.add(new Problem(message, second, "the first is on line " + first.line()));
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
