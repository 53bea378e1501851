package samlocal.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.files.Jar;
import samlocal.files.Scratch;
import samlocal.files.Stamp;

/**
 * Unpacks deployment packages as Lambda does, classes at the top and jars in {@code lib} (Lambda Developer Guide,
 * "Deploy Java Lambda functions with .zip or JAR file archives"). A jar without jars in it stays as it is.
 */
final class Archives {
    private static final long MOST_BYTES = 2L << 30;
    private static final int MOST_FILES = 200_000;
    private final Map<Jar, Path> unpacked = new HashMap<>();

    /**
     * The folder with an archive's files, or nothing if it can be used as it is, or is not there.
     *
     * @throws Fault if it cannot be read, or is no honest archive
     */
    synchronized Optional<Path> unpacked(Path archive) {
        Jar now = new Jar(archive, Stamp.of(archive));
        if (now.stamp() == null) return Optional.empty();
        if (unpacked.containsKey(now)) return Optional.of(unpacked.get(now));
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            boolean isPlain = archive.toString().endsWith(".jar") && zip.stream().noneMatch(entry ->
                    entry.getName().matches("(java/)?lib/[^/]+\\.jar"));
            if (isPlain) return Optional.empty();
            Path folder = Scratch.folder();
            unpack(zip, folder);
            unpacked.put(now, folder);
            return Optional.of(folder);
        } catch (IOException | IllegalArgumentException e) {
            throw Fault.project("cannot read `" + Place.display(archive) + "`: " + e.getMessage());
        }
    }

    private static void unpack(ZipFile zip, Path folder) throws IOException {
        if (zip.size() > MOST_FILES) throw new IOException("more than " + MOST_FILES + " files");
        long left = MOST_BYTES;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            Path file = folder.resolve(entry.getName()).normalize();
            if (!file.startsWith(folder)) throw new IOException("`" + entry.getName() + "` leads out of it");
            if (entry.isDirectory() || file.equals(folder)) continue;
            Files.createDirectories(file.getParent());
            try (InputStream in = zip.getInputStream(entry); OutputStream out = Files.newOutputStream(file)) {
                left -= copy(in, out, left);
            }
        }
    }

    private static long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            copied += read;
            if (copied > most) throw new IOException("more than " + MOST_BYTES + " bytes");
            out.write(buffer, 0, read);
        }
        return copied;
    }
}
