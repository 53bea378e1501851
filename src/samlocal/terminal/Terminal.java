package samlocal.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What standard output can show.
 *
 * @param arrow whether it can encode the one symbol that is not ASCII
 * @param width in columns, {@link #UNBOUNDED} where nothing is folded
 * @param rewrites whether lines that were printed can be replaced
 */
public record Terminal(boolean colour, boolean arrow, int width, boolean rewrites) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;
    /** Text alone, of any width. */
    public static final Terminal PLAIN = new Terminal(false, true, UNBOUNDED, false);
    /** Rows that every terminal has: what has more is not replaced. */
    private static final int MOST_ROWS = 20;
    /** A width that is not known: what fits here fits everywhere. */
    private static final int USUAL = 80;
    private static final int LEAST = 40;
    private static final long PATIENCE = 500;

    /** The one of this process; {@code when} is {@code always}, {@code never} or {@code auto}. */
    public static Terminal of(String when) {
        boolean colour = when.equals("always") || when.equals("auto") && takesColour();
        return new Terminal(colour, charset().newEncoder().canEncode('\u2192'), Math.max(LEAST, columns()),
                isOutput() && !variable("TERM").equals("dumb"));
    }

    /** A text in a style; unchanged without colours. */
    public String paint(Console.Style style, String text) {
        return colour && style != Console.Style.PLAIN && !text.isEmpty()
                ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** How many rows lines take that may be replaced later, 0 if they cannot be. */
    int rows(String lines) {
        int rows = rewrites ? lines.lines().mapToInt(line -> Math.max(0, Text.width(line) - 1) / width + 1).sum() : 0;
        return rows > MOST_ROWS ? 0 : rows;
    }

    /** Standard output: in UTF-8 for programs that read it, whatever the locale, for a terminal in its charset. */
    public static PrintStream output() {
        return isOutput() ? System.out
                : new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true, UTF_8);
    }

    /** That of {@link #output()}, which Java 17 does not tell by the property of later versions. */
    private static Charset charset() {
        if (!isOutput()) return UTF_8;
        String name = Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                .map(System::getProperty).filter(Objects::nonNull).findFirst().orElse("UTF-8");
        return Charset.forName(name);
    }

    /** Whether colour is wanted, by NO_COLOR, CLICOLOR_FORCE, TERM and the terminal itself. */
    private static boolean takesColour() {
        if (!variable("NO_COLOR").isEmpty()) return false;
        return !variable("CLICOLOR_FORCE").matches("0?") || isOutput() && !variable("TERM").equals("dumb");
    }

    private static String variable(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "");
    }

    /** Whether standard output is a terminal. From JDK 22 on there is a console without one, too. */
    static boolean isOutput() {
        if (System.console() == null) return false;
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** By COLUMNS, else by the terminal as it is now; what is read by a program has no width. */
    private static int columns() {
        int columns = number(variable("COLUMNS"));
        return columns > 0 ? columns : isOutput() ? ask() : UNBOUNDED;
    }

    private static int number(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    /** The JDK does not know the size of a terminal; {@code stty} prints rows and columns of its standard input. */
    private static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!stty.waitFor(PATIENCE, TimeUnit.MILLISECONDS)) stty.destroy();
            String size = new String(stty.getInputStream().readAllBytes(), UTF_8).strip();
            int columns = number(size.replaceFirst("\\d+ ", ""));
            return columns > 0 ? columns : USUAL;
        } catch (IOException | InterruptedException e) {
            return USUAL;
        }
    }
}
