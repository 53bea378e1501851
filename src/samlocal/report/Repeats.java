package samlocal.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Remembers when a text was first printed: for a while, a repetition is only a short reminder. */
final class Repeats {
    private static final long WHILE = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST = 100;
    private final Map<List<String>, Told> first = new LinkedHashMap<>();

    private record Told(String time, long nanos) {
    }

    /** The time of day at which it was first printed, null if that is now. */
    synchronized String first(String what, String text, String now) {
        first.values().removeIf(told -> System.nanoTime() - told.nanos() > WHILE);
        if (first.size() >= MOST) first.clear();
        Told before = first.putIfAbsent(List.of(what, text), new Told(now, System.nanoTime()));
        return before == null ? null : before.time();
    }

    /** Whatever is printed about it next is new. */
    synchronized void forget(String what) {
        first.keySet().removeIf(key -> key.get(0).equals(what));
    }
}
