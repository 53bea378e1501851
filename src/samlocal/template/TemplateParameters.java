package samlocal.template;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;

/** The parameters that a template declares, and their values (CloudFormation User Guide, "Parameters"). */
public final class TemplateParameters {
    private final Mapping declared;
    private final Site site;
    private final Map<String, Set<Integer>> usesWithoutValue = new TreeMap<>();
    private final Map<String, String> usedFromSsm = new TreeMap<>();

    TemplateParameters(Mapping declared, Site site) {
        this.declared = declared;
        this.site = site;
    }

    Set<String> names() {
        return declared.entries().keySet();
    }

    /** The value of a parameter; its name if it has no value, null if only AWS knows it. */
    Value value(String name, Place place) {
        if (site.unknown().contains(name)) return null;
        String text = text(name).orElse(null);
        if (text == null) {
            usesWithoutValue.computeIfAbsent(name, key -> new TreeSet<>()).add(place == null ? 0 : place.line());
            return Scalar.ofText(name, place);
        }
        boolean isInSsm = declared.mapping(name).text("Type").orElse("").startsWith("AWS::SSM::Parameter::Value<");
        if (isInSsm && !site.values().containsKey(name)) usedFromSsm.put(name, text);
        return isList(name) ? list(text, place) : Scalar.ofText(text, place);
    }

    private Optional<String> text(String name) {
        if (site.unknown().contains(name)) return Optional.empty();
        if (site.values().containsKey(name)) return Optional.of(site.values().get(name));
        Value value = declared.mapping(name).get("Default");
        if (value instanceof Sequence) return Optional.of(String.join(",", Value.texts(value)));
        return value instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
    }

    private boolean isList(String name) {
        String type = declared.mapping(name).text("Type").orElse("String");
        return type.contains("CommaDelimitedList") || type.contains("List<");
    }

    private static Sequence list(String text, Place place) {
        Stream<Value> items = Arrays.stream(text.split(",")).map(item -> Scalar.ofText(item.trim(), place));
        return new Sequence(items.toList(), place);
    }

    /** Whether a declared parameter has neither a default nor a given value. */
    boolean isMissing(String name) {
        return names().contains(name) && text(name).isEmpty() && !site.unknown().contains(name);
    }

    /**
     * Warns of parameters that are used and have no value, with the lines that use them, and of those whose value is in
     * the Systems Manager Parameter Store.
     */
    void warnOfMissingValues(Problems problems) {
        usedFromSsm.forEach((name, key) -> problems.warn("parameter `" + name + "` is not read from SSM; its key `"
                + key + "` is used as its value", declared.keys().get(name), adviceFor(name)));
        usesWithoutValue.forEach((name, lines) -> {
            String uses = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
            problems.warn("parameter `" + name + "` has no value; its name is used instead in line " + uses,
                    declared.keys().get(name), adviceFor(name));
        });
    }

    /** A hint that says how to set a parameter. */
    public static String adviceFor(String name) {
        return "set it with `--parameter-overrides " + name + "=VALUE`";
    }

    /**
     * Checks the value of a parameter as CloudFormation does before a deployment.
     *
     * @throws Fault if the parameter does not allow it
     */
    void check(String name) {
        Mapping parameter = declared.mapping(name);
        String text = text(name).orElse(null);
        if (text == null || parameter.text("Type").orElse("").startsWith("AWS::SSM::")) return;
        List<String> values = isList(name) ? Value.texts(list(text, null)) : List.of(text);
        for (String value : values) requirement(parameter, value).ifPresent(wanted -> {
            throw Fault.project("parameter `" + name + "` is `" + value + "`, but must " + wanted,
                    declared.keys().get(name));
        });
    }

    /** The requirement that a value does not meet. */
    private static Optional<String> requirement(Mapping parameter, String value) {
        List<String> allowed = Value.items(parameter.get("AllowedValues")).stream().map(Value::text).toList();
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            return Optional.of("be one of " + String.join(", ", allowed));
        }
        String pattern = parameter.text("AllowedPattern").orElse(null);
        if (pattern != null && !fits(pattern, value)) return Optional.of("match " + pattern);
        boolean isNumber = parameter.text("Type").orElse("").contains("Number");
        if (isNumber && !value.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)")) return Optional.of("be a number");
        BigDecimal size = isNumber ? new BigDecimal(value) : BigDecimal.valueOf(value.length());
        String kind = isNumber ? "Value" : "Length";
        String wanted = "have a " + kind.toLowerCase(Locale.ROOT) + " of at ";
        return limit(parameter, "Min" + kind).filter(min -> size.compareTo(min) < 0)
                .map(min -> wanted + "least " + min.toPlainString())
                .or(() -> limit(parameter, "Max" + kind).filter(max -> size.compareTo(max) > 0)
                        .map(max -> wanted + "most " + max.toPlainString()));
    }

    private static Optional<BigDecimal> limit(Mapping parameter, String key) {
        return parameter.text(key).filter(text -> text.matches("-?\\d+(\\.\\d+)?")).map(BigDecimal::new);
    }

    /** Whether a value matches; patterns that Java cannot parse accept every value. */
    private static boolean fits(String pattern, String value) {
        try {
            return value.matches(pattern);
        } catch (PatternSyntaxException e) {
            return true;
        }
    }
}
