package samlocal.runtime;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/** A URL over bytes in memory. */
final class MemoryUrl extends URLStreamHandler {
    private final byte[] bytes;

    private MemoryUrl(byte[] bytes) {
        this.bytes = bytes;
    }

    @SuppressWarnings("deprecation") // what replaces it came with Java 20
    static URL of(String name, byte[] bytes) {
        try {
            return new URL("memory", "", -1, "/" + name, new MemoryUrl(bytes));
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override protected URLConnection openConnection(URL url) {
        return new URLConnection(url) {
            @Override public void connect() {
            }

            @Override public InputStream getInputStream() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }
}
