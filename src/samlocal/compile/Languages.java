package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.dependencies.BuildModel;
import samlocal.dependencies.Builds;
import samlocal.dependencies.KotlinPlugins;
import samlocal.files.Jar;
import samlocal.files.Modules;
import samlocal.files.Scratch;
import samlocal.terminal.ProcessStreams;

/**
 * Compiles Kotlin, Scala and Groovy with their own compilers, in the version of the language's library on the class
 * path. They run in this process, each in a cached class loader: a warm compiler is several times faster.
 */
final class Languages {
    /** Runs a compiler with a loader, arguments and an output stream; false if it failed. */
    private interface Main {
        boolean run(ClassLoader loader, String[] arguments, PrintStream out) throws ReflectiveOperationException;
    }

    /**
     * A language.
     *
     * @param library matches the library jar; the group is its version
     * @param compilers coordinates of its compiler, with {@code %s} for the version
     * @param arguments additional compiler arguments
     */
    private record Language(String name, String suffix, Pattern library, List<String> compilers,
            List<String> arguments, Main main) {
    }

    private static final List<Language> ALL = List.of(
            new Language("Kotlin", ".kt", Pattern.compile("kotlin-stdlib-(\\d[\\w.-]*)\\.jar"),
                    List.of("org.jetbrains.kotlin:kotlin-compiler-embeddable:%s"),
                    List.of("-no-stdlib", "-no-reflect", "-java-parameters", "-jvm-target", "17"),
                    Languages::kotlin),
            new Language("Scala", ".scala", Pattern.compile("scala3-library_3-(\\d[\\w.-]*)\\.jar"),
                    List.of("org.scala-lang:scala3-compiler_3:%s"), List.of("-color:never"), Languages::scala3),
            new Language("Scala", ".scala", Pattern.compile("scala-library-(2[\\w.-]*)\\.jar"),
                    List.of("org.scala-lang:scala-compiler:%s"), List.of("-usejavacp:false"),
                    (loader, arguments, out) -> (boolean) call(loader, "scala.tools.nsc.Main", "process", arguments)),
            groovy("org.apache.groovy", "[4-9]|\\d\\d"), groovy("org.codehaus.groovy", "[0-3]"));
    /** A release of Java on which all compilers in use run. */
    private static final int WELL_KNOWN = 17;
    private static final String OLDEST_KOTLIN = "1.9.25";
    private static final Pattern ERROR = Pattern.compile("(?:-- (?:\\[\\w+] )?[^:]*Error: )?(?:file://)?"
            + "(\\S.*?\\.(?:kt|scala|groovy|java)): ?(\\d+)(?::(\\d+))?:? ?(?:error: )?(.*)");
    private static final Pattern COLUMN = Pattern.compile(" *@ line \\d+, column (\\d+)\\.|(\\s*)\\^\\s*");
    private static final Pattern WARNING = Pattern.compile("-- .*Warning: .*|.*: (?:warning|info): .*");

    /** Groovy of the major versions that were published in a group. */
    private static Language groovy(String group, String versions) {
        return new Language("Groovy", ".groovy", Pattern.compile("groovy-((?:" + versions + ")\\.[\\w.-]*)\\.jar"),
                List.of(group + ":groovy:%s"), List.of("-j", "--parameters"), (loader, arguments, out) ->
                call(loader, "org.codehaus.groovy.tools.FileSystemCompiler", "commandLineCompile", arguments) == null);
    }

    private final Builds builds;
    private final Map<List<Path>, URLClassLoader> loaders = new HashMap<>();

    Languages(Builds builds) {
        this.builds = builds;
    }

    /** Compiles sources that are not Java; Java sources are parsed for their names. The output is a single folder. */
    Compiler.Result compile(Sources.Snapshot sources) {
        try {
            Path folder = Scratch.folder();
            List<Problem> errors = new ArrayList<>();
            List<String> suffixes = sources.foreign().keySet().stream().map(Languages::suffix).distinct().toList();
            for (String suffix : suffixes) errors.addAll(compile(suffix, sources, folder));
            Map<String, byte[]> classes = new HashMap<>();
            Scratch.files(folder).forEach((file, content) -> {
                if (file.endsWith(".class")) classes.put(binaryName(file), content);
            });
            return new Compiler.Result(new Output(sources.foreign(), classes, Map.of(), List.of(folder), false), errors,
                    false, sources.texts().size());
        } catch (IOException e) {
            throw Fault.project("cannot write to the folder for temporary files: " + Fault.reason(e));
        }
    }

