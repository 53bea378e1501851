package samlocal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import samlocal.base.Program;
import samlocal.terminal.Console;
import samlocal.terminal.Table;
import samlocal.terminal.Text;

/** Lays out the start screen for the width of the terminal. */
record Screen(Console console) {
    private static final String INDENT = "  ";
    private static final Pattern URL = Pattern.compile("https?://[^\\s,]+");

    /** The start screen; with {@code --quiet}, only its last line. */
    String start(String template, Served served, long nanos) {
        String last = last(served, "edits apply when saved ");
        if (Text.width(last) > console.width()) last = last(served, "");
        String warnings = console.warnings(served.warnings());
        if (console.isQuiet()) return warnings + last;
        String notes = served.notes().stream().map(note -> INDENT + console.folded(note, 4) + "\n")
                .map(this::withUrls).collect(Collectors.joining());
        return head(template, nanos) + "\n\n" + table(served) + apart(notes) + apart(warnings) + "\n" + last;
    }

    /** The last line; scripts wait for its words in parentheses, which {@code sam local} prints too. */
    private String last(Served served, String words) {
        return "  \u2192 " + withUrls(served.address().url()) + "   " + words
                + "(Press CTRL+C to quit)";
    }

    private String head(String template, long nanos) {
        String name = "samlocal " + Program.VERSION;
        String ready = "ready in " + Console.millis(nanos);
        int left = Math.max(20, console.width() - name.length() - ready.length() - 6);
        return console.paint(Console.Style.BOLD, name) + "   " + Text.shortened(Text.clean(template), left) + "   "
                + ready;
    }

    private String withUrls(String text) {
        return URL.matcher(text).replaceAll(url -> Matcher.quoteReplacement(
                console.paint(Console.Style.HELP, url.group())));
    }

    private static String apart(String block) {
        return block.isEmpty() ? "" : "\n" + block;
    }

    private String table(Served served) {
        List<List<String>> rows = served.servesApis()
                ? served.routes().stream().map(route -> List.of(route.method(), served.shown(route), route.function(),
                        route.handler(), route.api().type())).toList()
                : served.project().functions().stream().map(function -> List.of("invoke", function.id(),
                        function.handler())).toList();
        if (rows.isEmpty()) return INDENT + (served.servesApis() ? "no routes\n" : "no functions\n");
        return fitting(rows, served.servesApis()
                ? List.of(Console.Style.BOLD, Console.Style.PLAIN, Console.Style.PLAIN, Console.Style.DIM,
                        Console.Style.DIM)
                : List.of(Console.Style.BOLD, Console.Style.PLAIN, Console.Style.DIM));
    }

    /** On a narrow terminal, handlers lose their packages, then columns after the second are dropped. */
    private String fitting(List<List<String>> rows, List<Console.Style> styles) {
        int columns = styles.size();
        List<List<String>> clean = rows.stream().map(row -> row.stream().map(Text::clean).toList()).toList();
        List<UnaryOperator<List<String>>> steps = List.of(row -> row, Screen::withoutPackages,
                row -> withoutPackages(row).subList(0, Math.max(3, columns - 1)),
                row -> row.subList(0, Math.min(3, columns)));
        for (UnaryOperator<List<String>> step : steps) {
            String text = painted(clean.stream().map(step).toList(), styles);
            if (text.lines().allMatch(line -> Text.width(line) <= console.width())) return text;
        }
        return cut(clean, styles);
    }

    /** Fits the second and third column into the remaining width; the third is kept whole if it fits in half of it. */
    private String cut(List<List<String>> rows, List<Console.Style> styles) {
        int first = Table.width(rows, 0);
        int room = console.width() - INDENT.length() - first - 4;
        int second = Math.max(room / 2, room - Table.width(rows, 2));
        return painted(rows.stream().map(row -> List.of(row.get(0), Text.shortened(row.get(1), second),
                Text.shortened(row.get(2), Math.max(room / 2, room - second)))).toList(), styles);
    }

    private String painted(List<List<String>> rows, List<Console.Style> styles) {
        return Table.of(rows.stream().map(row -> IntStream.range(0, row.size())
                .mapToObj(i -> console.paint(styles.get(i), row.get(i))).toList()).toList(), INDENT);
    }

    private static List<String> withoutPackages(List<String> row) {
        List<String> shorter = new ArrayList<>(row);
        int handler = row.size() == 3 ? 2 : 3;
        shorter.set(handler, row.get(handler).replaceFirst("^([\\p{javaLowerCase}\\d_]+\\.)+", ""));
        return shorter;
    }
}
