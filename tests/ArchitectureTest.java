import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.Test;

/** Holds the program against its floor plan: rooms name only rooms below them, and the house style's limits. */
class ArchitectureTest {
    private static final Pattern RULER = Pattern.compile("    // ---- (\\w+): .* -+");
    private static final Pattern TYPE = Pattern.compile(
            "    (?:public |private )?(?:static )?(?:final |sealed )?(?:class|record|interface|enum) (\\w+).*");

    @Test void a_room_names_only_rooms_below_it() throws Exception {
        Map<String, Integer> rooms = roomsByType();
        assertTrue(rooms.size() > 25, "types found: " + rooms);
        List<String> wrong = new ArrayList<>();
        for (String[] edge : dependencies()) {
            Integer from = rooms.get(edge[0]);
            Integer to = rooms.get(edge[1]);
            if (from != null && to != null && from > to) wrong.add(edge[0] + " names " + edge[1]);
        }
        assertEquals(List.of(), wrong.stream().distinct().toList());
    }

    @Test void lines_are_at_most_120_wide() throws Exception {
        List<String> lines = source();
        assertEquals(List.of(), lines.stream().filter(line -> line.length() > 120).toList());
    }

    /** JBang runs javac in the encoding of the system, which is not UTF-8 on Windows with Java 17, nor with LANG=C. */
    @Test void sources_are_ascii() throws Exception {
        try (Stream<Path> files = Stream.of("", "tests", "bench").flatMap(ArchitectureTest::files)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".java")).filter(file -> {
                try {
                    return !StandardCharsets.US_ASCII.newEncoder().canEncode(Files.readString(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList());
        }
    }

    private static Stream<Path> files(String folder) {
        try {
            return Files.list(checkout().resolve(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test void methods_are_short() throws Exception {
        List<Integer> lengths = methodLengths();
        List<Integer> sorted = lengths.stream().sorted().toList();
        assertTrue(sorted.size() > 200, "methods found: " + sorted.size());
        assertTrue(sorted.get(sorted.size() / 2) <= 8, "median " + sorted.get(sorted.size() / 2));
        assertTrue(sorted.get(sorted.size() * 9 / 10) <= 25, "nine in ten " + sorted.get(sorted.size() * 9 / 10));
        assertTrue(sorted.get(sorted.size() - 1) <= 50, "longest " + sorted.get(sorted.size() - 1));
    }

    /** Which room, counted from the top, declares which type. */
    private static Map<String, Integer> roomsByType() throws Exception {
        Map<String, Integer> rooms = new LinkedHashMap<>();
        int room = 0;
        for (String line : source()) {
            if (RULER.matcher(line).matches()) room++;
            Matcher type = TYPE.matcher(line);
            if (type.matches()) rooms.put(type.group(1), room);
        }
        return rooms;
    }

    /** Pairs of types, nested ones counted as the type of the room that holds them. */
    private static List<String[]> dependencies() throws Exception {
        Path classes = Path.of(ServerLocal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(out), new PrintWriter(out),
                "-verbose:class", "-filter:none", "--ignore-missing-deps", "--multi-release", "17", classes.toString());
        List<String[]> edges = new ArrayList<>();
        Pattern edge = Pattern.compile("\\s+(\\S+)\\s+-> (\\S+)\\s.*");
        for (String line : out.toString().lines().toList()) {
            Matcher matcher = edge.matcher(line);
            if (matcher.matches()) edges.add(new String[] {room(matcher.group(1)), room(matcher.group(2))});
        }
        assertTrue(edges.stream().anyMatch(pair -> pair[0].equals("Gateway") && pair[1].equals("Router")),
                "jdeps says nothing of Gateway");
        return edges;
    }

    private static String room(String type) {
        return type.startsWith("ServerLocal$") ? type.split("\\$")[1] : type;
    }

    /** By the compiler's own parser, from signature to closing brace. */
    private static List<Integer> methodLengths() throws Exception {
        JavaCompiler javac = javax.tools.ToolProvider.getSystemJavaCompiler();
        List<Integer> lengths = new ArrayList<>();
        try (var files = javac.getStandardFileManager(null, null, null)) {
            var task = (com.sun.source.util.JavacTask) javac.getTask(null, files, null, null, null,
                    files.getJavaFileObjects(sourceFile()));
            for (var unit : task.parse()) {
                var positions = com.sun.source.util.Trees.instance(task).getSourcePositions();
                new com.sun.source.util.TreeScanner<Void, Void>() {
                    @Override public Void visitMethod(com.sun.source.tree.MethodTree method, Void nothing) {
                        long end = positions.getEndPosition(unit, method);
                        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
                        if (end >= 0) lengths.add((int) (unit.getLineMap().getLineNumber(end) - first + 1));
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        }
        return lengths;
    }

    private static List<String> source() throws Exception {
        return Files.readAllLines(sourceFile());
    }

    /** The checkout is where the tests are run, or above. */
    static Path sourceFile() {
        return checkout().resolve("ServerLocal.java");
    }

    static Path checkout() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent).limit(6)
                .filter(folder -> folder != null && Files.exists(folder.resolve("ServerLocal.java")))
                .findFirst().orElseThrow(() -> new AssertionError("run the tests from the checkout"));
    }
}
