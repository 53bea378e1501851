package samlocal.cli;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.Template;
import samlocal.template.TomlReader;
import samlocal.template.Value;

/**
 * A samconfig file (SAM Developer Guide, "AWS SAM CLI configuration file"): options by environment and command, with
 * {@code global} as defaults.
 */
record SamConfig(Path file, Mapping root) {
    private static final List<String> NAMES = List.of("samconfig.toml", "samconfig.yaml", "samconfig.yml");
    private static final int MOST_MEGABYTES = 1;
    private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");
    private static final String PARAMETERS = "parameter_overrides";
    private static final String TEMPLATE = "template_file";
    private static final String OPTIONS = "parameters";
    /** Names of commands and groups in samconfig files (SAM Developer Guide, "AWS SAM CLI command reference"). */
    private static final Set<String> SECTIONS = Set.of("global", "init", "validate", "build", "package", "deploy",
            "delete", "sync", "logs", "traces", "publish", "docs", "local_invoke", "local_start_api",
            "local_start_lambda", "local_generate_event", "local_callback", "local_execution", "list_resources",
            "list_endpoints", "list_stack_outputs", "pipeline_init", "pipeline_bootstrap", "remote_invoke",
            "remote_callback", "remote_execution", "remote_test_event");

    /** Whether {@code sam} reads a text as true. */
    static boolean isTrue(String text) {
        return text.matches("(?i)true|1|yes|on|t|y");
    }

    /**
     * The named file, else the first one in the template's folder; both parameters may be null.
     *
     * @throws Fault if the named file does not exist, or the file cannot be read
     */
    static Optional<SamConfig> find(Path template, Path named, List<Problem> warnings) {
        List<Path> found = named == null ? inFolder(template).filter(Files::isRegularFile).toList()
                : Stream.of(named, folder(template).resolve(named)).filter(Files::exists).limit(1).toList();
        if (named != null && found.isEmpty()) throw Fault.usage("`--config-file`: no such file `" + named + "`", null);
        if (found.size() > 1) {
            warnings.add(new Problem("`" + Place.display(found.get(0)) + "` is used, `" + found.get(1).getFileName()
                    + "` is ignored", null, "choose another one with `--config-file FILE`"));
        }
        return found.stream().findFirst().map(SamConfig::read);
    }

    private static Path folder(Path template) {
        Path folder = template == null ? null : TemplateFile.source(template).getParent();
        return folder == null ? Path.of("") : folder;
    }

    private static Stream<Path> inFolder(Path template) {
        return NAMES.stream().map(folder(template)::resolve);
    }

    private static SamConfig read(Path file) {
        if (document(file) instanceof Mapping map) return new SamConfig(file, map);
        throw Fault.project("`" + Place.display(file) + "` must be a map of environments");
    }

    /** Parses a TOML or YAML file, according to its extension. */
    static Value document(Path file) {
        String name = Place.display(file);
        String text = UserText.read(file, MOST_MEGABYTES);
        if (name.endsWith(".toml")) return TomlReader.read(name, text);
        if (!name.matches(".*\\.ya?ml")) throw Fault.usage("`" + name + "` must be a .toml, .yaml or .yml file", null);
        return Template.values(name, text);
    }

    /**
     * The options of a command in an environment, by key. The template of the {@code build} section applies to all
     * commands, because samlocal serves the source template.
     */
    Map<String, Value> settings(String environment, String section, List<Problem> warnings) {
        if (root.value("version").map(Value::plain).filter(Number.class::isInstance).isEmpty()) {
            warnings.add(new Problem("`version` is missing; sam rejects the file",
                    Place.of(file), "add `version = 0.1` as its first line"));
        }
        if (!environment.equals("default") && !root.entries().containsKey(environment)) {
            List<String> known = root.entries().keySet().stream().filter(key -> !key.equals("version")).toList();
            warnings.add(new Problem("`" + Place.display(file) + "` has no environment `" + environment + "`", null,
                    "its environments: " + String.join(", ", known)));
        }
        Map<String, Value> settings = new LinkedHashMap<>(parameters(environment, "global").entries());
        Value source = parameters(environment, "build").get(TEMPLATE);
        if (source != null) settings.put(TEMPLATE, source);
        settings.putAll(parameters(environment, section).entries());
        return settings;
    }

    private Mapping parameters(String environment, String section) {
        return root.mapping(environment).mapping(section).mapping(OPTIONS);
    }

