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
 * The capabilities of standard output.
 *
 * @param arrow whether it can encode the only symbol that is not ASCII
 * @param width in columns, {@link #UNBOUNDED} if nothing is wrapped
 * @param rewrites whether printed lines can be replaced
 */
public record Terminal(boolean colour, boolean arrow, int width, boolean rewrites) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;
    /** Plain text of any width. */
    public static final Terminal PLAIN = new Terminal(false, true, UNBOUNDED, false);
    /** Rows that every terminal has; longer reports are not replaced. */
    private static final int MOST_ROWS = 20;
    /** Used if the width is unknown; every terminal has this many columns. */
    private static final int USUAL = 80;
    private static final int LEAST = 40;
    private static final long PATIENCE = 500;

    /** The terminal of this process; {@code when} is {@code always}, {@code never} or {@code auto}. */
    public static Terminal of(String when) {
        boolean colour = when.equals("always") || when.equals("auto") && takesColour();
        return new Terminal(colour, charset().newEncoder().canEncode('\u2192'), Math.max(LEAST, columns()),
                isOutput() && !variable("TERM").equals("dumb"));
    }

    /** A text in a style; unchanged if colours are off. */
    public String paint(Console.Style style, String text) {
        return colour && style != Console.Style.PLAIN && !text.isEmpty()
                ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** How many rows the lines take on the terminal, 0 if they cannot be replaced later. */
    int rows(String lines) {
        int rows = rewrites ? lines.lines().mapToInt(line -> Math.max(0, Text.width(line) - 1) / width + 1).sum() : 0;
        return rows > MOST_ROWS ? 0 : rows;
    }

    /** Standard output: in UTF-8 for programs, independent of the locale, and in a terminal's own charset. */
    public static PrintStream output() {
        return isOutput() ? System.out
                : new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true, UTF_8);
    }

    /** The charset of {@link #output()}; Java 17 lacks the system property of later versions. */
    private static Charset charset() {
        if (!isOutput()) return UTF_8;
        String name = Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                .map(System::getProperty).filter(Objects::nonNull).findFirst().orElse("UTF-8");
        return Charset.forName(name);
    }

    /** Whether to use colours, from NO_COLOR, CLICOLOR_FORCE, TERM and the terminal itself. */
    private static boolean takesColour() {
        if (!variable("NO_COLOR").isEmpty()) return false;
        return !variable("CLICOLOR_FORCE").matches("0?") || isOutput() && !variable("TERM").equals("dumb");
    }

    private static String variable(String name) {
        return Objects.requireNonNullElse(System.getenv(name), "");
    }

    /** Whether standard output is a terminal. From JDK 22 on, System.console() is not null without one. */
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

    /** The width: COLUMNS, else that of the terminal now; unbounded if the output is not a terminal. */
    private static int columns() {
        int columns = number(variable("COLUMNS"));
        return columns > 0 ? columns : isOutput() ? ask() : UNBOUNDED;
    }

    private static int number(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    /** Asks {@code stty} for the size of the terminal on its standard input; the JDK does not provide it. */
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
