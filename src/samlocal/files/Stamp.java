package samlocal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** A file's time in nanoseconds since 1970, and its size. */
public record Stamp(long modified, long size) {
    @Override public boolean equals(Object other) {
        return other instanceof Stamp stamp && modified == stamp.modified && size == stamp.size;
    }

    @Override public int hashCode() {
        return Long.hashCode(modified + size);
    }

    @Override public String toString() {
        return modified + " " + size;
    }

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

    public static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
    }

    /** The stamp of a file now, or null if there is none. */
    public static Stamp of(Path file) {
        try {
            return of(Files.readAttributes(file, BasicFileAttributes.class));
        } catch (IOException e) {
            return null;
        }
    }

    /** False while the file could be saved once more and bear the same time, which ticks in steps. */
    public boolean isSettled() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - modified > TICK;
    }
}
