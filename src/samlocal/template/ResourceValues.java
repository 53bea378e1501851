package samlocal.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Resource;

/** What {@code Ref} and {@code Fn::GetAtt} give for common resources that are not run here: the table of a file. */
final class ResourceValues {
    /** Of one type: the property with its name, and texts with placeholders by {@code Ref} or attribute. */
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
     * The value of a resource.
     *
     * @param attribute its name, or {@code Ref}
     * @param properties gives the text of a property, if it has one that is known
     * @return empty where the table has none, or where it depends on a property that is not known
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
