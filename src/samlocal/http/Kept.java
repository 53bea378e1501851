package samlocal.http;

import java.util.Arrays;
import java.util.Optional;
import samlocal.base.Utf8;

/**
 * Bytes to be looked at later, not more than a first part of them.
 *
 * @param length of all of them, -1 where it is not known
 */
public record Kept(byte[] bytes, long length) {
    public static final int MOST = 256 << 10;

    /** The bytes themselves, or where there are too many, a copy of the first. */
    public static Kept of(byte[] bytes) {
        return new Kept(bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes, bytes.length);
    }

    public boolean isCut() {
        return bytes.length != length;
    }

    /** As text, if it is UTF-8 and nothing that no text has; a last character that was cut is left out. */
    public Optional<String> text() {
        return Utf8.decoded(bytes, isCut()).filter(text -> text.indexOf(0) < 0);
    }
}
