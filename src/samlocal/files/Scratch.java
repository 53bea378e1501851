package samlocal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Folders for files that this process needs; they end with it. */
public final class Scratch {
    private Scratch() {
    }

    /** The folder around them all, from the first one on. */
    private static final class Root {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory("samlocal");
                Thread end = new Thread(() -> delete(folder));
                end.setContextClassLoader(null); // it stays, and the caller may be a function's thread
                Runtime.getRuntime().addShutdownHook(end);
                return folder;
            } catch (IOException e) {
                return Path.of(System.getProperty("java.io.tmpdir"));
            }
        }
    }

    public static Path folder() throws IOException {
        return Files.createTempDirectory(Root.FOLDER, "");
    }

    /** A folder with class files, by their binary names. */
    public static Path folder(Map<String, byte[]> classes) throws IOException {
        Path folder = folder();
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            Path file = folder.resolve(each.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
        return folder;
    }

    /** Deletes a folder before the process ends. */
    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException e) {
            return; // the system tidies its folder of temporary files
        }
    }
}
