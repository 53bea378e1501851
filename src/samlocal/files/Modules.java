package samlocal.files;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Place;

/** Finds modules: folders with a build file of Maven or Gradle. */
public final class Modules {
    private static final List<String> BUILD_FILES = List.of("pom.xml", "build.gradle", "build.gradle.kts");
    private static final List<String> SETTINGS = List.of("settings.gradle", "settings.gradle.kts");
    private static final Pattern MODULE = Pattern.compile("<module>\\s*([^<]+?)\\s*</module>");
    private static final Pattern INCLUDE = Pattern.compile(
            "(?m)^\\s*include\\b[^'\"\n]*(?:[\\s,]*(['\"])[^'\"\n]+\\1)+");
    private static final Pattern QUOTED = Pattern.compile("['\"]([^'\"]+)['\"]");
    private static final Set<String> OUTPUT = Set.of("target", "build", "out", "bin", "bazel-bin");
    /** Source folders by file extension. */
    private static final Map<String, String> LANGUAGES =
            Map.of("java", "java", "kt", "kotlin", "scala", "scala", "groovy", "groovy");
    private static final int HIGHEST = 6;
    private static final int DEEPEST = 5;
    private static final int DEEPEST_PACKAGE = 20;
    private static final int MOST_FOLDERS = 2000;

    private Modules() {
    }

