package samlocal.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Optional;

/** Strict decoding of UTF-8. */
public final class Utf8 {
    private Utf8() {
    }

    /** The text; empty if the bytes are not valid UTF-8. */
    public static Optional<String> decoded(byte[] bytes) {
        return decoded(bytes, false);
    }

    /** The text; with {@code isCut}, an incomplete last character is omitted. */
    public static Optional<String> decoded(byte[] bytes, boolean isCut) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean isValid = !UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, !isCut).isError();
        return isValid ? Optional.of(text.flip().toString()) : Optional.empty();
    }
}
