package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/** What a build with several projects shares: the settings script, version catalogs and gradle.properties. */
final class GradleSettings {
    /** How many folders are searched for settings, from the module upwards. */
    static final int HIGHEST = 5;
    private static final List<String> NAMES = List.of("settings.gradle", "settings.gradle.kts");
    private static final Pattern CATALOG =
            Pattern.compile("dependencyResolutionManagement\\.versionCatalogs\\.(\\w+)\\.(\\w+)");
    private static final Pattern FOLDER = Pattern.compile("(?:rootProject\\.)?project\\(:?(.*)\\)\\.projectDir");
    /** Blocks whose statements apply to every build script. */
    private static final Pattern SHARED = Pattern.compile("pluginManagement\\.(?=plugins\\..)"
            + "|dependencyResolutionManagement\\.(?=repositories\\..)");
    private static final Pattern RELEVANT = Pattern.compile("(?:.*\\.)?(?:include\\w*|projectDir|versionCatalogs)"
            + "(?:\\..*)?");
    private final Path root;
    private final GradleCatalogs catalogs = new GradleCatalogs();
    private final Map<String, Path> folders = new HashMap<>();
    private final Set<String> projects = new LinkedHashSet<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<GradleWalk.Visit> shared = new ArrayList<>();
    private final GradleValues values;
    private boolean hasComputedFolders;

    /**
     * Reads the settings for a module, from its folder or one above it.
     *
     * @param unread collects statements that are not understood
     */
    GradleSettings(Path module, List<Problem> unread) {
        this.root = Stream.iterate(module, Objects::nonNull, Path::getParent).limit(HIGHEST)
                .filter(folder -> NAMES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name))))
                .findFirst().orElse(module);
        this.values = new GradleValues(root, root, this::version);
        readCatalog("libs", root.resolve("gradle/libs.versions.toml"));
        files.add(root.resolve("gradle.properties"));
        NAMES.stream().map(root::resolve).forEach(file -> {
            files.add(file);
            GradleWalk.each(file, this::read, unread);
        });
    }

    private void read(GradleWalk.Visit visit) {
        GradleStatement statement = visit.statement();
        Matcher catalog = CATALOG.matcher(visit.path());
        Matcher folder = FOLDER.matcher(visit.path());
        Matcher blocks = SHARED.matcher(visit.path());
        if (visit.path().startsWith("def.")) values.assign(visit.path(), statement.arguments());
        else if (visit.path().equals("include")) include(statement);
        else if (visit.path().matches("(pluginManagement\\.)?includeBuild")) visit.notUnderstood();
        else if (catalog.matches()) catalog(catalog.group(1), catalog.group(2), visit);
        else if (folder.matches()) place(folder.group(1), statement);
        else if (blocks.lookingAt()) shared.add(visit.without(blocks.group()));
        else if (!statement.block().isEmpty()) visit.descend();
        else hasComputedFolders |= RELEVANT.matcher(visit.path()).matches();
    }

    private void include(GradleStatement statement) {
        GradleValues.items(statement.arguments()).map(values::value).filter(Objects::nonNull)
                .forEach(name -> projects.add(name.replaceFirst("^:", "")));
    }

    /** Records the folder of a project. If a script computes the folder, the default one is used. */
    private void place(String project, GradleStatement statement) {
        List<List<GradleToken>> given = statement.arguments();
        Path folder = given.size() == 1 ? values.path(given.get(0)) : null;
        if (folder == null) hasComputedFolders = true;
        else folders.put(project, folder);
    }

    private void catalog(String name, String what, GradleWalk.Visit visit) {
        List<List<GradleToken>> given = GradleValues.items(visit.statement().arguments()).toList();
        Path file = given.size() == 1 && what.equals("from") ? values.path(given.get(0)) : null;
        List<String> texts = given.stream().map(values::value).toList();
        boolean isKnown = texts.size() > 1 && !texts.contains(null);
        if (file != null && Files.exists(file)) readCatalog(name, file);
        else if (!isKnown || !catalogs.add(name, what, texts.get(0), texts.subList(1, texts.size()))) {
            visit.notUnderstood();
        }
    }

    private void readCatalog(String name, Path file) {
        files.add(file);
        try {
            catalogs.read(name, file);
        } catch (Fault fault) {
            problems.addAll(fault.problems());
        }
    }

    /** The version behind {@code libs.versions.alias}, or null. */
    String version(String accessor) {
        return accessor.contains(".versions.") ? catalogs.get(accessor) : null;
    }

    GradleCatalogs catalogs() {
        return catalogs;
    }

    /** The folder of a project with a path such as {@code :core}. */
    Path folder(String path) {
        String name = path.replaceFirst("^:", "");
        return folders.getOrDefault(name, root.resolve(name.replace(':', '/')).normalize());
    }

    /** The folder of the project behind {@code projects.myCore}. */
    Optional<Path> accessed(String accessor) {
        return projects.stream().filter(name -> ("projects." + name).replaceAll("[-_]", "").replace(':', '.')
                .equalsIgnoreCase(accessor)).findFirst().map(this::folder);
    }

    Path root() {
        return root;
    }

    List<Path> files() {
        return files;
    }

    /** Statements about plugin versions and repositories, as if they were in the build script. */
    List<GradleWalk.Visit> shared() {
        return shared;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Whether the script computes folders, so that {@link #folder} may be wrong. */
    boolean hasComputedFolders() {
        return hasComputedFolders;
    }
}
