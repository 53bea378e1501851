package samlocal.files;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a step when a file or folder that the last step read has changed: each call compares stamps with those from
 * before the reading, and reads files again if they differ or are too recent to be trusted.
 */
public final class Watched {
    private volatile Map<Path, FileText> seen;

    /** Nothing is watched yet: the first call runs its step. */
    public Watched() {
    }

    /** Watches paths as if a step had just read them. */
    public Watched(Collection<Path> paths) {
        Look look = new Look(Map.of());
        look.addAll(paths);
        seen = look.watched;
    }

    /** Whether everything is certainly unchanged since the last step. */
    public boolean isUnchanged() {
        Map<Path, FileText> known = seen;
        if (known == null) return false;
        for (Map.Entry<Path, FileText> each : known.entrySet()) {
            if (!each.getValue().isCurrent(each.getKey())) return false;
        }
        return true;
    }

    /** Runs a step if something has changed, while other callers wait. If it throws, the next call runs it again. */
    public void ifChanged(Consumer<Look> step) {
        if (!isUnchanged()) look(step, false);
    }

    /** Runs a step unconditionally. */
    public void run(Consumer<Look> step) {
        look(step, true);
    }

    private synchronized void look(Consumer<Look> step, boolean always) {
        Look look = new Look(seen == null ? Map.of() : seen);
        if (always || seen == null || !look.changed().isEmpty()) step.accept(look);
        else look.keepAll();
        seen = look.watched;
    }

    /** The files and folders that a step reads; they are then watched. */
    public static final class Look {
        private final Map<Path, FileText> before;
        private final Map<Path, FileText> now = new HashMap<>();
        private final Map<Path, FileText> watched = new HashMap<>();

        private Look(Map<Path, FileText> before) {
            this.before = before;
            before.forEach((path, text) -> now.put(path, text.again(path)));
        }

        /** The files and folders that have changed since the last step read them. */
        public Set<Path> changed() {
            return before.keySet().stream().filter(path -> !before.get(path).isSameAs(now.get(path)))
                    .collect(Collectors.toSet());
        }

        /** The text of a file, or the names in a folder. */
        public FileText text(Path path) {
            FileText known = now.get(path);
            FileText text = known != null && known.content() != null ? known : FileText.read(path, null);
            now.put(path, text);
            watched.put(path, text);
            return text;
        }

        /** The stamp of a file of which only the stamp is compared; null if it does not exist. */
        public Stamp stamp(Path file) {
            FileText known = now.computeIfAbsent(file, FileText::unread);
            watched.putIfAbsent(file, known);
            return known.stamp();
        }

        /** Watches files and folders that are read by other means. */
        public void addAll(Collection<Path> paths) {
            paths.forEach(this::text);
        }

        /** Keeps watching everything that was watched before. */
        public void keepAll() {
            before.keySet().forEach(path -> watched.putIfAbsent(path, now.get(path)));
        }
    }
}
