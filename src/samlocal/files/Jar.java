package samlocal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** A jar on disk, unequal to the one that replaces it. */
public record Jar(Path path, Stamp stamp) {
    public static Jar of(Path path) {
        return new Jar(path, Stamp.of(path));
    }

    /** The URLs of paths, for a class loader. */
    public static URL[] urls(List<Path> paths) {
        return paths.stream().map(Jar::url).toArray(URL[]::new);
    }

    public static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the jars of a class loader; those that cannot be closed are left to the garbage collector. */
    public static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            return;
        }
    }
}
