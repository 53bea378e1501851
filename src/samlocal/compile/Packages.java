package samlocal.compile;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import samlocal.base.Problem;
import samlocal.terminal.Console;

/** Guesses which library is missing, from what could not be had and from what lies in Maven's local repository. */
final class Packages {
    private static final Pattern MISSING = Pattern.compile("package (\\S+) does not exist");
    private static final Pattern FOLLOWING = Pattern.compile("package \\S+ does not exist|cannot find symbol"
            + "|static import only|does not override or implement");
    private static final Pattern COORDINATES = Pattern.compile("`([\\w.-]+):([\\w.-]+)(?::[^`]*)?`");
    private static final int MOST_JARS = 300;
    private final Path repository;
    private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    /** Over a repository in Maven's layout, which may not be there. */
    Packages(Path repository) {
        this.repository = repository;
    }

    static Packages here() {
        String home = System.getProperty("user.home");
        return new Packages(Path.of(System.getProperty("maven.repo.local", home + "/.m2/repository")));
    }

    /**
     * Errors of a compiler with hints at libraries that are missing. What could not be had comes first, and most
     * errors about names only follow from it.
     */
    List<Problem> explained(List<Problem> errors, List<Problem> notHad) {
        boolean isWhole = errors.isEmpty() || notHad.isEmpty();
        if (isWhole) return errors.stream().map(each -> explained(each, notHad)).toList();
        List<Problem> others = errors.stream().filter(error -> !FOLLOWING.matcher(error.message()).find()).toList();
        int following = errors.size() - others.size();
        Problem rest = new Problem(Console.count(following, "error") + " about names that are not known "
                + (following == 1 ? "follows" : "follow") + " from this", null, null);
        return Stream.of(notHad, following == 0 ? List.<Problem>of() : List.of(rest), others)
                .flatMap(List::stream).toList();
    }

    /** The error of a compiler, with a hint if it is about a package of a library that is not on the class path. */
    Problem explained(Problem error, List<Problem> notHad) {
        Matcher missing = MISSING.matcher(error.message());
        if (error.hint() != null || !missing.matches()) return error;
        String name = missing.group(1);
        return notHad.stream().filter(problem -> concerns(problem, name)).findFirst()
                .map(problem -> problem.message() + (problem.place() == null ? "" : ", " + problem.place()))
                .or(() -> known.computeIfAbsent(name, this::find).map(library ->
                        "`" + library + "` has it: add it to the dependencies of the build"))
                .map(hint -> new Problem(error.message(), error.place(), hint)).orElse(error);
    }

    private static boolean concerns(Problem problem, String name) {
        Matcher coordinates = COORDINATES.matcher(problem.message());
        return coordinates.find() && start(coordinates.group(1)).equals(start(name));
    }

    /** The first two parts of a package or a group: those of one publisher. */
    private static String start(String name) {
        return name.replaceFirst("^([^.]+\\.[^.]+)\\..*", "$1");
    }

    private Optional<String> find(String name) {
        Path top = repository.resolve(start(name).replace('.', '/'));
        if (!name.contains(".") || !Files.isDirectory(top)) return Optional.empty();
        String folder = name.replace('.', '/') + "/";
        try (Stream<Path> files = Files.walk(top, 6)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")
                    && !file.toString().matches(".*-(sources|javadoc|tests)\\.jar")).limit(MOST_JARS).toList();
            return jars.stream().filter(jar -> has(jar, folder)).max(Comparator.naturalOrder())
                    .map(this::coordinates);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean has(Path jar, String folder) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().startsWith(folder)
                    && entry.getName().indexOf('/', folder.length()) < 0 && entry.getName().endsWith(".class"));
        } catch (IOException e) {
            return false;
        }
    }

    private String coordinates(Path jar) {
        Path version = jar.getParent();
        Path artifact = version.getParent();
        String group = repository.relativize(artifact.getParent()).toString().replace(File.separatorChar, '.');
        return group + ":" + artifact.getFileName() + ":" + version.getFileName();
    }
}
