package samlocal.terminal;

import samlocal.base.Place;

/** A source line as it is shown: at most so many columns of it, and where the carets go below it. */
record Excerpt(String source, int before, int marked) {
    private static final String CUT = "...";

    static Excerpt of(Place place, int columns) {
        String line = place.source();
        int start = Math.min(Math.max(place.column() - 1, 0), line.length());
        int end = Math.min(line.length(), start + Math.max(1, place.length()));
        String source = Text.clean(line.substring(0, start)) + Text.clean(line.substring(start, end));
        int before = Text.width(Text.clean(line.substring(0, start)));
        int marked = Math.max(1, Text.width(source) - before);
        return new Excerpt(source + Text.clean(line.substring(end)), before, marked).within(columns);
    }

    /** Moves what is marked into view. */
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