    /** Warns about keys that are not options of the command. */
    void warnOfUnknown(String environment, String section, Collection<String> known, List<Problem> warnings) {
        Mapping own = parameters(environment, section);
        own.keys().forEach((key, place) -> {
            if (known.contains(key)) return;
            warnings.add(new Problem("`" + key + "` is not an option of this command", place,
                    Nearest.hint(key.replace('-', '_'), known)));
        });
    }

    /** Warns about sections whose name is probably misspelled, and about ignored keys in the sections of commands. */
    void warnOfUnread(String environment, List<Problem> warnings) {
        Mapping sections = root.mapping(environment);
        sections.keys().forEach((name, place) -> {
            boolean isRead = SECTIONS.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "_"));
            if (!isRead) {
                section(name).ifPresent(near -> warnings.add(unread(name, place, Nearest.hint(near))));
            } else if (sections.entries().get(name) instanceof Mapping section) {
                section.keys().entrySet().stream().filter(key -> !key.getKey().equals(OPTIONS)).forEach(key ->
                        warnings.add(unread(key.getKey(), key.getValue(), "put options below `" + OPTIONS + "`")));
            }
        });
    }

    private static Optional<String> section(String name) {
        String plain = name.replace('-', '_');
        return Stream.of(plain, "local_" + plain).filter(SECTIONS::contains).findFirst()
                .or(() -> Nearest.to(plain, SECTIONS));
    }

    private static Problem unread(String key, Place place, String hint) {
        return new Problem("`" + key + "` is ignored", place, hint);
    }

    /**
     * Converts a value to the words of a command line.
     *
     * @throws Fault if the option does not accept the value
     */
    List<String> texts(String key, Value value, OptionSpec option) {
        if (key.equals(PARAMETERS)) return ParameterOverrides.arguments(value);
        if (value instanceof Sequence list && option.isMultiValue()) {
            return list.items().stream().map(item -> text(key, item)).toList();
        }
        String text = text(key, value);
        boolean isFlag = option.arity().max() == 0;
        if (isFlag && !isTrue(text) && !text.matches("(?i)false|0|no|off|f|n")) {
            throw new Fault(new Problem("`" + key + "` must be true or false", value.place(), null), Fault.USAGE);
        }
        return List.of(option.type() == Path.class ? path(text) : text);
    }

    private static String text(String key, Value value) {
        if (value instanceof Scalar scalar) return scalar.text();
        throw new Fault(new Problem("`" + key + "` must be a single value", value.place(), null), Fault.USAGE);
    }

    /** A path relative to the working folder, as in {@code sam}; else relative to this file. */
    private String path(String text) {
        Path beside = file.resolveSibling(text);
        return !Files.exists(Path.of(text)) && Files.exists(beside) ? beside.toString() : text;
    }

    /**
     * Writes options into the section of a command, replacing those of the same name and keeping the rest of the file.
     *
     * @return the file's name
     * @throws Fault if the file is not TOML or cannot be written
     */
    static String save(Path template, Path named, String environment, String section, Map<String, Object> values) {
        Path file = named != null ? named : inFolder(template).filter(Files::isRegularFile).findFirst()
                .orElseGet(() -> folder(template).resolve(NAMES.get(0)));
        String name = Place.display(file);
        if (!name.endsWith(".toml")) throw Fault.usage("`--save-params` writes TOML, not `" + name + "`", null);
        try {
            List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file)
                    : List.of("version = 0.1"));
            if (Files.exists(file)) read(file);
            put(lines, "[" + environment + "." + section + ".parameters]", values);
            Files.write(file, lines);
            return name;
        } catch (IOException e) {
            throw Fault.project("cannot write `" + name + "`: " + Fault.reason(e));
        }
    }

    private static void put(List<String> lines, String header, Map<String, Object> values) {
        int start = IntStream.range(0, lines.size()).filter(i -> lines.get(i).replaceAll("\\s|#.*", "")
                .equals(header)).findFirst().orElse(-1);
        if (start < 0) {
            lines.addAll(List.of("", header));
            start = lines.size() - 1;
        }
        int first = start + 1;
        int end = IntStream.range(first, lines.size()).filter(i -> HEADER.matcher(lines.get(i)).matches())
                .findFirst().orElse(lines.size());
        lines.subList(first, end).removeIf(line -> values.containsKey(line.replaceFirst("\\s*=.*", "").strip()));
        lines.addAll(first, values.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + toml(entry.getValue())).toList());
    }

    private static String toml(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(SamConfig::toml).collect(Collectors.joining(", ", "[", "]"));
        }
        String text = value.toString();
        return text.matches("true|false|0|[1-9]\\d{0,8}") ? text : Json.write(text);
    }
}
