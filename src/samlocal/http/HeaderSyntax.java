package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names and values of headers (RFC 9110, section 5). */
public final class HeaderSyntax {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private HeaderSyntax() {
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a value has a character that would end its line, or that a parser may reject; a tab is allowed. */
    public static boolean hasControl(String value) {
        return value.chars().anyMatch(character -> character < ' ' && character != '\t' || character == 127);
    }

    /** A header's name as functions of REST APIs see it, {@code X-Foo-Bar}, as with {@code sam local}. */
    public static String titleCase(String name) {
        StringBuilder title = new StringBuilder(name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < name.length(); i++) {
            if (i == 0 || name.charAt(i - 1) == '-') title.setCharAt(i, Character.toUpperCase(name.charAt(i)));
        }
        return title.toString();
    }

    /** The bytes of UTF-8 as characters, as a header carries them. */
    public static String inLatin1(String value) {
        return new String(value.getBytes(UTF_8), ISO_8859_1);
    }

    /** What the JDK can write: Latin-1, with the bytes of UTF-8 where the value has other characters, on one line. */
    static String sendable(String value) {
        String latin = value.chars().allMatch(character -> character < 256) ? value : inLatin1(value);
        return hasControl(latin) ? latin.replaceAll("[\\p{Cntrl}&&[^\t]]", " ") : latin;
    }
}
