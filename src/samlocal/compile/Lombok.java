package samlocal.compile;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.dependencies.Builds;
import samlocal.dependencies.Library;
import samlocal.dependencies.BuildModel;
import samlocal.files.Jar;

/** Lombok uses compiler internals, so each Java release needs a recent version: one that is too old is replaced. */
final class Lombok {
    private static final Pattern JAR = Pattern.compile("lombok-1\\.(\\d+)\\.(\\d+)\\.jar");
    /** The first 1.18 release that runs on each Java release and later ones (Project Lombok, "Changelog"). */
    private static final NavigableMap<Integer, Integer> FIRST = Collections.unmodifiableNavigableMap(
            new TreeMap<>(Map.of(17, 22, 18, 24, 20, 26, 21, 30, 22, 32, 23, 36, 24, 38, 25, 40)));
    private final Builds builds;

    Lombok(Builds builds) {
        this.builds = builds;
    }

    /** The replacement of a library for the compiler; the library itself if it needs none or none is available. */
    Jar fitting(Jar library) {
        String name = library.path().getFileName().toString();
        if (!isTooOld(name, Runtime.version().feature())) return library;
        BuildModel found = builds.libraries(List.of(Library.LOMBOK), "Lombok");
        if (!found.problems().isEmpty()) return library;
        Path fitting = found.libraries().runtime().get(0);
        builds.note(name + " does not run on Java " + Runtime.version().feature() + "; using " + fitting.getFileName());
        return Jar.of(fitting);
    }

    static boolean isTooOld(String file, int java) {
        Matcher version = JAR.matcher(file);
        return version.matches() && FIRST.floorKey(java) != null && (Integer.parseInt(version.group(1)) < 18
                || Integer.parseInt(version.group(2)) < FIRST.floorEntry(java).getValue());
    }
}
