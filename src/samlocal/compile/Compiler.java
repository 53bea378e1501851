package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreeScanner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.ref.SoftReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DiagnosticListener;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Resource;
import samlocal.files.Jar;
import samlocal.files.Scratch;
import samlocal.files.Stamp;
import samlocal.files.UserText;

/**
 * Compiles sources from memory to memory; keeps its file manager, and with it the parsed jars, between runs, and
 * where it is told to remember, all that javac has read of the JDK and of libraries.
 */
public final class Compiler implements AutoCloseable {
    /**
     * Class files, or the errors, at most {@link #MOST_ERRORS}.
     *
     * @param isSyntax whether the errors kept the compiler from looking at anything but syntax
     */
    record Result(Output output, List<Problem> errors, boolean isSyntax) {
        /** With the classes of the files that were not compiled. */
        Result over(Output rest, Map<Path, String> texts) {
            return errors.isEmpty() ? new Result(rest.joined(output, texts), errors, false) : this;
        }
    }

    /**
     * What a compiler is made for.
     *
     * @param folders on the class path, as the jars
     * @param involved other files that its output depends on
     * @param processors jars with annotation processors; where there are none, the class path is looked through
     * @param options of javac, as a build file has them
     * @param release of Java; this JVM's own where it is 0 or newer
     */
    record Setup(List<Path> folders, Map<Path, Stamp> involved, List<Jar> jars, List<Jar> processors,
            List<String> options, int release) {
        @Override public String toString() {
            return folders + " " + involved + " " + jars + " " + processors + " " + options + " " + release;
        }

        /** With one more folder on the class path. */
        Setup with(Path folder) {
            return new Setup(Stream.concat(folders.stream(), Stream.of(folder)).toList(), involved, jars,
                    processors, options, release);
        }
    }

    static final int MOST_ERRORS = 100;
    private static final int WARM_UPS = 5;
    /** Arguments for annotation processors and modules; others are about files, warnings and what is set here. */
    private static final Pattern PASSED_ON = Pattern.compile("-A.*|--add-(exports|modules|reads)=.*");
    private static final String WARM_UP = Resource.text(Compiler.class, "WarmUp.java.txt");
    private final Setup setup;
    private JavaCompiler javac;
    private List<String> options;
    private StandardJavaFileManager files;
    private Processors processors;
    private boolean remembers;
    private LastingJavac lasting;
    private Runnable pause = () -> { };

    /** One that gets ready when it is needed first. */
    Compiler(Setup setup) {
        this.setup = setup;
    }

