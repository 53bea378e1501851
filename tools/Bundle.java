///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Writes ServerLocal.java, the bundle of the sources in src/samlocal; --check only compares

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Bundles the source tree as one JBang script: every type becomes a nested static type of {@code ServerLocal}, calls of
 * {@code Resource.text} become text blocks, imports are merged. The same sources give the same bytes on every system.
 * Sources that would change their meaning in the bundle are errors that name the file.
 */
public class Bundle {
    /** The packages in layer order, top first: each may use those after it. */
    static final List<String> PACKAGES = List.of("cli", "server", "inspector", "gateway", "report", "lambda", "runtime",
            "compile", "dependencies", "sam", "template", "http", "files", "terminal", "base");

    private static final String ROOT = "samlocal";
    private static final String MAIN = "ServerLocal";
    private static final String RESOURCE_TYPE = ROOT + ".base.Resource;";
    private static final String RESOURCE_FILE = ROOT + "/base/Resource.java";
    private static final String INDENT = "    ";
    /** The maximum size of a string constant in a class file in bytes, with a margin. */
    private static final int MOST_CONSTANT_BYTES = 65_000;

    private static final String NOTICE = """
            // samlocal as one self-contained script, to run and to copy.
            //
            // GENERATED: do not edit. The source is in src/samlocal; edit it there, then run
            //     ./jbang tools/Bundle.java
            // docs/contributing.md has more. Each part below is headed by the file that it comes from.
            //
            // MIT licence; its text is in LICENSE.
            """;

