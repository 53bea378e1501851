package samlocal.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Some files that are looked at again and again. */
public final class Watched {
    private volatile Map<Path, FileText> seen;

    public Watched(Collection<Path> files) {
        this.seen = look(files, Map.of());
    }

    /** What the files say now, and what folders among them are to those who watch them. */
    private static Map<Path, FileText> look(Collection<Path> files, Map<Path, FileText> known) {
        Map<Path, FileText> now = new HashMap<>();
        files.forEach(file -> now.put(file, look(file, known.get(file))));
        return now;
    }

    private static FileText look(Path file, FileText known) {
        Stamp stamp = stamp(file);
        try {
            return FileText.read(file, stamp, known);
        } catch (IOException e) {
            String folder = FileText.folder(file);
            return folder.isEmpty() ? new FileText(new Stamp(0, 0), true, "", true)
                    : new FileText(stamp, stamp.isSettled(), folder, true);
        }
    }

    /**
     * Runs a step if a text has changed since the last one; whoever asks meanwhile waits for it.
     *
     * @param step from the files that are watched, and those that have changed, to those watched from then on
     */
    public void ifChanged(BiFunction<Collection<Path>, List<Path>, Collection<Path>> step) {
        if (looksTheSame() || isUnchanged(look(seen.keySet(), seen))) return;
        synchronized (this) {
            Map<Path, FileText> now = look(seen.keySet(), seen);
            Collection<Path> files = isUnchanged(now) ? now.keySet() : step.apply(now.keySet(), changed(now));
            Map<Path, FileText> next = look(files, now);
            next.replaceAll((file, text) -> now.getOrDefault(file, text));
            seen = next;
        }
    }

    private static Stamp stamp(Path file) {
        return Objects.requireNonNullElse(Stamp.of(file), new Stamp(0, 0));
    }

    /** Told by stamps alone, as each request asks. */
    private boolean looksTheSame() {
        for (Map.Entry<Path, FileText> each : seen.entrySet()) {
            FileText text = each.getValue();
            if (!text.isSettled() || !text.stamp().equals(stamp(each.getKey()))) return false;
        }
        return true;
    }

    private boolean isUnchanged(Map<Path, FileText> now) {
        return changed(now).isEmpty();
    }

    private List<Path> changed(Map<Path, FileText> now) {
        Map<Path, FileText> before = seen;
        return now.keySet().stream().filter(file -> !before.containsKey(file)
                || !before.get(file).content().equals(now.get(file).content())).toList();
    }
}
