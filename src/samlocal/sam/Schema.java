package samlocal.sam;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.Value;

/**
 * What one resource may have (CloudFormation User Guide, "Template sections"; SAM Developer Guide, "AWS SAM
 * resources and properties"). What is not as it should be is noted, and read as what was most likely meant or not
 * at all, so that what else is wrong can be told too.
 */
record Schema(String id, Problems problems) {
    /** What a property holds: the test, and its words. */
    private enum Kind {
        TEXT("a text", value -> value instanceof Scalar),
        NUMBER("a whole number", value -> Value.text(value).matches("\\d{1,7}")),
        LIST("a list", value -> value instanceof Sequence),
        MAP("a map", value -> value instanceof Mapping);

        private final String words;
        private final Predicate<Value> test;

        Kind(String words, Predicate<Value> test) {
            this.words = words;
            this.test = test;
        }
    }

    private static final Set<String> ATTRIBUTES = Set.of("Type", "Properties", "Condition", "DependsOn",
            "Metadata", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy",
            "IgnoreGlobals", "Connectors");
    private static final Set<String> SECTIONS = Set.of("Outputs", "Parameters", "Globals", "Conditions",
            "Mappings", "Metadata", "Rules", "Transform", "Description", "AWSTemplateFormatVersion", "Hooks");
    private static final String RESOURCES = "Resources";
    private static final Map<String, Set<String>> OTHERS = Specification.of("properties");

    static final String SAM = "AWS::Serverless::";
    static final String TRANSFORM = "AWS::Serverless-2016-10-31";

    private static final Map<String, Kind> OF_FUNCTIONS = kinds("Handler Runtime", "MemorySize Timeout", "Layers",
            "Environment Events LoggingConfig ImageConfig EphemeralStorage DeadLetterQueue Tags");
    /** The kinds of those properties that count here, by type. */
    private static final Map<String, Map<String, Kind>> KINDS = Map.of(
            "AWS::Serverless::Function", OF_FUNCTIONS,
            "AWS::Lambda::Function", OF_FUNCTIONS,
            "AWS::Serverless::Api", kinds("", "MinimumCompressionSize", "BinaryMediaTypes",
                    "Auth Variables Models GatewayResponses DefinitionBody"),
            "AWS::Serverless::HttpApi", kinds("", "", "", "Auth StageVariables DefinitionBody"));

    /** A property, whose steps are parted by dots; the values that Lambda takes, those in words. */
    private record Range(String property, Predicate<String> test, String words) {
        static Range numbers(String property, int least, int most) {
            return new Range(property, text -> !text.matches("\\d+") || Integer.parseInt(text) >= least
                    && Integer.parseInt(text) <= most, "from " + least + " to " + most);
        }

        static Range words(String property, String... words) {
            return new Range(property, List.of(words)::contains, String.join(" or ", words));
        }

        List<Value> values(Mapping properties) {
            Value value = properties;
            for (String step : property.split("\\.")) {
                value = value instanceof Mapping map ? map.get(step) : null;
            }
            if (value instanceof Sequence items) return items.items();
            return value == null ? List.of() : List.of(value);
        }
    }

    /** AWS::Lambda::Function, AWS::Lambda::Url (CloudFormation Template Reference); Managed Instances have more. */
    private static final List<Range> RANGES = List.of(Range.numbers("Timeout", 1, 900),
            Range.numbers("MemorySize", 128, 32_768), Range.words("Architectures", "x86_64", "arm64"),
            Range.words("FunctionUrlConfig.AuthType", "NONE", "AWS_IAM"),
            Range.words("FunctionUrlConfig.InvokeMode", "BUFFERED", "RESPONSE_STREAM"),
            Range.words("PackageType", "Zip", "Image"));

