package samlocal.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What a file said when it was read, nothing if it is huge.
 *
 * @param isSettled whether an equal stamp means equal text
 * @param isUtf8 if not, the content has a character for each byte
 */
public record FileText(Stamp stamp, boolean isSettled, String content, boolean isUtf8) {
    private static final long MOST_BYTES = 32 << 20;

    /** The text of a file that has this stamp now; the file is read only if it may differ from what is known. */
    public static FileText read(Path file, Stamp stamp, FileText known) throws IOException {
        if (known != null && known.isSettled() && known.stamp().equals(stamp)) return known;
        boolean isSettled = stamp.isSettled();
        if (stamp.size() > MOST_BYTES) return new FileText(stamp, isSettled, "", true);
        byte[] bytes = Files.readAllBytes(file);
        boolean isUtf8 = UserText.isUtf8(bytes);
        String text = new String(bytes, isUtf8 ? UTF_8 : ISO_8859_1);
        boolean isKnown = known != null && known.content().equals(text);
        return new FileText(stamp, isSettled, isKnown ? known.content() : text, isUtf8);
    }

    /** A word and the names of the folders in a folder; nothing for what is none. */
    public static String folder(Path path) {
        if (!Files.isDirectory(path)) return "";
        return Modules.children(path).stream().map(child -> "/" + child.getFileName())
                .collect(Collectors.joining("", "folder", ""));
    }

    /** The text, where what is no UTF-8 is in another encoding. */
    public String in(Charset encoding) {
        return isUtf8 ? content : new String(content.getBytes(ISO_8859_1), encoding);
    }
}
