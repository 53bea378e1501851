package samlocal.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** All code that a server runs. While {@link #follow()} runs, edits are compiled before a request needs them. */
public final class Codebases implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;
    private final Map<Codebase.Key, Codebase> all = new ConcurrentHashMap<>();
    private final Function<Codebase.Key, Codebase> maker;
    private volatile boolean isClosed;

    public Codebases(Function<Codebase.Key, Codebase> maker) {
        this.maker = maker;
    }

    public Codebase of(Codebase.Key key) {
        return all.computeIfAbsent(key, maker);
    }

    /** Looks for changes until this is closed. */
    public void follow() {
        try {
            while (!isClosed) {
                Thread.sleep(PAUSE_MILLIS);
                all.values().forEach(Codebase::keepUp);
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** Ends following, and stores on disk what the next start can begin with. */
    @Override public void close() {
        isClosed = true;
        all.values().forEach(Codebase::store);
    }
}
