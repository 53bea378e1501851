package samlocal.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts in files beside a class. The bundler replaces each call with the text, so the bundle needs no files. */
public final class Resource {
    private Resource() {
    }

    /**
     * The text of a file in UTF-8.
     *
     * @param beside the calling class, whose folder has the file
     * @param name relative to that folder; both arguments must be literals
     */
    public static String text(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
