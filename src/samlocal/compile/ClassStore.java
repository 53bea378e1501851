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
import java.util.stream.Stream;
import java.util.zip.CRC32;
import samlocal.base.Program;
import samlocal.files.Cache;
import samlocal.files.Scratch;

/**
 * What was made of one codebase last, on disk. It counts for the setup that it was made with, and where a text is
 * not the one it was made from, only that file is compiled again.
 */
final class ClassStore {
    private static final String FORMAT = "samlocal classes 1";
    private static final long MOST_BYTES = 500L << 20;
    private static final int MOST_FILES = 2000;
    private static final int MOST_OF_ONE = 100 << 20;
    private final Path file;

    ClassStore(Path file) {
        this.file = file;
    }

    /** The user's, by the name of its codebase. */
    static ClassStore of(String name) {
        String unique = Cache.hash(FORMAT + Program.VERSION + Runtime.version() + name);
        return new ClassStore(Cache.folder().resolve("classes").resolve(unique));
    }

    /**
     * What is stored, or nothing if that was made with another setup, is damaged, or is not there.
     *
     * @param texts the sources now; those that differ are unknown in what is returned
     */
    Output read(String setup, Map<Path, String> texts) {
        try {
            boolean isFit = Files.exists(file) && Files.size(file) < MOST_OF_ONE;
            return isFit ? read(setup, texts, ByteBuffer.wrap(Files.readAllBytes(file))) : Output.NONE;
        } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
            return Output.NONE;
        }
    }

    private Output read(String setup, Map<Path, String> texts, ByteBuffer in) throws IOException {
        boolean isWhole = in.getLong() == checksum(in.slice());
        if (!isWhole || !text(in).equals(Cache.hash(setup))) return Output.NONE;
        boolean isSeparable = in.get() == 1;
        Map<Path, String> same = new HashMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            Path path = Path.of(text(in));
            String now = texts.get(path);
            boolean isSame = text(in).equals(now == null ? "" : Cache.hash(now));
            same.put(path, isSame ? now : null);
        }
        Map<String, byte[]> classes = new HashMap<>();
        Map<String, Path> origins = new HashMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            String name = text(in);
            String origin = text(in);
            if (!origin.isEmpty()) origins.put(name, Path.of(origin));
            classes.put(name, bytes(in));
        }
        List<Path> folders = resources(in);
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
        return new Output(same, classes, origins, folders, isSeparable);
    }

    private static List<Path> resources(ByteBuffer in) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            Path folder = Scratch.folder();
            for (int files = in.getInt(); files > 0; files--) {
                Path to = folder.resolve(text(in));
                Files.createDirectories(to.getParent());
                Files.write(to, bytes(in));
            }
            folders.add(folder);
        }
        return folders;
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static long checksum(ByteBuffer bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return checksum.getValue();
    }

    /** Stores an output; a store that cannot be written is no failure. */
    void write(String setup, Output output) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(setup, output, new DataOutputStream(bytes));
            if (bytes.size() > MOST_OF_ONE) return;
            byte[] content = bytes.toByteArray();
            byte[] whole = ByteBuffer.allocate(Long.BYTES + content.length)
                    .putLong(checksum(ByteBuffer.wrap(content))).put(content).array();
            Cache.write(file, whole);
            Cache.tidy(file.getParent(), MOST_FILES, MOST_BYTES);
        } catch (IOException | UncheckedIOException e) {
            return;
        }
    }

    private static void write(String setup, Output output, DataOutputStream out) throws IOException {
        write(out, Cache.hash(setup).getBytes(UTF_8));
        out.writeByte(output.isSeparable() ? 1 : 0);
        out.writeInt(output.texts().size());
        for (Map.Entry<Path, String> each : output.texts().entrySet()) {
            write(out, each.getKey().toString().getBytes(UTF_8));
            write(out, Cache.hash(each.getValue()).getBytes(UTF_8));
        }
        out.writeInt(output.classes().size());
        for (Map.Entry<String, byte[]> each : output.classes().entrySet()) {
            Path origin = output.origins().get(each.getKey());
            write(out, each.getKey().getBytes(UTF_8));
            write(out, origin == null ? new byte[0] : origin.toString().getBytes(UTF_8));
            write(out, each.getValue());
        }
        out.writeInt(output.folders().size());
        for (Path folder : output.folders()) writeFolder(out, folder);
    }

    private static void writeFolder(DataOutputStream out, Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            out.writeInt(files.size());
            for (Path each : files) {
                write(out, folder.relativize(each).toString().getBytes(UTF_8));
                write(out, Files.readAllBytes(each));
            }
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
