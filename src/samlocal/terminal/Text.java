package samlocal.terminal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pure functions: the width of a text in columns, and texts without characters that affect the terminal. */
public final class Text {
    private static final String TAB = "    ";
    private static final String CUT = "...";
    /** Characters that take two columns (Unicode Standard Annex 11, East Asian Wide and Fullwidth; emoji). */
    private static final int[] WIDE = {0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00,
        0x9FFF, 0xA000, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF01, 0xFF60,
        0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1FAFF, 0x20000, 0x3FFFD};
    /** Colours and other styles ("Select Graphic Rendition" of ECMA-48), which do not move the cursor. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[([0-9;:]*)m");
    private static final Pattern RESET = Pattern.compile("0*");

    private Text() {
    }

    /** The width of a clean text, which may have colours. */
    public static int width(String text) {
        if (isPlain(text)) return text.length();
        String plain = text.indexOf('\u001b') < 0 ? text : COLOUR.matcher(text).replaceAll("");
        return plain.codePoints().map(Text::width).sum();
    }

    private static int width(int character) {
        if (character < 0x300) return 1;
        int type = Character.getType(character);
        boolean isMark = type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
        if (isMark || type == Character.FORMAT) return 0;
        for (int i = 0; i < WIDE.length; i += 2) {
            if (character >= WIDE[i] && character <= WIDE[i + 1]) return 2;
        }
        return 1;
    }

    /** One line with tabs as four blanks, and with characters that move the cursor or change the direction escaped. */
    public static String clean(String text) {
        return clean(text, TAB);
    }

    private static String clean(String text, String tab) {
        if (isPlain(text)) return text;
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character == '\t') clean.append(tab);
            else if (isShown(character)) clean.appendCodePoint(character);
            else clean.append(String.format("\\u%04x", character));
        });
        return clean.toString();
    }

    /** Whether a text is printable ASCII, as nearly all are. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7F) return false;
        }
        return true;
    }

    private static boolean isShown(int character) {
        if (character == 0x200D) return true; // joins emoji
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A function's output with a mark before each line; its colours are kept and reset after the last line. */
    public static String marked(String text, String mark) {
        StringBuilder marked = new StringBuilder();
        String colours = "";
        for (String line : text.lines().toList()) {
            marked.append(marked.isEmpty() ? "" : "\n").append(mark).append(colours);
            int start = 0;
            Matcher colour = COLOUR.matcher(line);
            while (colour.find()) {
                marked.append(clean(line.substring(start, colour.start()), "\t")).append(colour.group());
                colours = RESET.matcher(colour.group(1)).matches() ? "" : colours + colour.group();
                start = colour.end();
            }
            marked.append(clean(line.substring(start), "\t")).append(colours.isEmpty() ? "" : "\u001b[0m");
        }
        return marked.toString();
    }

    /** A clean text in lines of at most so many columns, wrapped between words if possible. */
    public static String folded(String text, int columns) {
        if (width(text) <= columns) return text;
        StringBuilder folded = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            int width = width(word);
            boolean fits = column == 0 || column + 1 + width <= columns;
            folded.append(column == 0 ? "" : fits ? " " : "\n").append(word);
            column = fits && column > 0 ? column + 1 + width : width;
        }
        return folded.toString();
    }

    /** The part of a clean text between two columns; half of a wide character becomes a blank. */
    static String slice(String text, int from, int to) {
        StringBuilder slice = new StringBuilder();
        int column = 0;
        for (int character : text.codePoints().toArray()) {
            int end = column + width(character);
            if (column >= from && end <= to) slice.appendCodePoint(character);
            else if (end > from && column < to) slice.append(' ');
            column = end;
        }
        return slice.toString();
    }

    /** A clean text shortened to a number of columns by omitting its middle. */
    public static String shortened(String text, int columns) {
        int width = width(text);
        if (width <= columns) return text;
        int head = (columns - CUT.length()) / 2;
        return slice(text, 0, head) + CUT + slice(text, width - (columns - CUT.length() - head), width);
    }

    /** A clean text padded with blanks to a width. */
    public static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }
}
