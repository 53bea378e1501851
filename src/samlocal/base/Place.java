package samlocal.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place in a file of the user's.
 *
 * @param lines all lines of that file, shared by its places
 * @param line counted from 1, 0 where only the file is known
 * @param column counted from 1, a tab is one; 0 where only the line is known
 * @param length how many characters a caret marks
 */
public record Place(String file, List<String> lines, int line, int column, int length) {
    /** The whole of a file, where no part of it is meant. */
    public static Place of(Path path) {
        return new Place(display(path), List.of(), 0, 0, 0);
    }

    /** The lines of a regular file in UTF-8, none if it cannot be read. */
    public static List<String> lines(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.readString(path).lines().toList() : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A part of a text that was read from a file, by its offset. */
    public static Place at(Path path, String text, int offset, int length) {
        return at(display(path), text, offset, length);
    }

    /** The same by the name of the file in messages. */
    public static Place at(String file, String text, int offset, int length) {
        String before = text.substring(0, Math.min(offset, text.length()));
        int line = (int) before.chars().filter(each -> each == '\n').count() + 1;
        return new Place(file, text.lines().toList(), line, before.length() - before.lastIndexOf('\n'), length);
    }

    /** A path as a person would type it here: relative where it lies below the working folder. */
    public static String display(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        boolean isBelow = absolute.startsWith(here) && !absolute.equals(here);
        return (isBelow ? here.relativize(absolute) : absolute).toString();
    }

    /** The source line, or an empty text. */
    public String source() {
        return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    }

    /** The line below the source line: carets under what is meant, tabs kept so that they stand there; may be empty. */
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