    private static String binaryName(String file) {
        return file.substring(0, file.lastIndexOf('.')).replace(File.separatorChar, '.');
    }

    private static String suffix(Path path) {
        String name = path.getFileName().toString();
        return name.substring(name.lastIndexOf('.'));
    }

    private List<Problem> compile(String suffix, Sources.Snapshot sources, Path folder) {
        List<Path> jars = Dependencies.compileJars(sources).stream().map(Jar::path).toList();
        for (Language language : ALL) {
            if (!language.suffix().equals(suffix)) continue;
            Optional<String> version = jars.stream().map(jar ->
                    language.library().matcher(jar.getFileName().toString())).filter(Matcher::matches)
                    .map(matcher -> matcher.group(1)).findFirst();
            if (version.isPresent()) return compile(language, version.get(), sources, jars, folder);
        }
        Path first = sources.foreign().keySet().stream().filter(path -> path.toString().endsWith(suffix))
                .findFirst().orElseThrow();
        String name = ALL.stream().filter(each -> each.suffix().equals(suffix)).findFirst().orElseThrow().name();
        return List.of(new Problem(name + " needs its library, which is not on the class path",
                Place.of(first), remedy(first)));
    }

    private static String remedy(Path source) {
        return Modules.isOfSbt(source) ? "build.sbt is not read: declare libraries in `//DEPS group:name:version`"
                + " comments, put their jars into a lib folder of the function, or set `CodeUri` to the jar that"
                + " sbt built" : "add it to the dependencies of the build";
    }

    private static boolean isKotlin(Language language) {
        return language.name().equals("Kotlin");
    }

    /** Kotlin's older compilers cannot read the libraries of this Java. */
    private static String fit(String kotlin) {
        return kotlin.matches("1\\.[0-5]\\..*") ? OLDEST_KOTLIN : kotlin;
    }

