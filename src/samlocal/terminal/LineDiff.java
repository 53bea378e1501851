package samlocal.terminal;

import java.util.ArrayList;
import java.util.List;

/** Compares two texts by lines and shows the changes with a few lines of context. */
public final class LineDiff {
    private static final int CONTEXT = 3;
    /** Maximum size of the table; for larger texts, all lines count as changed. */
    private static final int MOST_ENTRIES = 4_000_000;

    private LineDiff() {
    }

    /**
     * The lines to show: {@code "- "} precedes lines of the first text only, {@code "+ "} lines of the second only, two
     * blanks lines of both; {@code ...} stands for omitted equal lines.
     */
    public static List<String> of(String before, String after) {
        List<String> all = merged(before.lines().toList(), after.lines().toList());
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean isNear = all.subList(Math.max(0, i - CONTEXT), Math.min(all.size(), i + CONTEXT + 1)).stream()
                    .anyMatch(line -> !line.startsWith(" "));
            if (isNear) shown.add(all.get(i));
            else if (shown.isEmpty() || !shown.get(shown.size() - 1).equals("...")) shown.add("...");
        }
        return shown;
    }

    private static List<String> merged(List<String> before, List<String> after) {
        int[][] common = common(before, after);
        List<String> merged = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean isInBoth = common.length > 0 && i < before.size() && j < after.size()
                    && before.get(i).equals(after.get(j));
            boolean isRemoved = j == after.size() || i < before.size() && common.length > 0
                    && common[i + 1][j] >= common[i][j + 1] || common.length == 0 && i < before.size();
            if (isInBoth) {
                merged.add("  " + before.get(i++));
                j++;
            } else if (isRemoved) {
                merged.add("- " + before.get(i++));
            } else {
                merged.add("+ " + after.get(j++));
            }
        }
        return merged;
    }

    /** How many lines the rests of both texts have in common, from each line on; empty if the texts are too long. */
    private static int[][] common(List<String> before, List<String> after) {
        if ((long) before.size() * after.size() > MOST_ENTRIES) return new int[0][];
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j)) ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
