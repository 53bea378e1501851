package samlocal.http;

import java.io.IOException;
import java.io.OutputStream;

/** The body of a response, written after its headers. */
public interface Body {
    /** The length in bytes, -1 if it is not known yet. */
    long length();

    /** @throws IOException if the client is gone or the content ends prematurely */
    void writeTo(OutputStream client) throws IOException;

    /** The part that is kept after it has been written. */
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