    /** The build file of a folder. */
    public static Optional<Path> buildFile(Path folder) {
        return BUILD_FILES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /** Whether a folder has a build file or a template. */
    public static boolean isProject(Path folder) {
        return buildFile(folder).isPresent() || Stream.concat(Stream.of("template.yaml", "template.yml"),
                SETTINGS.stream()).anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
    }

    /**
     * The location of the code of a CodeUri: a folder of sources or classes, or a jar or zip. A module that declares
     * the handler takes precedence over an artifact that was built from it, and replaces one that was not built.
     *
     * @return null if the code is missing
     */
    public static Path locate(Path code, String handler) {
        String type = typeOf(handler);
        boolean isFolder = Files.isDirectory(code);
        Path above = above(isFolder ? code : code.getParent());
        boolean isPart = !isFolder || above != null && (isOutput(code) || code.endsWith("src/main/java"));
        Path module = isPart ? above : code;
        if (module == null || !Files.exists(code) && !isArchive(code) && !isOutput(code)) {
            return Files.exists(code) ? code : null;
        }
        boolean isPlain = isFolder && (declares(module, type) || !hasModules(module));
        if (isPlain) return module;
        boolean isForeign = Files.isRegularFile(code) && !isOutput(code);
        if (isForeign) return code;
        List<Path> modules = below(module, DEEPEST, MOST_FOLDERS);
        Optional<Path> declaring = modules.stream().filter(folder -> declares(folder, type)).findFirst()
                .or(() -> modules.stream().filter(folder -> holds(folder.resolve("src"), type)).findFirst());
        if (declaring.isPresent()) return declaring.get();
        if (Files.exists(code)) return code;
        return hasSources(module) ? module : null;
    }

    /**
     * The module that declares the handler of an asset of a CDK app. {@code cdk synth} copies what the module's build
     * made to its output folder, so that edits of the sources would have no effect. Modules below the app's folder
     * come first, then those below the folders above it, up to the root of the checkout.
     *
     * @return empty if there is none, or if several modules on the same level declare such a class
     */
    public static Optional<Path> ofAsset(Path asset, String handler) {
        String type = typeOf(handler);
        Optional<Path> app = nearest(asset.getParent(), HIGHEST, each -> Files.isRegularFile(each.resolve("cdk.json")));
        boolean isCopy = app.isPresent() && !asset.getParent().equals(app.get());
        if (!isCopy) return Optional.empty();
        Path root = nearest(app.get(), HIGHEST, each -> Files.exists(each.resolve(".git"))).orElse(app.get());
        return Stream.iterate(app.get(), each -> each != null && each.startsWith(root), Path::getParent)
                .map(folder -> below(folder, DEEPEST, MOST_FOLDERS).stream()
                        .filter(module -> !module.startsWith(asset.getParent()) && declares(module, type)).toList())
                .filter(found -> !found.isEmpty()).findFirst()
                .filter(found -> found.size() == 1).map(found -> found.get(0));
    }

    private static String typeOf(String handler) {
        return handler.replaceFirst("(::|\\$).*", "");
    }

    /** Why a handler cannot run from sources, if it cannot. */
    public static Optional<String> unsupported(String handler, Path code) {
        boolean isGenerated = handler.startsWith("io.quarkus.") && Files.isDirectory(code)
                && !Files.isDirectory(code.resolve("lib")) && buildFile(code).isPresent();
        return isGenerated ? Optional.of("is started by classes that Quarkus's build generates: run that build and"
                + " set `CodeUri` to its function.zip") : Optional.empty();
    }

    private static boolean isArchive(Path path) {
        return path.toString().matches(".*\\.(jar|zip)");
    }

    private static boolean isOutput(Path path) {
        return path.normalize().toString().contains("bazel-bin") || Stream.iterate(path, Objects::nonNull,
                Path::getParent).limit(HIGHEST).anyMatch(folder -> folder.getParent() != null
                && OUTPUT.contains(folder.getFileName().toString()) && buildFile(folder.getParent()).isPresent());
    }

    /** The nearest module at or above a folder, which need not exist. */
    private static Path above(Path folder) {
        return nearest(folder, HIGHEST, each -> buildFile(each).isPresent()).orElse(null);
    }

    private static Optional<Path> nearest(Path folder, int highest, Predicate<Path> wanted) {
        return Stream.iterate(folder, Objects::nonNull, Path::getParent).limit(highest).filter(wanted).findFirst();
    }

    /** Whether a source belongs to an sbt build, and to no supported one. */
    public static boolean isOfSbt(Path source) {
        return nearest(source.getParent(), DEEPEST_PACKAGE, each -> buildFile(each).isPresent()
                || Files.isRegularFile(each.resolve("build.sbt")))
                .filter(each -> buildFile(each).isEmpty()).isPresent();
    }

    private static boolean hasModules(Path folder) {
        return below(folder, DEEPEST, MOST_FOLDERS).stream().anyMatch(each -> !each.equals(folder));
    }

    private static boolean hasSources(Path module) {
        return LANGUAGES.values().stream().anyMatch(language ->
                Files.isDirectory(module.resolve("src/main/" + language)));
    }

    private static boolean declares(Path module, String type) {
        String file = type.replace('.', '/');
        return LANGUAGES.entrySet().stream().anyMatch(language ->
                Stream.of("src/main/" + language.getValue() + "/", "src/", "").anyMatch(start ->
                Files.isRegularFile(module.resolve(start + file + "." + language.getKey()))));
    }

    /** Whether a file with the class's name is anywhere below a folder: Kotlin files need not be in package folders. */
    private static boolean holds(Path folder, String type) {
        String name = type.substring(type.lastIndexOf('.') + 1);
        Set<String> files = LANGUAGES.keySet().stream().map(end -> name + "." + end)
                .collect(Collectors.toSet());
        if (name.isEmpty() || !Files.isDirectory(folder)) return false;
        try (Stream<Path> found = Files.find(folder, DEEPEST * 3, (file, attributes) ->
                attributes.isRegularFile() && files.contains(file.getFileName().toString()))) {
            return found.findAny().isPresent();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /**
     * The modules at and below a folder, those near by first, and those that their build files name, wherever they
     * are; what builds wrote is passed over.
     */
    public static List<Path> below(Path folder, int deepest, int mostFolders) {
        List<Path> modules = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        Deque<Path> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty() && seen.size() < mostFolders) {
            Path next = open.poll();
            if (!seen.add(next)) continue;
            if (buildFile(next).isPresent()) modules.add(next);
            declared(next).forEach(open::add);
            boolean isNear = next.startsWith(folder) && next.getNameCount() - folder.getNameCount() < deepest;
            if (isNear) children(next).stream().filter(child -> !isPassedOver(child)).forEach(open::add);
        }
        return modules;
    }

    /** The folders of the modules that a folder's build files name. */
    private static List<Path> declared(Path folder) {
        Stream<String> poms = MODULE.matcher(text(folder.resolve("pom.xml"))).results().map(found -> found.group(1));
        Stream<String> projects = SETTINGS.stream().map(folder::resolve).flatMap(file -> INCLUDE.matcher(text(file))
                .results()).flatMap(found -> QUOTED.matcher(found.group()).results())
                .map(found -> found.group(1).replaceFirst("^:", "").replace(':', '/'));
        return Stream.concat(poms, projects).flatMap(name -> LocalFiles.find(folder, name, null).stream())
                .map(path -> path.endsWith("pom.xml") ? path.getParent() : path).filter(Files::isDirectory).toList();
    }

    private static String text(Path file) {
        return Files.isRegularFile(file) ? String.join("\n", Place.lines(file)) : "";
    }

    /** In a module, {@code src} has its own sources and {@code build} or the like what was made from them. */
    private static boolean isPassedOver(Path folder) {
        String name = folder.getFileName().toString();
        if (name.startsWith(".") || name.equals("node_modules") || name.equals("bazel-bin")) return true;
        boolean isOfModule = name.equals("src") ? Files.isDirectory(folder.resolve("main")) : OUTPUT.contains(name);
        return isOfModule && buildFile(folder.getParent()).isPresent();
    }

    /** The subfolders of a folder, sorted by name. */
    public static List<Path> children(Path folder) {
        File[] children = folder.toFile().listFiles(File::isDirectory);
        return children == null ? List.of() : Arrays.stream(children).sorted().map(File::toPath).toList();
    }
}
