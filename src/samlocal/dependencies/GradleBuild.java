package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Resource;
import samlocal.files.Scratch;
import samlocal.files.Stamp;
import samlocal.terminal.Console;

/**
 * Reads build files with {@link Gradle}. If a script computes its dependencies, runs the project's {@code gradlew}, or
 * the {@code gradle} on the PATH, with an init script that adds a task to print them. Nothing is built, and Gradle's
 * output goes to a scratch folder.
 */
final class GradleBuild {
    private static final long PATIENCE = TimeUnit.MINUTES.toSeconds(10);
    private static final int MOST_OUTPUT = 8 << 20;
    private static final String MARK = "samlocal\t";
    private static final String SCRIPT = Resource.text(GradleBuild.class, "model.gradle");
    private final boolean offline;
    private final boolean mayRun;
    private final Maven maven;
    private final Console console;
    /** Build files in which Gradle found no Java project, with the stamps of the files involved at that time. */
    private final Map<Path, List<Stamp>> vain = new ConcurrentHashMap<>();

    GradleBuild(boolean offline, boolean mayRun, Maven maven, Console console) {
        this.offline = offline;
        this.mayRun = mayRun;
        this.maven = maven;
        this.console = console;
    }

    /** The model of a build file; libraries that cannot be found are among its problems. */
    BuildModel read(Path file) {
        Gradle.Read read = Gradle.read(file, maven);
        if (read.unread().isEmpty()) return read.model();
        Optional<Path> program = program(file.getParent());
        if (!mayRun || program.isEmpty()) return withAdvice(withProblems(read, read.unread()), program);
        try {
            return run(program.get(), file, read.model());
        } catch (IOException e) {
            return withProblems(read, List.of(new Problem("Gradle cannot resolve the dependencies of "
                    + Place.display(file) + ": " + Fault.reason(e), read.unread().get(0).place(),
                    "try: " + program.get() + " dependencies")));
        }
    }

    private static BuildModel withProblems(Gradle.Read read, List<Problem> more) {
        return read.model().withProblems(Stream.concat(more.stream(), read.model().problems().stream()).toList());
    }

    /** Gradle can tell what is not understood, and what follows from it, such as the version of a library. */
    private static BuildModel withAdvice(BuildModel model, Optional<Path> program) {
        String advice = "let Gradle evaluate it: " + (program.isEmpty()
                ? "add a `gradlew` to the project with `gradle wrapper`; samlocal runs it"
                : "`start-api` and `invoke` run `" + program.get().getFileName() + "`, unless `--no-gradle` or"
                        + " SAMLOCAL_GRADLE=never is set");
        return model.withProblems(model.problems().stream().map(each -> new Problem(each.message(), each.place(),
                each.notes(), each.hint() == null ? advice : each.hint() + "; or " + advice)).toList());
    }

    private static Optional<Path> program(Path module) {
        boolean isWindows = File.separatorChar == '\\';
        Stream<Path> wrappers = Stream.iterate(module, Objects::nonNull, Path::getParent).limit(5)
                .map(folder -> folder.resolve(isWindows ? "gradlew.bat" : "gradlew"));
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Stream<Path> installed = Arrays.stream(path.split(File.pathSeparator)).filter(each -> !each.isBlank())
                .map(folder -> Path.of(folder, isWindows ? "gradle.bat" : "gradle"));
        return Stream.concat(wrappers, installed).filter(Files::isRegularFile).findFirst();
    }

    private BuildModel run(Path program, Path file, BuildModel literal) throws IOException {
        List<Stamp> asked = Stream.concat(Stream.of(program), literal.origin().files().stream())
                .map(Stamp::of).toList();
        List<String> answer = asked.equals(vain.get(file)) ? List.of() : answer(program, file);
        if (!answer.isEmpty()) return model(answer, literal, file);
        vain.put(file, asked);
        throw new IOException("it found no Java project there; its version may be too old");
    }

