package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import samlocal.base.Program;
import samlocal.files.Cache;
import samlocal.files.Scratch;

/**
 * The last output of a codebase on disk, for the next start. It is valid for the setup that it was created with; only
 * sources that differ are compiled again. The file is a checksum and sections: the setup, hashes of the sources, class
 * files, the sources of the classes, and one for each folder.
 */
final class ClassStore {
    private static final String FORMAT = "samlocal classes 2";
    private static final long MOST_BYTES = 500L << 20;
    private static final int MOST_FILES = 2000;
    private static final int MOST_OF_ONE = 100 << 20;
    private final Path file;

    ClassStore(Path file) {
        this.file = file;
    }

    /** The store of the current user for a codebase. */
    static ClassStore of(String name) {
        String unique = Cache.hash(FORMAT + Program.VERSION + Runtime.version() + name);
        return new ClassStore(Cache.folder().resolve("classes").resolve(unique));
    }

    /**
     * The stored output, or {@link Output#NONE} if it was created with another setup, is corrupt or does not exist.
     *
     * @param texts the current sources; those that differ are null in the result
     */
    Output read(String setup, Map<Path, String> texts) {
        try {
            if (!Files.exists(file) || Files.size(file) >= MOST_OF_ONE) return Output.NONE;
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
            if (in.getLong() != checksum(in.slice())) return Output.NONE;
            byte[] isSeparable = section(in).get(Cache.hash(setup));
            return isSeparable == null ? Output.NONE : read(texts, isSeparable[0] == 1, in);
        } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
            return Output.NONE;
        }
    }

    private Output read(Map<Path, String> texts, boolean isSeparable, ByteBuffer in) throws IOException {
        Map<Path, String> same = new HashMap<>();
        section(in).forEach((name, hash) -> {
            String now = texts.get(Path.of(name));
            same.put(Path.of(name), now != null && Cache.hash(now).equals(new String(hash, UTF_8)) ? now : null);
        });
        Map<String, byte[]> classes = section(in);
        Map<String, Path> origins = new HashMap<>();
        section(in).forEach((name, path) -> origins.put(name, Path.of(new String(path, UTF_8))));
        List<Path> folders = new ArrayList<>();
        while (in.hasRemaining()) folders.add(Scratch.written(section(in)));
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        return new Output(same, classes, origins, folders, isSeparable);
    }

    private static Map<String, byte[]> section(ByteBuffer in) {
        Map<String, byte[]> section = new HashMap<>();
        for (int left = in.getInt(); left > 0; left--) section.put(new String(bytes(in), UTF_8), bytes(in));
        return section;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }

    private static long checksum(ByteBuffer bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return checksum.getValue();
    }

    /** Stores an output; ignores a store that cannot be written. */
    void write(String setup, Output output) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            write(out, Map.of(Cache.hash(setup), output.isSeparable()), flag -> new byte[] {(byte) (flag ? 1 : 0)});
            write(out, output.texts(), text -> Cache.hash(text).getBytes(UTF_8));
            write(out, output.classes(), Function.identity());
            write(out, output.origins(), path -> path.toString().getBytes(UTF_8));
            for (Path folder : output.folders()) write(out, Scratch.files(folder), Function.identity());
            if (bytes.size() > MOST_OF_ONE) return;
            byte[] content = bytes.toByteArray();
            Cache.write(file, ByteBuffer.allocate(Long.BYTES + content.length)
                    .putLong(checksum(ByteBuffer.wrap(content))).put(content).array());
            Cache.tidy(file.getParent(), MOST_FILES, MOST_BYTES);
        } catch (IOException | UncheckedIOException e) {
            return;
        }
    }

    private static <V> void write(DataOutputStream out, Map<?, V> section, Function<V, byte[]> content)
            throws IOException {
        out.writeInt(section.size());
        for (Map.Entry<?, V> each : section.entrySet()) {
            write(out, each.getKey().toString().getBytes(UTF_8));
            write(out, content.apply(each.getValue()));
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
