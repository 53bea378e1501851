package samlocal.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** Strict decoding of UTF-8. */
public final class Utf8 {
    private Utf8() {
    }

    /** The text, empty if the bytes are not valid UTF-8. */
    public static Optional<String> decoded(byte[] bytes) {
        return decoded(bytes, bytes.length);
    }

    /** The text of the first bytes, empty if they are not valid UTF-8. */
    public static Optional<String> decoded(byte[] bytes, int length) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
