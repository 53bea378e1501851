package samlocal.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Resource;

/**
 * Events of AWS services, with the names of services, types and options of {@code sam local generate-event}; only
 * {@code cloudwatch logs --message} is an additional option. {@code sample-events.json} has their options with default
 * values, the page of AWS's documentation that describes the keys, and the event, whose values are invented.
 * Placeholders in an event:
 * <pre>
 * "... ${option} ..."              the option's value
 * "... ${option:encoding} ..."     the value encoded as url, base64, md5 (in hex) or relative (without leading slash)
 * "${option:object}"           the value as a JSON object
 * "${option:objectOfLists}"    the value as a JSON object with each member in a list
 * {"${text}": any}             a string: the JSON of the inner value
 * {"${gzip}": any}             a string: the JSON of the inner value, gzipped, in base64
 * </pre>
 */
public final class SampleEvents {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w-]+)(?::(\\w+))?}");

    private static final Map<String, Encoding> ENCODINGS = Map.of(
            "url", SampleEvents::url,
            "base64", value -> Base64.getEncoder().encodeToString(value.getBytes(UTF_8)),
            "md5", SampleEvents::md5,
            "relative", value -> value.startsWith("/") ? value.substring(1) : value,
            "object", SampleEvents::object,
            "objectOfLists", SampleEvents::objectOfLists);

    private SampleEvents() {
    }

    /**
     * One kind of event.
     *
     * @param service one of AWS's services, such as {@code s3}
     * @param type event type, such as {@code put}
     * @param description description of the event, and AWS's class for it if there is one
     * @param options default values by name, in order
     * @param event plain values as of {@link Json#read}, with placeholders
     */
    public record Sample(String service, String type, String description, Map<String, String> options, Object event) {
        /**
         * Renders the event as JSON, with the given values and the defaults of other options.
         *
         * @throws Fault if an option is unknown or its value is invalid
         */
        public String render(Map<String, String> given) {
            given.keySet().forEach(this::require);
            Map<String, String> values = new LinkedHashMap<>(options);
            values.putAll(given);
            return Json.writePretty(fill(event, values));
        }

        private void require(String name) {
            if (options.containsKey(name)) return;
            throw Fault.usage("`" + service + " " + type + "` has no option `--" + name + "`",
                    Nearest.hint("--" + name, options.keySet().stream().map(each -> "--" + each).toList(),
                            options.isEmpty() ? "it has no options"
                            : "its options: --" + String.join(", --", options.keySet())));
        }
    }

    /** Encodes an option's value for the event. */
    private interface Encoding {
        Object of(String value) throws IOException;
    }

    /** All sample events, sorted by service and type. */
    public static List<Sample> all() {
        return All.SAMPLES;
    }

    /** The sample event of this name, if it exists. */
    public static Optional<Sample> of(String service, String type) {
        return all().stream().filter(one -> one.service().equals(service) && one.type().equals(type)).findFirst();
    }

    /** Loaded on first use. */
    private static final class All {
        static final List<Sample> SAMPLES = read();

        private static List<Sample> read() {
            try {
                List<?> samples = (List<?>) Json.read(Resource.text(SampleEvents.class, "sample-events.json"));
                return samples.stream().map(sample -> sample((Map<?, ?>) sample)).toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Sample sample(Map<?, ?> fields) {
            Map<String, String> options = new LinkedHashMap<>();
            ((Map<?, ?>) fields.get("options")).forEach((name, value) -> options.put((String) name, (String) value));
            return new Sample((String) fields.get("service"), (String) fields.get("type"),
                    (String) fields.get("description"), options, fields.get("event"));
        }
    }

    private static Object fill(Object value, Map<String, String> values) {
        if (value instanceof Map<?, ?> object) return fillObject(object, values);
        if (value instanceof List<?> items) return items.stream().map(item -> fill(item, values)).toList();
        return value instanceof String text ? fillText(text, values) : value;
    }

    private static Object fillObject(Map<?, ?> object, Map<String, String> values) {
        Map<Object, Object> filled = new LinkedHashMap<>();
        object.forEach((key, value) -> filled.put(key, fill(value, values)));
        if (filled.containsKey("${text}")) return Json.write(filled.get("${text}"));
        if (filled.containsKey("${gzip}")) return gzip(Json.write(filled.get("${gzip}")));
        return filled;
    }

    private static Object fillText(String text, Map<String, String> values) {
        Matcher found = PLACEHOLDER.matcher(text);
        if (found.matches()) return encoded(found.group(1), found.group(2), values);
        return found.replaceAll(part ->
                Matcher.quoteReplacement(encoded(part.group(1), part.group(2), values).toString()));
    }

    private static Object encoded(String name, String encoding, Map<String, String> values) {
        String value = Objects.requireNonNull(values.get(name), name);
        try {
            return encoding == null ? value : ENCODINGS.get(encoding).of(value);
        } catch (IOException | NumberFormatException e) {
            throw Fault.usage("`--" + name + "` must be a JSON object: " + value, null);
        }
    }

    /** Encodes as S3 does for keys: a space becomes a plus sign, a slash is kept. */
    private static String url(String value) {
        return URLEncoder.encode(value, UTF_8).replace("%2F", "/");
    }

    private static String md5(String value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(value.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static Map<?, ?> object(String json) throws IOException {
        if (Json.read(json) instanceof Map<?, ?> object) return object;
        throw new IOException("not an object");
    }

    private static Map<String, Object> objectOfLists(String json) throws IOException {
        Map<String, Object> lists = new LinkedHashMap<>();
        object(json).forEach((name, value) -> lists.put(name.toString(), Collections.singletonList(value)));
        return lists;
    }

    private static String gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
