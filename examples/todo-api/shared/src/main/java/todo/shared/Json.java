package todo.shared;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much JSON as flat objects need, so that this example has no dependency. */
public final class Json {
    private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern FIELD = Pattern.compile("\\s*" + STRING + "\\s*:\\s*(?:" + STRING + "|true|false|-?\\d+)\\s*");

    private Json() {
    }

    /** The string fields of an object; {@code IllegalArgumentException} if the text is no flat object. */
    public static Map<String, String> strings(String text) {
        String object = text == null ? "" : text.strip();
        if (!object.startsWith("{") || !object.endsWith("}")) throw new IllegalArgumentException("no JSON object");
        Map<String, String> fields = new HashMap<>();
        String rest = object.substring(1, object.length() - 1);
        while (!rest.isBlank()) {
            Matcher field = FIELD.matcher(rest);
            if (!field.lookingAt()) throw new IllegalArgumentException("no JSON object");
            if (field.group(2) != null) fields.put(field.group(1), unquote(field.group(2)));
            rest = rest.substring(field.end()).replaceFirst("^,", "");
        }
        return fields;
    }

    public static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String unquote(String text) {
        return text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }
}
