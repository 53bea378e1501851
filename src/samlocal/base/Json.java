package samlocal.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON as {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} and null, in the order of the
 * text. It uses Jackson's streaming API, because an {@code ObjectMapper} would delay each start.
 */
public final class Json {
    private static final int MOST_LEVELS = 1000;
    private static final int MOST_DIGITS = 1000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS)
                    .maxNumberLength(MOST_DIGITS).maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE).build())
            // a value that was read may be written inside another one
            .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(2 * MOST_LEVELS).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private Json() {
    }

    /** A syntax error, with its line and column, counted from 1. */
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;
        private final String reason;
        private final transient JsonLocation location;

        private Malformed(String reason, JsonLocation location, Exception cause) {
            super(reason + " at line " + location.getLineNr() + " column " + location.getColumnNr(), cause);
            this.reason = reason;
            this.location = location;
        }

        /** The problem for a file with this text: the given message, followed by the error. */
        public Problem in(Path file, String text, String message) {
            List<String> lines = text.lines().toList();
            return new Problem(message + reason, new Place(Place.display(file), lines,
                    Math.min(location.getLineNr(), lines.size()), location.getColumnNr(), 1), null);
        }
    }

    /** A mutable object with alternating names and values (which may be null), in this order. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** Why a payload is not JSON, if it is not; an empty payload is allowed. */
    public static Optional<String> faultIn(byte[] body) {
        try {
            require(body);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Fault.reason(e));
        }
    }

    /** @throws IOException if a payload is not JSON; an empty payload is allowed */
    public static void require(byte[] body) throws IOException {
        if (body.length > 0) read(Utf8.decoded(body).orElseThrow(() -> new IOException("it is not UTF-8 text")));
    }

    /**
     * Reads one JSON document, strictly by RFC 8259. Integers become {@code Long} where they fit, all other numbers
     * {@code BigDecimal}. If a name occurs twice, the last value is used.
     *
     * @throws Malformed if the text has a syntax error
     * @throws IOException if it is empty, or text follows the value
     */
    public static Object read(String text) throws IOException {
        try (JsonParser parser = parser(text)) {
            try {
                if (parser.nextToken() == null) throw new IOException("it is empty");
                Object value = value(parser);
                if (parser.nextToken() != null) throw new IOException("there is text after the JSON value");
                return value;
            } catch (StreamConstraintsException e) {
                throw new Malformed("more than " + MOST_LEVELS + " levels, or a number of more than "
                        + MOST_DIGITS + " digits,", parser.currentLocation(), e);
            } catch (JsonProcessingException e) {
                throw new Malformed("malformed", e.getLocation(), e);
            } catch (NumberFormatException e) {
                throw new Malformed("a number out of range", parser.currentTokenLocation(), e);
            }
        }
    }

    private static JsonParser parser(String text) throws IOException {
        return FACTORY.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /** Whether a text is one JSON object. */
    public static boolean isObject(String text) {
        try {
            return read(text) instanceof Map;
        } catch (IOException e) {
            return false;
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? (Number) parser.getDecimalValue() : (Number) parser.getLongValue();
            default -> parser.getDecimalValue();
        };
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(parser));
        return array;
    }

    /** Writes a value on one line. */
    public static String write(Object value) {
        return write(value, null);
    }

    /** Writes a value on several lines, indented by two spaces per level. */
    public static String writePretty(Object value) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("").withArrayEmptySeparator(""));
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        return write(value, printer);
    }

    private static String write(Object value, PrettyPrinter printer) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            generator.setPrettyPrinter(printer);
            writeValue(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeValue(Object value, JsonGenerator generator) throws IOException {
        if (value instanceof String text) generator.writeString(text);
        else if (value instanceof Map<?, ?> map) writeObject(map, generator);
        else if (value instanceof Collection<?> items) writeArray(items, generator);
        else if (value instanceof Number number) writeNumber(number, generator);
        else if (value instanceof Boolean flag) generator.writeBoolean(flag);
        else if (value == null) generator.writeNull();
        else generator.writeString(value.toString());
    }

    private static void writeObject(Map<?, ?> map, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            generator.writeFieldName(entry.getKey().toString());
            writeValue(entry.getValue(), generator);
        }
        generator.writeEndObject();
    }

    private static void writeArray(Collection<?> items, JsonGenerator generator) throws IOException {
        generator.writeStartArray();
        for (Object item : items) writeValue(item, generator);
        generator.writeEndArray();
    }

    private static void writeNumber(Number number, JsonGenerator generator) throws IOException {
        boolean isReal = number instanceof Double || number instanceof Float;
        if (isReal && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException("JSON has no number " + number);
        }
        generator.writeNumber(number.toString());
    }
}
