package samlocal.dependencies;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The variables of a build script, and the values of expressions that consist of them and of literals. */
final class GradleValues {
    private static final int DEEPEST = 10;
    private static final int LONGEST = 2000;
    private static final Pattern TEMPLATE = Pattern.compile("\\$(?:\\{|([a-zA-Z_](?:[\\w.]*\\w)?))");
    private static final Pattern PREFIX =
            Pattern.compile("^(?:(?:project|rootProject|settings|gradle|ext|extra|providers|properties|def)\\.)+");
    /** Calls whose value is that of their argument. */
    private static final Set<String> WRAPPERS = Set.of("file", "uri", "of", "toVersion", "fromTarget", "extra");
    private static final Set<String> LISTS = Set.of("listOf", "setOf", "arrayOf", "mutableListOf");
    private final Map<String, String> variables = new HashMap<>();
    private final Path module;
    private final Path root;
    private final UnaryOperator<String> catalog;

    /** With {@code catalog}, from a path such as {@code libs.versions.gson} to a version or null. */
    GradleValues(Path module, Path root, UnaryOperator<String> catalog) {
        this.module = module;
        this.root = root;
        this.catalog = catalog;
        Stream.of("projectDir", "layout.projectDirectory").forEach(name -> variables.put(name, module.toString()));
        Stream.of("rootDir", "rootProject.projectDir", "rootProject.rootDir", "settingsDir")
                .forEach(name -> variables.put(name, root.toString()));
        Stream.of("buildDir", "layout.buildDirectory").forEach(name ->
                variables.put(name, module.resolve("build").toString()));
    }

    void put(String name, String value) {
        variables.put(name, value);
        variables.put(name.substring(name.lastIndexOf('.') + 1), value);
    }

    String get(String name) {
        return variables.get(name);
    }

    /** Takes note of an assignment; entries of a map become variables of their own. */
    void assign(String name, List<List<GradleToken>> arguments) {
        if (arguments.size() != 1) return;
        entries(arguments.get(0)).forEach((key, value) -> assign(name + "." + key, List.of(value)));
        String value = value(arguments.get(0));
        if (value != null) put(PREFIX.matcher(name).replaceFirst(""), value);
    }

    /** The entries of {@code [key: value]}, {@code mapOf("key" to value)}, or of named arguments. */
    static Map<String, List<GradleToken>> entries(List<GradleToken> tokens) {
        GradleToken list = tokens.get(tokens.size() - 1);
        boolean isMap = list.kind() == GradleToken.Kind.BRACKETS && tokens.size() == 1
                || list.kind() == GradleToken.Kind.PARENTHESES && tokens.get(0).text().equals("mapOf");
        return isMap ? named(list.parts()) : Map.of();
    }

    /** Named arguments: {@code name: value}, {@code name = value} or {@code "name" to value}. */
    static Map<String, List<GradleToken>> named(List<List<GradleToken>> arguments) {
        Map<String, List<GradleToken>> named = new HashMap<>();
        arguments.stream().filter(each -> each.size() > 2 && (each.get(1).is(":") || each.get(1).is("=")
                || each.get(1).text().equals("to"))).forEach(each ->
                named.put(each.get(0).text(), each.subList(2, each.size())));
        return named;
    }

    /** The values of named arguments, empty for absent ones, or of all arguments in order; null for unknown values. */
    List<String> all(List<List<GradleToken>> arguments, String... names) {
        Map<String, List<GradleToken>> named = named(arguments);
        return named.isEmpty() ? arguments.stream().map(this::value).toList()
                : Stream.of(names).map(name -> named.containsKey(name) ? value(named.get(name)) : "").toList();
    }

    /** The elements of lists and file collections among arguments, and the other arguments as they are. */
    static Stream<List<GradleToken>> items(List<List<GradleToken>> arguments) {
        return arguments.stream().filter(each -> !each.get(0).isBlock()).flatMap(each -> {
            GradleToken last = each.get(each.size() - 1);
            boolean isList = each.size() == 1 && last.kind() == GradleToken.Kind.BRACKETS && entries(each).isEmpty()
                    || last.kind() == GradleToken.Kind.PARENTHESES && each.size() > 1
                    && LISTS.contains(each.get(each.size() - 2).text());
            return isList ? items(last.parts()) : Stream.of(each);
        });
    }

