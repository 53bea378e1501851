package samlocal.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Detects changes of a file without reading it. Tools can set any modification time, and a new file may have the size
 * of the old one; then the change time or the inode differs.
 *
 * @param modified in nanoseconds since 1970
 * @param size in bytes
 * @param changed the change time, which programs cannot set, like {@code modified}; 0 if the system has none
 * @param inode 0 if the system has none
 */
public record Stamp(long modified, long size, long changed, long inode) {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final boolean IS_UNIX = FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final String ATTRIBUTES =
            IS_UNIX ? "unix:lastModifiedTime,size,isOther,ctime,ino" : "lastModifiedTime,size,isOther";

    /** The current stamp of a file or folder; null if it is absent, or a pipe or device, which could block a reader. */
    public static Stamp of(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
            if ((boolean) attributes.get("isOther")) return null;
            return new Stamp(nanos(attributes.get("lastModifiedTime")), (long) attributes.get("size"),
                    IS_UNIX ? nanos(attributes.get("ctime")) : 0, IS_UNIX ? (long) attributes.get("ino") : 0);
        } catch (IOException e) {
            return null;
        }
    }

    private static long nanos(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }

    /** False while the file could be saved again with the same time, because file times advance in steps. */
    public boolean isSettled() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - Math.max(modified, changed) > TICK;
    }
}
