package samlocal.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The content of a file or folder, or its absence.
 *
 * @param stamp the stamp before it was read; null if it does not exist
 * @param isSettled whether an equal stamp means equal content
 * @param content the text of a file, empty if it is huge; the names in a folder; null if only the stamp matters
 * @param isUtf8 if false, the content has one character per byte
 */
public record FileText(Stamp stamp, boolean isSettled, String content, boolean isUtf8) {
    private static final FileText NONE = new FileText(null, true, "", true);
    private static final long MAX_BYTES = 32 << 20;

    /** Reads a file or folder, unless its stamp shows that {@code known}, which may be null, is current. */
    static FileText read(Path path, FileText known) {
        Stamp stamp = Stamp.of(path);
        if (stamp == null) return NONE;
        if (known != null && known.isSettled && stamp.equals(known.stamp)) return known;
        boolean isSettled = stamp.isSettled();
        if (Files.isDirectory(path)) return new FileText(stamp, isSettled, names(path.toFile()), true);
        if (stamp.size() > MAX_BYTES) return new FileText(stamp, isSettled, "", true);
        try {
            byte[] bytes = Files.readAllBytes(path);
            boolean isUtf8 = UserText.isUtf8(bytes);
            return new FileText(stamp, isSettled, new String(bytes, isUtf8 ? UTF_8 : ISO_8859_1), isUtf8);
        } catch (IOException e) {
            return NONE; // deleted in the meantime, or not readable
        }
    }

    /** A file whose content does not matter. */
    static FileText unread(Path path) {
        Stamp stamp = Stamp.of(path);
        return new FileText(stamp, stamp == null || stamp.isSettled(), null, true);
    }

    private static String names(File folder) {
        String[] names = folder.list();
        return names == null ? "" : Arrays.stream(names).sorted().collect(Collectors.joining("/"));
    }

    /** Reads the path again. */
    FileText again(Path path) {
        return content == null ? unread(path) : read(path, this);
    }

    /** Whether the path is certainly unchanged. */
    boolean isCurrent(Path path) {
        if (stamp == null) return !path.toFile().exists(); // unlike Stamp.of, without the cost of an exception
        return isSettled && stamp.equals(Stamp.of(path));
    }

    boolean isSameAs(FileText other) {
        return Objects.equals(content, other.content) && (content != null || Objects.equals(stamp, other.stamp));
    }

    /** Whether the path existed and could be read. */
    public boolean exists() {
        return stamp != null;
    }

    /** A prefix and the names of the subfolders of a folder; empty for anything else. */
    public static String folder(Path path) {
        if (!Files.isDirectory(path)) return "";
        return Modules.children(path).stream().map(child -> "/" + child.getFileName())
                .collect(Collectors.joining("", "folder", ""));
    }

    /** The text; {@code encoding} applies if the file is not UTF-8. */
    public String in(Charset encoding) {
        return isUtf8 ? content : new String(content.getBytes(ISO_8859_1), encoding);
    }
}
