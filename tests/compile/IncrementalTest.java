import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Incremental compilation gives the same result as compiling everything. The variables SAMLOCAL_SEED and SAMLOCAL_EDITS
 * set the seed and number of the random edits.
 */
class IncrementalTest {
    private static final ServerLocal.Compiler.Setup SETUP = new ServerLocal.Compiler.Setup(List.of(), Map.of(),
            List.of(), List.of(), List.of("-proc:none"), 0, List.of());

    @Test void random_edits_give_the_class_files_and_the_errors_of_a_clean_compilation() {
        try (Builds builds = new Builds()) {
            edit(builds);
        }
    }

    private static void edit(Builds builds) {
        long seed = Long.getLong("samlocal.seed", number("SAMLOCAL_SEED", 20261125));
        int edits = (int) number("SAMLOCAL_EDITS", 60);
        System.out.println("IncrementalTest: SAMLOCAL_SEED=" + seed + ", " + edits + " edits");
        Project project = new Project(new Random(seed));
        builds.check(project, "at first");
        assertTrue(builds.isGood, "the generated project does not compile: " + builds.errors);
        for (int i = 0; i < edits; i++) {
            String what = project.edit(builds.isGood);
            builds.check(project, "seed " + seed + ", edit " + i + ": " + what);
        }
        assertTrue(builds.good > edits / 3, "states that compile: " + builds.good);
        assertTrue(builds.read < builds.good * project.texts.size() / 2, "files read: " + builds.read);
    }

    @Test void an_edit_of_a_body_compiles_one_file_and_a_signature_its_users() {
        Map<Path, String> texts = new TreeMap<>();
        texts.put(Path.of("A.java"), "class A { int a() { return 1; } }");
        texts.put(Path.of("B.java"), "class B { int b() { return new A().a(); } }");
        texts.put(Path.of("C.java"), "class C { Object c() { return new B(); } }");
        texts.put(Path.of("D.java"), "class D { private int own; }");
        try (ServerLocal.Compiler compiler = new ServerLocal.Compiler(SETUP)) {
            ServerLocal.Output output = new ServerLocal.Increment(compiler, ServerLocal.Output.NONE, texts).run()
                    .output();
            assertEquals(1, read(compiler, output, texts, "A.java", "class A { int a() { int x = 2; return x; } }"));
            assertEquals(1, read(compiler, output, texts, "D.java", "class D { private String other; void d() { } }"
                    .replace("void d() { }", "private void d() { new Object() { }; }")));
            assertEquals(3, read(compiler, output, texts, "A.java", "class A { long a() { return 1; } }"
                    .replace("long a", "short a")));
            assertEquals(0, read(compiler, output, texts, "A.java", texts.get(Path.of("A.java"))));
        }
    }

    private static int read(ServerLocal.Compiler compiler, ServerLocal.Output from, Map<Path, String> texts,
            String file, String text) {
        Map<Path, String> edited = new TreeMap<>(texts);
        edited.put(Path.of(file), text);
        ServerLocal.Increment increment = new ServerLocal.Increment(compiler, from, edited);
        assertEquals(List.of(), increment.run().errors());
        return increment.files();
    }

    private static long number(String variable, long otherwise) {
        return Long.parseLong(Objects.requireNonNullElse(System.getenv(variable), String.valueOf(otherwise)));
    }

    /** Compiles a project both ways. */
    private static final class Builds implements AutoCloseable {
        private final ServerLocal.Compiler compiler = new ServerLocal.Compiler(SETUP);
        private final ServerLocal.Compiler other = new ServerLocal.Compiler(SETUP);
        private final ServerLocal.ClassStore store = new ServerLocal.ClassStore(TestProject.of().path("classes"));
        private ServerLocal.Output last = ServerLocal.Output.NONE;
        private List<ServerLocal.Problem> errors = List.of();
        private boolean isGood;
        private int good;
        private int read;
        private int checks;

        void check(Project project, String what) {
            Map<Path, String> texts = new TreeMap<>(project.texts);
            if (++checks % 5 == 0) last = stored(texts);
            ServerLocal.Increment increment = new ServerLocal.Increment(compiler, last, texts);
            ServerLocal.Compiler.Result result = increment.run();
            ServerLocal.Compiler.Result clean = other.compile(texts, Map.of());
            errors = clean.errors();
            isGood = errors.isEmpty();
            assertEquals(text(clean.errors()), text(result.errors()), what);
            if (!isGood) return;
            assertEquals(different(clean.output().classes(), result.output().classes()), List.of(), what);
            assertEquals(clean.output().origins(), result.output().origins(), what);
            if (last != ServerLocal.Output.NONE) read += increment.files();
            good++;
            last = result.output();
            project.keep();
        }