    private List<String> answer(Path program, Path file) throws IOException {
        console.tell("libraries", "running " + Place.display(program) + " to read " + Place.display(file));
        Path scratch = Scratch.folder();
        Path script = Files.writeString(scratch.resolve("model.gradle"), SCRIPT);
        boolean isExecutable = Files.isExecutable(program);
        List<String> command = new ArrayList<>(isExecutable ? List.of() : List.of("sh"));
        command.addAll(List.of(program.toString(), "-q", "--console=plain", "--no-daemon", "-I", script.toString(),
                "-p", file.getParent().toString(), "--project-cache-dir", scratch.resolve("cache").toString()));
        if (offline) command.add("--offline");
        command.add("samlocalModel");
        ProcessBuilder builder = new ProcessBuilder(command).directory(file.getParent().toFile());
        builder.environment().put("SAMLOCAL_MODULE", file.getParent().toString());
        builder.environment().put("SAMLOCAL_SCRATCH", scratch.toString());
        return output(builder, scratch).stream().filter(line -> line.startsWith(MARK)).toList();
    }

    private static List<String> output(ProcessBuilder builder, Path scratch) throws IOException {
        Path log = scratch.resolve("log");
        Path out = scratch.resolve("out");
        Process process = builder.redirectError(log.toFile()).redirectOutput(out.toFile()).start();
        process.getOutputStream().close();
        try {
            boolean isDone = process.waitFor(PATIENCE, TimeUnit.SECONDS);
            if (!isDone) process.destroyForcibly();
            if (!isDone) throw new IOException("it did not finish in " + PATIENCE + " s");
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new InterruptedIOException();
        }
        if (process.exitValue() != 0) throw new IOException(reason(head(log), process.exitValue()));
        return head(out);
    }

    private static List<String> head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OUTPUT), UTF_8).lines().toList();
        }
    }

    /** The first line of Gradle's explanation. */
    private static String reason(List<String> log, int status) {
        int heading = log.indexOf("* What went wrong:");
        return log.stream().skip(heading + 1).filter(line -> !line.isBlank()).findFirst().map(String::strip)
                .orElse("it exited with status " + status);
    }

    private static BuildModel model(List<String> answer, BuildModel literal, Path file) {
        Map<String, List<String>> told = answer.stream().map(line -> line.split("\t", 3))
                .filter(parts -> parts.length == 3).collect(Collectors.groupingBy(
                parts -> parts[1], Collectors.mapping(parts -> parts[2], Collectors.toList())));
        List<Path> processors = paths(told, "processor");
        List<String> options = new ArrayList<>(told.getOrDefault("option", List.of()));
        if (processors.isEmpty()) options.add("-proc:none");
        List<Path> resources = paths(told, "resource");
        List<Path> sources = paths(told, "source").stream().filter(path -> !resources.contains(path)).toList();
        Map<String, List<String>> tools = new TreeMap<>(literal.tools());
        tools.computeIfPresent("aspectj", (tool, jars) -> told.getOrDefault("aspect", List.of()));
        List<Problem> problems = told.getOrDefault("missing", List.of()).stream().distinct().map(each ->
                new Problem("cannot find `" + each + "`", Place.of(file), null))
                .toList();
        int release = told.getOrDefault("release", List.of()).stream().map(each -> each.replaceFirst("^1\\.", ""))
                .filter(each -> each.matches("\\d+")).map(Integer::valueOf).findFirst()
                .orElse(literal.javac().release());
        List<Path> files = Stream.concat(literal.origin().files().stream(), paths(told, "file").stream()).distinct()
                .toList();
        return new BuildModel(new BuildModel.Folders(sources, resources),
                new BuildModel.Libraries(paths(told, "compile"), paths(told, "runtime"), processors),
                new BuildModel.Javac(options, release), tools, new BuildModel.Origin(files, 0), problems);
    }

    private static List<Path> paths(Map<String, List<String>> told, String kind) {
        return told.getOrDefault(kind, List.of()).stream().map(Path::of).distinct().toList();
    }
}