    private void open() {
        if (javac != null) return;
        javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) throw Fault.project("this is a Java runtime without a compiler: a JDK is needed");
        processors = Processors.of(setup);
        options = options(setup, processors != null);
        files = files(javac);
    }

    private StandardJavaFileManager files(JavaCompiler reader) {
        StandardJavaFileManager made = reader.getStandardFileManager(unreadable -> { }, Locale.ENGLISH, UTF_8);
        Stream<Path> libraries = Stream.concat(setup.folders().stream(), setup.jars().stream().map(Jar::path));
        try {
            made.setLocationFromPaths(StandardLocation.CLASS_PATH,
                    Stream.concat(Stream.of(Dependencies.core()), libraries).toList());
            made.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Warms javac up: its first runs are several times slower.
     *
     * @param isLasting the javac that is reused between compilations, rather than a new one for each
     * @param goesOn called often; it may block, and false ends the warm-up
     */
    public static void warmUp(boolean isLasting, BooleanSupplier goesOn) {
        try (Compiler compiler = new Compiler(new Setup(List.of(), Map.of(), Dependencies.lent(), List.of(),
                List.of("-proc:none"), 0))) {
            compiler.pause = goesOn::getAsBoolean;
            if (isLasting) compiler.remember();
            Map<Path, String> source = Map.of(Path.of("WarmUp.java"), WARM_UP);
            for (int i = 0; i < WARM_UPS && goesOn.getAsBoolean(); i++) compiler.compile(source, Map.of());
        }
    }

    /** Has javac remember, unless there are annotation processors, which would not stand that. */
    void remember() {
        remembers = true;
    }

    /** Compiles for the sake of what is remembered then. */
    void prepare(Map<Path, String> sources, Map<String, byte[]> others) {
        open();
        LastingJavac own = lasting();
        if (own != null) own.compile(sources, others);
    }

    /** Null where javac does not remember. */
    private LastingJavac lasting() {
        if (!remembers || processors != null || OpenJavac.HERE == null) return null;
        if (lasting == null) lasting = new LastingJavac(options, files(OpenJavac.HERE.javac()), pause);
        return lasting;
    }

    /** Whether the next run begins with what is remembered. */
    boolean isPrepared() {
        return lasting != null && lasting.pool.get() != null;
    }

    private static List<String> options(Setup setup, boolean hasProcessors) {
        List<String> options = new ArrayList<>(List.of("-g", "-parameters", "-implicit:none",
                "-Xlint:none", "-Xmaxerrs", String.valueOf(MOST_ERRORS)));
        int here = Runtime.version().feature();
        boolean takesFull = hasProcessors && here >= 21;
        if (!hasProcessors || takesFull) options.add(hasProcessors ? "-proc:full" : "-proc:none");
        setup.options().stream().filter(option -> PASSED_ON.matcher(option).matches()).forEach(options::add);
        boolean isOpened = options.stream().anyMatch(option -> option.startsWith("--add-exports"));
        String release = String.valueOf(setup.release());
        if (setup.release() > 0 && setup.release() < here) {
            options.addAll(isOpened ? List.of("-source", release, "-target", release)
                    : List.of("--release", release));
        }
        return options;
    }

    @Override public void close() {
        if (javac == null) return;
        try {
            if (processors != null) processors.close();
            if (lasting != null) lasting.close();
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles sources together.
     *
     * @param others classes that they may refer to, which come before the class path
     */
    Result compile(Map<Path, String> sources, Map<String, byte[]> others) {
        if (sources.isEmpty()) return new Result(Output.NONE, List.of(), false);
        List<Problem> illegible = illegible(sources);
        if (!illegible.isEmpty()) return new Result(Output.NONE, illegible, true);
        open();
        LastingJavac own = lasting();
        Output quick = own == null ? null : own.compile(sources, others);
        if (quick != null) return new Result(quick, List.of(), false);
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        MemoryFiles output = new MemoryFiles(files, others, pause);
        StringWriter crash = new StringWriter();
        AtomicBoolean isPastSyntax = new AtomicBoolean();
        JavacTask task = task(sources, crash, output, diagnostics);
        task.addTaskListener(listener(isPastSyntax));
        boolean good;
        try {
            if (processors != null) task.setProcessors(processors.renewed());
            good = task.call();
        } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
            if (processors == null) throw e;
            return new Result(Output.NONE, List.of(processors.failed(e)), false);
        }
        if (good) {
            boolean isSeparable = output.isSeparable() && (processors == null || processors.areIsolating());
            return new Result(new Output(sources, output.classes(), output.origins(), output.folders(),
                    isSeparable), List.of(), false);
        }
        List<Problem> errors = diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR).map(Compiler::problem)
                .toList();
        return new Result(Output.NONE, errors.isEmpty() ? List.of(crashed(crash.toString())) : errors,
                !isPastSyntax.get());
    }

    /** What javac would refuse as characters; it is given texts, so it cannot know. */
    private static List<Problem> illegible(Map<Path, String> sources) {
        return sources.entrySet().stream().flatMap(each -> illegible(each.getKey(), each.getValue()).stream())
                .toList();
    }

    private static Optional<Problem> illegible(Path file, String text) {
        if (text.startsWith("\uFEFF")) {
            return Optional.of(new Problem("the file begins with a byte order mark, which javac does not take",
                    new Place(Place.display(file), List.of(), 1, 1, 1), "save it as UTF-8 without one"));
        }
        return text.indexOf('\uFFFD') < 0 ? Optional.empty() : UserText.faultIn(file).map(problem ->
                new Problem(problem.message(), problem.place(), problem.hint().equals(UserText.ADVICE)
                        ? UserText.ADVICE + ", or name its encoding in the build file" : problem.hint()));
    }

    private JavacTask task(Map<Path, String> sources, Writer crash, JavaFileManager output,
            DiagnosticCollector<JavaFileObject> diagnostics) {
        return (JavacTask) javac.getTask(crash, output, diagnostics, options, null, Source.all(sources));
    }

    private static TaskListener listener(AtomicBoolean isPastSyntax) {
        return new TaskListener() {
            @Override public void started(TaskEvent event) {
                if (event.getKind() == TaskEvent.Kind.ENTER) isPastSyntax.set(true);
            }
        };
    }

    /** The words of the names of the packages and types that sources declare. */
    Set<String> declared(Map<Path, String> sources) {
        Set<String> words = new HashSet<>();
        try {
            JavacTask task = task(sources, new StringWriter(), files, new DiagnosticCollector<>());
            for (CompilationUnitTree unit : task.parse()) {
                words.addAll(Header.words(String.valueOf(unit.getPackageName())));
                new TreeScanner<Void, Void>() {
                    @Override public Void visitClass(ClassTree type, Void nothing) {
                        words.addAll(Header.words(type.getSimpleName().toString()));
                        return super.visitClass(type, nothing);
                    }
                }.scan(unit, null);
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the compiler cannot take, such as an expression of thousands of terms, ends it without a diagnostic. */
    private static Problem crashed(String output) {
        String cause = output.lines().filter(line -> line.matches("\\S*(Error|Exception)\\b.*")).findFirst()
                .orElse("no reason given");
        return new Problem("the compiler failed: " + cause, null, "look at the source that was edited last");
    }

    private static Problem problem(Diagnostic<? extends JavaFileObject> diagnostic) {
        List<String> message = diagnostic.getMessage(Locale.ENGLISH).lines().map(String::strip).toList();
        return new Problem(message.get(0).replaceFirst(";$", ""), place(diagnostic),
                message.subList(1, message.size()), null);
    }

    /** By offsets, since the compiler's own columns count a tab as eight and point at a call's parenthesis. */
    private static Place place(Diagnostic<? extends JavaFileObject> diagnostic) {
        if (!(diagnostic.getSource() instanceof Source source)) return null;
        String file = Place.display(source.path());
        if (diagnostic.getPosition() == Diagnostic.NOPOS) return Place.of(source.path());
        String text = source.text();
        int start = (int) Math.min(start(diagnostic, text), text.length());
        int lineStart = text.lastIndexOf('\n', start - 1) + 1;
        int line = (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
        int length = (int) Math.max(1, diagnostic.getEndPosition() - start);
        return new Place(file, List.of(text.split("\r?\n", -1)), line, start - lineStart + 1, length);
    }

    /** Of a name that is not found, the name alone, which may stand lines below its expression's start. */
    private static long start(Diagnostic<?> diagnostic, String text) {
        long position = diagnostic.getPosition();
        boolean isMember = diagnostic.getCode().startsWith("compiler.err.cant.resolve")
                && position >= diagnostic.getStartPosition() && position < text.length()
                && text.charAt((int) position) == '.';
        if (isMember) return position + 1;
        return diagnostic.getStartPosition() == Diagnostic.NOPOS ? position : diagnostic.getStartPosition();
    }

    /**
     * The JDK's compiler once more, in a layer of modules that is this program's own: so its inner parts are open
     * to it, which those of the JDK's own layer are not.
     */
    private static final class OpenJavac {
        private static final String MODULE = "jdk.compiler";
        private static final String ROOT = "com.sun.tools.javac.";
        /** Null where this JDK has another one. */
        static final OpenJavac HERE = open();
        private final JavaCompiler javac;
        private final Class<?> pool;
        private final Class<?> context;
        private final Class<?> names;
        private final Class<?> symbols;
        private final Class<?> finder;
        private final Class<?> packageSymbol;

        private OpenJavac(ClassLoader loader) throws ReflectiveOperationException {
            this.javac = (JavaCompiler) loader.loadClass(ROOT + "api.JavacTool").getConstructor().newInstance();
            this.pool = loader.loadClass(ROOT + "api.JavacTaskPool");
            this.context = loader.loadClass(ROOT + "util.Context");
            this.names = loader.loadClass(ROOT + "util.Names");
            this.symbols = loader.loadClass(ROOT + "code.Symtab");
            this.finder = loader.loadClass(ROOT + "code.ClassFinder");
            this.packageSymbol = loader.loadClass(ROOT + "code.Symbol$PackageSymbol");
        }

        private static OpenJavac open() {
            try {
                ModuleLayer own = ModuleLayer.boot();
                Configuration modules = own.configuration().resolve(new JavacAlone(), ModuleFinder.of(),
                        List.of(MODULE));
                ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(modules, List.of(own),
                        ClassLoader.getPlatformClassLoader());
                Module module = controller.layer().findModule(MODULE).orElseThrow();
                for (String part : List.of("api", "code", "util")) {
                    controller.addExports(module, ROOT + part, OpenJavac.class.getModule());
                }
                return new OpenJavac(module.getClassLoader());
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                return null;
            }
        }

        JavaCompiler javac() {
            return javac;
        }

        /** The JDK's pool of compilers that remember, with which its shell compiles. */
        Object newPool() throws ReflectiveOperationException {
            return pool.getConstructor(int.class).newInstance(1);
        }

        /** Compiles sources in a pool, which forgets all types that they and the files have. */
        void generate(Object in, MemoryFiles files, DiagnosticListener<JavaFileObject> diagnostics,
                List<String> options, List<Source> sources) throws ReflectiveOperationException {
            Method run = Arrays.stream(pool.getMethods()).filter(each -> each.getName().equals("getTask"))
                    .findFirst().orElseThrow(NoSuchMethodException::new);
            Class<?> worker = run.getParameterTypes()[run.getParameterCount() - 1];
            Object generates = Proxy.newProxyInstance(worker.getClassLoader(), new Class<?>[] {worker},
                    (proxy, method, task) -> {
                        Object used = task[0].getClass().getMethod("getContext").invoke(task[0]);
                        Object made = task[0].getClass().getMethod("generate").invoke(task[0]);
                        forget(used, files.types());
                        return made;
                    });
            run.invoke(in, new StringWriter(), files, diagnostics, options, null, sources, generates);
        }

        /** The pool by itself forgets outer types of sources, and looks at no package twice. */
        private void forget(Object used, Set<String> types) throws ReflectiveOperationException {
            Object table = symbols.getMethod("instance", context).invoke(null, used);
            Object texts = names.getMethod("instance", context).invoke(null, used);
            Object module = symbols.getField("unnamedModule").get(table);
            Object unread = finder.getMethod("getCompleter").invoke(
                    finder.getMethod("instance", context).invoke(null, used));
            Class<?> modules = symbols.getField("unnamedModule").getType();
            Method named = names.getMethod("fromString", String.class);
            Method find = symbols.getMethod("getClass", modules, named.getReturnType());
            Method remove = symbols.getMethod("removeClass", modules, named.getReturnType());
            for (String type : types) {
                Object name = named.invoke(texts, type);
                Object known = find.invoke(table, module, name);
                if (known == null) continue;
                Object around = known.getClass().getMethod("packge").invoke(known);
                packageSymbol.getField("members_field").set(around, null);
                packageSymbol.getField("completer").set(around, unread);
                remove.invoke(table, module, name);
            }
        }

        /** Finds the one module, where all others are those of the JDK's own layer. */
        private static final class JavacAlone implements ModuleFinder {
            private final ModuleFinder system = ModuleFinder.ofSystem();

            @Override public Optional<ModuleReference> find(String name) {
                return name.equals(MODULE) ? system.find(name) : Optional.empty();
            }

            @Override public Set<ModuleReference> findAll() {
                return find(MODULE).map(Set::of).orElseThrow();
            }
        }
    }

    /**
     * javac with what it has read of the JDK and of libraries, from one run to the next: reading that is most of
     * its work on a few sources. It forgets a project's own types, but not that there were such packages, so it
     * starts anew where one has gone. It tells no errors: what has some is left to a javac that knows nothing yet.
     */
    private static final class LastingJavac implements AutoCloseable {
        private final List<String> options;
        private final StandardJavaFileManager files;
        private final MemoryFiles output;
        private SoftReference<Object> pool = new SoftReference<>(null);
        private Set<String> packages = Set.of();
        private Set<String> types = Set.of();

        LastingJavac(List<String> options, StandardJavaFileManager files, Runnable pause) {
            this.options = options;
            this.files = files;
            this.output = new MemoryFiles(files, Map.of(), pause);
        }

        /** The classes of sources; null if they are not sure to be what another javac would make. */
        Output compile(Map<Path, String> sources, Map<String, byte[]> others) {
            Object known = pool.get();
            pool.clear();
            output.begin(others);
            AtomicBoolean isGood = new AtomicBoolean(true);
            try {
                Object used = known == null ? OpenJavac.HERE.newPool() : known;
                OpenJavac.HERE.generate(used, output, found -> {
                    if (found.getKind() == Diagnostic.Kind.ERROR) isGood.set(false);
                }, options, Source.all(sources));
                boolean isSure = isGood.get() && (known == null || hasAllPackages()) && !isInLibraries();
                if (!isSure) return null;
                pool = new SoftReference<>(used);
                types = output.types();
                packages = packages(types);
                return new Output(sources, output.classes(), output.origins(), List.of(), true);
            } catch (ReflectiveOperationException | IOException | RuntimeException e) {
                return null;
            }
        }

        private static Set<String> packages(Set<String> types) {
            return types.stream().map(type -> type.substring(0, Math.max(0, type.lastIndexOf('.'))))
                    .collect(Collectors.toSet());
        }

        private boolean hasAllPackages() {
            return packages(output.types()).containsAll(packages);
        }

        /** Whether a library has a type of such a name, which may be what is remembered. */
        private boolean isInLibraries() throws IOException {
            Set<String> young = new HashSet<>(output.types());
            young.removeAll(types);
            for (String each : packages(young)) {
                for (JavaFileObject file : files.list(StandardLocation.CLASS_PATH, each,
                        EnumSet.of(JavaFileObject.Kind.CLASS), false)) {
                    if (young.contains(files.inferBinaryName(StandardLocation.CLASS_PATH, file))) return true;
                }
            }
            return false;
        }

        @Override public void close() throws IOException {
            files.close();
        }
    }

    /** A source text in memory under the path that it was read from. */
    private static final class Source extends SimpleJavaFileObject {
        private final Path path;
        private final String text;

        Source(Path path, String text) {
            super(path.toUri(), Kind.SOURCE);
            this.path = path;
            this.text = text;
        }

        static List<Source> all(Map<Path, String> texts) {
            return texts.entrySet().stream().map(each -> new Source(each.getKey(), each.getValue())).toList();
        }

        Path path() {
            return path;
        }

        String text() {
            return text;
        }

        @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** A source that an annotation processor writes and the compiler reads. */
    private static final class Written extends SimpleJavaFileObject {
        private final StringWriter text = new StringWriter();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Written(String name, Kind kind) {
            super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
        }

        @Override public Writer openWriter() {
            return text;
        }

        @Override public OutputStream openOutputStream() {
            return bytes;
        }

        @Override public InputStream openInputStream() {
            return new ByteArrayInputStream(toByteArray());
        }

        @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return bytes.size() > 0 ? bytes.toString(UTF_8) : text.toString();
        }

        byte[] toByteArray() {
            return bytes.size() > 0 ? bytes.toByteArray() : text.toString().getBytes(UTF_8);
        }
    }

    /** A class file in memory. */
    private static final class Known extends SimpleJavaFileObject {
        private final String name;
        private final byte[] bytes;

        Known(String name, byte[] bytes) {
            super(URI.create("memory:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
            this.name = name;
            this.bytes = bytes;
        }

        String name() {
            return name;
        }

        String packageName() {
            return name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }

        @Override public InputStream openInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** Catches what is written; reads known classes from memory, and all else through the kept file manager. */
    private static final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, Written> classes = new ConcurrentHashMap<>();
        private final Map<String, Path> origins = new ConcurrentHashMap<>();
        private Map<String, List<Known>> known;
        private final Runnable pause;
        private boolean isSeparable = true;
        private Path folder;

        /** With {@code pause}, which is called whenever javac looks for classes. */
        MemoryFiles(StandardJavaFileManager files, Map<String, byte[]> known, Runnable pause) {
            super(files);
            this.pause = pause;
            begin(known);
        }

        /** Begins with these known classes, and nothing that is written. */
        void begin(Map<String, byte[]> others) {
            classes.clear();
            origins.clear();
            known = others.entrySet().stream().map(each -> new Known(each.getKey(), each.getValue()))
                    .collect(Collectors.groupingBy(Known::packageName));
        }

        /** Names of all classes, known and written. */
        Set<String> types() {
            Set<String> names = new HashSet<>(classes.keySet());
            known.values().forEach(each -> each.forEach(type -> names.add(type.name())));
            return names;
        }

        @Override public Iterable<JavaFileObject> list(Location location, String packageName,
                Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
            pause.run();
            Iterable<JavaFileObject> others = super.list(location, packageName, kinds, recurse);
            boolean isOurs = location == StandardLocation.CLASS_PATH && kinds.contains(JavaFileObject.Kind.CLASS);
            List<Known> own = isOurs ? known(packageName, recurse) : List.of();
            if (own.isEmpty()) return others;
            List<JavaFileObject> all = new ArrayList<>(own);
            others.forEach(all::add);
            return all;
        }

        private List<Known> known(String packageName, boolean recurse) {
            if (!recurse) return known.getOrDefault(packageName, List.of());
            return known.entrySet().stream().filter(each -> (each.getKey() + ".").startsWith(packageName + "."))
                    .flatMap(each -> each.getValue().stream()).toList();
        }

        @Override public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Known own ? own.name() : super.inferBinaryName(location, file);
        }

        @Override public JavaFileObject getJavaFileForOutput(Location location, String name,
                JavaFileObject.Kind kind, FileObject sibling) {
            Written written = new Written(name, kind);
            if (kind == JavaFileObject.Kind.CLASS) classes.put(name, written);
            if (sibling instanceof Source source) origins.put(name, source.path());
            else isSeparable = false;
            return written;
        }

        /** Resources go to a folder on disk, since frameworks list folders of them. */
        @Override public FileObject getFileForOutput(Location location, String packageName, String name,
                FileObject sibling) throws IOException {
            if (folder == null) folder = Scratch.folder();
            isSeparable = false;
            Path file = folder.resolve(packageName.replace('.', '/')).resolve(name).normalize();
            if (!file.startsWith(folder)) throw new IOException(name + " is outside of the output folder");
            Files.createDirectories(file.getParent());
            fileManager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
            return fileManager.getFileForOutput(StandardLocation.CLASS_OUTPUT, packageName, name, null);
        }

        @Override public FileObject getFileForInput(Location location, String packageName, String name)
                throws IOException {
            boolean isOutput = location == StandardLocation.CLASS_OUTPUT
                    || location == StandardLocation.SOURCE_OUTPUT;
            return isOutput && folder == null ? null : super.getFileForInput(location, packageName, name);
        }

        @Override public boolean hasLocation(Location location) {
            return location == StandardLocation.CLASS_OUTPUT || super.hasLocation(location);
        }

        /** The kept file manager outlives a task. */
        @Override public void close() {
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> bytes = new HashMap<>();
            classes.forEach((name, written) -> bytes.put(name, written.toByteArray()));
            return bytes;
        }

        Map<String, Path> origins() {
            return Map.copyOf(origins);
        }

        List<Path> folders() {
            return folder == null ? List.of() : List.of(folder);
        }

        /** Whether all that was written is the classes of the sources, and nothing of a processor's. */
        boolean isSeparable() {
            return isSeparable;
        }
    }

    /** The annotation processors of a class path, in a loader that is kept: javac's own is new for each run. */
    private static final class Processors {
        private static final String LISTED = "META-INF/gradle/incremental.annotation.processors";
        /** As {@link ServiceLoader} names one that it cannot make. */
        private static final Pattern NAMED = Pattern.compile("Provider (\\S+) ");
        private final URLClassLoader loader;
        private final Set<String> named;

        private Processors(URLClassLoader loader, Set<String> named) {
            this.loader = loader;
            this.named = named;
        }

        /** Null if there are none, or none are wanted. */
        static Processors of(Setup setup) {
            if (setup.options().contains("-proc:none")) return null;
            List<Path> path = (setup.processors().isEmpty() ? setup.jars() : setup.processors()).stream()
                    .map(Jar::path).toList();
            int names = setup.options().indexOf("-processor") + 1;
            Set<String> named = names == 0 ? Set.of() : Set.of(setup.options().get(names).split(","));
            Processors found = new Processors(new URLClassLoader(Jar.urls(path), new CompilerOnly()), named);
            if (!named.isEmpty() || found.services().findAny().isPresent()) return found;
            found.close();
            return null;
        }

        private Stream<ServiceLoader.Provider<Processor>> services() {
            return ServiceLoader.load(Processor.class, loader).stream();
        }

        /** What is to be told of an error that one of them has thrown. */
        Problem failed(Throwable error) {
            Throwable cause = Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                    .reduce((outer, inner) -> inner).orElse(error);
            String who = Stream.concat(NAMED.matcher(String.valueOf(error.getMessage())).results()
                    .map(name -> name.group(1)), Arrays.stream(cause.getStackTrace())
                    .map(StackTraceElement::getClassName).filter(this::isProcessor))
                    .findFirst().map(type -> "annotation processor `" + type + "`").orElse("annotation processing");
            return new Problem(who + " failed: " + cause, null,
                    "its version may be none for Java " + Runtime.version().feature());
        }

        private boolean isProcessor(String type) {
            try {
                return Processor.class.isAssignableFrom(Class.forName(type, false, loader));
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }

        /** New processors: each serves one run. */
        List<Processor> renewed() {
            return services().filter(each -> named.isEmpty() || named.contains(each.type().getName()))
                    .map(ServiceLoader.Provider::get).toList();
        }

        /**
         * Whether each says that it looks at one type at a time, in the file that Gradle reads it from (Gradle User
         * Manual, "Incremental annotation processing").
         */
        boolean areIsolating() {
            Set<String> isolating = new HashSet<>();
            try {
                for (URL url : Collections.list(loader.getResources(LISTED))) {
                    try (InputStream in = url.openStream()) {
                        new String(in.readAllBytes(), UTF_8).lines().map(String::strip)
                                .filter(line -> line.toLowerCase(Locale.ROOT).endsWith(",isolating"))
                                .forEach(line -> isolating.add(line.substring(0, line.lastIndexOf(','))));
                    }
                }
            } catch (IOException e) {
                return false;
            }
            return services().allMatch(each -> isolating.contains(each.type().getName()));
        }

        void close() {
            Jar.close(loader);
        }
    }

    /** Shows annotation processors the JDK, its compiler included, and nothing of this program. */
    private static final class CompilerOnly extends ClassLoader {
        CompilerOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean isCompiler = name.startsWith("com.sun.tools.") || name.startsWith("com.sun.source.")
                    || name.startsWith("jdk.");
            if (!isCompiler) throw new ClassNotFoundException(name);
            return ClassLoader.getSystemClassLoader().loadClass(name);
        }
    }
}
