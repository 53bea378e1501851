package samlocal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.Value;

/**
 * The values of {@code --parameter-overrides} and of {@code parameter_overrides} in samconfig files, as SAM CLI reads
 * them ({@code samcli/cli/types.py}, CfnParameterOverridesType). An argument consists of pairs {@code K=V} or {@code
 * ParameterKey=K,ParameterValue=V}, or is {@code file://NAME} with a TOML or YAML file, or a JSON object, the form that
 * maps in files are converted to.
 */
final class ParameterOverrides {
    private static final String KEY = "([A-Za-z0-9\"']+)";
    private static final String VALUE =
            "(\"(?:\\\\.|[^\"\\\\]++)*+\"|'(?:\\\\.|[^'\\\\]++)*+'|(?:\\\\.|[^\\s\"\\\\]++)++)";
    private static final Pattern PAIR = Pattern.compile("\\s*(?:ParameterKey=" + KEY + ",ParameterValue=" + VALUE + "|"
            + KEY + "=" + VALUE + ")\\s*");
    /** A pair whose value contains spaces, quoted in the shell. */
    private static final Pattern WORD = Pattern.compile("(?s)(?!ParameterKey=)([A-Za-z0-9]+)=(.*)");
    private static final String FILE = "file://";
    private static final String INCLUDE = "$include";
    private static final String NAME = "parameter_overrides";

    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Set<Path> open = new LinkedHashSet<>();

    private ParameterOverrides() {
    }

    /**
     * The parameters of all arguments; the last value of a parameter wins.
     *
     * @throws Fault if an argument or a file has no such form
     */
    static Map<String, String> parse(List<String> arguments) {
        ParameterOverrides all = new ParameterOverrides();
        arguments.forEach(argument -> all.add(argument, Path.of("")));
        return all.parameters;
    }

    private void add(String argument, Path folder) {
        if (argument.startsWith(FILE)) addFile(folder.resolve(argument.substring(FILE.length())));
        else if (argument.startsWith("{")) addObject(argument);
        else if (!argument.isBlank()) addPairs(argument);
    }

    /** Paths in a file are relative to that file. */
    private void addFile(Path file) {
        if (!Files.isRegularFile(file)) throw Fault.usage("`--parameter-overrides`: no such file `" + file + "`", null);
        Path absolute = file.toAbsolutePath().normalize();
        if (!open.add(absolute)) throw Fault.usage("`--parameter-overrides`: `" + file + "` includes itself", null);
        arguments(SamConfig.document(file)).forEach(each -> add(each, absolute.getParent()));
        open.remove(absolute);
    }

    private void addObject(String argument) {
        try {
            ((Map<?, ?>) Json.read(argument)).forEach((name, value) -> put(name.toString(), value.toString()));
        } catch (IOException e) {
            throw noParameter(argument);
        }
    }

    private void addPairs(String argument) {
        Matcher pair = PAIR.matcher(argument);
        Matcher word = WORD.matcher(argument);
        int end = 0;
        Map<String, String> found = new LinkedHashMap<>();
        while (end < argument.length() && pair.region(end, argument.length()).lookingAt()) {
            boolean isLong = pair.group(1) != null;
            found.put(pair.group(isLong ? 1 : 3), pair.group(isLong ? 2 : 4));
            end = pair.end();
        }
        boolean isWhole = end == argument.length();
        boolean isWord = !isWhole && found.size() == 1 && word.matches();
        if (isWord) parameters.put(word.group(1), word.group(2));
        else if (isWhole) found.forEach(this::put);
        else throw noParameter(argument.substring(end));
    }

    private static Fault noParameter(String text) {
        return Fault.usage("`--parameter-overrides` does not take `" + text + "`",
                "write `Name=value` or `ParameterKey=Name,ParameterValue=value`, and quote values with spaces");
    }

    private void put(String name, String value) {
        parameters.put(unquoted(name), unquoted(value));
    }

    /** Removes enclosing quotes, and backslashes before spaces and quotes. */
    private static String unquoted(String value) {
        boolean isQuoted = value.length() > 1 && value.matches("(?s)(\"|').*\\1");
        return (isQuoted ? value.substring(1, value.length() - 1) : value).replaceAll("\\\\([ \"'])", "$1");
    }

    /** Converts a value of a file (a string, a map, or a list of either) to arguments. */
    static List<String> arguments(Value value) {
        if (value instanceof Sequence list) {
            return list.items().stream().flatMap(item -> arguments(item).stream()).toList();
        }
        if (!(value instanceof Mapping map)) return List.of(Value.text(value));
        List<String> arguments = new ArrayList<>();
        map.entries().forEach((name, each) -> {
            if (name.equals(INCLUDE)) arguments.addAll(arguments(each));
            else arguments.add(Json.write(Map.of(name, each instanceof Sequence list ? joined(list) : text(each))));
        });
        return arguments;
    }

    private static String joined(Sequence list) {
        return list.items().stream().map(item -> text(item).strip()).filter(item -> !item.isEmpty())
                .collect(Collectors.joining(","));
    }

    /** The value as Python prints it: booleans are capitalized. */
    private static String text(Value value) {
        if (value.plain() instanceof Boolean isTrue) return isTrue ? "True" : "False";
        if (value instanceof Scalar scalar) return scalar.plain() == null ? "" : scalar.text();
        throw new Fault(new Problem("`" + NAME + "` must be a single value", value.place(), null), Fault.USAGE);
    }
}
