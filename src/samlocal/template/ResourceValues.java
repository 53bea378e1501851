package samlocal.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Resource;

/** The values of {@code Ref} and {@code Fn::GetAtt} for common resources, from {@code resource-values.txt}. */
final class ResourceValues {
    /** For one type: the property with the resource's name, and patterns of values by {@code Ref} or attribute. */
    private record Row(String nameProperty, Map<String, String> values) {
    }

    private static final Map<String, Row> ROWS = Resource.text(ResourceValues.class, "resource-values.txt").lines()
            .filter(line -> line.startsWith("AWS::")).map(line -> line.split(" "))
            .collect(Collectors.toMap(words -> words[0], ResourceValues::row));
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private ResourceValues() {
    }

    private static Row row(String[] words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 2; i < words.length; i++) values.put(words[i].split("=", 2)[0], words[i].split("=", 2)[1]);
        return new Row(words[1], values);
    }

    /** Whether a type is in the table. */
    static boolean hasType(String type) {
        return ROWS.containsKey(type);
    }

    /**
     * The value of a reference to a resource.
     *
     * @param attribute the name of the attribute, or {@code Ref}
     * @param properties returns the text of a property, if it is known
     * @return empty if the table has no value, or the value depends on an unknown property
     */
    static Optional<String> find(String type, String attribute, String id,
            Function<String, Optional<String>> properties, AwsEnvironment aws) {
        Row row = ROWS.get(type);
        if (row == null || !row.values().containsKey(attribute)) return Optional.empty();
        Map<String, String> known = new HashMap<>(Map.of("region", aws.region(), "account", aws.accountId(),
                "partition", aws.partition(), "domain", AwsEnvironment.serviceDomain(aws.region()),
                "name", properties.apply(row.nameProperty()).orElse(id), "Path", "/"));
        Matcher placeholders = PLACEHOLDER.matcher(row.values().get(attribute));
        placeholders.results().map(each -> each.group(1)).filter(each -> Character.isUpperCase(each.charAt(0)))
                .forEach(each -> properties.apply(each).ifPresent(text -> known.put(each, text)));
        if (placeholders.results().anyMatch(each -> !known.containsKey(each.group(1)))) return Optional.empty();
        return Optional.of(placeholders.replaceAll(each -> Matcher.quoteReplacement(known.get(each.group(1)))));
    }
}
