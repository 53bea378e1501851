package samlocal.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Remembers when a text was first printed, so that repetitions within a period are shortened. */
final class Repeats {
    private static final long WHILE = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST = 100;
    private final Map<List<String>, Printed> first = new LinkedHashMap<>();

    private record Printed(String time, long nanos) {
    }

    /** The time of day at which the text was first printed, null if it is new. */
    synchronized String first(String what, String text, String now) {
        first.values().removeIf(printed -> System.nanoTime() - printed.nanos() > WHILE);
        if (first.size() >= MOST) first.clear();
        Printed before = first.putIfAbsent(List.of(what, text), new Printed(now, System.nanoTime()));
        return before == null ? null : before.time();
    }

    /** Forgets a subject, so that its next text counts as new. */
    synchronized void forget(String what) {
        first.keySet().removeIf(key -> key.get(0).equals(what));
    }
}