    /** Lambda Developer Guide, "Defined runtime environment variables". */
    private static final Set<String> RESERVED = Set.of("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION",
            "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR");
    /** Lambda API Reference, "Environment". */
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z]\\w+");

    private static Map<String, Kind> kinds(String texts, String numbers, String lists, String maps) {
        Map<String, Kind> kinds = new HashMap<>();
        List<String> names = List.of(texts, numbers, lists, maps);
        for (Kind kind : Kind.values()) {
            Stream.of(names.get(kind.ordinal()).split(" ")).forEach(name -> kinds.put(name, kind));
        }
        return kinds;
    }

    /** The attributes of the resource, such as {@code Type}, those with an unknown name as the nearest known. */
    Mapping attributes(Mapping written, Place place) {
        boolean isResource = Stream.concat(Stream.of("Type"), written.entries().keySet().stream())
                .anyMatch(key -> written.value(key).isPresent() && Nearest.to(key, Set.of("Type")).isPresent());
        if (!isResource) {
            problems.refuse("resource `" + id + "` has no `Type`", place, SECTIONS.contains(id)
                    ? "`" + id + "` is a section: indent it as `Resources`" : null);
            return written;
        }
        Mapping attributes = renamed(written, ATTRIBUTES, key -> "resource `" + id + "` cannot have `" + key + "`");
        String type = attributes.string("Type");
        return type.isEmpty() || Types.isKnown(type) ? attributes : ofKnownType(attributes, type);
    }

    private Mapping ofKnownType(Mapping attributes, String type) {
        Place place = attributes.get("Type").place();
        Optional<String> near = Types.nearest(type);
        String message = "resource `" + id + "` has a type that ";
        String hint = near.map(name -> "did you mean `" + name + "`?").orElse(null);
        if (type.startsWith(SAM)) problems.error(message + "SAM does not know: " + type, place, hint);
        else problems.refuse(message + "CloudFormation does not know: " + type, place, hint);
        Map<String, Value> entries = new LinkedHashMap<>(attributes.entries());
        near.ifPresent(name -> entries.put("Type", Scalar.ofText(name, place)));
        return new Mapping(entries, attributes.keys(), attributes.place());
    }

    /** The same attributes, with properties whose type has no such name as the nearest that it has. */
    Mapping named(String type, Mapping attributes) {
        String kind = type.replaceFirst("^" + SAM, "");
        Set<String> others = OTHERS.get(kind);
        if (others == null || kind.equals(type)) return attributes;
        Set<String> known = new TreeSet<>(others);
        known.addAll(Globals.SECTIONS.get(kind));
        Mapping properties = renamed(attributes.mapping("Properties"), known, key ->
                "property `" + key + "` of resource `" + id + "` is not defined for " + type);
        Map<String, Value> entries = new LinkedHashMap<>(attributes.entries());
        entries.replace("Properties", properties);
        return new Mapping(entries, attributes.keys(), attributes.place());
    }

    private Mapping renamed(Mapping written, Set<String> known, UnaryOperator<String> message) {
        Map<String, Value> entries = new LinkedHashMap<>(written.entries());
        written.entries().forEach((key, value) -> {
            if (known.contains(key) || key.startsWith("Fn::")) return;
            Optional<String> near = Nearest.to(key, known);
            String hint = near.map(name -> "did you mean `" + name + "`?").orElse(null);
            boolean isHarmless = near.isEmpty() && known == ATTRIBUTES;
            if (isHarmless) problems.warn(message.apply(key), written.keys().get(key), null);
            else problems.error(message.apply(key), written.keys().get(key), hint);
            near.ifPresent(name -> entries.putIfAbsent(name, value));
        });
        return new Mapping(entries, written.keys(), written.place());
    }

    /** Resolved properties less those of another kind than they should be; some have no value yet. */
    Mapping typed(String type, Mapping properties, Predicate<String> hasValue) {
        Map<String, Kind> kinds = KINDS.getOrDefault(type, Map.of());
        Map<String, Value> entries = new LinkedHashMap<>(properties.entries());
        entries.entrySet().removeIf(entry -> {
            Kind kind = kinds.get(entry.getKey());
            Value value = entry.getValue();
            boolean isGood = kind == null || value.plain() == null || Intrinsics.isUnknown(value)
                    || kind.test.test(value) || !hasValue.test(entry.getKey());
            if (!isGood) noteKind(entry.getKey(), kind, value, properties.keys().containsKey(entry.getKey()));
            return !isGood;
        });
        return new Mapping(entries, properties.keys(), properties.place());
    }

    /** What Lambda refuses of a function's resolved properties, and what may run here all the same. */
    void refuse(Mapping properties, Predicate<String> hasValue) {
        RANGES.stream().filter(range -> hasValue.test(range.property().replaceFirst("\\..*", ""))).forEach(range ->
                range.values(properties).stream().filter(value -> value instanceof Scalar
                && !Intrinsics.isUnknown(value) && !range.test().test(Value.text(value))).forEach(value ->
                problems.refuse("`" + range.property().replaceFirst(".*\\.", "") + "` of `" + id + "` must be "
                        + range.words() + ", not `" + Value.text(value) + "`", value.place(), null)));
        Mapping environment = properties.mapping("Environment");
        environment.entries().keySet().stream().filter(key -> !key.equals("Variables")).forEach(key ->
                problems.refuse("`Environment` of `" + id + "` cannot have `" + key + "`",
                        environment.keys().get(key), "variables are below `Variables`"));
        if (environment.get("Variables") instanceof Mapping map && !Intrinsics.isUnknown(map)) {
            map.entries().forEach(this::refuse);
        }
    }

    private void refuse(String name, Value value) {
        if (RESERVED.contains(name)) {
            problems.refuse("no function can set the variable `" + name + "`: Lambda reserves it", value.place(),
                    null);
        } else if (!VARIABLE.matcher(name).matches()) {
            problems.refuse("Lambda takes no variable called `" + name + "`", value.place(),
                    "a name is a letter, and then letters, digits and underscores, of which there must be one");
        }
        if (value instanceof Scalar || Intrinsics.isUnknown(value)) return;
        problems.refuse("variable `" + name + "` of `" + id + "` must be a text", value.place(), null);
    }

    /** What CloudFormation refuses of the template's sections. */
    static void sections(Mapping root, Problems problems) {
        if (root.value(RESOURCES).isEmpty()) return;
        members(root, "Parameters", "parameter", "Type", problems);
        members(root, "Outputs", "output", "Value", problems);
        root.entries().keySet().stream().filter(key -> !SECTIONS.contains(key) && !key.equals(RESOURCES)
                && !key.startsWith("Fn::")).forEach(key ->
                problems.refuse("a template has no section `" + key + "`", root.keys().get(key),
                        Nearest.hint(key, SECTIONS)));
    }

    private static void members(Mapping root, String section, String word, String key, Problems problems) {
        if (!(root.get(section) instanceof Mapping members)) return;
        members.entries().forEach((name, value) -> {
            boolean isWhole = name.startsWith("Fn::") || value instanceof Mapping map
                    && (map.value(key).isPresent() || map.entries().containsKey("Fn::Transform"));
            if (!isWhole) problems.refuse(word + " `" + name + "` has no `" + key + "`", members.keys().get(name),
                    value instanceof Mapping map ? Nearest.to(key, map.entries().keySet())
                            .map(near -> "there is `" + near + "`").orElse(null) : null);
        });
    }

    /** That there are no resources, at the section that may be meant for them. */
    static Fault withoutResources(Mapping root) {
        Optional<String> near = root.value(RESOURCES).isPresent() ? Optional.empty() : root.entries().keySet()
                .stream().filter(key -> Nearest.to(key, Set.of(RESOURCES)).isPresent()).findFirst();
        return Fault.project("'Resources' section is required", near.map(key -> root.keys().get(key))
                .orElse(root.place()), near.map(key -> "did you mean `Resources`?").orElse(null));
    }

    private void noteKind(String key, Kind kind, Value value, boolean isOwn) {
        String text = Value.text(value);
        problems.error("`" + key + "`" + (isOwn ? " of `" + id + "`" : "") + " must be " + kind.words
                + (text.isEmpty() ? "" : ", not `" + text + "`"), value.place(), null);
    }
}