    /** The text or number that an expression stands for, or null if that is not known. */
    String value(List<GradleToken> tokens) {
        return value(tokens, 0);
    }

    private String value(List<GradleToken> tokens, int depth) {
        int plus = 0;
        while (plus < tokens.size() && !tokens.get(plus).is("+")) plus++;
        boolean isKnown = plus > 0 && depth <= DEEPEST;
        String first = isKnown ? term(tokens.subList(0, plus), depth) : null;
        if (first == null || plus == tokens.size()) return first;
        String rest = value(tokens.subList(plus + 1, tokens.size()), depth + 1);
        return rest == null ? null : first + rest;
    }

    private String term(List<GradleToken> tokens, int depth) {
        GradleToken only = tokens.get(0);
        int size = tokens.size();
        boolean isCast = size > 2 && tokens.get(size - 2).text().equals("as");
        if (isCast) return term(tokens.subList(0, size - 2), depth);
        boolean isText = size == 1 && only.isText();
        if (isText) return expanded(only.text(), depth);
        boolean isNumber = size == 1 && only.isName() && Character.isDigit(only.text().charAt(0));
        if (isNumber) return only.text();
        boolean isGrouped = size == 1 && only.kind() == GradleToken.Kind.PARENTHESES && only.parts().size() == 1;
        if (isGrouped) return value(only.parts().get(0), depth + 1);
        GradleStatement call = GradleStatement.of(tokens);
        boolean isWrapped = call.arguments().size() == 1 && WRAPPERS.contains(call.name());
        return isWrapped ? value(call.arguments().get(0), depth + 1) : lookup(call.call());
    }

    private String lookup(String path) {
        String name = path.replaceFirst("\\.(get|toString|asFile)(\\(\\))?$", "");
        String version = catalog.apply(name);
        if (version != null) return version;
        String plain = PREFIX.matcher(name).replaceFirst("");
        return Stream.of(name, plain, plain.substring(plain.lastIndexOf('.') + 1)).map(variables::get)
                .filter(each -> each != null).findFirst().orElse(null);
    }

    private String expanded(String text, int depth) {
        if (text.length() > LONGEST) return null;
        StringBuilder expanded = new StringBuilder();
        Matcher template = TEMPLATE.matcher(text);
        int at = 0;
        while (template.find(at)) {
            String value = template.group(1) == null ? null : lookup(template.group(1));
            int end = template.end();
            if (template.group(1) == null) {
                GradleToken braces = GradleScript.parse(module, text.substring(end - 1)).get(0).get(0);
                value = value(braces.parts().stream().flatMap(List::stream).toList(), depth + 1);
                end += braces.end() - 1;
            }
            if (value == null || expanded.length() + value.length() > LONGEST) return null;
            expanded.append(text, at, template.start()).append(value);
            at = end;
        }
        return expanded.append(text.substring(at)).toString();
    }

    /** The file or folder that an expression stands for, from the module's folder; null if that is not known. */
    Path path(List<GradleToken> tokens) {
        boolean isNew = tokens.get(0).text().equals("new") && tokens.size() > 1;
        List<GradleToken> created = isNew ? tokens.subList(1, tokens.size()) : tokens;
        GradleStatement call = GradleStatement.of(created);
        List<List<GradleToken>> arguments = call.arguments();
        boolean isCall = call.name().matches("[fF]ile|dir|files|fileTree|resolve|uri") && !arguments.isEmpty();
        String base = call.path().substring(0, call.path().length() - call.name().length());
        Path folder = !base.isEmpty() && isCall ? folder(base.substring(0, base.length() - 1)) : module;
        if (isCall && arguments.size() == 2) folder = path(arguments.get(0));
        Map<String, List<GradleToken>> named = named(arguments);
        List<GradleToken> last = isCall ? arguments.get(arguments.size() - 1) : created;
        String text = value(named.getOrDefault("dir", last));
        try {
            return text == null || folder == null ? null : folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private Path folder(String name) {
        String plain = name.replaceFirst("^project\\.", "");
        if (plain.equals("rootProject") || plain.equals("layout.settingsDirectory")) return root;
        if (plain.isEmpty() || plain.equals("project") || plain.equals("layout")) return module;
        String known = variables.get(plain);
        return known == null ? null : Path.of(known);
    }
}
