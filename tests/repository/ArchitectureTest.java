import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the dependencies between packages and the limits of the code style. */
class ArchitectureTest {
    private static final int MOST_LINES = 400;
    /** Files that may refer to JDK internals. */
    private static final Set<String> MAY_USE_INTERNALS = Set.of("compile/Processors.java", "server/Signals.java");
    /** Not the properties {@code sun.stdout.encoding}, {@code sun.net.httpserver.*}, nor javac's API com.sun.source. */
    private static final Pattern INTERNALS = Pattern.compile(
            "\\b(?:sun\\.(?!stdout|net\\.httpserver|source)|jdk\\.internal\\.|com\\.sun\\.tools\\.)\\w+");
    /** Types loaded by the class loader of an execution environment, which finds only public ones. */
    private static final Set<String> LOADED_ELSEWHERE = Set.of("samlocal.runtime.Drivers", "samlocal.runtime.JavaRuntime");
    private static final Path SOURCES = Checkout.folder().resolve("src/samlocal");

    @TempDir private static Path folder;

    @BeforeAll static void compile() throws IOException {
        List<Path> files = javaFiles();
        assertTrue(files.size() > 100, "sources found: " + files.size());
        compile(files, System.getProperty("java.class.path"), folder.resolve("tree"));
    }

    private static void compile(List<Path> files, String classPath, Path target) {
        StringWriter messages = new StringWriter();
        JavaCompiler javac = javax.tools.ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-proc:none", "-nowarn", "-encoding", "UTF-8", "-d", target.toString(), "-cp",
                classPath);
        boolean isGood = javac.getTask(new PrintWriter(messages), null, null, options, null,
                javac.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(files)).call();
        assertTrue(isGood, messages.toString());
    }

    @Test void packages_depend_only_on_those_below_them() {
        Map<String, Set<String>> dependencies = packageDependencies(folder.resolve("tree"));
        assertEquals(new TreeSet<>(Bundle.PACKAGES), new TreeSet<>(dependencies.keySet()));
        System.out.println("package dependencies:");
        for (String name : Bundle.PACKAGES) {
            System.out.println("  " + name + " -> " + String.join(", ", dependencies.get(name)));
        }
        assertEquals(List.of(), upward(folder.resolve("tree")));
    }

    @Test void an_upward_dependency_is_found() throws IOException {
        Path planted = Files.createDirectories(folder.resolve("planted/samlocal/base")).resolve("Planted.java");
        Files.writeString(planted, """
                package samlocal.base;
                class Planted {
                    samlocal.server.DevServer server;
                }
                """);
        compile(List.of(planted), folder.resolve("tree") + java.io.File.pathSeparator
                + System.getProperty("java.class.path"), folder.resolve("wrong"));
        assertEquals(List.of("samlocal.base.Planted uses samlocal.server.DevServer"), upward(folder.resolve("wrong")));
    }

    @Test void public_types_are_used_by_other_packages() throws Exception {
        Set<String> used = edges(folder.resolve("tree")).stream()
                .filter(edge -> !packageOf(edge[0]).equals(packageOf(edge[1])))
                .map(edge -> topLevel(edge[1])).collect(Collectors.toSet());
        List<String> unused = new ArrayList<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.resolve("tree").toUri().toURL()},
                getClass().getClassLoader())) {
            for (Path file : javaFiles()) {
                String name = SOURCES.getParent().relativize(file).toString().replaceAll("[/\\\\]", ".")
                        .replaceFirst("\\.java$", "");
                if (name.endsWith("package-info") || name.equals("samlocal.ServerLocal")) continue;
                boolean isPublic = Modifier.isPublic(Class.forName(name, false, loader).getModifiers());
                if (isPublic && !used.contains(name) && !LOADED_ELSEWHERE.contains(name)) unused.add(name);
            }
        }
        assertEquals(List.of(), unused);
    }

    @Test void each_package_states_its_purpose() {
        assertEquals(List.of(), Bundle.PACKAGES.stream()
                .filter(name -> !Files.exists(SOURCES.resolve(name).resolve("package-info.java"))).toList());
    }

    @Test void files_are_short() throws IOException {
        Map<String, Integer> sizes = new TreeMap<>();
        for (Path file : javaFiles()) sizes.put(name(file), Files.readAllLines(file).size());
        System.out.println("largest files: " + sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).limit(20)
                .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", ")));
        assertEquals(List.of(), sizes.entrySet().stream().filter(entry -> entry.getValue() > MOST_LINES).toList());
    }

    @Test void methods_are_short() throws IOException {
        List<Integer> lengths = methodLengths().stream().sorted().toList();
        assertTrue(lengths.size() > 1000, "methods found: " + lengths.size());
        assertTrue(lengths.get(lengths.size() / 2) <= 8, "median " + lengths.get(lengths.size() / 2));
        assertTrue(lengths.get(lengths.size() * 9 / 10) <= 25, "nine in ten " + lengths.get(lengths.size() * 9 / 10));
        assertTrue(lengths.get(lengths.size() - 1) <= 50, "longest " + lengths.get(lengths.size() - 1));
    }

    /** JBang includes only files named in a directive; without them the source tree does not run. */
    @Test void each_resource_has_a_directive() throws IOException {
        List<PathMatcher> named = Files.readString(SOURCES.resolve("ServerLocal.java")).lines()
                .filter(line -> line.startsWith("//FILES ")).map(line -> line.substring(line.indexOf('=') + 1))
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob)).toList();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".java"))
                    .map(SOURCES::relativize).filter(file -> named.stream().noneMatch(each -> each.matches(file)))
                    .toList());
        }
    }

    @Test void lines_have_at_most_120_columns() throws IOException {
        assertEquals(List.of(), lines(javaFiles(), line -> line.length() > 120));
    }

    /** JBang runs javac in the encoding of the system, which is not UTF-8 on Windows with Java 17, nor with LANG=C. */
    @Test void sources_are_ascii() throws IOException {
        List<Path> files = new ArrayList<>(javaFiles());
        files.add(Checkout.folder().resolve("ServerLocal.java"));
        for (String name : List.of("tests", "bench", "tools")) files.addAll(javaFiles(Checkout.folder().resolve(name)));
        assertEquals(List.of(), lines(files, line -> !StandardCharsets.US_ASCII.newEncoder().canEncode(line)));
    }

    @Test void internals_of_the_jdk_are_named_only_where_allowed() throws IOException {
        List<Path> files = javaFiles().stream().filter(file -> !MAY_USE_INTERNALS.contains(name(file))).toList();
        assertEquals(List.of(), lines(files, line -> INTERNALS.matcher(line).find()));
    }

    private static List<Path> javaFiles() throws IOException {
        return javaFiles(SOURCES);
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static String name(Path file) {
        return SOURCES.relativize(file).toString().replace('\\', '/');
    }

    /** The lines with a violation, each with its file. */
    private static List<String> lines(List<Path> files, Predicate<String> isWrong) {
        return files.stream().flatMap(file -> {
            try {
                return Files.readAllLines(file).stream().filter(isWrong).map(line -> file.getFileName() + ": " + line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).toList();
    }

    private static List<String> upward(Path classes) {
        return edges(classes).stream().filter(edge -> layer(edge[0]) > layer(edge[1]))
                .map(edge -> edge[0] + " uses " + edge[1]).toList();
    }

    private static Map<String, Set<String>> packageDependencies(Path classes) {
        Map<String, Set<String>> dependencies = new TreeMap<>();
        Comparator<String> byLayer = Comparator.comparing(Bundle.PACKAGES::indexOf);
        for (String name : Bundle.PACKAGES) dependencies.put(name, new TreeSet<>(byLayer));
        for (String[] edge : edges(classes)) {
            String from = packageOf(edge[0]);
            String to = packageOf(edge[1]);
            if (!from.isEmpty() && !from.equals(to)) dependencies.get(from).add(to);
        }
        return dependencies;
    }

    /** Pairs of dependent types, the user first. */
    private static List<String[]> edges(Path classes) {
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(out), new PrintWriter(out),
                "-verbose:class", "-filter:none", "--ignore-missing-deps", "--multi-release", "17", classes.toString());
        Pattern edge = Pattern.compile("\\s+(samlocal\\.\\S+)\\s+-> (samlocal\\.\\S+)\\s.*");
        List<String[]> edges = out.toString().lines().map(edge::matcher).filter(Matcher::matches)
                .map(line -> new String[] {line.group(1), line.group(2)}).toList();
        assertTrue(!edges.isEmpty(), () -> "jdeps found nothing: " + out);
        return edges;
    }

    private static int layer(String type) {
        return packageOf(type).isEmpty() ? -1 : Bundle.PACKAGES.indexOf(packageOf(type));
    }

    /** The last part of the package's name, empty for that of the main class. */
    private static String packageOf(String type) {
        String[] parts = type.split("\\.");
        return parts.length < 3 ? "" : parts[1];
    }

    private static String topLevel(String type) {
        return type.replaceFirst("\\$.*", "");
    }

    /** Lengths of methods from signature to closing brace, measured with javac's parser. */
    private static List<Integer> methodLengths() throws IOException {
        JavaCompiler javac = javax.tools.ToolProvider.getSystemJavaCompiler();
        List<Integer> lengths = new ArrayList<>();
        try (var files = javac.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) javac.getTask(null, files, null, null, null,
                    files.getJavaFileObjectsFromPaths(javaFiles()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override public Void visitMethod(MethodTree method, Void nothing) {
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
}
