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
    /** How many folders, from a module upwards, are searched for settings. */
    static final int HIGHEST = 5;
    private static final List<String> NAMES = List.of("settings.gradle", "settings.gradle.kts");
    private static final Pattern CATALOG =
            Pattern.compile("dependencyResolutionManagement\\.versionCatalogs\\.(\\w+)\\.(\\w+)");
    private static final Pattern FOLDER = Pattern.compile("(?:rootProject\\.)?project\\(:?(.*)\\)\\.projectDir");
    private static final Pattern PLUGIN = Pattern.compile("pluginManagement\\.plugins\\..*");
    private static final Pattern REPOSITORY =
            Pattern.compile("dependencyResolutionManagement\\.(repositories\\..*)");
    private static final Pattern RELEVANT = Pattern.compile("(?:.*\\.)?(?:include\\w*|projectDir|versionCatalogs)"
            + "(?:\\..*)?");
    private final Path root;
    private final Map<String, GradleCatalog> catalogs = new HashMap<>();
    private final Map<String, Path> folders = new HashMap<>();
    private final Set<String> projects = new LinkedHashSet<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> unread = new ArrayList<>();
    private final List<GradleStatement> plugins = new ArrayList<>();
    private final List<GradleStatement> repositories = new ArrayList<>();
    private final GradleValues values;
    private boolean hasComputedFolders;

    /** Reads the settings for a module, from its folder or one above it. */
    GradleSettings(Path module) {
        this.root = Stream.iterate(module, Objects::nonNull, Path::getParent).limit(HIGHEST)
                .filter(folder -> NAMES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name))))
                .findFirst().orElse(module);
        this.values = new GradleValues(root, root, this::version);
        readCatalog("libs", root.resolve("gradle/libs.versions.toml"));
        files.add(root.resolve("gradle.properties"));
        NAMES.stream().map(root::resolve).forEach(file -> {
            files.add(file);
            new GradleWalk(file).each(this::read, unread);
        });
    }

    private void read(GradleWalk.Visit visit) {
        GradleStatement statement = visit.statement();
        Matcher catalog = CATALOG.matcher(visit.path());
        Matcher folder = FOLDER.matcher(visit.path());
        Matcher repository = REPOSITORY.matcher(visit.path());
        if (visit.path().startsWith("def.")) values.assign(visit.path(), statement.arguments());
        else if (visit.path().equals("include")) include(statement);
        else if (visit.path().matches("(pluginManagement\\.)?includeBuild")) visit.notUnderstood();
        else if (catalog.matches()) catalog(catalog.group(1), catalog.group(2), visit);
        else if (folder.matches()) place(folder.group(1), visit);
        else if (PLUGIN.matcher(visit.path()).matches()) plugins.add(statement);
        else if (repository.matches()) repositories.add(statement);
        else if (statement.block().isEmpty() && RELEVANT.matcher(visit.path()).matches()) computed();
        else visit.descend();
    }

    /** Projects that a script computes are looked for where they usually are. */
    private void computed() {
        hasComputedFolders = true;
    }

    private void include(GradleStatement statement) {
        GradleValues.items(statement.arguments()).map(values::value).filter(Objects::nonNull)
                .forEach(name -> projects.add(name.replaceFirst("^:", "")));
    }

    private void place(String project, GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        Path folder = given.size() == 1 ? values.path(given.get(0)) : null;
        if (folder == null) computed();
        else folders.put(project, folder);
    }

    private void catalog(String name, String what, GradleWalk.Visit visit) {
        List<List<GradleToken>> given = GradleValues.items(visit.statement().arguments()).toList();
        Path file = given.size() == 1 && what.equals("from") ? values.path(given.get(0)) : null;
        GradleCatalog catalog = catalogs.computeIfAbsent(name, key -> new GradleCatalog());
        if (file != null && Files.exists(file)) readCatalog(name, file);
        else if (!catalog.add(visit.statement(), values)) visit.notUnderstood();
    }

    private void readCatalog(String name, Path file) {
        files.add(file);
        try {
            catalogs.computeIfAbsent(name, key -> new GradleCatalog())
                    .read(file, String.join("\n", Place.lines(file)));
        } catch (Fault fault) {
            problems.addAll(fault.problems());
        }
    }

    /** The version behind {@code libs.versions.alias}, or null. */
    String version(String path) {
        String[] parts = path.split("\\.versions\\.", 2);
        return parts.length == 2 && catalogs.containsKey(parts[0]) ? catalogs.get(parts[0]).version(parts[1]) : null;
    }

    /** Coordinates behind {@code libs.alias}; none if that is not in a catalog. */
    List<String> libraries(String path) {
        String[] parts = path.split("\\.", 2);
        boolean isCatalog = parts.length == 2 && catalogs.containsKey(parts[0]);
        return isCatalog ? catalogs.get(parts[0]).libraries(parts[1]) : List.of();
    }

    /** The plugin behind {@code libs.plugins.alias}, as {@code id:version}. */
    Optional<String> plugin(String path) {
        String[] parts = path.split("\\.plugins\\.", 2);
        return Optional.ofNullable(parts.length < 2 ? null : catalogs.get(parts[0]))
                .flatMap(catalog -> catalog.plugin(parts[1]));
    }

    /** Where a project is, by its path such as {@code :core}. */
    Path folder(String path) {
        String name = path.replaceFirst("^:", "");
        return folders.getOrDefault(name, root.resolve(name.replace(':', '/')).normalize());
    }

    /** The folder of the project behind {@code projects.myCore}. */
    Optional<Path> accessed(String accessor) {
        return projects.stream().filter(name -> name.replaceAll("[-_]", "").replace(':', '.')
                .equalsIgnoreCase(accessor)).findFirst().map(this::folder);
    }

    Path root() {
        return root;
    }

    List<Path> files() {
        return files;
    }

    /** Versions of plugins. */
    List<GradleStatement> plugins() {
        return plugins;
    }

    List<GradleStatement> repositories() {
        return repositories;
    }

    List<Problem> problems() {
        return problems;
    }

    List<Problem> unread() {
        return unread;
    }

    /** Whether projects may be elsewhere than {@link #folder} says. */
    boolean hasComputedFolders() {
        return hasComputedFolders;
    }
}
