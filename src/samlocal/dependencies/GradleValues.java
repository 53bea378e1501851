package samlocal.dependencies;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The variables of a build script; evaluates expressions of variables and literals. */
final class GradleValues {
    private static final int DEEPEST = 10;
    private static final int LONGEST = 2000;
    private static final Pattern TEMPLATE = Pattern.compile("\\$(?:\\{|([a-zA-Z_](?:[\\w.]*\\w)?))");
    private static final Pattern PREFIX =
            Pattern.compile("^(?:(?:project|rootProject|settings|gradle|ext|extra|providers|properties|def)\\.)+");
    private static final Pattern RELEASE = Pattern.compile("(?:.*\\.)?(?:VERSION|JVM)_(?:1_)?(\\d+)");
    private static final Pattern CHARSET =
            Pattern.compile("(?:.*\\.)?(?:Standard)?Charsets\\.([A-Z0-9_]+)(?:\\.(?:name|displayName))?");
    /** Calls whose value is that of what they are called on. */
    private static final Pattern VALUE_CALLS = Pattern.compile(
            "(?:\\.(?:get|toString|asFile|toInt|majorVersion|requiredVersion)(?:\\(\\))?)+$");
    /** Calls that return their argument. */
    private static final Set<String> WRAPPERS = Set.of("of", "toVersion", "fromTarget", "extra");
    private static final Set<String> FILES = Set.of("file", "File", "dir", "files", "fileTree", "resolve", "uri");
    private static final Set<String> LISTS = Set.of("listOf", "setOf", "arrayOf", "mutableListOf");
    private final Map<String, String> variables = new HashMap<>();
    private final Path module;
    private final UnaryOperator<String> catalog;

    /** {@code catalog} maps an accessor such as {@code libs.versions.gson} to a version or null. */
    GradleValues(Path module, Path root, UnaryOperator<String> catalog) {
        this.module = module;
        this.catalog = catalog;
        Stream.of("projectDir", "layout.projectDirectory").forEach(name -> variables.put(name, module.toString()));
        Stream.of("rootProject", "rootDir", "rootProject.projectDir", "rootProject.rootDir", "settingsDir",
                "layout.rootDirectory",
                "layout.settingsDirectory").forEach(name -> variables.put(name, root.toString()));
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

    /** Records an assignment; each entry of a map becomes a variable. */
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

    /** The values of the named arguments ("" if absent), or else of all arguments in order; null for unknown values. */
    List<String> all(List<List<GradleToken>> arguments, String... names) {
        Map<String, List<GradleToken>> named = named(arguments);
        return named.isEmpty() ? arguments.stream().map(this::value).toList()
                : Stream.of(names).map(name -> named.containsKey(name) ? value(named.get(name)) : "").toList();
    }

    /** The arguments, with lists and file collections replaced by their elements. */
    static Stream<List<GradleToken>> items(List<List<GradleToken>> arguments) {
        return arguments.stream().filter(each -> !each.get(0).isBlock()).flatMap(each -> {
            GradleToken last = each.get(each.size() - 1);
            boolean isList = each.size() == 1 && last.kind() == GradleToken.Kind.BRACKETS && entries(each).isEmpty()
                    || last.kind() == GradleToken.Kind.PARENTHESES && each.size() > 1
                    && LISTS.contains(each.get(each.size() - 2).text());
            return isList ? items(last.parts()) : Stream.of(each);
        });
    }

    /** The string or number that an expression evaluates to, or null if it cannot be evaluated. */
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
        boolean isNew = size > 1 && only.text().equals("new");
        GradleStatement call = GradleStatement.of(isNew ? tokens.subList(1, size) : tokens);
        if (FILES.contains(call.name()) && !call.arguments().isEmpty()) return file(call, depth);
        boolean isWrapped = call.arguments().size() == 1 && WRAPPERS.contains(call.name());
        return isWrapped ? value(call.arguments().get(0), depth + 1) : lookup(call.call());
    }

    /** The version that {@code { strictly("[1,2["); prefer("1.5") }} asks for, if it is known. */
    Optional<String> version(List<List<GradleToken>> rich) {
        List<GradleStatement> parts = rich.stream().map(GradleStatement::of).toList();
        return Stream.of("prefer", "strictly", "require").flatMap(kind -> parts.stream()
                .filter(part -> part.name().equals(kind))).flatMap(part -> part.arguments().stream())
                .map(this::value).filter(Objects::nonNull).findFirst();
    }

    private String lookup(String path) {
        String name = VALUE_CALLS.matcher(path).replaceFirst("");
        String version = catalog.apply(name);
        if (version != null) return version;
        Matcher release = RELEASE.matcher(name);
        if (release.matches()) return release.group(1);
        Matcher charset = CHARSET.matcher(name);
        if (charset.matches()) return charset.group(1).replace('_', '-');
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

    /** The path of {@code file("x")}, {@code fileTree(dir: "x")}, {@code File(base, "x")}, {@code base.dir("x")}. */
    private String file(GradleStatement call, int depth) {
        List<List<GradleToken>> given = call.arguments();
        List<GradleToken> dir = named(given).get("dir");
        String base = call.path().substring(0, call.path().length() - call.name().length())
                .replaceFirst("^(project|layout)\\.$", "");
        String folder = dir == null && given.size() == 2 ? value(given.get(0), depth + 1)
                : base.isEmpty() ? "" : lookup(base.substring(0, base.length() - 1));
        String name = value(dir != null ? dir : given.get(given.size() - 1), depth + 1);
        return folder == null || name == null ? null : folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The path that an expression evaluates to, relative to the module's folder; null if it cannot be evaluated. */
    Path path(List<GradleToken> tokens) {
        String text = value(tokens);
        try {
            return text == null ? null : module.resolve(text).normalize();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The paths that arguments evaluate to, including those in lists and {@code files(...)}; null for unknown ones. */
    List<Path> paths(List<List<GradleToken>> arguments) {
        return items(arguments).flatMap(each -> {
            GradleStatement call = GradleStatement.of(each);
            return call.path().equals("files") ? items(call.arguments()) : Stream.of(each);
        }).map(this::path).toList();
    }
}
