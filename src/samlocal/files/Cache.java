package samlocal.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Cache files: written atomically, read by any number of processes, and deleted when old. */
public final class Cache {
    private static final String HOME = "user.home";
    private static final long KEPT = TimeUnit.DAYS.toMillis(60);

    private Cache() {
    }

    /** The user's cache folder on this system (XDG Base Directory Specification). */
    public static Path folder() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String set = System.getenv(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        boolean isSet = set != null && Path.of(set).isAbsolute();
        Path home = Path.of(System.getProperty(HOME));
        Path caches = isSet ? Path.of(set) : home.resolve(system.startsWith("mac") ? "Library/Caches" : ".cache");
        return caches.resolve("samlocal");
    }

    /**
     * If the user has no home folder ({@code ?} in containers with an unknown user), libraries and caches go to a
     * temporary folder; a relative path would be in the project.
     */
    public static void requireHome() {
        if (Path.of(System.getProperty(HOME, "?")).isAbsolute()) return;
        try {
            System.setProperty(HOME, Scratch.folder().toString());
        } catch (IOException e) {
            System.setProperty(HOME, System.getProperty("java.io.tmpdir"));
        }
    }

    /** Writes a file atomically. */
    public static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path whole = Files.createTempFile(file.getParent(), "new", ".tmp");
        try {
            Files.write(whole, content);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole); // exists only if the disk is full
        }
    }

    /** Deletes files that have not been used for long, and the oldest ones beyond the limits. */
    public static void tidy(Path folder, int mostFiles, long mostBytes) throws IOException {
        Map<Path, Stamp> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.forEach(file -> files.put(file, Stamp.of(file)));
        }
        files.values().removeIf(Objects::isNull);
        List<Path> newestFirst = files.keySet().stream()
                .sorted(Comparator.comparing(file -> -files.get(file).modified())).toList();
        long oldest = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - KEPT);
        long bytes = 0;
        for (Path file : newestFirst) {
            bytes += files.get(file).size();
            boolean isKept = --mostFiles >= 0 && bytes <= mostBytes && files.get(file).modified() > oldest;
            if (!isKept) Files.deleteIfExists(file);
        }
    }

    public static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM supports it
        }
    }
}
