package samlocal.template;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import samlocal.base.Fault;
import samlocal.base.Place;

/** Reads TOML into values with places; dates, times, {@code inf} and {@code nan} become strings. */
public final class TomlReader {
    private final JsonParser parser;
    private final TomlPlaces places;

    private TomlReader(JsonParser parser, TomlPlaces places) {
        this.parser = parser;
        this.places = places;
    }

    /**
     * Reads a document; {@code name} is its file in messages.
     *
     * @throws Fault if the text is not TOML, with the line and column
     */
    public static Mapping read(String name, String text) {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<String> lines = content.lines().toList();
        try (JsonParser parser = new TomlFactory().createParser(content)) {
            parser.nextToken();
            return new TomlReader(parser, TomlPlaces.of(name, lines)).mapping(List.of());
        } catch (JsonProcessingException e) {
            throw fault(e.getOriginalMessage(), place(name, lines, e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Place place(String name, List<String> lines, JsonLocation location) {
        return location == null ? new Place(name, List.of(), 0, 0, 0)
                : new Place(name, lines, location.getLineNr(), location.getColumnNr(), 1);
    }

    private static Fault fault(String message, Place place) {
        boolean isBackslash = place.line() > 0 && place.source().startsWith("\\", place.column() - 1);
        String lowerCase = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        return Fault.project("invalid TOML: " + lowerCase, place,
                isBackslash ? "write a path with `\\` in single quotes" : null);
    }

    private Mapping mapping(List<String> path) throws IOException {
        Map<String, Value> values = new LinkedHashMap<>();
        Map<String, Place> keys = new LinkedHashMap<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            List<String> below = new ArrayList<>(path);
            below.add(key);
            parser.nextToken();
            keys.put(key, places.key(below));
            values.put(key, value(below));
        }
        return new Mapping(values, keys, places.key(path));
    }

    private Value value(List<String> path) throws IOException {
        Place place = places.value(path);
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(path);
            case START_ARRAY -> sequence(path);
            case VALUE_TRUE -> new Scalar(true, "true", place);
            case VALUE_FALSE -> new Scalar(false, "false", place);
            case VALUE_NUMBER_INT -> new Scalar(parser.getBigIntegerValue(), parser.getText(), place);
            case VALUE_NUMBER_FLOAT -> parser.isNaN() ? Scalar.ofText(parser.getText(), place)
                    : new Scalar(parser.getDecimalValue(), parser.getText(), place);
            default -> Scalar.ofText(parser.getText(), place);
        };
    }

    /** Reads a list; its items have the place of the list. */
    private Sequence sequence(List<String> path) throws IOException {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(path));
        return new Sequence(items, places.value(path));
    }
}
