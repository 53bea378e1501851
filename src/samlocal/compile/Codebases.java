package samlocal.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import samlocal.files.FileEvents;

/**
 * All code that a server runs. While {@link #follow()} runs, what is saved is compiled before anybody asks for it,
 * and on Linux a request learns from the system's events that nothing has changed, without a look at the files.
 */
public final class Codebases implements AutoCloseable {
    private static final long TICK_MILLIS = 20;
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
        try (FileEvents events = FileEvents.open()) {
            while (!isClosed) {
                Thread.sleep(TICK_MILLIS);
                events.poll();
                all.values().forEach(each -> each.keepUp(events));
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** Ends following, and keeps on disk what the next start can begin with. */
    @Override public void close() {
        isClosed = true;
        all.values().forEach(Codebase::store);
    }
}
