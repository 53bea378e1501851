package samlocal.lambda;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A caller's reference to a function: its name or a full or partial ARN, optionally with a version or alias (Lambda API
 * Reference, "Invoke").
 *
 * @param qualifier an empty string if there is none
 */
public record FunctionName(String name, String qualifier) {
    public static final Pattern PATTERN = Pattern.compile("(arn:(aws[a-zA-Z-]*)?:lambda:)?"
            + "([a-z]{2}(-[a-z]+)+-\\d:)?(\\d{12}:)?(function:)?(?<name>[a-zA-Z0-9_/-]+)"
            + "(:(?<qualifier>\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9_-]+))?");

    /** Parses a reference; empty if it is not valid. */
    public static Optional<FunctionName> of(String text) {
        Matcher parts = PATTERN.matcher(text);
        if (!parts.matches()) return Optional.empty();
        String qualifier = parts.group("qualifier");
        return Optional.of(new FunctionName(parts.group("name"), qualifier == null ? "" : qualifier));
    }

    /** The function with this logical id, with or without that of its stack, or FunctionName. */
    public Optional<LambdaFunction> in(Map<String, LambdaFunction> functions) {
        return LambdaFunction.find(name, functions);
    }
}
