package samlocal.http;

import java.io.IOException;
import java.io.OutputStream;

/** The content of a response, written after its head. */
public interface Body {
    /** The length in bytes, -1 if unknown. */
    long length();

    /** @throws IOException if the client has disconnected, or the content ends early */
    void writeTo(OutputStream client) throws IOException;

    /** The first bytes, kept after the content was written. */
    default Kept kept() {
        return new Kept(new byte[0], length());
    }

    static Body of(byte[] bytes) {
        return new Body() {
            @Override public long length() {
                return bytes.length;
            }

            @Override public Kept kept() {
                return Kept.of(bytes);
            }

            @Override public void writeTo(OutputStream client) throws IOException {
                client.write(bytes);
            }
        };
    }
}
