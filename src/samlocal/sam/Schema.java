package samlocal.sam;

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
 * Checks one resource (CloudFormation User Guide, "Template sections"; SAM Developer Guide, "AWS SAM resources and
 * properties"). Errors are reported, and the invalid part is read as what was most likely meant or ignored, so that one
 * run reports all problems.
 */
record Schema(String id, Problems problems) {
    /** A kind of value: its name in messages, and the test for it. */
    private enum Kind {
        TEXT("a string", value -> value instanceof Scalar),
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

    private static final Set<String> ATTRIBUTES = Specification.of("names").get("attributes");
    private static final Set<String> SECTIONS = Specification.of("names").get("sections");
    private static final Set<String> RESERVED = Specification.of("names").get("reservedVariables");
    private static final Map<String, Set<String>> OTHERS = Specification.of("properties");
    private static final Map<String, Set<String>> KINDS = Specification.of("kinds");
    private static final String RESOURCES = "Resources";
    static final String SAM = "AWS::Serverless::";
    static final String TRANSFORM = "AWS::Serverless-2016-10-31";

    /** A property (a path with dots), a test for the values that Lambda accepts, and their description. */
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
            for (String step : property.split("\\.")) value = Mapping.orEmpty(value).get(step);
            return value instanceof Sequence items ? items.items() : Stream.ofNullable(value).toList();
        }
    }

    /** AWS::Lambda::Function, AWS::Lambda::Url (CloudFormation Template Reference); Managed Instances allow more. */
    private static final List<Range> RANGES = List.of(Range.numbers("Timeout", 1, 900),
            Range.numbers("MemorySize", 128, 32_768), Range.words("Architectures", "x86_64", "arm64"),
            Range.words("FunctionUrlConfig.AuthType", "NONE", "AWS_IAM"),
            Range.words("FunctionUrlConfig.InvokeMode", "BUFFERED", "RESPONSE_STREAM"),
            Range.words("PackageType", "Zip", "Image"), Range.words("RecursiveLoop", "Allow", "Terminate"),
            Range.words("TenancyConfig.TenantIsolationMode", "PER_TENANT"));

    private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9]+");
    /** Lambda API Reference, "Environment". */
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z]\\w+");

    /** The attributes of the resource, such as {@code Type}; unknown names are replaced with the nearest known. */
    Mapping attributes(Mapping written, Place place) {
        boolean isResource = Stream.concat(Stream.of("Type"), written.entries().keySet().stream())
                .anyMatch(key -> written.value(key).isPresent() && Nearest.to(key, Set.of("Type")).isPresent());
        if (!isResource) {
            problems.refuse("resource `" + id + "` has no `Type`", place, SECTIONS.contains(id)
                    ? "`" + id + "` is a section: indent it like `Resources`" : null);
            return written;
        }
        Mapping attributes = renamed(written, ATTRIBUTES, key -> "resource `" + id + "` cannot have `" + key + "`");
        String type = attributes.string("Type");
        return type.isEmpty() || Types.isKnown(type) ? attributes : ofKnownType(attributes, type);
    }

    /** The attributes, with an unknown type replaced by the one that was most likely meant. */
    private Mapping ofKnownType(Mapping attributes, String type) {
        Place place = attributes.get("Type").place();
        Optional<String> near = Types.nearest(type);
        String message = "resource `" + id + "` has a type that ";
        String hint = near.map(Nearest::hint).orElse(null);
        if (type.startsWith(SAM)) problems.error(message + "SAM does not know: " + type, place, hint);
        else problems.refuse(message + "CloudFormation does not know: " + type, place, hint);
        return near.map(name -> attributes.with("Type", Scalar.ofText(name, place))).orElse(attributes);
    }

    /** The same attributes, with unknown properties renamed to the nearest known. */
    Mapping named(String type, Mapping attributes) {
        String kind = type.replaceFirst("^" + SAM, "");
        if (kind.equals(type) || !OTHERS.containsKey(kind)) return attributes;
        Set<String> known = new TreeSet<>(OTHERS.get(kind));
        known.addAll(Globals.SECTIONS.get(kind));
        Mapping properties = renamed(attributes.mapping("Properties"), known, key ->
                "property `" + key + "` of resource `" + id + "` is not defined for " + type);
        return attributes.get("Properties") == null ? attributes : attributes.with("Properties", properties);
    }

    private Mapping renamed(Mapping written, Set<String> known, UnaryOperator<String> message) {
        Map<String, Value> entries = new LinkedHashMap<>(written.entries());
        written.entries().forEach((key, value) -> {
            if (known.contains(key) || key.startsWith("Fn::")) return;
            Optional<String> near = Nearest.to(key, known);
            boolean isHarmless = near.isEmpty() && known.equals(ATTRIBUTES);
            if (isHarmless) problems.warn(message.apply(key), written.keys().get(key), null);
            else problems.error(message.apply(key), written.keys().get(key), near.map(Nearest::hint).orElse(null));
            near.ifPresent(name -> entries.putIfAbsent(name, value));
        });
        return written.with(entries);
    }

    /** The resolved properties without those of the wrong type; some may have no value yet. */
    Mapping typed(String type, Mapping properties, Predicate<String> hasValue) {
        String name = type.replaceFirst("^" + SAM + "|^AWS::", "").replace("::", ".");
        Set<String> kinds = KINDS.getOrDefault(name, Set.of());
        Map<String, Value> entries = new LinkedHashMap<>(properties.entries());
        properties.entries().forEach((key, value) -> {
            boolean isUnknown = value.plain() == null || Intrinsics.isUnknown(value) || !hasValue.test(key);
            Optional<Kind> wanted = Stream.of(Kind.values()).filter(kind -> kinds.contains(kind + "/" + key))
                    .filter(kind -> !isUnknown && !kind.test.test(value)).findFirst();
            wanted.ifPresent(kind -> {
                noteKind(key, kind, value, properties.keys().containsKey(key));
                entries.remove(key);
            });
        });
        return properties.with(entries);
    }

    /** Reports property values that Lambda would reject, although samlocal may run the function. */
    void refuse(Mapping properties, Predicate<String> hasValue) {
        RANGES.stream().filter(range -> hasValue.test(range.property().replaceFirst("\\..*", ""))).forEach(range ->
                range.values(properties).stream().filter(value -> value instanceof Scalar
                && !Intrinsics.isUnknown(value) && !range.test().test(Value.text(value))).forEach(value ->
                problems.refuse("`" + range.property().replaceFirst(".*\\.", "") + "` of `" + id + "` must be "
                        + range.words() + ", not `" + Value.text(value) + "`", value.place(), null)));
        Mapping environment = properties.mapping("Environment");
        environment.entries().keySet().stream().filter(key -> !key.equals("Variables")).forEach(key ->
                problems.refuse("`Environment` of `" + id + "` cannot have `" + key + "`",
                        environment.keys().get(key), "put variables under `Variables`"));
        if (environment.get("Variables") instanceof Mapping map && !Intrinsics.isUnknown(map)) {
            map.entries().forEach(this::refuse);
        }
    }

    private void refuse(String name, Value value) {
        if (RESERVED.contains(name)) {
            problems.refuse("a function cannot set the variable `" + name + "`: Lambda reserves it", value.place(),
                    null);
        } else if (!VARIABLE.matcher(name).matches()) {
            problems.refuse("Lambda does not accept a variable named `" + name + "`", value.place(),
                    "use a letter followed by at least one letter, digit or underscore");
        }
        if (value instanceof Scalar || Intrinsics.isUnknown(value)) return;
        problems.refuse("variable `" + name + "` of `" + id + "` must be a string", value.place(), null);
    }

    /** Reports what CloudFormation would reject in the template's sections. */
    static void sections(Mapping root, Problems problems) {
        if (root.value(RESOURCES).isEmpty()) return;
        members(root, "Parameters", "parameter", "Type", problems);
        members(root, "Outputs", "output", "Value", problems);
        root.entries().keySet().stream().filter(key -> !SECTIONS.contains(key) && !key.equals(RESOURCES)
                && !key.startsWith("Fn::")).forEach(key ->
                problems.refuse("`" + key + "` is not a section of a template", root.keys().get(key),
                        Nearest.hint(key, SECTIONS)));
    }

    private static void members(Mapping root, String section, String word, String key, Problems problems) {
        if (!(root.get(section) instanceof Mapping members)) return;
        members.entries().forEach((name, value) -> {
            requireAlphanumeric(name, members.keys().get(name), problems);
            boolean isWhole = name.startsWith("Fn::") || value instanceof Mapping map
                    && (map.value(key).isPresent() || map.entries().containsKey("Fn::Transform"));
            if (!isWhole) problems.refuse(word + " `" + name + "` has no `" + key + "`", members.keys().get(name),
                    value instanceof Mapping map ? Nearest.to(key, map.entries().keySet())
                            .map(near -> "is `" + near + "` a misspelling of it?").orElse(null) : null);
        });
    }

    /** A logical id must be alphanumeric (CloudFormation User Guide, "Resources", "Parameters", "Outputs"). */
    static void requireAlphanumeric(String id, Place place, Problems problems) {
        if (ALPHANUMERIC.matcher(id).matches() || id.startsWith("Fn::")) return;
        problems.refuse("logical id `" + id + "` must consist of letters and digits", place, null);
    }

    /** The fault for a template without resources, at the empty section or a misspelt one if there is one. */
    static Fault withoutResources(Mapping root) {
        Optional<String> section = root.entries().keySet().stream().filter(RESOURCES::equals).findFirst().or(() ->
                root.entries().keySet().stream().filter(key -> Nearest.to(key, Set.of(RESOURCES)).isPresent())
                .findFirst());
        return Fault.project("'Resources' section is required", section.map(key -> root.keys().get(key))
                .orElse(root.place()), section.map(key -> key.equals(RESOURCES) ? "it has no resources"
                : Nearest.hint(RESOURCES)).orElse(null));
    }

    private void noteKind(String key, Kind kind, Value value, boolean isOwn) {
        String text = Value.text(value);
        problems.error("`" + key + "`" + (isOwn ? " of `" + id + "`" : "") + " must be " + kind.words
                + (text.isEmpty() ? "" : ", not `" + text + "`"), value.place(), null);
    }
}
