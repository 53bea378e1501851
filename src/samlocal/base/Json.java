package samlocal.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} and null, in their order. */
public final class Json {
    private Json() {
    }

    /** What keeps a payload from being JSON; nothing at all is allowed. */
    public static Optional<String> faultIn(byte[] body) {
        if (body.length == 0) return Optional.empty();
        try {
            read(UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("it is not UTF-8 text");
        } catch (IOException e) {
            return Optional.of(Fault.reason(e));
        }
    }

    /**
     * Reads one JSON document, strictly by RFC 8259.
     *
     * @throws IOException if it is not one; the message says where
     */
    public static Object read(String text) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            Object value = value(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) throw new IOException("more follows after the JSON value");
            return value;
        } catch (MalformedJsonException e) {
            throw new IOException("malformed at " + e.getMessage()
                    .replaceFirst("(?s).*? at (line .*?) path.*", "$1"), e);
        } catch (EOFException | IllegalStateException | NumberFormatException e) {
            throw new IOException(e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    /** Tells whether a text is one JSON object. */
    public static boolean isObject(String text) {
        if (!text.stripLeading().startsWith("{")) return false;
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            reader.skipValue();
            return reader.peek() == JsonToken.END_DOCUMENT;
        } catch (IOException e) {
            return false;
        }
    }

    private static Object value(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT: return object(reader);
            case BEGIN_ARRAY: return array(reader);
            case STRING: return reader.nextString();
            case BOOLEAN: return reader.nextBoolean();
            case NUMBER: return number(reader.nextString());
            default: reader.nextNull(); return null;
        }
    }

    private static Map<String, Object> object(JsonReader reader) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) object.put(reader.nextName(), value(reader));
        reader.endObject();
        return object;
    }

    private static List<Object> array(JsonReader reader) throws IOException {
        List<Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) array.add(value(reader));
        reader.endArray();
        return array;
    }

    private static Number number(String text) {
        BigDecimal number = new BigDecimal(text);
        boolean fits = number.scale() == 0 && number.precision() < 19;
        return fits ? (Number) number.longValueExact() : number;
    }

    /** Writes a value on one line. */
    public static String write(Object value) {
        StringBuilder text = new StringBuilder(512);
        append(value, text);
        return text.toString();
    }

    private static void append(Object value, StringBuilder text) {
        if (value instanceof String string) appendString(string, text);
        else if (value instanceof Map<?, ?> map) appendAll('{', map.entrySet(), '}', text);
        else if (value instanceof Collection<?> items) appendAll('[', items, ']', text);
        else if (value instanceof Map.Entry<?, ?> member) {
            appendString(member.getKey().toString(), text);
            append(member.getValue(), text.append(':'));
        } else if (value == null || value instanceof Boolean || value instanceof Number) appendPlain(value, text);
        else appendString(value.toString(), text);
    }

    private static void appendPlain(Object value, StringBuilder text) {
        boolean isNumber = !(value instanceof Double || value instanceof Float)
                || Double.isFinite(((Number) value).doubleValue());
        if (!isNumber) throw new IllegalArgumentException("no number: " + value);
        text.append(value);
    }

    private static void appendAll(char start, Collection<?> items, char end, StringBuilder text) {
        text.append(start);
        boolean isFirst = true;
        for (Object item : items) {
            if (!isFirst) text.append(',');
            isFirst = false;
            append(item, text);
        }
        text.append(end);
    }

    private static void appendString(String value, StringBuilder text) {
        text.append('"');
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            String escaped = escaped(value.charAt(i));
            if (escaped == null) continue;
            text.append(value, done, i).append(escaped);
            done = i + 1;
        }
        text.append(value, done, value.length()).append('"');
    }

    /** What must be, and what JavaScript takes for the end of a line; null for all else. */
    private static String escaped(char character) {
        if (character >= ' ' && character != '"' && character != '\\' && (character | 1) != 0x2029) return null;
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\f' -> "\\f";
            default -> String.format("\\u%04x", (int) character);
        };
    }

    /** Writes a value over several lines, two blanks a level. */
    public static String writePretty(Object value) {
        return write(value, "  ");
    }

    private static String write(Object value, String indent) {
        StringWriter text = new StringWriter();
        try {
            JsonWriter writer = new JsonWriter(text);
            writer.setIndent(indent);
            writer.setSerializeNulls(true);
            write(value, writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(Object value, JsonWriter writer) throws IOException {
        if (value instanceof Map<?, ?> map) writeObject(map, writer);
        else if (value instanceof Collection<?> items) writeArray(items, writer);
        else if (value instanceof Number number) writer.value(number);
        else if (value instanceof Boolean flag) writer.value(flag);
        else writer.value(value == null ? null : value.toString());
    }

    private static void writeObject(Map<?, ?> map, JsonWriter writer) throws IOException {
        writer.beginObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            writer.name(entry.getKey().toString());
            write(entry.getValue(), writer);
        }
        writer.endObject();
    }

    private static void writeArray(Collection<?> items, JsonWriter writer) throws IOException {
        writer.beginArray();
        for (Object item : items) write(item, writer);
        writer.endArray();
    }
}
