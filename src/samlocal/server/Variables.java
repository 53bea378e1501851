package samlocal.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;
import samlocal.sam.FunctionDefinition;
import samlocal.terminal.Console;

/**
 * Environment variables from a file: those for all functions, and those for a function by its logical id, path or name.
 */
public record Variables(Map<String, String> all, Map<String, Map<String, String>> byFunction) {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern LINE = Pattern.compile(
            "\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*="
            + "\\s*(?:\"((?:\\\\.|[^\"\\\\])*)\"|'([^']*)'|(.*?))\\s*(?:\\s#.*)?");

    /** Reads JSON in the form of {@code sam local --env-vars}, or the lines of a {@code .env} file. */
    public static Variables read(Path file) {
        if (file == null) return new Variables(Map.of(), Map.of());
        try {
            boolean isFile = Files.exists(file) && !Files.isDirectory(file);
            if (!isFile) throw Fault.usage("`--env-vars`: no file `" + file + "`", null);
            if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` is larger than 1 MB");
            String text = UserText.readNamed(file);
            boolean isJson = Stream.of("{", "[").anyMatch(text.stripLeading()::startsWith);
            return isJson ? ofJson(file, Json.read(text)) : ofLines(file, text);
        } catch (IOException e) {
            throw Fault.project("cannot read `" + file + "`: " + Fault.reason(e), null,
                    "write {\"Function\": {\"NAME\": \"value\"}} or lines NAME=value");
        }
    }

    private static Variables ofJson(Path file, Object json) {
        if (!(json instanceof Map<?, ?> functions)) throw misshapen("`" + file + "`", "an object with functions");
        Map<String, Map<String, String>> byFunction = new LinkedHashMap<>();
        functions.forEach((function, variables) -> {
            if (!(variables instanceof Map<?, ?> map)) {
                throw misshapen("`" + file + "`: `" + function + "`", "an object with variables");
            }
            Map<String, String> texts = new LinkedHashMap<>();
            map.forEach((name, value) -> texts.put(name.toString(), text(value)));
            byFunction.put(function.toString(), texts);
        });
        Map<String, String> all = byFunction.remove("Parameters");
        return new Variables(all == null ? Map.of() : all, byFunction);
    }

    private static Fault misshapen(String what, String shape) {
        return Fault.project(what + " must be " + shape, null,
                "write {\"Parameters\": {\"NAME\": \"value\"}} for all functions");
    }

    private static String text(Object value) {
        return value == null || value instanceof Map || value instanceof List ? "" : value.toString();
    }

    private static Variables ofLines(Path file, String text) {
        Map<String, String> all = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank() || lines.get(i).stripLeading().startsWith("#")) continue;
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                throw Fault.project("not a variable definition",
                        new Place(Place.display(file), lines, i + 1, 1, lines.get(i).length()),
                        "write NAME=value");
            }
            String quoted = line.group(2) == null ? line.group(3) : unescaped(line.group(2));
            all.put(line.group(1), quoted == null ? line.group(4) : quoted);
        }
        return new Variables(all, Map.of());
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\(.)").matcher(text).replaceAll(escape ->
                escape.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(escape.group(1)));
    }

    /** The variables of a function that the template declares for it; others are ignored, as with {@code sam local}. */
    public Map<String, String> declaredOf(FunctionDefinition function) {
        Map<String, String> declared = new LinkedHashMap<>(of(function));
        declared.keySet().retainAll(function.environment().keySet());
        return declared;
    }

    /** Warnings about variables in the file that reach no function. */
    public List<Problem> ignored(Path file, Collection<FunctionDefinition> functions) {
        List<Problem> ignored = new ArrayList<>();
        Set<String> declared = functions.stream().flatMap(each -> each.environment().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        addIgnored(all.keySet(), declared, "no function declares", file, ignored);
        byFunction.forEach((name, variables) -> {
            Optional<FunctionDefinition> function = FunctionDefinition.named(name, functions).stream().findFirst();
            function.ifPresentOrElse(each -> addIgnored(variables.keySet(), each.environment().keySet(),
                    "`" + name + "` does not declare", file, ignored),
                    () -> ignored.add(new Problem("no function `" + name + "`; its variables are ignored",
                    Place.of(file),
                    Nearest.hint(name, functions.stream().map(FunctionDefinition::id).toList()))));
        });
        return ignored;
    }

    private static void addIgnored(Set<String> names, Set<String> declared, String who, Path file,
            List<Problem> ignored) {
        List<String> unknown = names.stream().filter(name -> !declared.contains(name)).toList();
        if (unknown.isEmpty()) return;
        String listed = unknown.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        ignored.add(new Problem(who + " " + Console.count(unknown.size(), "variable") + " of this file: " + listed
                + ", ignored", Place.of(file), Nearest.hint(unknown.size() == 1 ? unknown.get(0) : "",
                declared, "declare the variables in the function's `Environment`")));
    }

    /** The variables of a function: those for it override those for all functions. */
    Map<String, String> of(FunctionDefinition function) {
        Map<String, String> variables = new LinkedHashMap<>(all);
        function.names().stream().map(byFunction::get)
                .filter(found -> found != null && !found.isEmpty()).findFirst().ifPresent(variables::putAll);
        return variables;
    }
}
