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
 * "Deploy Java Lambda functions with .zip or JAR file archives"). A jar that contains no jars is used directly.
 */
final class Archives {
    /** Lambda's limit for a function and its layers, "Lambda quotas". */
    private static final long MAX_BYTES = 250L << 20;
    private static final int MAX_FILES = 200_000;

    /** The result for an archive: a folder, a rejection, or neither if it can be used directly. */
    private record Result(Path folder, String rejection) {
    }

    private final Map<Jar, Result> results = new HashMap<>();
    private final Map<Jar, Result> plain = new HashMap<>();

    /**
     * The folder with an archive's files, or empty if it can be used directly or does not exist.
     *
     * @throws Fault if it cannot be read, is malformed, or unpacks to more than Lambda accepts
     */
    synchronized Optional<Path> unpacked(Path archive) {
        Jar now = new Jar(archive, Stamp.of(archive));
        if (now.stamp() == null) return Optional.empty();
        return Optional.ofNullable(folder(archive, results.computeIfAbsent(now, jar -> unpack(archive, false))));
    }

    /**
     * The folder with the files of a jar that can be used directly.
     *
     * @throws Fault if it cannot be read, is malformed, or unpacks to more than Lambda accepts
     */
    synchronized Path files(Path jar) {
        return folder(jar, plain.computeIfAbsent(new Jar(jar, Stamp.of(jar)), key -> unpack(jar, true)));
    }

    private static Path folder(Path archive, Result result) {
        if (result.rejection() == null) return result.folder();
        throw Fault.project("cannot use `" + Place.display(archive) + "`: " + result.rejection());
    }

    private static Result unpack(Path archive, boolean isWhole) {
        Path folder = null;
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            boolean isPlain = !isWhole && archive.toString().endsWith(".jar") && zip.stream().noneMatch(entry ->
                    entry.getName().matches("(java/)?lib/[^/]+\\.jar"));
            if (isPlain) return new Result(null, null);
            folder = Scratch.folder();
            unpack(zip, folder);
            return new Result(folder, null);
        } catch (IOException | IllegalArgumentException e) {
            if (folder != null) Scratch.delete(folder);
            return new Result(null, e.getMessage());
        }
    }

    private static void unpack(ZipFile zip, Path folder) throws IOException {
        if (zip.size() > MAX_FILES) throw new IOException("it has more than " + MAX_FILES + " files");
        long left = MAX_BYTES;
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
            if (copied > most) throw new IOException("it unpacks to more than 250 MB, Lambda's limit");
            out.write(buffer, 0, read);
        }
        return copied;
    }
}
