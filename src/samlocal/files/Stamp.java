package samlocal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** A file's time in nanoseconds since 1970, and its size in bytes. */
public record Stamp(long modified, long size) {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

    /** The stamp of a file now, or null if it does not exist. */
    public static Stamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
        } catch (IOException e) {
            return null;
        }
    }

    /** False while the file could be saved once more with the same time, since file times advance in steps. */
    public boolean isSettled() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - modified > TICK;
    }
}
