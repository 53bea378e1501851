package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import samlocal.base.Fault;
import samlocal.base.Problem;
import samlocal.base.Resource;
import samlocal.files.Jar;
import samlocal.files.Stamp;

/** Compiles sources from memory to memory. Caches the class files of the JDK and libraries. */
public final class Compiler implements AutoCloseable {
    /**
     * Class files, or the errors, at most {@link #MOST_ERRORS}.
     *
     * @param isSyntax whether syntax errors prevented further checks
     * @param files number of sources read, repeated reads included
     */
    record Result(Output output, List<Problem> errors, boolean isSyntax, int files) {
        static Result failed(List<Problem> errors, int files) {
            return new Result(Output.NONE, errors, false, files);
        }

        /** Adds the classes of the files that were not compiled. */
        Result over(Output rest, Map<Path, String> texts, int read) {
            return new Result(errors.isEmpty() ? rest.joined(output, texts) : output, errors, isSyntax, read);
        }
    }

    /**
     * The configuration of a compiler.
     *
     * @param folders folders on the class path, like the jars
     * @param involved other files that its output depends on
     * @param processors jars with annotation processors; if empty, the class path is searched
     * @param options javac options from the build file
     * @param release Java release; this JVM's own if it is 0 or newer
     * @param others settings of other compilers, on which stored classes depend
     */
    record Setup(List<Path> folders, Map<Path, Stamp> involved, List<Jar> jars, List<Jar> processors,
            List<String> options, int release, List<String> others) {
        /** Adds a folder to the class path. */
        Setup with(Path folder) {
            return new Setup(Stream.concat(folders.stream(), Stream.of(folder)).toList(), involved, jars,
                    processors, options, release, others);
        }
    }

    static final int MOST_ERRORS = 100;
    private static final int WARM_UPS = 25;
    /**
     * Options for annotation processors and modules are passed on; others concern files, warnings or settings made
     * here.
     */
    private static final Pattern PASSED_ON = Pattern.compile("-A.*|--add-(exports|modules|reads)=.*");
    private static final String WARM_UP = Resource.text(Compiler.class, "WarmUp.java.txt");
    private final Setup setup;
    private JavaCompiler javac;
    private List<String> options;
    private CompilerFiles files;
    private Processors processors;
    private final Runnable pause;

    /** Creates a compiler, which opens its files on first use. */
    Compiler(Setup setup) {
        this(setup, () -> { });
    }

    /** {@code pause} is called often during compilation and may block. */
    private Compiler(Setup setup, Runnable pause) {
        this.setup = setup;
        this.pause = pause;
    }

    private void open() {
        if (javac != null) return;
        javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) throw Fault.project("this is a Java runtime without a compiler: a JDK is needed");
        processors = Processors.of(setup);
        options = options(setup, processors != null);
        files = new CompilerFiles(standardFiles(), pause);
    }

    private StandardJavaFileManager standardFiles() {
        StandardJavaFileManager files = javac.getStandardFileManager(unreadable -> { }, Locale.ENGLISH, UTF_8);
        Stream<Path> classPath = Stream.concat(setup.folders().stream(), setup.jars().stream().map(Jar::path));
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH,
                    Stream.concat(Stream.of(Dependencies.core()), classPath).toList());
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of());
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Warms javac up: its first runs are several times slower.
     *
     * @param goesOn called often; may block; false ends the warm-up
     */
    public static void warmUp(BooleanSupplier goesOn) {
        Setup setup = new Setup(List.of(), Map.of(), Dependencies.bundled(), List.of(), List.of("-proc:none"), 0,
                List.of());
        try (Compiler compiler = new Compiler(setup, goesOn::getAsBoolean)) {
            Map<Path, String> source = Map.of(Path.of("WarmUp.java"), WARM_UP);
            for (int i = 0; i < WARM_UPS && goesOn.getAsBoolean(); i++) compiler.compile(source, Map.of());
        }
    }

    private static List<String> options(Setup setup, boolean hasProcessors) {
        List<String> options = new ArrayList<>(List.of("-g", "-parameters", "-implicit:none",
                "-Xlint:none", "-Xmaxerrs", String.valueOf(MOST_ERRORS)));
        int here = Runtime.version().feature();
        boolean takesFull = hasProcessors && here >= 21;
        if (!hasProcessors || takesFull) options.add(hasProcessors ? "-proc:full" : "-proc:none");
        setup.options().stream().filter(option -> PASSED_ON.matcher(option).matches()).forEach(options::add);
        boolean isOpened = options.stream().anyMatch(option -> option.startsWith("--add-exports"));
        boolean isPreview = Preview.isPossible(setup);
        if (isPreview) options.add(Preview.OPTION);
        String release = String.valueOf(isPreview ? here : setup.release());
        if (isPreview || setup.release() > 0 && setup.release() < here) {
            options.addAll(isOpened ? List.of("-source", release, "-target", release)
                    : List.of("--release", release));
        }
        return options;
    }

    @Override public void close() {
        if (javac == null) return;
        try {
            if (processors != null) processors.close();
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles sources together.
     *
     * @param others classes that they may refer to, which precede the class path
     */
    Result compile(Map<Path, String> sources, Map<String, byte[]> others) {
        if (sources.isEmpty()) return Result.failed(List.of(), 0);
        List<Problem> illegible = CompileErrors.illegible(sources);
        if (!illegible.isEmpty()) return new Result(Output.NONE, illegible, true, sources.size());
        open();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        files.begin(others);
        StringWriter crash = new StringWriter();
        AtomicBoolean isPastSyntax = new AtomicBoolean();
        JavacTask task = task(sources, crash, diagnostics);
        task.addTaskListener(listener(isPastSyntax));
        boolean good;
        try {
            if (processors != null) task.setProcessors(processors.renewed());
            good = task.call();
        } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
            if (processors == null) throw e;
            return Result.failed(List.of(processors.failed(e)), sources.size());
        }
        if (good) {
            boolean isIsolating = processors == null || processors.areIsolating();
            return new Result(files.output(sources, isIsolating), List.of(), false, sources.size());
        }
        List<Problem> errors = diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR).map(CompileErrors::of)
                .toList();
        Optional<Problem> disabled = errors.isEmpty() ? Optional.empty() : Preview.problem(setup);
        if (disabled.isPresent()) errors = Stream.concat(disabled.stream(), errors.stream()).toList();
        return new Result(Output.NONE, errors.isEmpty() ? List.of(CompileErrors.crashed(crash.toString())) : errors,
                !isPastSyntax.get(), sources.size());
    }

    private JavacTask task(Map<Path, String> sources, Writer crash,
            DiagnosticCollector<JavaFileObject> diagnostics) {
        return (JavacTask) javac.getTask(crash, files, diagnostics, options, null, SourceText.all(sources));
    }

    private static TaskListener listener(AtomicBoolean isPastSyntax) {
        return new TaskListener() {
            @Override public void started(TaskEvent event) {
                if (event.getKind() == TaskEvent.Kind.ENTER) isPastSyntax.set(true);
            }
        };
    }

    /** The identifiers in the names of packages and types that the sources declare. */
    Set<String> declared(Map<Path, String> sources) {
        Set<String> words = new HashSet<>();
        try {
            JavacTask task = task(sources, new StringWriter(), new DiagnosticCollector<>());
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
}
