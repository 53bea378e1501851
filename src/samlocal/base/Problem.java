package samlocal.base;

import java.util.List;
import java.util.Map;

/** What is wrong, where (null if unknown), notes, and a hint (null if there is none). */
public record Problem(String message, Place place, List<String> notes, String hint) {
    public Problem(String message, Place place, String hint) {
        this(message, place, List.of(), hint);
    }

    /** The problem as a JSON object. */
    public Map<String, Object> fields() {
        return Json.object(
                "message", message,
                "file", place == null ? null : place.file(),
                "line", place == null || place.line() == 0 ? null : place.line(),
                "column", place == null || place.column() == 0 ? null : place.column(),
                "notes", notes,
                "hint", hint);
    }
}
