///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Creates the images of the documentation from real runs
//SOURCES ../ServerLocal.java
//SOURCES ../tests/support/Chromium.java

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Run from the checkout: {@code ./jbang bench/Picture.java}. Serves a copy of examples/todo-api in color, as in a
 * terminal of {@link #COLUMNS} columns, sends some requests, breaks and fixes a source, and draws the output as
 * docs/terminal.svg. With the argument {@code inspector}, takes docs/inspector-light.png and -dark.png in a headless
 * Chromium instead; with a file, draws its text, which may have color escape sequences.
 */
public class Picture {
    private static final int COLUMNS = 88;
    private static final int SCREEN_WIDTH = 1180;
    private static final int SCREEN_HEIGHT = 600;
    private static final double WIDTH = 8.4;
    private static final int LINE = 20;
    private static final int MARGIN = 20;
    private static final int PATIENCE = 120;
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[([0-9;]*)m");
    private static final Map<String, String> COLOURS = Map.of("31", "#ff7b72", "32", "#7ee787", "33", "#e3b341", "36",
            "#79c0ff");

    public static void main(String[] arguments) throws Exception {
        boolean isGiven = arguments.length > 0;
        if (isGiven && arguments[0].equals("inspector")) {
            run(Picture::inspect, "--color", "never");
            return;
        }
        List<String> lines = isGiven ? Files.readAllLines(Path.of(arguments[0]))
                : run(Picture::story, "--color", "always", "--no-inspector");
        Path picture = Path.of(isGiven ? arguments[0] + ".svg" : "docs/terminal.svg");
        Files.writeString(picture, svg(lines));
        System.out.println(picture + ": " + lines.size() + " lines");
    }

    /** Actions on a server with this output and the folder that it serves. */
    private interface Session<T> {
        T follow(Output output, Path folder) throws Exception;
    }

    private static <T> T run(Session<T> session, String... options) throws Exception {
        Path folder = copy(Path.of("examples/todo-api"));
        List<String> command = new ArrayList<>(List.of(Path.of("jbang").toAbsolutePath().toString(),
                Path.of("ServerLocal.java").toAbsolutePath().toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("COLUMNS", String.valueOf(COLUMNS));
        Process server = builder.start();
        try {
            return session.follow(new Output(server), folder);
        } finally {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroy();
            delete(folder);
        }
    }

    private static List<String> story(Output output, Path folder) throws IOException, InterruptedException {
        output.await("CTRL");
        TimeUnit.SECONDS.sleep(8); // time for javac to warm up, which a person who looks around gives it too
        output.add("");
        send(output, "POST", "/todos", "{\"title\": \"buy milk\"}");
        send(output, "GET", "/todos/1", null);
        send(output, "GET", "/todo/1", null);
        Path source = folder.resolve("functions/src/main/java/todo/OneTodo.java");
        String good = Files.readString(source);
        Files.writeString(source, good.replace("todo.get().toJson()", "todo.get().toJsn()"));
        send(output, "GET", "/todos/1", null);
        Files.writeString(source, good.replace("Answer.json(200, todo.get().toJson())",
                "Answer.json(200, todo.get().toJson().strip())"));
        send(output, "GET", "/todos/1", null);
        Path template = folder.resolve("template.yaml");
        Files.writeString(template, Files.readString(template).replace("Path: '/todos/{id}/done', Method: put",
                "Path: '/todos/{id}/finish', Method: put"));
        send(output, "GET", "/todos/1", null);
        List<String> all = new ArrayList<>(List.of("$ samlocal"));
        all.addAll(output.lines);
        return all;
    }

    /** Some requests, the last one to a handler that throws; it is open in the images. */
    private static List<Path> inspect(Output output, Path folder) throws Exception {
        output.await("CTRL");
        TimeUnit.SECONDS.sleep(8);
        for (String title : List.of("buy milk", "call Ada", "water the plants")) {
            send(output, "POST", "/todos", "{\"title\": \"" + title + "\"}");
        }
        send(output, "GET", "/todos", null);
        send(output, "PUT", "/todos/2/done", null);
        send(output, "GET", "/todo/2", null);
        send(output, "POST", "/2015-03-31/functions/ListTodos/invocations", "{}");
        Path source = folder.resolve("functions/src/main/java/todo/OneTodo.java");
        Files.writeString(source, Files.readString(source).replaceFirst(" *if \\(todo.isEmpty.*\\R", ""));
        send(output, "GET", "/todos/1", null);
        send(output, "GET", "/todos/1000", null);
        List<Path> pictures = new ArrayList<>();
        try (Chromium chromium = new Chromium(Chromium.find().orElseThrow())) {
            chromium.resize(SCREEN_WIDTH, SCREEN_HEIGHT);
            for (String scheme : List.of("light", "dark")) {
                chromium.prefer(scheme);
                chromium.open("http://127.0.0.1:3000/_samlocal/#requests/9");
                chromium.until("document.querySelector('#panel .excerpt .here')");
                Path picture = Path.of("docs/inspector-" + scheme + ".png");
                Files.write(picture, chromium.picture());
                System.out.println(picture + ": " + Files.size(picture) / 1000 + " KB");
                pictures.add(picture);
            }
        }
        return pictures;
    }

    private static void send(Output output, String method, String path, String body) throws IOException,
            InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:3000" + path)).method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        output.settle();
    }

    /** The output of a process, line by line. */
    private static final class Output {
        private final List<String> lines = new ArrayList<>();
        private final LinkedBlockingQueue<String> arriving = new LinkedBlockingQueue<>();

        Output(Process process) {
            Thread reader = new Thread(() -> new BufferedReader(new InputStreamReader(process.getInputStream(),
                    StandardCharsets.UTF_8)).lines().forEach(arriving::add));
            reader.setDaemon(true);
            reader.start();
        }

        void add(String line) {
            lines.add(line);
        }

        void await(String text) throws InterruptedException {
            do {
                String line = arriving.poll(PATIENCE, TimeUnit.SECONDS);
                if (line == null) throw new IllegalStateException("not printed: " + text);
                lines.add(line);
            } while (!lines.get(lines.size() - 1).contains(text));
        }

        void settle() throws InterruptedException {
            String line = arriving.poll(PATIENCE, TimeUnit.SECONDS);
            while (line != null) {
                lines.add(line);
                line = arriving.poll(1, TimeUnit.SECONDS);
            }
        }
    }

    private static Path copy(Path from) throws IOException {
        Path to = Files.createTempDirectory("picture");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return to;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static String svg(List<String> lines) {
        int columns = lines.stream().mapToInt(line -> plain(line).length()).max().orElse(0);
        double width = Math.max(columns, COLUMNS) * WIDTH + 2 * MARGIN;
        double height = lines.size() * LINE + 2 * MARGIN;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$.0f %2$.0f" width="%1$.0f" height="%2$.0f" \
                role="img" font-size="14" \
                font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">
                <title>samlocal in a terminal: its start, requests, a compile error and reloads</title>
                <rect width="100%%" height="100%%" rx="8" fill="#0d1117" stroke="#30363d"/>
                """.formatted(width, height));
        for (int i = 0; i < lines.size(); i++) {
            svg.append(row(lines.get(i), MARGIN + (i + 0.75) * LINE));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String plain(String line) {
        return COLOUR.matcher(line).replaceAll("");
    }

    private static String row(String line, double y) {
        StringBuilder row = new StringBuilder();
        Matcher colour = COLOUR.matcher(line);
        int start = 0;
        int column = 0;
        String codes = "";
        while (colour.find()) {
            String text = line.substring(start, colour.start());
            row.append(span(text, column, y, codes));
            column += text.length();
            codes = colour.group(1).replaceFirst("^0$", "");
            start = colour.end();
        }
        return row.append(span(line.substring(start), column, y, codes)).toString();
    }

    /** Draws each span at its place and width, independent of the font. */
    private static String span(String text, int column, double y, String codes) {
        String shown = text.strip();
        if (shown.isEmpty()) return "";
        int blanks = text.length() - text.stripLeading().length();
        Set<String> set = Set.of(codes.split(";"));
        String fill = set.stream().map(COLOURS::get).filter(each -> each != null).findFirst()
                .orElse(set.contains("2") ? "#8b949e" : "#e6edf3");
        return "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" fill=\"%s\"%s xml:space=\"preserve\">%s</text>%n".formatted(
                MARGIN + (column + blanks) * WIDTH, y, shown.length() * WIDTH, fill,
                set.contains("1") ? " font-weight=\"600\"" : "",
                shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
}
