package samlocal.terminal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lays out rows in columns, for people, grep and awk. */
public final class Table {
    /** A last column that would be narrower is below the row. */
    private static final int LEAST_FOLDED = 40;

    private Table() {
    }

    /** One indented line per row, with columns as wide as their longest cell and two blanks between them. */
    public static String of(List<List<String>> rows, String indent) {
        return rows.stream().map(row -> (indent + padded(rows, row, row.size())).stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    /** A table of limited width: the last cell is wrapped, on the lines below its row if there is little space. */
    public static String of(List<List<String>> rows, int columns) {
        int last = rows.get(0).size() - 1;
        int start = Text.width(padded(rows, rows.get(0), last));
        boolean isBeside = columns - start >= LEAST_FOLDED;
        String margin = " ".repeat(isBeside ? start : 4);
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            String head = padded(rows, row, last);
            String cell = Text.folded(row.get(last), columns - margin.length()).replace("\n", "\n" + margin);
            String beneath = head.isBlank() ? margin + cell : head.stripTrailing() + "\n" + margin + cell;
            text.append((isBeside ? head + cell : beneath).stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String padded(List<List<String>> rows, List<String> row, int count) {
        return IntStream.range(0, count).mapToObj(column -> Text.padded(row.get(column), width(rows, column) + 2))
                .collect(Collectors.joining());
    }

    public static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> Text.width(row.get(column))).max().orElse(0);
    }
}
