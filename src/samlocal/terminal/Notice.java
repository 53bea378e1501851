package samlocal.terminal;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A report of a running server: a block of text for people, an object for programs.
 *
 * @param event the kind of report, such as {@code request}
 * @param fields JSON fields besides time, level and event, in order
 * @param text ends with a line break
 */
public record Notice(Level level, String event, Supplier<Map<String, Object>> fields, Supplier<String> text) {
    /** The severity; the names are those of {@code --log json}. */
    public enum Level {
        info, warn, error
    }

    /** Reported even with {@code --quiet}. */
    private static final Set<String> ALWAYS = Set.of("start", "log");

    boolean isQuiet() {
        return level != Level.info || ALWAYS.contains(event);
    }
}
