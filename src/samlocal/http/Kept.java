package samlocal.http;

import java.util.Arrays;
import java.util.Optional;
import samlocal.base.Utf8;

/**
 * The first part of a body, kept for the inspector.
 *
 * @param length length of the whole body, -1 if unknown
 */
public record Kept(byte[] bytes, long length) {
    public static final int MOST = 256 << 10;

    /** The bytes themselves, or a copy of the first ones if there are too many. */
    public static Kept of(byte[] bytes) {
        return new Kept(bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes, bytes.length);
    }

    public boolean isCut() {
        return bytes.length != length;
    }

    /** The text, if it is UTF-8 without binary data; an incomplete last character is omitted. */
    public Optional<String> text() {
        return Utf8.decoded(bytes, isCut()).filter(text -> text.indexOf(0) < 0);
    }
}
