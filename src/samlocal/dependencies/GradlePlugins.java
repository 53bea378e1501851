package samlocal.dependencies;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Problem;

/** The plugins of a project, and the dependencies that they add to it. */
final class GradlePlugins {
    private static final String KOTLIN = "org.jetbrains.kotlin.";
    private static final String SPRING = "org.springframework.boot";
    private static final Set<String> KOTLIN_PROCESSORS = Set.of(KOTLIN + "kapt", "kotlin-kapt",
            "com.google.devtools.ksp");
    private final GradleSettings settings;
    private final GradleValues values;
    private final Map<String, String> versions = new HashMap<>();
    private final Set<String> applied = new HashSet<>();
    private final Map<String, String> configured = new HashMap<>();
    private final List<Problem> ignored = new ArrayList<>();

    GradlePlugins(GradleSettings settings, GradleValues values) {
        this.settings = settings;
        this.values = values;
    }

    /** Records {@code id("x") version "1"} in all its forms, and {@code apply plugin: "x"}. */
    void add(GradleWalk.Visit visit, boolean isOwn) {
        String id = version(visit.statement());
        List<String> words = visit.statement().tokens().stream().flatMap(GradleToken::flat)
                .map(GradleToken::text).toList();
        boolean isApplied = isOwn && !(words.contains("apply") && words.contains("false"));
        if (isApplied) applied.add(id);
        if (isApplied && KOTLIN_PROCESSORS.contains(id)) {
            ignored.add(visit.problem(visit.statement().tokens(), "annotation processing with `%s` is not supported",
                    "build the project and set `CodeUri` to its jar"));
        }
    }

    /** Records the version of a plugin and returns its id. */
    private String version(GradleStatement statement) {
        List<GradleToken> words = statement.tokens().stream().flatMap(GradleToken::flat)
                .filter(token -> token.isName() || token.isText()).toList();
        List<String> accessor = words.stream().map(GradleToken::text).dropWhile(word -> !word.equals("alias")).skip(1)
                .takeWhile(word -> !word.equals("apply")).toList();
        String text = words.stream().filter(GradleToken::isText).findFirst().map(GradleToken::text)
                .orElse(statement.name());
        boolean isKotlins = statement.path().matches("kotlin(\\(.*)?");
        String[] plugin = Optional.ofNullable(settings.catalogs().get(String.join(".", accessor)))
                .orElse(isKotlins ? KOTLIN + text : text).split(":", 2);
        String id = plugin[0].replaceFirst("^kotlin$", KOTLIN + "jvm");
        if (plugin.length > 1) versions.put(id, plugin[1]);
        List<GradleToken> after = statement.tokens().stream().dropWhile(token -> !token.text().equals("version"))
                .skip(1).takeWhile(token -> !token.text().equals("apply")).toList();
        String version = values.value(after);
        if (version != null) versions.put(id, version);
        return id;
    }

    /** Records the versions of plugins on the build's class path; a plugin's group serves as its id. */
    void classPath(GradleWalk.Visit visit) {
        visit.statement().arguments().stream().map(values::value).filter(Objects::nonNull).map(Library::of)
                .flatMap(Optional::stream).forEach(each -> versions.put(each.group().equals("org.jetbrains.kotlin")
                ? KOTLIN + "jvm" : each.group(), each.version()));
    }

    /** Records the version of the libraries that a plugin adds. */
    void version(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        String version = given.isEmpty() ? null : values.value(given.get(0));
        if (version == null) visit.notUnderstood();
        else configured.put(visit.path().replaceFirst("\\..*", ""), version);
    }

    /** Adds the dependencies that plugins add by default. */
    void complete(GradleDependencies dependencies, List<Problem> unread) {
        String spring = versions.get(SPRING);
        boolean hasBom = applied.contains("io.spring.dependency-management") && applied.contains(SPRING);
        if (hasBom && spring == null) {
            unread.add(new Problem("cannot find the version of the plugin `" + SPRING + "`", null, null));
        } else if (hasBom) {
            dependencies.add(new Library("platform", SPRING, "spring-boot-dependencies", spring));
        }
        String kotlin = versions.get(KOTLIN + "jvm");
        if (kotlin != null && applied.contains(KOTLIN + "jvm")) {
            dependencies.add(new Library("compile", "org.jetbrains.kotlin", "kotlin-stdlib", kotlin));
        }
        if (kotlin != null) dependencies.libraries().replaceAll(each -> each.group().equals("org.jetbrains.kotlin")
                && each.version().isEmpty() ? each.at(kotlin) : each);
        micronaut(dependencies);
        lombok(dependencies);
    }

    private void micronaut(GradleDependencies dependencies) {
        String version = Stream.of(configured.get("micronaut"), values.get("micronautVersion"),
                settings.version("libs.versions.micronaut")).filter(Objects::nonNull).findFirst().orElse(null);
        boolean isUsed = applied.stream().anyMatch(id -> id.startsWith("io.micronaut.")) || dependencies.libraries()
                .stream().anyMatch(each -> each.group().startsWith("io.micronaut"));
        if (version == null || !isUsed) return;
        boolean isNew = !version.matches("[0-3]\\..*");
        dependencies.add(new Library("platform", isNew ? "io.micronaut.platform" : "io.micronaut",
                isNew ? "micronaut-platform" : "micronaut-bom", version));
        boolean hasProcessor = applied.stream().anyMatch(id ->
                id.matches("io\\.micronaut\\.(minimal\\.)?(application|library)"));
        if (hasProcessor) dependencies.add(new Library("processor", "io.micronaut", "micronaut-inject-java", ""));
    }

    /** The plugin adds Lombok unless the build script does. */
    private void lombok(GradleDependencies dependencies) {
        boolean isNamed = dependencies.libraries().stream().anyMatch(each -> each.name().equals("lombok"));
        if (isNamed || !applied.contains("io.freefair.lombok")) return;
        Library latest = Library.of(Library.LOMBOK).orElseThrow();
        Library lombok = latest.at(configured.getOrDefault("lombok", latest.version()));
        Stream.of("provided", "processor").map(lombok::in).forEach(dependencies::add);
    }

    boolean weavesAspects() {
        return applied.stream().anyMatch(id -> id.startsWith("io.freefair.aspectj"));
    }

    /** Plugins that the build applies and this program does not support. */
    List<Problem> ignored() {
        return ignored;
    }
}