        /** The state that the next start finds. */
        private ServerLocal.Output stored(Map<Path, String> texts) {
            store.write("setup", last);
            return store.read("setup", texts);
        }

        private static String text(List<ServerLocal.Problem> problems) {
            return problems.stream().map(problem -> problem.place() + " " + problem.message() + " " + problem.hint())
                    .collect(Collectors.joining("\n"));
        }

        private static List<String> different(Map<String, byte[]> some, Map<String, byte[]> others) {
            return Stream.of(some, others).flatMap(each -> each.keySet().stream()).distinct().sorted()
                    .filter(name -> !Arrays.equals(some.get(name), others.get(name))).toList();
        }

        @Override public void close() {
            compiler.close();
            other.close();
        }
    }

    /** A project of about sixty files that refer to each other in every way that Java has, and edits of it. */
    private static final class Project {
        private static final List<String> PACKAGES = List.of("", "a", "a.b", "c", "d.e");
        private static final boolean HAS_PATTERNS = Runtime.version().feature() >= 21;
        private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Za-z]*\\d\\w*\\b");
        private static final List<String> MEMBERS = List.of("private int extra;", "public int extra = 1;",
                "private int size;", "public long size = 4;", "private int help() { return new Object() { }.hashCode(); }",
                "public static int over(long x) { return 5; }", "public static int over(Integer x) { return 6; }",
                "private static int over(String x) { return 7; }", "public static class Part { public int z; }",
                "private static class Own2 { int y = 3; }", "public class Part2 { public Part p; }",
                "static class String { }", "public int num(int x) { return x; }", "@Deprecated public void old() { }",
                "public int hello() { Runnable r = () -> { }; return 4; }", "public enum Part3 { ONE, TWO }",
                "public static final int DEPTH = 77;", "interface I9 { }", "static { System.out.println(1); }");
        private static final List<String> SHADOWS = List.of("String", "Integer", "List", "Part", "Own", "C3", "K1", "b",
                "e", "Object", "Override", "E1", "DEPTH", "S1a");

        private final Random random;
        private final Map<Path, String> texts = new TreeMap<>();
        private final List<Map<Path, String>> kept = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final Map<String, String> packages = new HashMap<>();
        private int fresh;

        Project(Random random) {
            this.random = random;
            Map<String, Integer> kinds = new TreeMap<>(Map.of("K", 6, "I", 6, "F", 3, "A", 4, "C", 22, "G", 4, "R", 5,
                    "E", 4, "S", 2));
            kinds.forEach((kind, count) -> {
                for (int i = 0; i < count; i++) declare(kind + i);
            });
            for (String name : List.copyOf(names)) texts.put(path(name), file(name));
        }

        private void declare(String name) {
            names.add(name);
            packages.put(name, pick(PACKAGES));
            if (name.startsWith("S") && name.length() == 2) {
                for (String part : List.of(name + "a", name + "b")) {
                    names.add(part);
                    packages.put(part, packages.get(name));
                }
            }
        }

        private Path path(String name) {
            return Path.of("src", packages.get(name).replace('.', '/'), name + ".java");
        }

