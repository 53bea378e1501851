package samlocal.base;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong, where (null if it has no place), more about it, and what helps (null if nothing certain does; an
 * empty hint becomes null).
 */
public record Problem(String message, Place place, List<String> notes, String hint) {
    public Problem {
        hint = hint == null || hint.isEmpty() ? null : hint;
    }

    public Problem(String message, Place place, String hint) {
        this(message, place, List.of(), hint);
    }

    /** For programs. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message", message);
        fields.put("file", place == null ? null : place.file());
        fields.put("line", place == null || place.line() == 0 ? null : place.line());
        fields.put("column", place == null || place.line() == 0 ? null : place.column());
        fields.put("notes", notes);
        fields.put("hint", hint);
        return fields;
    }
}
