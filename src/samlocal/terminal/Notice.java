package samlocal.terminal;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A report of a running server: a block of text for people, an object for programs.
 *
 * @param event what it is about, such as {@code request}
 * @param fields in the order in which they are written, besides time, level and event
 * @param text ends where the next block may begin
 */
public record Notice(Level level, String event, Supplier<Map<String, Object>> fields, Supplier<String> text) {
    /** How bad it is; the words are those of {@code --log json}. */
    public enum Level {
        info, warn, error
    }

    /** Reported even with {@code --quiet}. */
    private static final Set<String> ALWAYS = Set.of("start", "log");

    boolean isQuiet() {
        return level != Level.info || ALWAYS.contains(event);
    }
}
