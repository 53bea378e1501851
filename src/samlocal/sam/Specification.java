package samlocal.sam;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import samlocal.base.Resource;

/** Reads the tables of {@code specification.txt}, which list what templates may contain. */
final class Specification {
    private static final String TEXT = Resource.text(Specification.class, "specification.txt");

    private Specification() {
    }

    /** The rows of a kind, such as {@code globals}: names and allowed words, in the order of the file. */
    static Map<String, Set<String>> of(String kind) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        TEXT.lines().filter(line -> line.startsWith(kind + " ")).forEach(line -> {
            String[] row = line.substring(kind.length() + 1).split(": ?", 2);
            table.put(row[0], new LinkedHashSet<>(row[1].isEmpty() ? List.of() : List.of(row[1].split(" "))));
        });
        return Collections.unmodifiableMap(table);
    }
}
