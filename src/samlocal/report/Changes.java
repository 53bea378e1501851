package samlocal.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.sam.Backend;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Route;

/** Names of routes and functions by what a reload did to them, and warnings that are new. */
public record Changes(List<String> added, List<String> removed, List<String> changed, List<Problem> warnings) {
    private static final int MOST = 3;

    public static Changes between(Served before, Served after) {
        Map<String, Object> old = parts(before);
        Map<String, Object> now = parts(after);
        return new Changes(now.keySet().stream().filter(name -> !old.containsKey(name)).toList(),
                old.keySet().stream().filter(name -> !now.containsKey(name)).toList(),
                now.keySet().stream().filter(old::containsKey)
                        .filter(name -> !isSame(old.get(name), now.get(name))).toList(),
                after.warnings().stream().filter(warning -> before.warnings().stream()
                        .noneMatch(known -> known.message().equals(warning.message()))).toList());
    }

    private static Map<String, Object> parts(Served served) {
        Map<String, Object> parts = new LinkedHashMap<>();
        served.routes().forEach(route -> parts.put(route.toString(), route));
        served.project().functions().forEach(function -> parts.put(function.id(), function));
        return parts;
    }

    private static boolean isSame(Object before, Object now) {
        if (before instanceof FunctionDefinition one && now instanceof FunctionDefinition other) {
            return one.isSameAs(other);
        }
        return before instanceof Route one && now instanceof Route other && parts(one).equals(parts(other));
    }

    /** All but its place; patterns are equal if they read the same. */
    private static List<Object> parts(Route route) {
        boolean isFunction = route.backend() instanceof Backend.Lambda;
        return Arrays.asList(route.api().toString(), isFunction ? route.backend() : route.backend().toString(),
                route.payload(), route.operation(), route.guard().toString(), route.checks());
    }

    @Override public String toString() {
        String all = Stream.of(words("added ", added), words("removed ", removed), words("changed ", changed))
                .filter(words -> !words.isEmpty()).collect(Collectors.joining("; "));
        return all.isEmpty() ? "nothing that is served has changed" : all;
    }

    private static String words(String verb, List<String> names) {
        if (names.isEmpty()) return "";
        int more = names.size() - MOST;
        return verb + names.stream().limit(MOST).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
