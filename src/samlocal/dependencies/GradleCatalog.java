package samlocal.dependencies;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.TomlReader;
import samlocal.template.Value;

/**
 * A version catalog (Gradle user manual, "Version catalogs"). Aliases may be written with dots, dashes and underscores;
 * libraries are {@code group:name:version}, plugins {@code id:version}, either without its version if it has none.
 */
final class GradleCatalog {
    private final Map<String, String> versions = new HashMap<>();
    private final Map<String, String> libraries = new HashMap<>();
    private final Map<String, String> plugins = new HashMap<>();
    private final Map<String, List<String>> bundles = new HashMap<>();

    /**
     * Adds what a file has.
     *
     * @throws Fault if it is not TOML of that form
     */
    void read(Path file, String text) {
        Mapping root = TomlReader.read(Place.display(file), text);
        root.mapping("versions").entries().forEach((alias, value) -> versions.put(dotted(alias), version(value)));
        root.mapping("libraries").entries().forEach((alias, value) -> libraries.put(dotted(alias),
                versioned(value, fields -> fields.value("module").map(Value::text).orElseGet(() ->
                text(fields, "group") + ":" + text(fields, "name")))));
        root.mapping("plugins").entries().forEach((alias, value) ->
                plugins.put(dotted(alias), versioned(value, fields -> text(fields, "id"))));
        root.mapping("bundles").entries().forEach((alias, value) -> {
            if (value instanceof Sequence list) add(alias, list.items().stream().map(Value::text).toList());
        });
    }

    private static String text(Mapping fields, String key) {
        return fields.value(key).map(Value::text).orElse("");
    }

    private String versioned(Value value, Function<Mapping, String> name) {
        if (!(value instanceof Mapping fields)) return Value.text(value);
        Value written = fields.entries().get("version");
        String version = written instanceof Mapping rich && rich.value("ref").isPresent()
                ? versions.getOrDefault(dotted(text(rich, "ref")), "") : written == null ? "" : version(written);
        return name.apply(fields) + (version.isEmpty() ? "" : ":" + version);
    }

    private static String version(Value value) {
        if (!(value instanceof Mapping range)) return Value.text(value);
        return Stream.of("strictly", "require", "prefer").map(range.entries()::get).filter(Objects::nonNull)
                .map(Value::text).findFirst().orElse("");
    }

    private void add(String bundle, List<String> aliases) {
        bundles.put(dotted(bundle), aliases);
    }

    /** Adds what a statement in the settings says, such as {@code library("gson", "com.google:gson:2")}. */
    boolean add(GradleStatement statement, GradleValues values) {
        List<String> given = GradleValues.items(statement.arguments()).map(values::value).toList();
        if (given.size() < 2 || given.contains(null)) return false;
        switch (statement.name()) {
            case "version" -> versions.put(dotted(given.get(0)), given.get(1));
            case "library" -> libraries.put(dotted(given.get(0)), String.join(":", given.subList(1, given.size())));
            case "plugin" -> plugins.put(dotted(given.get(0)), String.join(":", given.subList(1, given.size())));
            case "bundle" -> add(given.get(0), given.subList(1, given.size()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String dotted(String alias) {
        return alias.replaceAll("[-_]", ".");
    }

    /** Coordinates behind {@code alias} or {@code bundles.alias}; none if one of them is not known. */
    List<String> libraries(String alias) {
        String name = dotted(alias);
        boolean isBundle = name.startsWith("bundles.");
        List<String> aliases = isBundle ? bundles.getOrDefault(name.substring("bundles.".length()), List.of())
                : List.of(name);
        boolean isKnown = aliases.stream().allMatch(each -> libraries.containsKey(dotted(each)));
        return isKnown ? aliases.stream().map(each -> libraries.get(dotted(each))).toList() : List.of();
    }

    Optional<String> plugin(String alias) {
        return Optional.ofNullable(plugins.get(dotted(alias)));
    }

    String version(String alias) {
        return versions.get(dotted(alias));
    }
}
