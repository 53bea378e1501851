package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
            Pattern.compile("dependencyResolutionManagement\\.versionCatalogs\\.(\\w+)\\.\\w+.*");
    private static final Pattern DEFAULT_CATALOG =
            Pattern.compile("dependencyResolutionManagement\\.defaultLibrariesExtensionName(?:\\.set)?");
    private static final Pattern FOLDER = Pattern.compile("(?:rootProject\\.)?project\\(:?(.*)\\)\\.projectDir");
    /** Blocks whose statements apply to every build script. */
    private static final Pattern SHARED = Pattern.compile("pluginManagement\\.(?=plugins\\..)"
            + "|dependencyResolutionManagement\\.(?=repositories\\..)");
    private static final Pattern RELEVANT = Pattern.compile("(?:.*\\.)?(?:include\\w*|projectDir|versionCatalogs)"
            + "(?:\\..*)?");
    private static final String CATALOG_FILE = "gradle/libs.versions.toml";
    private final Path root;
    private final GradleCatalogs catalogs = new GradleCatalogs();
    private final Map<String, Path> folders = new HashMap<>();
    private final Set<String> projects = new LinkedHashSet<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<GradleWalk.Visit> shared = new ArrayList<>();
    private final List<GradleWalk.Visit> builds = new ArrayList<>();
    private final Map<String, Path> catalogFiles = new HashMap<>();
    private final GradleValues values;
    private String name;
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
        readCatalog("libs", root.resolve(CATALOG_FILE));
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
        else if (visit.path().equals("rootProject.name")) name = values.value(statement.arguments().get(0));
        else if (visit.path().matches("(pluginManagement\\.)?includeBuild")) builds.add(visit);
        else if (DEFAULT_CATALOG.matcher(visit.path()).matches()) defaultCatalog(visit);
        else if (catalog.matches()) catalog(catalog.group(1), visit);
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

    private void defaultCatalog(GradleWalk.Visit visit) {
        String name = values.value(visit.statement().arguments().get(0));
        if (name == null) visit.notUnderstood();
        else readCatalog(name, root.resolve(CATALOG_FILE));
    }

    /** One statement about a catalog, such as {@code library("gson", "com.google.code.gson", "gson").version("2")}. */
    private void catalog(String catalog, GradleWalk.Visit visit) {
        Map<String, List<List<GradleToken>>> calls = visit.statement().calls();
        String what = calls.keySet().stream().findFirst().orElse("");
        List<List<GradleToken>> given = GradleValues.items(calls.getOrDefault(what, List.of())).toList();
        Path file = given.size() == 1 && what.equals("from") ? values.path(given.get(0)) : null;
        List<String> texts = Stream.concat(given.stream().map(values::value), version(catalog, calls, visit)).toList();
        boolean isKnown = texts.size() > 1 && !texts.contains(null);
        if (file != null && Files.exists(file)) readCatalog(catalog, file);
        else if (!isKnown || !catalogs.add(catalog, what, texts.get(0), texts.subList(1, texts.size()))) {
            visit.notUnderstood();
        } else if (what.equals("version")) {
            values.put(visit.statement().name(), texts.get(0));
            Optional.ofNullable(catalogFiles.get(catalog)).ifPresent(each -> readCatalog(catalog, each));
        }
    }

    /** The version of a library or plugin: by its name in the catalog, as it is, or the one that is preferred. */
    private Stream<String> version(String catalog, Map<String, List<List<GradleToken>>> calls,
            GradleWalk.Visit visit) {
        Optional<String> text = calls.values().stream().skip(1).flatMap(List::stream).map(values::value)
                .filter(Objects::nonNull).findFirst();
        if (calls.containsKey("versionRef")) return Stream.of(text.map(name ->
                catalogs.get(catalog + ".versions." + name)).orElse(null));
        return Stream.concat(text.stream(), values.version(visit.statement().block()).stream()).limit(1);
    }

    private void readCatalog(String name, Path file) {
        catalogFiles.put(name, file);
        files.add(file);
        try {
            catalogs.read(name, file);
        } catch (Fault fault) {
            problems.addAll(fault.problems());
        }
    }

    /** The version behind {@code libs.versions.alias} or {@code libs.findVersion("alias")}, or null. */
    String version(String accessor) {
        return accessor.contains(".versions.") || accessor.contains(".findVersion(") ? catalogs.get(accessor) : null;
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
        String wanted = accessor.replaceFirst("^projects\\.(?:" + Pattern.quote(inAccessor(String.valueOf(name)))
                + "\\.)?", "").replaceFirst("\\.(path|dependencyProject)$", "");
        return projects.stream().filter(project -> inAccessor(project).equalsIgnoreCase(wanted)).findFirst()
                .map(this::folder);
    }

    private static String inAccessor(String project) {
        return project.replaceAll("[-_]", "").replace(':', '.');
    }

    Path root() {
        return root;
    }

    List<Path> files() {
        return files;
    }

    /** Statements that include other builds, with the folders of these. */
    Map<GradleWalk.Visit, Path> builds() {
        Map<GradleWalk.Visit, Path> folders = new LinkedHashMap<>();
        builds.forEach(visit -> folders.put(visit, visit.statement().arguments().isEmpty() ? null
                : values.path(visit.statement().arguments().get(0))));
        return folders;
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
