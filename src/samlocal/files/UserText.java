package samlocal.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Decodes users' files, in UTF-8 with or without a byte order mark, and detects other encodings. */
public final class UserText {
    /** A hint for files with an unknown encoding. */
    public static final String ADVICE = "save it as UTF-8";

    private static final int MAX_BYTES = 64 << 20;

    private UserText() {
    }

    /**
     * The text of a file that a project names, without a byte order mark. It must be a regular file: reading a pipe
     * or a device could block forever.
     *
     * @throws Fault if it cannot be read, is too large, or is not UTF-8, with the place of the first invalid byte
     */
    public static String read(Path file, int mostMegabytes) {
        String name = "`" + Place.display(file) + "`";
        try {
            boolean isOther = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
            if (isOther) throw new IOException("not a regular file");
            if (!Files.isRegularFile(file) || Files.size(file) <= (long) mostMegabytes << 20) return readNamed(file);
        } catch (IOException e) {
            throw Fault.project("cannot read " + name + ": " + Fault.reason(e));
        }
        throw Fault.project(name + " is larger than " + mostMegabytes + " MB");
    }

    /** The text of a file that the user names on the command line, which may be a pipe, as in {@code -e <(...)}. */
    public static String readNamed(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) throw new IOException("larger than " + (MAX_BYTES >> 20) + " MB");
        faultIn(file, bytes).ifPresent(problem -> {
            throw new Fault(problem, Fault.PROJECT);
        });
        String text = new String(bytes, UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    static boolean isUtf8(byte[] bytes) {
        return new String(bytes, UTF_8).indexOf('\uFFFD') < 0 || validBytes(bytes) == bytes.length;
    }

    /** The problem of a file that is readable but not UTF-8. */
    public static Optional<Problem> faultIn(Path file) {
        try {
            return faultIn(file, Files.readAllBytes(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Problem> faultIn(Path file, byte[] bytes) {
        if (isUtf8(bytes)) return Optional.empty();
        if (bytes.length > 1 && (bytes[0] & bytes[1] & 0xFE) == 0xFE) {
            return Optional.of(new Problem("the file is UTF-16 text, not UTF-8", Place.of(file),
                    ADVICE + "; in PowerShell, use `| Out-File -Encoding utf8` instead of `>`"));
        }
        int valid = validBytes(bytes);
        int offset = new String(bytes, 0, valid, UTF_8).length();
        return Optional.of(new Problem("the file is not UTF-8 text: byte 0x%02X".formatted(bytes[valid]),
                Place.at(file, new String(bytes, UTF_8), offset, 1), ADVICE));
    }

    private static int validBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
        return in.position();
    }
}
