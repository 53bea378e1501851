package samlocal.terminal;

import java.util.ArrayList;
import java.util.List;
import samlocal.base.Place;

/** A source line cut to a number of columns, and the position of the carets below it. */
public record Excerpt(String source, int before, int marked) {
    private static final String CUT = "...";
    /** Columns of a source line if the terminal has no limit. */
    private static final int MOST = 500;

    /** The lines for a place: its name, its source line, and carets if the column is known. */
    public static List<String> block(Place place, Terminal terminal) {
        return block(place, terminal, Console.Style.PLAIN);
    }

    static List<String> block(Place place, Terminal terminal, Console.Style carets) {
        String number = String.valueOf(place.line());
        String gutter = " ".repeat(number.length()) + " |";
        List<String> lines = new ArrayList<>(List.of("  --> " + Text.clean(place.toString())));
        if (place.source().isBlank()) return lines;
        Excerpt excerpt = of(place, Math.min(terminal.width(), MOST) - number.length() - 3);
        lines.add(gutter);
        lines.add(number + " | " + excerpt.source());
        if (place.column() > 0) {
            lines.add(gutter + " " + " ".repeat(excerpt.before())
                    + terminal.paint(carets, "^".repeat(excerpt.marked())));
        }
        return lines;
    }

    private static Excerpt of(Place place, int columns) {
        String line = place.source();
        int start = Math.min(Math.max(place.column() - 1, 0), line.length());
        int end = Math.min(line.length(), start + Math.max(1, place.length()));
        String source = Text.clean(line.substring(0, start)) + Text.clean(line.substring(start, end));
        int before = Text.width(Text.clean(line.substring(0, start)));
        int marked = Math.max(1, Text.width(source) - before);
        return new Excerpt(source + Text.clean(line.substring(end)), before, marked).within(columns);
    }

    /** Cuts the line so that the marked part is visible. */
    private Excerpt within(int columns) {
        String shown = source.stripTrailing();
        int width = Text.width(shown);
        if (width <= columns) return new Excerpt(shown, before, Math.min(marked, Math.max(1, width - before)));
        boolean fitsLeft = before + marked <= columns - CUT.length();
        int from = fitsLeft ? 0 : Math.max(0, Math.min(before - columns / 3, width - columns));
        boolean hasRight = from + columns < width;
        String slice = Text.slice(shown, from + (from > 0 ? CUT.length() : 0),
                from + columns - (hasRight ? CUT.length() : 0));
        return new Excerpt((from > 0 ? CUT : "") + slice + (hasRight ? CUT : ""), before - from,
                Math.max(1, Math.min(marked, columns - (hasRight ? CUT.length() : 0) - (before - from))));
    }
}
