package samlocal.http;

import java.io.IOException;
import java.io.OutputStream;

/** A response's content, written when its head is on the way. */
public interface Body {
    /** In bytes, -1 where it is not known yet. */
    long length();

    /** @throws IOException if the client is gone, or what is to be written ends before its time */
    void writeTo(OutputStream client) throws IOException;

    /** What is known of it once it has been written. */
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
