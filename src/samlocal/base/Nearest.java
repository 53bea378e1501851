package samlocal.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that is nearest to a misspelled one, by edit distance. */
public final class Nearest {
    private Nearest() {
    }

    /**
     * The candidate that differs in the fewest letters; among equals, one that starts with the name. It differs in at
     * most two letters or a third of them, and in less than half of a name of more than two.
     */
    public static Optional<String> to(String name, Collection<String> candidates) {
        int most = name.length() <= 2 ? name.length() / 2
                : Math.min(Math.max(2, name.length() / 3), (name.length() - 1) / 2);
        return candidates.stream()
                .filter(candidate -> distance(name, candidate) <= most)
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(candidate -> !candidate.startsWith(name)));
    }

    /** A hint that suggests a candidate. */
    public static String hint(String candidate) {
        return "did you mean `" + candidate + "`?";
    }

    /** A hint that suggests the nearest candidate, or null if none is near. */
    public static String hint(String name, Collection<String> candidates) {
        return hint(name, candidates, null);
    }

    /** A hint that suggests the nearest candidate, or {@code otherwise} if none is near. */
    public static String hint(String name, Collection<String> candidates, String otherwise) {
        return to(name, candidates).map(Nearest::hint).orElse(otherwise);
    }

    /** The number of letters that are added, removed, changed, or swapped with their neighbour. */
    private static int distance(String a, String b) {
        int[][] least = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) least[i][j] = i == 0 || j == 0 ? i + j : step(a, i, b, j, least);
        }
        return least[a.length()][b.length()];
    }

    private static int step(String a, int i, String b, int j, int[][] least) {
        int change = least[i - 1][j - 1] + (lower(a, i) == lower(b, j) ? 0 : 1);
        int one = Math.min(change, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
        boolean isSwapped = i > 1 && j > 1 && lower(a, i) == lower(b, j - 1) && lower(a, i - 1) == lower(b, j);
        return isSwapped ? Math.min(one, 1 + least[i - 2][j - 2]) : one;
    }

    private static char lower(String text, int position) {
        return Character.toLowerCase(text.charAt(position - 1));
    }
}
