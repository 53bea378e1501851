package samlocal.dependencies;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.TomlReader;
import samlocal.template.Value;

/**
 * Version catalogs (Gradle user manual, "Version catalogs"), looked up by accessor, such as
 * {@code libs.gson}, {@code libs.versions.gson}, {@code libs.plugins.boot} and {@code libs.bundles.json}. Aliases may
 * contain dots, dashes and underscores. Libraries are {@code group:name:version}, plugins {@code id:version},
 * each without the version if it has none.
 */
final class GradleCatalogs {
    private static final Pattern FIND = Pattern.compile("(\\w+)\\.find(Library|Version|Bundle|Plugin)\\(([\\w.-]+)\\)");
    private final Map<String, String> entries = new HashMap<>();
    private final Map<String, List<String>> bundles = new HashMap<>();

    /**
     * Adds what a file has; versions that are known already prevail.
     *
     * @throws Fault if it is not valid TOML
     */
    void read(String catalog, Path file) {
        Mapping root = TomlReader.read(Place.display(file), String.join("\n", Place.lines(file)));
        root.mapping("versions").entries().forEach((alias, value) ->
                entries.putIfAbsent(dotted(catalog + ".versions." + alias), version(value)));
        root.mapping("libraries").entries().forEach((alias, value) -> add(catalog, "library", alias,
                versioned(catalog, value, fields -> fields.value("module").map(Value::text).orElseGet(() ->
                text(fields, "group") + ":" + text(fields, "name")))));
        root.mapping("plugins").entries().forEach((alias, value) -> add(catalog, "plugin", alias,
                versioned(catalog, value, fields -> text(fields, "id"))));
        root.mapping("bundles").entries().forEach((alias, value) -> {
            if (value instanceof Sequence list) add(catalog, "bundle", alias,
                    list.items().stream().map(Value::text).toList());
        });
    }

    private static String text(Mapping fields, String key) {
        return fields.value(key).map(Value::text).orElse("");
    }

    private List<String> versioned(String catalog, Value value, Function<Mapping, String> name) {
        if (!(value instanceof Mapping fields)) return List.of(Value.text(value));
        Value written = fields.entries().get("version");
        String version = written instanceof Mapping rich && rich.value("ref").isPresent()
                ? get(catalog + ".versions." + text(rich, "ref")) : written == null ? null : version(written);
        return Stream.of(name.apply(fields), version).filter(each -> each != null && !each.isEmpty()).toList();
    }

    private static String version(Value value) {
        if (!(value instanceof Mapping range)) return Value.text(value);
        return Stream.of("prefer", "strictly", "require").map(range.entries()::get).filter(Objects::nonNull)
                .map(Value::text).findFirst().orElse("");
    }

    /**
     * Adds an entry, as {@code library("gson", "com.google.code.gson", "gson", "2.13.2")} in the settings does.
     *
     * @return whether catalogs have entries of that kind
     */
    boolean add(String catalog, String kind, String alias, List<String> parts) {
        switch (kind) {
            case "version" -> entries.put(dotted(catalog + ".versions." + alias), parts.get(0));
            case "library" -> entries.put(dotted(catalog + "." + alias), String.join(":", parts));
            case "plugin" -> entries.put(dotted(catalog + ".plugins." + alias), String.join(":", parts));
            case "bundle" -> bundles.put(dotted(catalog + ".bundles." + alias),
                    parts.stream().map(each -> catalog + "." + each).toList());
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String dotted(String alias) {
        return alias.replaceAll("[-_]", ".");
    }

    /**
     * As an accessor: {@code libs.findVersion("gson")} is {@code libs.versions.gson}. A variable with another name than
     * any catalog stands for the usual one.
     */
    private String found(String call) {
        Matcher find = FIND.matcher(call);
        if (!find.matches()) return call;
        String kind = find.group(2).equals("Library") ? "" : find.group(2).toLowerCase(Locale.ROOT) + "s.";
        boolean isCatalog = entries.keySet().stream().anyMatch(key -> key.startsWith(find.group(1) + "."));
        return (isCatalog ? find.group(1) : "libs") + "." + kind + find.group(3);
    }

    /** The version, library or plugin behind an accessor, or null. */
    String get(String accessor) {
        return entries.get(dotted(found(accessor)));
    }

    /** The libraries behind the accessor of a library or bundle; empty if one of them is unknown. */
    List<String> libraries(String accessor) {
        String key = found(accessor.replaceFirst("\\.(get|asProvider)$", ""));
        List<String> found = bundles.getOrDefault(dotted(key), List.of(key)).stream().map(this::get).toList();
        return found.contains(null) ? List.of() : found;
    }
}
