package samlocal.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place in a user's file.
 *
 * @param lines all lines of the file, shared by its places
 * @param line counted from 1; 0 if only the file is known
 * @param column counted from 1, a tab counts as one; 0 if only the line is known
 * @param length how many characters carets mark
 */
public record Place(String file, List<String> lines, int line, int column, int length) {
    /** A whole file. */
    public static Place of(Path path) {
        return new Place(display(path), List.of(), 0, 0, 0);
    }

    /** The lines of a regular file in UTF-8; empty if it cannot be read. */
    public static List<String> lines(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.readString(path).lines().toList() : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A part of a text that was read from a file, by offset. */
    public static Place at(Path path, String text, int offset, int length) {
        return at(display(path), text, offset, length);
    }

    /** A part of a text, by offset; {@code file} is its name in messages. */
    public static Place at(String file, String text, int offset, int length) {
        String before = text.substring(0, Math.min(offset, text.length()));
        int line = (int) before.chars().filter(each -> each == '\n').count() + 1;
        return new Place(file, text.lines().toList(), line, before.length() - before.lastIndexOf('\n'), length);
    }

    /** A path as users would type it: relative if it is below the working folder. */
    public static String display(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        boolean isBelow = absolute.startsWith(here) && !absolute.equals(here);
        return (isBelow ? here.relativize(absolute) : absolute).toString();
    }

    /** The source line, or an empty string. */
    public String source() {
        return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    }

    /** The line below the source line: carets under the marked part, with tabs kept for alignment; may be empty. */
    public String caret() {
        if (column == 0) return "";
        String source = source();
        String before = source.substring(0, Math.min(column - 1, source.length())).replaceAll("[^\t]", " ");
        return before + "^".repeat(Math.max(1, Math.min(length, source.length() - before.length())));
    }

    @Override public String toString() {
        return line == 0 ? file : file + ":" + line + (column == 0 ? "" : ":" + column);
    }
}
