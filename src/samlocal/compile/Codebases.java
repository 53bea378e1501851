package samlocal.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codebases of a server. */
public final class Codebases implements AutoCloseable {
    private final Map<Codebase.Key, Codebase> all = new ConcurrentHashMap<>();
    private final Function<Codebase.Key, Codebase> maker;

    public Codebases(Function<Codebase.Key, Codebase> maker) {
        this.maker = maker;
    }

    public Codebase of(Codebase.Key key) {
        return all.computeIfAbsent(key, maker);
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
