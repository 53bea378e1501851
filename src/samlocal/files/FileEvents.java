package samlocal.files;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What happens in folders, told by the system. Where that is inotify, an event waits in the system's queue before
 * the call that changed the file returns. So whoever causes an event and waits until it comes through that queue
 * knows that all that was saved before has come through too; it takes some ten microseconds, however many files
 * there are. Other systems' events are late, or there are none, and those who ask have to look at the files.
 */
public final class FileEvents implements AutoCloseable {
    /** Changed files, or unknown ones. */
    public record Changes(Set<Path> paths, boolean areUnknown) {
        public static final Changes UNKNOWN = new Changes(Set.of(), true);
    }

    private static final int MARKERS = 8;
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_FOLDERS = 20_000;
    private static final Set<String> TOLD = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "overlay",
            "zfs", "f2fs", "bcachefs");
    private final WatchService service;
    private final Path marked;
    private final Map<WatchKey, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private int round;
    private volatile long heard = System.nanoTime();

    /** Whom to tell of a folder, by the path that he knows it by: links make many paths. */
    private record Listener(Folders folders, Path folder) {
        @Override public int hashCode() {
            return folder.hashCode();
        }

    }

    private FileEvents(WatchService service, Path marked) {
        this.service = service;
        this.marked = marked;
    }

    /** Events as they come, or none at all where they do not come at once. */
    public static FileEvents open() {
        boolean isLinux = System.getProperty("os.name").equals("Linux");
        try {
            FileEvents events = new FileEvents(isLinux ? FileSystems.getDefault().newWatchService() : null,
                    isLinux ? Scratch.folder() : null);
            if (isLinux) events.mark();
            return events;
        } catch (IOException e) {
            return new FileEvents(null, null); // too many users of it
        }
    }

    private void mark() throws IOException {
        for (int i = 0; i < MARKERS; i++) Files.createFile(marked.resolve(String.valueOf(i)));
        marked.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
    }

    public boolean isOpen() {
        return service != null;
    }

    /** Folders for a new listener. */
    public Folders folders() {
        return new Folders();
    }

    /** Takes note of what was told so far. */
    public synchronized void poll() {
        if (service == null) return;
        for (WatchKey key = service.poll(); key != null; key = service.poll()) tell(key);
    }

    /** Takes note of all that happened before this call; false if that cannot be known. */
    private boolean hear() {
        long asked = System.nanoTime();
        synchronized (this) {
            if (heard - asked > 0) return true;
            long begun = System.nanoTime();
            try {
                if (!hearsMark()) return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ClosedWatchServiceException e) {
                return false;
            }
            heard = begun;
            return true;
        }
    }

    /** What was queued before the mark may still follow it, behind an earlier event of the same folder. */
    private boolean hearsMark() throws InterruptedException {
        String mark = String.valueOf(round++ % MARKERS);
        if (!marked.resolve(mark).toFile().setLastModified(System.currentTimeMillis())) return false;
        long deadline = System.nanoTime() + PATIENCE;
        boolean isHeard = false;
        while (true) {
            WatchKey key = isHeard ? service.poll()
                    : service.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (key == null) return isHeard;
            isHeard |= tell(key).contains(mark);
        }
    }

    /** Tells the listeners of a folder; returns the names of the marks if it is theirs. */
    private Set<String> tell(WatchKey key) {
        Set<Listener> told = listeners.getOrDefault(key, Set.of());
        Set<String> marks = new HashSet<>();
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) lose();
            else if (key.watchable().equals(marked)) marks.add(event.context().toString());
            else told.forEach(each -> each.folders().touch(each.folder().resolve(event.context().toString())));
        }
        if (!key.reset()) {
            told.forEach(each -> each.folders().lose(each.folder()));
            listeners.remove(key);
        }
        return marks;
    }

    /** The system has told so much that some of it was lost. */
    private void lose() {
        listeners.values().forEach(told -> told.forEach(each -> each.folders().mistrust()));
    }

    @Override public void close() {
        try {
            if (service != null) service.close();
        } catch (IOException e) {
            return;
        }
    }

    /** The folders of one listener. */
    public final class Folders {
        private final Set<Path> touched = new HashSet<>();
        private final Map<Path, Object> known = new ConcurrentHashMap<>();
        private boolean isUnknown;
        private boolean isMoving;
        private volatile boolean isTouched;
        private volatile boolean areTold = true;

        /** Listens to a folder from now on, if it is there; to the one that is there now, if it was replaced. */
        public void add(Path folder) {
            try {
                Object identity = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
                if (areTold && !identity.equals(known.put(folder, identity))) register(folder);
            } catch (NoSuchFileException e) {
                known.remove(folder);
            } catch (IOException | ClosedWatchServiceException e) {
                areTold = false;
            }
        }

        private void register(Path folder) throws IOException {
            Path parent = folder.getParent();
            boolean isTold = parent != null && known.containsKey(parent)
                    || TOLD.contains(Files.getFileStore(folder).type());
            areTold = isTold && listeners.size() < MOST_FOLDERS;
            WatchKey key = folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY);
            listeners.computeIfAbsent(key, each -> ConcurrentHashMap.newKeySet()).add(new Listener(this, folder));
        }

        private void lose(Path folder) {
            known.remove(folder);
            mistrust();
        }

        /** False once there were too many folders, or one of a kind that the system tells nothing of. */
        public boolean areTold() {
            return areTold;
        }

        /** Those that are listened to. */
        public Set<Path> paths() {
            return known.keySet();
        }

        /** Whether something that has happened in them was taken note of. */
        public boolean areTouched() {
            return isTouched;
        }

        /** Whether it is sure that nothing has happened in them before this call that was not taken note of. */
        public boolean areUntouched() {
            return !isTouched && hear() && !isTouched;
        }

        private void touch(Path path) {
            synchronized (touched) {
                touched.add(path);
                isMoving = true;
                isTouched = true;
            }
        }

        /** Takes anything for possible. */
        public void mistrust() {
            synchronized (touched) {
                isUnknown = true;
                isTouched = true;
            }
        }

        /** Whether something has happened, but nothing since this was asked last. */
        public boolean haveSettled() {
            synchronized (touched) {
                boolean hasSettled = isTouched && !isMoving;
                isMoving = false;
                return hasSettled;
            }
        }

        /** What has happened since the last take. */
        public Changes take() {
            if (!hear()) mistrust();
            synchronized (touched) {
                Changes changes = new Changes(Set.copyOf(touched), isUnknown);
                touched.clear();
                isUnknown = false;
                isTouched = false;
                return changes;
            }
        }
    }
}