    /** A source that cannot be bundled; the message names the file. */
    static final class BundleException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BundleException(String message) {
            super(message);
        }
    }

    /**
     * One source file.
     *
     * @param path below the source folder, with slashes, such as {@code samlocal/base/Json.java}
     * @param text with LF line ends
     */
    private record Source(String path, String text, CompilationUnitTree unit, SourcePositions positions) {
        String simpleName() {
            return path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
        }

        String folder() {
            return path.substring(0, path.lastIndexOf('/'));
        }

        int start(Tree tree) {
            return (int) positions.getStartPosition(unit, tree);
        }

        int end(Tree tree) {
            return (int) positions.getEndPosition(unit, tree);
        }

        String place(Tree tree) {
            return path + ":" + unit.getLineMap().getLineNumber(start(tree));
        }
    }

    private record Edit(int start, int end, String text) {
    }

    private final Path folder;
    private final Map<String, String> owners = new LinkedHashMap<>();
    private final Map<String, String> imports = new TreeMap<>();

    private Bundle(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        boolean isCheck = arguments.length == 1 && arguments[0].equals("--check");
        if (arguments.length > 0 && !isCheck) {
            System.err.println("usage: ./jbang tools/Bundle.java [--check]");
            System.exit(2);
        }
        try {
            Path checkout = checkout();
            Path target = checkout.resolve(MAIN + ".java");
            String bundle = of(checkout.resolve("src"));
            if (isCheck) check(bundle, target);
            else write(bundle, target);
        } catch (BundleException error) {
            System.err.println("bundle: " + error.getMessage());
            System.exit(1);
        }
    }

    private static Path checkout() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent).takeWhile(path -> path != null)
                .filter(path -> Files.isDirectory(path.resolve("src").resolve(ROOT))).findFirst()
                .orElseThrow(() -> new BundleException("no src/" + ROOT + " here; run it in a checkout"));
    }

    private static void write(String bundle, Path target) throws IOException {
        Files.writeString(target, bundle, StandardCharsets.US_ASCII);
        target.toFile().setExecutable(true, false);
        System.err.println("wrote " + target.getFileName() + ", " + bundle.lines().count() + " lines");
    }

    private static void check(String bundle, Path target) throws IOException {
        String committed = Files.exists(target) ? read(target) : "";
        String difference = difference(committed, bundle);
        if (difference != null) {
            throw new BundleException(target.getFileName() + " is out of date; run ./jbang tools/Bundle.java\n"
                    + difference);
        }
        System.err.println(target.getFileName() + " is up to date");
    }

    /** The first line that differs, as text, or null. */
    static String difference(String committed, String bundle) {
        if (committed.equals(bundle)) return null;
        List<String> before = List.of(committed.split("\n", -1));
        List<String> after = List.of(bundle.split("\n", -1));
        int line = 0;
        while (line < before.size() && line < after.size() && before.get(line).equals(after.get(line))) line++;
        return "line " + (line + 1) + "\n  committed: " + line(before, line) + "\n  from src:  " + line(after, line);
    }

    private static String line(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "(end of file)";
    }

    /**
     * The bundle of a source folder.
     *
     * @param folder that contains the package {@code samlocal}
     * @throws BundleException if a source cannot be bundled
     */
    static String of(Path folder) throws IOException {
        return new Bundle(folder).bundle();
    }

    private String bundle() throws IOException {
        List<Source> sources = sources();
        for (Source source : sources) note(source);
        for (Source source : sources) check(source);
        checkImports();
        Source main = sources.get(0);
        StringBuilder body = new StringBuilder();
        for (Source source : sources.subList(1, sources.size())) {
            if (source.path().equals(RESOURCE_FILE)) continue; // its calls become literals
            String heading = "// ---- src/" + source.path() + " ";
            body.append('\n').append(heading).append("-".repeat(Math.max(4, 116 - heading.length()))).append("\n\n")
                    .append(nested(source)).append('\n');
        }
        ClassTree type = type(main);
        String open = main.text().substring(afterHeader(main), main.end(type)).strip();
        return ascii(directives(main.text()) + "\n" + NOTICE + "\n"
                + importLines(true) + "\n" + importLines(false) + "\n"
                + open.substring(0, open.lastIndexOf('}')).stripTrailing() + "\n"
                + indented(body.toString()) + "}\n");
    }

    // ---- Reading -------------------------------------------------------------------------------------------------

    /** The main class, then all others by layer and name. */
    private List<Source> sources() throws IOException {
        Path root = folder.resolve(ROOT);
        List<String> paths = new ArrayList<>();
        paths.add(ROOT + "/" + MAIN + ".java");
        for (String name : names(root)) {
            boolean isFolder = Files.isDirectory(root.resolve(name));
            if (isFolder ? !PACKAGES.contains(name) : !name.equals(MAIN + ".java")) {
                throw new BundleException(ROOT + "/" + name
                        + ": not one of the packages (Bundle.PACKAGES has the list)");
            }
        }
        for (String name : PACKAGES) {
            if (!Files.isDirectory(root.resolve(name))) continue;
            names(root.resolve(name)).stream().filter(file -> file.endsWith(".java"))
                    .filter(file -> !file.equals("package-info.java"))
                    .forEach(file -> paths.add(ROOT + "/" + name + "/" + file));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String path : paths) texts.put(path, read(folder.resolve(path)));
        return parsed(texts);
    }

    /** File names in the order of their characters, which is the same on every system. */
    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("."))
                    .sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static List<Source> parsed(Map<String, String> texts) throws IOException {
        DiagnosticCollector<JavaFileObject> errors = new DiagnosticCollector<>();
        List<JavaFileObject> files = texts.entrySet().stream().<JavaFileObject>map(entry ->
                new SimpleJavaFileObject(URI.create("source:/" + entry.getKey()), JavaFileObject.Kind.SOURCE) {
                    @Override public CharSequence getCharContent(boolean ignored) {
                        return entry.getValue();
                    }
                }).toList();
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, errors, null, null, files);
        List<Source> sources = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            String path = unit.getSourceFile().toUri().getPath().substring(1);
            sources.add(new Source(path, texts.get(path), unit, Trees.instance(task).getSourcePositions()));
        }
        for (Diagnostic<? extends JavaFileObject> error : errors.getDiagnostics()) {
            if (error.getKind() != Diagnostic.Kind.ERROR) continue;
            throw new BundleException(error.getSource().toUri().getPath().substring(1) + ":" + error.getLineNumber()
                    + ": " + error.getMessage(Locale.ROOT));
        }
        return sources;
    }

    // ---- Checking ------------------------------------------------------------------------------------------------

    /** Notes the type and the imports of a file. */
    private void note(Source source) {
        ClassTree type = type(source);
        String before = owners.put(type.getSimpleName().toString(), source.path());
        if (before != null) {
            throw new BundleException(source.path() + ": another type named `" + type.getSimpleName() + "` is in "
                    + before);
        }
        for (ImportTree each : source.unit().getImports()) noteImport(source, each);
    }

    private static ClassTree type(Source source) {
        List<? extends Tree> types = source.unit().getTypeDecls();
        if (types.size() != 1 || !(types.get(0) instanceof ClassTree type)
                || !type.getSimpleName().contentEquals(source.simpleName())) {
            throw new BundleException(source.path() + ": must declare exactly one top-level type, `"
                    + source.simpleName() + "`");
        }
        return type;
    }

    private void noteImport(Source source, ImportTree each) {
        MemberSelectTree name = (MemberSelectTree) each.getQualifiedIdentifier();
        String simple = name.getIdentifier().toString();
        if (simple.equals("*")) throw new BundleException(source.place(each) + ": wildcard import");
        if (isOurs(name)) {
            if (each.isStatic() || !name.toString().matches(ROOT + "\\.\\w+\\.\\w+")) {
                throw new BundleException(source.place(each)
                        + ": import only top-level types of ours, not their members");
            }
            return;
        }
        String line = "import " + (each.isStatic() ? "static " : "") + name + ";";
        String before = imports.put((each.isStatic() ? "static " : "") + simple, line);
        if (before != null && !before.equals(line)) {
            throw new BundleException(source.place(each) + ": `" + line + "`, but another file has `" + before + "`");
        }
    }

    private void checkImports() {
        for (Map.Entry<String, String> owner : owners.entrySet()) {
            String other = imports.get(owner.getKey());
            if (other != null) {
                throw new BundleException(owner.getValue() + ": the type would shadow `" + other + "` of another file");
            }
        }
    }

    /**
     * Checks that names keep their meaning in the bundle: none is qualified with our packages or hidden by a type or
     * import.
     */
    private void check(Source source) {
        Set<String> known = known(source);
        new TreeScanner<Void, Void>() {
            @Override public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
                if (isOurs(select)) {
                    throw new BundleException(source.place(select) + ": fully qualified name `" + select
                            + "`; import the type");
                }
                return super.visitMemberSelect(select, nothing);
            }

            @Override public Void visitIdentifier(IdentifierTree identifier, Void nothing) {
                String name = identifier.getName().toString();
                String hider = owners.containsKey(name) ? owners.get(name) : imports.get(name);
                if (hider != null && !known.contains(name)) {
                    throw new BundleException(source.place(identifier) + ": `" + name + "` would be hidden by "
                            + hider);
                }
                return null;
            }
        }.scan(source.unit().getTypeDecls(), null);
    }

    /** The names that a file imports or declares, and the types of its package. */
    private Set<String> known(Source source) {
        Set<String> known = new HashSet<>();
        owners.forEach((name, path) -> {
            if (path.startsWith(source.folder() + "/")) known.add(name);
        });
        for (ImportTree each : source.unit().getImports()) {
            known.add(((MemberSelectTree) each.getQualifiedIdentifier()).getIdentifier().toString());
        }
        new TreeScanner<Void, Void>() {
            @Override public Void visitClass(ClassTree type, Void nothing) {
                known.add(type.getSimpleName().toString());
                return super.visitClass(type, nothing);
            }

            @Override public Void visitTypeParameter(TypeParameterTree parameter, Void nothing) {
                known.add(parameter.getName().toString());
                return super.visitTypeParameter(parameter, nothing);
            }

            @Override public Void visitVariable(VariableTree variable, Void nothing) {
                known.add(variable.getName().toString());
                return super.visitVariable(variable, nothing);
            }
        }.scan(source.unit().getTypeDecls(), null);
        return known;
    }

    private static boolean isOurs(MemberSelectTree name) {
        ExpressionTree first = name;
        while (first instanceof MemberSelectTree select) first = select.getExpression();
        return first instanceof IdentifierTree identifier && identifier.getName().contentEquals(ROOT);
    }

    // ---- Writing -------------------------------------------------------------------------------------------------

    /** The comments that JBang reads, without those that name other files. */
    private static String directives(String text) {
        return text.lines().takeWhile(line -> line.startsWith("//"))
                .filter(line -> !line.startsWith("//SOURCES") && !line.startsWith("//FILES"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private String importLines(boolean isStatic) {
        return imports.values().stream().filter(line -> line.startsWith("import static ") == isStatic).sorted()
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    private static int afterHeader(Source source) {
        List<? extends ImportTree> all = source.unit().getImports();
        return source.end(all.isEmpty() ? source.unit().getPackage() : all.get(all.size() - 1));
    }

    /** A file's type, with its comment, as a nested static type. */
    private String nested(Source source) throws IOException {
        List<Edit> edits = new ArrayList<>(resources(source));
        ClassTree type = type(source);
        if (type.getKind() == Tree.Kind.CLASS) {
            int keyword = keyword(source, type);
            edits.add(new Edit(keyword, keyword, "static "));
        }
        edits.sort(Comparator.comparingInt(Edit::start).reversed());
        StringBuilder text = new StringBuilder(source.text());
        for (Edit edit : edits) text.replace(edit.start(), edit.end(), edit.text());
        return text.substring(afterHeader(source)).strip();
    }

    /** The position of {@code static}: after annotations and {@code public}. */
    private static int keyword(Source source, ClassTree type) {
        int start = source.start(type);
        for (Tree annotation : type.getModifiers().getAnnotations()) start = Math.max(start, source.end(annotation));
        while (Character.isWhitespace(source.text().charAt(start))) start++;
        return source.text().startsWith("public ", start) ? start + "public ".length() : start;
    }

    /** Replaces calls of {@code Resource.text} by the texts that they read. */
    private List<Edit> resources(Source source) throws IOException {
        boolean isKnown = source.folder().equals(ROOT + "/base")
                || source.unit().getImports().stream().anyMatch(each -> each.toString().contains(RESOURCE_TYPE));
        if (!isKnown) return List.of(); // it has a type of its own by that name
        Map<MethodInvocationTree, String> calls = new LinkedHashMap<>();
        new TreeScanner<Void, Void>() {
            @Override public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                String method = call.getMethodSelect().toString();
                if (!method.equals("Resource.text")) return super.visitMethodInvocation(call, nothing);
                List<? extends ExpressionTree> arguments = call.getArguments();
                if (arguments.size() != 2 || !arguments.get(0).toString().equals(source.simpleName() + ".class")
                        || !(arguments.get(1) instanceof LiteralTree name) || !(name.getValue() instanceof String)) {
                    throw new BundleException(source.place(call) + ": write Resource.text(" + source.simpleName()
                            + ".class, \"NAME\")");
                }
                calls.put(call, (String) name.getValue());
                return null;
            }

            @Override public Void visitIdentifier(IdentifierTree name, Void nothing) {
                if (!name.getName().contentEquals("Resource")) return null;
                throw new BundleException(source.place(name) + ": only calls of Resource.text can be bundled");
            }
        }.scan(source.unit().getTypeDecls(), null);
        List<Edit> edits = new ArrayList<>();
        for (Map.Entry<MethodInvocationTree, String> call : calls.entrySet()) {
            Path file = folder.resolve(source.folder()).resolve(call.getValue());
            if (!Files.isRegularFile(file)) {
                throw new BundleException(source.place(call.getKey()) + ": no file " + source.folder() + "/"
                        + call.getValue());
            }
            edits.add(new Edit(source.start(call.getKey()), source.end(call.getKey()), literal(read(file))));
        }
        return edits;
    }

    /** An expression for a text: a text block, or several that are joined when the class is loaded. */
    static String literal(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int bytes = 0;
        for (String line : lines(text)) {
            int size = bytes(line);
            if (bytes + size > MOST_CONSTANT_BYTES) {
                parts.add(block(part.toString()));
                part.setLength(0);
                bytes = 0;
            }
            part.append(line);
            bytes += size;
        }
        parts.add(block(part.toString()));
        return parts.size() == 1 ? parts.get(0) : "String.join(\"\", " + String.join(", ", parts) + ")";
    }

    /** Lines with their line ends; a line that exceeds the limit of a constant is split. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("(?<=\n)")) {
            int start = 0;
            while (bytes(line.substring(start)) > MOST_CONSTANT_BYTES) {
                int end = start + MOST_CONSTANT_BYTES / 3;
                if (Character.isHighSurrogate(line.charAt(end - 1))) end--;
                lines.add(line.substring(start, end));
                start = end;
            }
            lines.add(line.substring(start));
        }
        return lines;
    }

    /** The size in a class file's modified UTF-8 (JVM Specification, 4.4.7). */
    private static int bytes(String text) {
        return text.chars().map(c -> c != 0 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    }

    private static String block(String text) {
        StringBuilder block = new StringBuilder("\"\"\"\n");
        for (String line : text.split("(?<=\n)")) {
            if (line.isEmpty()) continue;
            boolean isWhole = line.endsWith("\n");
            String escaped = escaped(isWhole ? line.substring(0, line.length() - 1) : line);
            if (escaped.isEmpty() && isWhole) {
                block.append('\n');
                continue;
            }
            // javac strips white space at the end of a line, of whatever kind
            boolean isStripped = !escaped.isEmpty() && Character.isWhitespace(escaped.charAt(escaped.length() - 1));
            block.append(INDENT).append(INDENT).append(escaped)
                    .append(isWhole ? isStripped ? "\\n\\\n" : "\n" : "\\\n");
        }
        return block.append(INDENT).append(INDENT).append("\"\"\"").toString();
    }

    private static String escaped(String line) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean isEnd = i == line.length() - 1;
            if (c == '\\') escaped.append("\\\\");
            else if (c == '"' && i > 0 && line.charAt(i - 1) == '"') escaped.append("\\\"");
            else if (c == '\t') escaped.append("\\t");
            else if (c == '\r') escaped.append("\\r");
            else if (c == ' ' && isEnd) escaped.append("\\s");
            else if (c < ' ') escaped.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            else escaped.append(c);
        }
        return escaped.toString();
    }

    private static String indented(String text) {
        return text.lines().map(line -> line.isEmpty() ? "\n" : INDENT + line + "\n").collect(Collectors.joining());
    }

    private static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c < 0x80) out.append((char) c);
            else out.append(String.format(Locale.ROOT, "\\u%04x", c));
        });
        return out.toString();
    }
}
