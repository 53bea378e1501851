package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.regex.Pattern;

/** Syntax of header names and values (RFC 9110, section 5). */
public final class HeaderSyntax {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private HeaderSyntax() {
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a value has a control character other than a tab: it could end the line, or be rejected by parsers. */
    public static boolean hasControl(String value) {
        return value.chars().anyMatch(character -> character < ' ' && character != '\t' || character == 127);
    }

    /** A header name in title case, {@code X-Foo-Bar}, as functions of REST APIs get it with {@code sam local}. */
    public static String titleCase(String name) {
        StringBuilder title = new StringBuilder(name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < name.length(); i++) {
            if (i == 0 || name.charAt(i - 1) == '-') title.setCharAt(i, Character.toUpperCase(name.charAt(i)));
        }
        return title.toString();
    }

    /** The UTF-8 bytes of a value as Latin-1 characters, the form in which headers carry them. */
    public static String inLatin1(String value) {
        return new String(value.getBytes(UTF_8), ISO_8859_1);
    }

    /** A value that the JDK can write: on one line, in Latin-1, or as UTF-8 bytes if it has other characters. */
    static String sendable(String value) {
        String latin = value.chars().allMatch(character -> character < 256) ? value : inLatin1(value);
        return hasControl(latin) ? latin.replaceAll("[\\p{Cntrl}&&[^\t]]", " ") : latin;
    }
}
