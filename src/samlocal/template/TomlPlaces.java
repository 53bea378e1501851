package samlocal.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Place;

/**
 * The places of keys and values in a valid TOML document, by path. Jackson does not provide them, so this class
 * searches for headers and assignments at the start of lines. A key in an inline table has the place of that table.
 */
final class TomlPlaces {
    private static final String PART = "(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')";
    private static final Pattern KEY = Pattern.compile(PART);
    private static final Pattern DEFINITION = Pattern.compile("[ \\t]*(?<header>\\[{0,2})[ \\t]*(?<key>" + PART
            + "(?:[ \\t]*\\.[ \\t]*" + PART + "){0,100}+)[ \\t]*[\\]=][ \\t]*");
    private static final Pattern VALUE = Pattern.compile("\"(?!\"\")[^\"]*\"|'(?!'')[^']*'|[^\\s#\"'\\[{]+|.");

    private final Map<List<String>, Place> keys = new HashMap<>();
    private final Map<List<String>, Place> values = new HashMap<>();

    private TomlPlaces(Place document) {
        keys.put(List.of(), document);
    }

    static TomlPlaces of(String name, List<String> lines) {
        TomlPlaces places = new TomlPlaces(new Place(name, lines, 1, 1, 1));
        List<String> table = List.of();
        for (int i = 0; i < lines.size(); i++) {
            Matcher definition = DEFINITION.matcher(lines.get(i));
            if (!definition.lookingAt()) continue;
            boolean isHeader = !definition.group("header").isEmpty();
            Place line = new Place(name, lines, i + 1, 1, 1);
            List<String> path = places.addKeys(isHeader ? List.of() : table, definition, line);
            if (isHeader) table = path;
            else places.addValue(path, definition.end(), line);
        }
        return places;
    }

    private List<String> addKeys(List<String> table, Matcher definition, Place line) {
        List<String> path = table;
        Matcher part = KEY.matcher(line.source()).region(definition.start("key"), definition.end("key"));
        while (part.find()) {
            path = new ArrayList<>(path);
            path.add(part.group().replaceAll("[\"']", ""));
            keys.putIfAbsent(path, within(line, part.start(), part.end()));
        }
        return path;
    }

    private void addValue(List<String> path, int start, Place line) {
        Matcher value = VALUE.matcher(line.source()).region(start, line.source().length());
        if (value.lookingAt()) values.putIfAbsent(path, within(line, value.start(), value.end()));
    }

    private static Place within(Place line, int start, int end) {
        return new Place(line.file(), line.lines(), line.line(), start + 1, end - start);
    }

    /** The place of a key, or else of the nearest enclosing table. */
    Place key(List<String> path) {
        Place place = keys.get(path);
        return place == null ? key(path.subList(0, path.size() - 1)) : place;
    }

    /** The place of a value, or else of the nearest enclosing value or table. */
    Place value(List<String> path) {
        if (path.isEmpty()) return key(path);
        Place place = values.getOrDefault(path, keys.get(path));
        return place == null ? value(path.subList(0, path.size() - 1)) : place;
    }
}
