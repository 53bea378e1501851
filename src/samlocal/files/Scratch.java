package samlocal.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folders for temporary files; they are deleted when this process ends, or by a later one if it was killed. */
public final class Scratch {
    private static final String PREFIX = "samlocal";
    private static final String OWN_PREFIX = PREFIX + ProcessHandle.current().pid() + "-";
    private static final String LOCK = "lock";

    private Scratch() {
    }

    /** The folder around them all, created on first use. The process that owns it holds a lock in it. */
    private static final class Root {
        private static FileChannel lock; // a channel that is garbage collected releases its lock
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path folder = Files.createTempDirectory(OWN_PREFIX);
                lock = FileChannel.open(folder.resolve(LOCK), CREATE_NEW, WRITE);
                lock.lock();
                Thread end = new Thread(() -> delete(folder));
                end.setContextClassLoader(null); // the caller may be a function's thread
                Runtime.getRuntime().addShutdownHook(end);
                return folder;
            } catch (IOException e) {
                return TEMPORARY;
            }
        }
    }

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    /** Deletes the folders of processes that were killed. */
    public static void deleteAbandoned() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(TEMPORARY, PREFIX + "*")) {
            for (Path folder : folders) {
                // opening the lock of our own folder would release it
                boolean isOwn = folder.getFileName().toString().startsWith(OWN_PREFIX);
                if (!isOwn && isAbandoned(folder.resolve(LOCK))) delete(folder);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // another process is deleting them
        }
    }

    /** Whether no process holds the lock. */
    private static boolean isAbandoned(Path lock) {
        if (!Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) return false;
        try (FileChannel file = FileChannel.open(lock, WRITE)) {
            return file.tryLock() != null;
        } catch (IOException e) {
            return false; // owned by another user
        }
    }

    public static Path folder() throws IOException {
        return Files.createTempDirectory(Root.FOLDER, "");
    }

    /** Creates a folder with class files, by binary name. */
    public static Path folder(Map<String, byte[]> classes) throws IOException {
        return written(classes.entrySet().stream().collect(Collectors.toMap(
                each -> each.getKey().replace('.', '/') + ".class", Map.Entry::getValue)));
    }

    /** Creates a folder with files, by relative path. */
    public static Path written(Map<String, byte[]> files) throws IOException {
        Path folder = folder();
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = folder.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
        return folder;
    }

    /** All files in a folder, by relative path. */
    public static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Deletes a folder and its contents. */
    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException e) {
            return; // a later process, or the system, deletes the rest
        }
    }
}
