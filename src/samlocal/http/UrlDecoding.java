package samlocal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Percent-decoding in UTF-8; a text with an invalid escape is left as it is. */
public final class UrlDecoding {
    private UrlDecoding() {
    }

    /** Decodes a path or a segment of one, where a plus sign stands for itself. */
    public static String path(String text) {
        return decoded(text.replace("+", "%2B"));
    }

    /**
     * All values of all parameters of a query, in the order in which they came. A name without a value has the empty
     * text.
     *
     * @param query may be null
     * @param separator of parameters, a regular expression: REST APIs split at {@code ;} too
     */
    public static Map<String, List<String>> query(String query, String separator) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null) return values;
        for (String pair : query.split(separator)) {
            if (pair.isEmpty()) continue;
            String[] parts = pair.split("=", 2);
            String value = parts.length == 1 ? "" : decoded(parts[1]);
            values.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>()).add(value);
        }
        return values;
    }

    /** With percent signs in place of the Latin-1 characters that match. */
    public static String encoded(String text, Pattern characters) {
        return characters.matcher(text).replaceAll(raw -> "%%%02X".formatted((int) raw.group().charAt(0)));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