    private List<Problem> compile(Language language, String ofLibrary, Sources.Snapshot sources, List<Path> jars,
            Path folder) {
        List<String> settings = sources.settings(KotlinPlugins.TOOL);
        String version = isKotlin(language) ? fit(KotlinPlugins.version(settings).orElse(ofLibrary)) : ofLibrary;
        BuildModel compiler = builds.libraries(language.compilers().stream().map(each -> each.formatted(version))
                .toList(), "the " + language.name() + " compiler");
        if (!compiler.problems().isEmpty()) return compiler.problems();
        List<String> arguments = new ArrayList<>(language.arguments());
        List<Problem> missing = isKotlin(language) ? addPlugins(arguments, version, settings) : List.of();
        if (!missing.isEmpty()) return missing;
        Stream<Path> classPath = Stream.of(List.of(Dependencies.core(), folder), sources.folders().compile(), jars)
                .flatMap(List::stream);
        arguments.addAll(List.of("-cp", classPath.map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)), "-d", folder.toString()));
        sources.foreign().keySet().stream().filter(path -> path.toString().endsWith(language.suffix()))
                .map(Path::toString).forEach(arguments::add);
        sources.java().keySet().stream().map(Path::toString).forEach(arguments::add);
        return run(language, loader(compiler.libraries().runtime()), arguments.toArray(String[]::new));
    }

    /** Arguments for Kotlin's compiler plugins, in the version of the compiler; problems if one cannot be had. */
    private List<Problem> addPlugins(List<String> arguments, String version, List<String> settings) {
        Map<String, List<String>> artifacts = KotlinPlugins.artifacts(settings);
        arguments.addAll(KotlinPlugins.arguments(settings));
        artifacts.values().stream().flatMap(List::stream).forEach(option -> arguments.addAll(List.of("-P", option)));
        if (artifacts.isEmpty()) return List.of();
        String suffix = version.matches("1\\.[0-8]\\..*") ? "" : "-compiler-plugin-embeddable"; // renamed in 1.9.0
        List<String> names = artifacts.keySet().stream().map(artifact -> "kotlin-" + artifact + suffix).toList();
        BuildModel found = builds.libraries(names.stream().map(name -> "org.jetbrains.kotlin:" + name + ":" + version)
                .toList(), "Kotlin's compiler plugins");
        found.libraries().runtime().stream().filter(jar -> names.stream().anyMatch(name ->
                jar.endsWith(name + "-" + version + ".jar"))).forEach(jar -> arguments.add("-Xplugin=" + jar));
        return found.problems();
    }

    private synchronized URLClassLoader loader(List<Path> jars) {
        return loaders.computeIfAbsent(jars, all ->
                new URLClassLoader(Jar.urls(all), ClassLoader.getPlatformClassLoader()));
    }

    private static List<Problem> run(Language language, ClassLoader loader, String[] arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean isDone = ProcessStreams.captured(language.name(), printed, loader, () -> {
            try (PrintStream out = new PrintStream(printed, true, UTF_8)) {
                return language.main().run(loader, arguments, out);
            } catch (InvocationTargetException e) {
                printed.writeBytes(String.valueOf(e.getCause().getMessage()).getBytes(UTF_8));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                printed.writeBytes(e.toString().getBytes(UTF_8));
            }
            return false;
        });
        return isDone ? List.of() : errors(language, printed.toString(UTF_8));
    }

    private static List<Problem> errors(Language language, String printed) {
        List<String> lines = printed.lines().toList();
        List<Problem> errors = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher error = ERROR.matcher(lines.get(i));
            boolean isError = !WARNING.matcher(lines.get(i)).matches() && error.matches();
            if (isError) errors.add(error(error, lines.subList(i + 1, lines.size())));
        }
        return errors.isEmpty() ? List.of(new Problem("the " + language.name() + " compiler failed: "
                + lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("no reason given"), null, advice()))
                : errors;
    }

    /** Compilers reject releases of Java that are newer than they are. */
    private static String advice() {
        int here = Runtime.version().feature();
        return here <= WELL_KNOWN ? null : "if its version is older than Java " + here
                + ", name a newer one in the build, or start with an older Java: jbang --java " + WELL_KNOWN + " ...";
    }

    /** Scala 3 prints the message below the source line, all others beside the place. */
    private static Problem error(Matcher error, List<String> after) {
        Path file = Path.of(error.group(1)).toAbsolutePath().normalize();
        String message = error.group(4).replaceFirst("^-+$", "").strip();
        if (message.isEmpty()) {
            message = after.stream().filter(line -> line.matches("\\s*\\|\\s*[^\\s^|].*")).findFirst()
                    .map(line -> line.replaceFirst("\\s*\\|\\s*", "")).orElse("does not compile");
        }
        int column = error.group(3) == null ? column(after) : Integer.parseInt(error.group(3));
        return new Problem(message, new Place(Place.display(file), Place.lines(file), Integer.parseInt(error.group(2)),
                column, 1), null);
    }

    /** The column, which Groovy prints below the message and Scala 2 as a caret below the source line. */
    private static int column(List<String> after) {
        return after.stream().limit(3).map(COLUMN::matcher).filter(Matcher::matches).findFirst().map(found ->
                found.group(1) != null ? Integer.parseInt(found.group(1)) : found.group(2).length() + 1).orElse(1);
    }

    private static boolean kotlin(ClassLoader loader, String[] arguments, PrintStream out)
            throws ReflectiveOperationException {
        Class<?> compiler = loader.loadClass("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
        Object code = compiler.getMethod("exec", PrintStream.class, String[].class)
                .invoke(compiler.getConstructor().newInstance(), out, arguments);
        return code.toString().equals("OK");
    }

    private static boolean scala3(ClassLoader loader, String[] arguments, PrintStream out)
            throws ReflectiveOperationException {
        Object reporter = call(loader, "dotty.tools.dotc.Main", "process", arguments);
        return !(boolean) reporter.getClass().getMethod("hasErrors").invoke(reporter);
    }

    private static Object call(ClassLoader loader, String type, String method, String[] arguments)
            throws ReflectiveOperationException {
        return loader.loadClass(type).getMethod(method, String[].class).invoke(null, (Object) arguments);
    }
}
