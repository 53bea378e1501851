import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Creates jars for tests. */
final class Jars {
    private Jars() {
    }

    /** Compiles one source file and packs its classes, with other files: path, text. */
    static void make(Path jar, Path source, String... pathsAndTexts) throws IOException {
        Path classes = Files.createTempDirectory("classes");
        compile(source, classes);
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            Files.createDirectories(classes.resolve(pathsAndTexts[i]).getParent());
            Files.writeString(classes.resolve(pathsAndTexts[i]), pathsAndTexts[i + 1]);
        }
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            files.filter(Files::isRegularFile).forEach(file -> add(entries, classes.relativize(file).toString(), file));
        }
    }

    /** Packs files from memory: names and bytes. */
    static void write(Path jar, Map<String, byte[]> files) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                entries.putNextEntry(new JarEntry(file.getKey()));
                entries.write(file.getValue());
                entries.closeEntry();
            }
        }
    }

    /** Compiles one source file into a folder, which may contain the classes it refers to. */
    static void compile(Path source, Path folder) throws IOException {
        Files.createDirectories(folder);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(),
                "-sourcepath", source.getParent().getParent().toString(), source.toString());
        if (status != 0) throw new AssertionError(source + " does not compile");
    }

    private static void add(JarOutputStream entries, String name, Path file) {
        try {
            entries.putNextEntry(new JarEntry(name));
            Files.copy(file, entries);
            entries.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
