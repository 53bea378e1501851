package samlocal.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.sam.Backend;

/** The routes and functions that a reload added, removed or changed, and new warnings. */
public record Changes(List<String> added, List<String> removed, List<String> changed, List<Problem> warnings) {
    private static final int MOST = 3;

    public static Changes between(Served before, Served after) {
        Map<String, Object> old = parts(before);
        Map<String, Object> now = parts(after);
        return new Changes(now.keySet().stream().filter(name -> !old.containsKey(name)).toList(),
                old.keySet().stream().filter(name -> !now.containsKey(name)).toList(),
                now.keySet().stream().filter(name -> old.containsKey(name) && !old.get(name).equals(now.get(name)))
                        .toList(),
                after.warnings().stream().filter(warning -> before.warnings().stream()
                        .noneMatch(known -> known.message().equals(warning.message()))).toList());
    }

    /** Routes and functions by name, without their places; patterns are equal if their text is. */
    private static Map<String, Object> parts(Served served) {
        Map<String, Object> parts = new LinkedHashMap<>();
        served.routes().forEach(route -> parts.put(route.toString(), Arrays.asList(route.api().toString(),
                route.backend() instanceof Backend.Lambda ? route.backend() : route.backend().toString(),
                route.payload(), route.declaration().operation(), route.guard().toString(),
                route.declaration().checks())));
        served.project().functions().forEach(function -> parts.put(function.id(), Arrays.asList(function.identity(),
                function.source(), function.settings(), function.overrides(), function.qualifiers(),
                function.unsupported())));
        return parts;
    }

    @Override public String toString() {
        String all = Stream.of(words("added ", added), words("removed ", removed), words("changed ", changed))
                .filter(words -> !words.isEmpty()).collect(Collectors.joining("; "));
        return all.isEmpty() ? "no changes to served resources" : all;
    }

    private static String words(String verb, List<String> names) {
        if (names.isEmpty()) return "";
        int more = names.size() - MOST;
        return verb + names.stream().limit(MOST).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
