package samlocal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Percent-decoding in UTF-8; text with an invalid escape is returned unchanged. */
public final class UrlDecoding {
    private UrlDecoding() {
    }

    /** Decodes a path or path segment, in which a plus sign is literal. */
    public static String path(String text) {
        return decoded(text.replace("+", "%2B"));
    }

    /**
     * All values of all query parameters, in order. A name without a value has an empty string.
     *
     * @param query may be null
     * @param separator regular expression between parameters: REST APIs also split at {@code ;}
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

    /** Percent-encodes the Latin-1 characters that match. */
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