        private <T> T pick(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        /** A type that this one may refer to: types in packages cannot refer to the unnamed package. */
        private String type(String kind, String from, int below) {
            List<String> fit = names.stream().filter(name -> name.startsWith(kind) && name.matches("[A-Z]\\d+"))
                    .filter(name -> Integer.parseInt(name.substring(1)) < below)
                    .filter(name -> !packages.get(name).isEmpty() || packages.get(from).isEmpty()).toList();
            return fit.isEmpty() ? null : pick(fit);
        }

        private String any(String kind, String from) {
            String found = type(kind, from, Integer.MAX_VALUE);
            return found == null ? from : found;
        }

        /** A source file; its imports are derived from its text. */
        private String file(String name) {
            String body = body(name);
            StringBuilder imports = new StringBuilder();
            for (String other : new TreeSet<>(NAME.matcher(body).results().map(MatchResult::group).toList())) {
                String home = packages.getOrDefault(other, "");
                boolean isFar = !home.isEmpty() && !home.equals(packages.get(name));
                if (isFar) imports.append("import ").append(home).append(random.nextInt(4) == 0 ? ".*" : "." + other)
                        .append(";\n");
                if (!home.isEmpty() && other.startsWith("K")) imports.append("import static ").append(home).append('.')
                        .append(other).append(".*;\n");
            }
            String home = packages.get(name);
            return (home.isEmpty() ? "" : "package " + home + ";\n") + imports + body;
        }

        private String body(String name) {
            int number = Integer.parseInt(name.replaceAll("\\D", ""));
            int n = random.nextInt(90) + 10;
            String k = type("K", name, name.startsWith("K") ? number : 99);
            String constant = k == null ? "" + n : k + ".A";
            String c = any("C", name);
            return switch (name.charAt(0)) {
                case 'K' -> "public interface " + name + " {\n    int A" + number + " = " + n + ";\n    int A = " + constant
                        + " + 1;\n    String S = \"s" + n + "\"" + (k == null ? "" : " + " + k + ".S") + ";\n"
                        + "    byte B = 3;\n    Object NONE = null;\n}\n";
                case 'I' -> "public interface " + name + extension(" extends ", type("I", name, number)) + " {\n"
                        + "    int N" + number + " = " + constant + ";\n    default int hello" + number + "() { return "
                        + n + "; }\n    static " + c + " none() { return null; }\n}\n";
                case 'F' -> "public interface " + name + " {\n    " + c + " apply(int x);\n"
                        + "    default boolean is() { return true; }\n}\n";
                case 'A' -> (random.nextBoolean()
                        ? "@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)\n" : "")
                        + "public @interface " + name + " {\n    int value() default " + constant + ";\n"
                        + "    Class<?> type() default " + c + ".class;\n    String[] names() default { };\n}\n";
                case 'G' -> "public class " + name + "<T extends " + c + "> {\n    public T held;\n"
                        + "    public T first() { return held; }\n"
                        + "    public <U extends T> java.util.List<? super U> pick(U u) { return null; }\n"
                        + "    public int num() {\n" + statements(name) + "    }\n}\n";
                case 'R' -> "public record " + name + "(int a, @Deprecated " + c + " c) {\n    public " + name
                        + " {\n        if (a < " + n + ") a = " + constant + ";\n    }\n    public int num() {\n"
                        + statements(name) + "    }\n}\n";
                case 'E' -> "public enum " + name + " {\n    ONE, TWO(" + constant + ") {\n"
                        + "        public int w() { return 2; }\n    }, THREE;\n    int v;\n    " + name
                        + "() { this(0); }\n    " + name + "(int v) { this.v = v; }\n"
                        + "    public int w() {\n" + statements(name) + "    }\n}\n";
                case 'S' -> sealed(name, c, n);
                default -> clazz(name, number, n, constant);
            };
        }

        private static String extension(String word, String type) {
            return type == null ? "" : word + type;
        }

        private String sealed(String name, String c, int n) {
            if (name.endsWith("a")) return "public record " + name + "(int x) implements "
                    + name.substring(0, 2) + " {\n}\n";
            if (name.endsWith("b")) return "public final class " + name + " implements " + name.substring(0, 2)
                    + " {\n    public " + c + " deep() { return null; }\n}\n";
            return "public sealed interface " + name + " permits " + name + "a, " + name + "b {\n"
                    + "    default int kind() { return " + n + "; }\n}\n";
        }

        private String clazz(String name, int number, int n, String constant) {
            String c = any("C", name);
            String a = any("A", name);
            String parent = random.nextInt(3) > 0 ? type("C", name, number) : null;
            String face = random.nextInt(3) == 0 ? type("I", name, 99) : null;
            boolean hasPart = parent == null || random.nextBoolean();
            return (a.startsWith("A") && random.nextBoolean() ? "@" + a + "(value = " + constant + ", type = " + c
                    + ".class)\n" : "") + "public class " + name + extension(" extends ", parent)
                    + extension(" implements ", face) + " {\n"
                    + "    public static final int ID = " + constant + " * " + n + ";\n"
                    + "    protected int size = " + n + ";\n"
                    + "    private " + c + " hidden;\n"
                    + "    public " + name + "() { }\n"
                    + "    public " + name + "(int given, String text) { size = given; }\n"
                    + "    public " + c + " get" + number + "() { return hidden; }\n"
                    + "    public java.util.List<" + c + "> list" + number + "() { return java.util.List.of(); }\n"
                    + "    public static " + name + " of() { return new " + name + "(); }\n"
                    + "    public int num() {\n" + statements(name) + "    }\n"
                    + "    public static int over(int x) { return " + n + "; }\n"
                    + "    public static int over(Object x) { return 2; }\n"
                    + (hasPart ? "    public static class Part {\n        public static final int DEPTH = " + n + ";\n"
                    + "        public int depth() { return DEPTH; }\n    }\n" : "")
                    + "    private static class Own {\n        int y = " + n + ";\n    }\n"
                    + "    public class Inside {\n        public " + c + " up() { return get" + number + "(); }\n"
                    + "    }\n}\n";
        }

        private String statements(String from) {
            StringBuilder text = new StringBuilder("        int s = " + random.nextInt(99) + ";\n");
            int count = 2 + random.nextInt(4);
            for (int i = 0; i < count; i++) text.append("        ").append(statement(from, i)).append('\n');
            return text.append("        return s;\n").toString();
        }

        /** Templates that refer to the declarations above. */
        private String statement(String from, int i) {
            String c = any("C", from);
            String k = any("K", from);
            String e = any("E", from);
            String s = any("S", from);
            String number = c.substring(1);
            boolean fit = c.startsWith("C") && k.startsWith("K") && e.startsWith("E") && s.startsWith("S");
            if (!fit) return "s += " + i + ";";
            return switch (random.nextInt(19)) {
                case 0 -> "s += " + k + ".A + " + k + ".S.length();";
                case 1 -> "s += " + c + ".of().num();";
                case 2 -> "var v" + i + " = " + c + ".of().get" + number + "(); s += v" + i + ".size();"
                        .replace("size()", "hashCode()");
                case 3 -> "s += new " + c + "(1, \"x\") { }.num();";
                case 4 -> "s += new " + c + ".Part().depth() + " + c + ".Part.DEPTH;";
                case 5 -> "switch (s) { case " + k + ".A: s++; break; case -1: s--; break; default: }";
                case 6 -> "switch (" + e + ".ONE) { case ONE: s++; break; case TWO: break; default: s--; }";
                case 7 -> "s += switch (" + e + ".TWO) { case ONE -> 1; case TWO -> 2; case THREE -> 3; };";
                case 8 -> s + " q" + i + " = new " + s + "a(1); if (q" + i + " instanceof " + s + "a w) s += w.x() + w.kind();";
                case 9 -> HAS_PATTERNS ? s + " p" + i + " = null; s += switch (p" + i + ") { case " + s + "a u -> 1; case " + s
                        + "b u -> 2; };" : "s += 9;";
                case 10 -> "java.util.function.Supplier<" + c + "> f" + i + " = " + c + "::of; s += f" + i + ".get().num();";
                case 11 -> "for (var x : " + c + ".of().list" + number + "()) s += x.num();";
                case 12 -> "s += " + c + ".over(3) + " + c + ".over(\"t\") + " + c + ".over(4L);";
                case 13 -> "s += " + c + ".ID;";
                case 14 -> any("G", from).startsWith("G") ? "s += new " + any("G", from) + "<>().first().num();" : "s++;";
                case 15 -> any("R", from).startsWith("R") ? "s += new " + any("R", from) + "(1, null).a();" : "s++;";
                case 16 -> "s += A;".replace("A;", k + ".A" + k.substring(1) + ";");
                case 17 -> any("F", from).startsWith("F") ? any("F", from) + " g" + i + " = x -> null; s += g" + i
                        + ".apply(1) == null ? 1 : 0;" : "s++;";
                default -> "s += " + c + ".of().new Inside().up() == null ? 1 : 0;";
            };
        }

        /** Remembers sources that compile. */
        void keep() {
            kept.add(new TreeMap<>(texts));
        }

        /** One or a few edits at once, often one that fixes compile errors. */
        String edit(boolean isGood) {
            if (!isGood && random.nextInt(4) > 0) {
                texts.clear();
                texts.putAll(kept.get(kept.size() - 1));
                return "undo";
            }
            int count = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
            StringBuilder what = new StringBuilder();
            for (int i = 0; i < count; i++) what.append(editOne()).append("; ");
            return what.toString();
        }

        private String editOne() {
            Path path = pick(List.copyOf(texts.keySet()));
            String text = texts.get(path);
            String name = path.getFileName().toString().replace(".java", "");
            int choice = random.nextInt(30);
            switch (choice) {
                case 0, 1, 2, 3 -> replaceOne(path, "\\b\\d+\\b", "" + random.nextInt(120));
                case 4, 5 -> replaceOne(path, "C\\d+", any("C", "C0"));
                case 6 -> replaceOne(path, NAME.pattern(), pick(names));
                case 7 -> replaceOne(path, "        s .*\\n", "");
                case 8 -> replaceOne(path, "(?m)^ +return s;", "        " + statement(names.contains(name) ? name
                        : "C0", 7) + "\n        return s;");
                case 9 -> replaceOne(path, "public |private |protected ", pick(List.of("", "public ", "private ",
                        "protected ", "static ", "final ")));
                case 10, 11, 12, 13 -> texts.put(path, text.replaceFirst("}\\s*$", "    " + pick(MEMBERS) + "\n}\n"));
                case 14 -> replaceOne(path, "THREE;", "THREE, FOUR;");
                case 15 -> replaceAll("\\b" + name + "\\b", "X" + ++fresh, path);
                case 16 -> rename(path, name, "Y" + ++fresh);
                case 17 -> replaceOne(path, "package [\\w.]+;", "package " + pick(PACKAGES.subList(1, 5)) + ";");
                case 18 -> move(path, name, text);
                case 19 -> {
                    texts.remove(path);
                    texts.put(path.resolveSibling("moved").resolve(path.getFileName()), text);
                }
                case 20 -> texts.remove(path);
                case 21 -> shadow();
                case 22 -> texts.put(path.resolveSibling("package-info.java"), text.lines().findFirst().orElse(""));
                case 23 -> replaceOne(path, "\\n", "\n// " + pick(names) + " " + pick(names) + "\n");
                case 24 -> texts.put(path, pick(kept).getOrDefault(path, "// nothing\n"));
                case 25 -> replaceOne(path, "(?m)^(?=public |@)", "import " + pick(List.of("a.*", "a.b.*", "c.*", "d.e.*",
                        "static c.K1.*", "java.util.*", "zz.*")) + ";\n");
                case 26 -> replaceOne(path, " extends C\\d+", random.nextBoolean() ? "" : " extends " + any("C", "C0"));
                case 27 -> replaceOne(path, " implements I\\d+", random.nextBoolean() ? "" : " implements "
                        + any("I", "C0"));
                case 28 -> replaceOne(path, "Part\\b", "Piece");
                default -> replaceOne(path, "[{};()]", "");
            }
            return choice + " in " + path;
        }

        private void replaceOne(Path path, String pattern, String by) {
            List<MatchResult> found = Pattern.compile(pattern).matcher(texts.get(path)).results().toList();
            if (found.isEmpty()) return;
            MatchResult match = pick(found);
            String text = texts.get(path);
            texts.put(path, text.substring(0, match.start()) + by + text.substring(match.end()));
        }

        private void replaceAll(String pattern, String by, Path only) {
            texts.replaceAll((path, text) -> path.equals(only) ? text.replaceAll(pattern, by) : text);
        }

        /** Renames in all files, as an IDE does. */
        private void rename(Path path, String name, String to) {
            texts.replaceAll((each, text) -> text.replaceAll("\\b" + name + "\\b", to));
            texts.put(path.resolveSibling(to + ".java"), texts.remove(path));
        }

        /** Moves a file and updates all imports, as an IDE does. */
        private void move(Path path, String name, String text) {
            String to = pick(PACKAGES.subList(1, 5));
            texts.replaceAll((each, other) -> other.replaceAll("import ([\\w.]+\\.)?" + name + ";", "import " + to + "."
                    + name + ";"));
            texts.remove(path);
            texts.put(Path.of("src", to.replace('.', '/'), name + ".java"), text.replaceFirst("package [\\w.]+;",
                    "package " + to + ";"));
        }

        private void shadow() {
            String name = pick(SHADOWS);
            String home = pick(PACKAGES);
            texts.put(Path.of("src", home.replace('.', '/'), name + ".java"), (home.isEmpty() ? "" : "package " + home
                    + ";\n") + "public class " + name + " {\n    public int depth() { return 1; }\n}\n");
        }
    }
}
