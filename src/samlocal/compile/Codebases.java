package samlocal.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codebases of a server. */
public final class Codebases implements AutoCloseable {
    private final Map<Codebase.Key, Codebase> all = new ConcurrentHashMap<>();

    /** The codebase of a key, which is created if there is none. */
    public Codebase of(Codebase.Key key, Function<Codebase.Key, Codebase> maker) {
        return all.computeIfAbsent(key, maker);
    }

    /** An existing codebase. */
    public Codebase get(Codebase.Key key) {
        return all.get(key);
    }

    /** Called repeatedly in the background: compiles and reports edits before a request needs them. */
    public void keepUp(BiConsumer<Codebase, Codebase.Build> onEdit) {
        all.values().forEach(codebase -> codebase.keepUp(build -> onEdit.accept(codebase, build)));
    }

    /** Stores the newest builds on disk for the next start. */
    @Override public void close() {
        all.values().forEach(Codebase::store);
    }
}
