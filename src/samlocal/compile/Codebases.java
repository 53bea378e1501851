package samlocal.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** All code that a server runs. */
public final class Codebases implements AutoCloseable {
    private final Map<Codebase.Key, Codebase> all = new ConcurrentHashMap<>();
    private final Function<Codebase.Key, Codebase> maker;

    public Codebases(Function<Codebase.Key, Codebase> maker) {
        this.maker = maker;
    }

    public Codebase of(Codebase.Key key) {
        return all.computeIfAbsent(key, maker);
    }

    /** Called repeatedly in the background: compiles edits before a request needs them, and reports those. */
    public void keepUp(BiConsumer<Codebase, Codebase.Build> onEdit) {
        all.values().forEach(codebase -> codebase.keepUp(build -> onEdit.accept(codebase, build)));
    }

    /** Stores on disk what the next start can begin with. */
    @Override public void close() {
        all.values().forEach(Codebase::store);
    }
}
