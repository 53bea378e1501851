package samlocal.http;

import java.util.Arrays;
import java.util.Optional;
import samlocal.base.Utf8;

/**
 * The first part of some content, kept to show it later.
 *
 * @param length of all the content in bytes, -1 if unknown
 */
public record Kept(byte[] bytes, long length) {
    public static final int MOST = 256 << 10;

    /** Keeps the bytes, or a copy of the first part if there are too many. */
    public static Kept of(byte[] bytes) {
        return new Kept(bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes, bytes.length);
    }

    public boolean isCut() {
        return bytes.length != length;
    }

    /** The bytes as text, if they are UTF-8 without NUL; a truncated last character is dropped. */
    public Optional<String> text() {
        return Utf8.decoded(bytes, isCut()).filter(text -> text.indexOf(0) < 0);
    }
}
