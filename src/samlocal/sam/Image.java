package samlocal.sam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import samlocal.template.Mapping;
import samlocal.template.Value;

/**
 * A container image, as read from its Dockerfile (Lambda Developer Guide, "Create a Lambda function using a container
 * image"). The Dockerfile is not run: the Docker context is built like any other code.
 *
 * @param handler the handler of the last CMD, or the function's ImageConfig
 */
record Image(Value context, String runtime, String handler) {
    static final String NOT_SERVED =
            "is a container image without a local Dockerfile based on an AWS image for Java, Python or Node, which is"
            + " not supported";
    private static final long MOST_BYTES = 1 << 20;
    private static final Pattern BASE = Pattern.compile(
            "(?im)^FROM\\s+\\S*lambda/(java:8\\.al2|java:\\d+|python:3\\.\\d+|nodejs:\\d+)");
    private static final Pattern COMMAND = Pattern.compile("(?im)^CMD\\s+(?:\\[\\s*)?\"?([\\w.$:/]+)");

    /** The image of a function, or null if there is no such Dockerfile. */
    static Image of(Mapping attributes, Mapping properties, Stack stack) {
        Mapping metadata = attributes.mapping("Metadata");
        Value context = metadata.value("DockerContext").orElse(null);
        if (context == null) return null;
        String named = metadata.string("Dockerfile");
        Path file = stack.dependsOn(stack.path(context).resolve(named.isEmpty() ? "Dockerfile" : named).normalize());
        try {
            if (Files.size(file) > MOST_BYTES) return null;
            String text = new String(Files.readAllBytes(file), UTF_8);
            String runtime = last(BASE, text);
            return runtime.isEmpty() ? null
                    : new Image(context, name(runtime), handler(properties, last(COMMAND, text)));
        } catch (IOException e) {
            return null;
        }
    }

    /** The name of a runtime from that of its image, such as {@code nodejs:20}. */
    private static String name(String image) {
        return image.replace(":", "") + (image.startsWith("nodejs") ? ".x" : "");
    }

    private static String handler(Mapping properties, String otherwise) {
        return Value.items(properties.mapping("ImageConfig").get("Command")).stream().findFirst().map(Value::text)
                .orElse(otherwise);
    }

    private static String last(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).reduce("", (first, next) -> next);
    }
}
