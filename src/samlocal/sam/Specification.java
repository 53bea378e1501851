package samlocal.sam;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import samlocal.base.Resource;

/** The tables of {@code specification.txt}: what templates may have, as AWS documents it. */
final class Specification {
    private static final String TEXT = Resource.text(Specification.class, "specification.txt");

    private Specification() {
    }

    /** The names of a kind, such as {@code globals}, each with its words, in the order of the file. */
    static Map<String, Set<String>> of(String kind) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        TEXT.lines().filter(line -> line.startsWith(kind + " ")).forEach(line -> {
            String[] row = line.substring(kind.length() + 1).split(": ?", 2);
            table.put(row[0], new LinkedHashSet<>(row[1].isEmpty() ? List.of() : List.of(row[1].split(" "))));
        });
        return Collections.unmodifiableMap(table);
    }
}
