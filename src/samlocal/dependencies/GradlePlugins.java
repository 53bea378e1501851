package samlocal.dependencies;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;

/** The plugins of a project, and the dependencies that they add to it. */
final class GradlePlugins {
    private static final String KOTLIN = "org.jetbrains.kotlin.";
    private static final String SPRING = "org.springframework.boot";
    private static final Set<String> KOTLIN_PROCESSORS = Set.of(KOTLIN + "kapt", "kotlin-kapt",
            "com.google.devtools.ksp");
    private static final Map<String, String> COMPILER_BLOCKS = Map.of("allOpen", "all-open", "noArg", "no-arg",
            "samWithReceiver", "sam-with-receiver", "powerAssert", "power-assert");
    private static final Set<String> ACCESSED = Set.of("alias", "id");
    private static final Set<String> AFTER_ACCESSOR = Set.of("apply", "get", "pluginId", "version");
    private final GradleSettings settings;
    private final GradleValues values;
    private final Map<String, String> versions = new HashMap<>();
    private final Map<String, Place> applied = new HashMap<>();
    private final Map<String, String> configured = new HashMap<>();
    private final List<String> kotlin = new ArrayList<>();
    private final List<Problem> ignored = new ArrayList<>();

    GradlePlugins(GradleSettings settings, GradleValues values) {
        this.settings = settings;
        this.values = values;
    }

    /**
     * Records {@code id("x") version "1"} in all its forms, and {@code apply plugin: "x"}.
     *
     * @return the id, if the plugin is applied to the project
     */
    Optional<String> add(GradleWalk.Visit visit, boolean isOwn) {
        String id = version(visit.statement());
        List<String> words = visit.statement().tokens().stream().flatMap(GradleToken::flat)
                .map(GradleToken::text).toList();
        boolean isApplied = isOwn && !(words.contains("apply") && words.contains("false"));
        if (isApplied) applied.put(id, visit.place(visit.statement().tokens()));
        if (isApplied && KOTLIN_PROCESSORS.contains(id)) {
            ignored.add(visit.problem(visit.statement().tokens(), "annotation processing with `%s` is not supported",
                    KotlinPlugins.ADVICE));
        }
        Optional<String> ofCompiler = KotlinPlugins.ofGradle(id);
        if (isApplied && ofCompiler.isPresent()) kotlin.add(KotlinPlugins.PLUGIN + ofCompiler.get());
        else if (isApplied && id.startsWith(KOTLIN + "plugin.")) {
            ignored.add(visit.problem(visit.statement().tokens(), KotlinPlugins.NOT_APPLIED, KotlinPlugins.ADVICE));
        }
        return isApplied ? Optional.of(id) : Optional.empty();
    }

    /**
     * Takes note of the compiler's arguments and of what plugins of Kotlin's compiler are to do: of
     * {@code allOpen { annotation("shop.Open") }} and {@code kotlin { compilerOptions { optIn.add("x") } }}.
     */
    void compilerOption(GradleWalk.Visit visit) {
        List<String> given = GradleValues.items(visit.statement().arguments()).map(values::value)
                .filter(Objects::nonNull).toList();
        String name = visit.statement().name();
        String plugin = COMPILER_BLOCKS.get(visit.path().replaceFirst("\\..*", ""));
        String prefix = plugin != null ? KotlinPlugins.OPTION + plugin + ":" + name.replace("annotations", "annotation")
                + "=" : KotlinPlugins.ARGUMENT + (visit.path().contains(".optIn") ? "-opt-in=" : "");
        given.stream().filter(each -> !each.equals("-Werror")).forEach(each -> kotlin.add(prefix + each));
    }

    /** The settings of Kotlin's compiler, for {@link KotlinPlugins}. */
    List<String> kotlin() {
        return Stream.concat(Stream.ofNullable(versions.get(KOTLIN + "jvm")).map(KotlinPlugins.VERSION::concat),
                kotlin.stream()).distinct().toList();
    }

    /** Records the version of a plugin and returns its id. */
    private String version(GradleStatement statement) {
        List<GradleToken> words = statement.tokens().stream().flatMap(GradleToken::flat)
                .filter(token -> token.isName() || token.isText()).toList();
        List<String> accessor = words.stream().map(GradleToken::text).dropWhile(word -> !ACCESSED.contains(word))
                .skip(1).takeWhile(word -> !AFTER_ACCESSOR.contains(word)).toList();
        String text = words.stream().filter(GradleToken::isText).findFirst().map(GradleToken::text)
                .orElse(statement.name());
        boolean isKotlins = statement.path().matches("kotlin(\\(.*)?");
        String[] plugin = Optional.ofNullable(settings.catalogs().get(String.join(".", accessor)))
                .orElse(isKotlins ? KOTLIN + text : text).split(":", 2);
        String id = plugin[0].replaceFirst("^kotlin$", KOTLIN + "jvm");
        if (plugin.length > 1) setVersion(id, plugin[1]);
        String version = values.value(version(statement.tokens(), isKotlins));
        if (version != null) setVersion(id, version);
        return id;
    }

    /** What follows the word {@code version}, or the second argument of {@code kotlin("jvm", "2.2.21")}. */
    private static List<GradleToken> version(List<GradleToken> statement, boolean isKotlins) {
        List<GradleToken> after = statement.stream().dropWhile(token -> !token.text().equals("version"))
                .skip(1).takeWhile(token -> !token.text().equals("apply")).toList();
        boolean hasCall = !after.isEmpty() && after.get(after.size() - 1).is(".");
        if (hasCall) return after.subList(0, after.size() - 1);
        boolean isArgument = after.isEmpty() && isKotlins && statement.size() > 1
                && statement.get(1).parts().size() == 2;
        return isArgument ? statement.get(1).parts().get(1) : after;
    }

    /** A version that the project itself names counts more than one that is on the class path of the build. */
    private void setVersion(String id, String version) {
        versions.put(id, version);
        if (id.equals(SPRING)) {
            values.put("SpringBootPlugin.BOM_COORDINATES", SPRING + ":spring-boot-dependencies:" + version);
        }
    }

    /** Plugins on the class path of the build have the ids that their groups have. */
    void classPath(GradleWalk.Visit visit) {
        visit.statement().arguments().stream().map(this::coordinates).filter(Objects::nonNull).map(Library::of)
                .flatMap(Optional::stream).filter(each -> !each.version().isEmpty()).forEach(each ->
                setVersion(each.group().equals("org.jetbrains.kotlin") ? KOTLIN + "jvm" : each.group(),
                each.version()));
    }

    private String coordinates(List<GradleToken> written) {
        GradleStatement call = GradleStatement.of(written);
        List<String> aliased = settings.catalogs().libraries(call.path());
        if (!aliased.isEmpty()) return aliased.get(0);
        boolean isKotlins = call.name().equals("kotlin") && call.arguments().size() == 2;
        if (!isKotlins) return values.value(written);
        List<GradleToken> version = call.arguments().get(1);
        return "org.jetbrains.kotlin:kotlin:" + values.value(GradleValues.named(List.of(version))
                .getOrDefault("version", version));
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
        boolean hasBom = applied.containsKey("io.spring.dependency-management") && applied.containsKey(SPRING);
        if (hasBom && spring == null) {
            unread.add(unknownVersion(SPRING));
        } else if (hasBom) {
            dependencies.add(new Library("platform", SPRING, "spring-boot-dependencies", spring));
        }
        String kotlin = versions.get(KOTLIN + "jvm");
        boolean isUnknown = kotlin == null && applied.containsKey(KOTLIN + "jvm")
                && dependencies.libraries().stream().noneMatch(each -> each.name().startsWith("kotlin-stdlib"));
        if (isUnknown) unread.add(unknownVersion(KOTLIN + "jvm"));
        if (kotlin != null && applied.containsKey(KOTLIN + "jvm")) {
            dependencies.add(new Library("compile", "org.jetbrains.kotlin", "kotlin-stdlib", kotlin));
        }
        if (kotlin != null) dependencies.libraries().replaceAll(each -> each.group().equals("org.jetbrains.kotlin")
                && each.version().isEmpty() ? each.at(kotlin) : each);
        micronaut(dependencies);
        lombok(dependencies);
    }

    private Problem unknownVersion(String id) {
        return new Problem("the version of the plugin `" + id + "` is not known", applied.get(id),
                "name it there, or in `pluginManagement { plugins { ... } }` of the settings");
    }

    private void micronaut(GradleDependencies dependencies) {
        String version = Stream.of(configured.get("micronaut"), values.get("micronautVersion"),
                settings.version("libs.versions.micronaut")).filter(Objects::nonNull).findFirst().orElse(null);
        boolean isUsed = applied.keySet().stream().anyMatch(id -> id.startsWith("io.micronaut."))
                || dependencies.libraries().stream().anyMatch(each -> each.group().startsWith("io.micronaut"));
        if (version == null || !isUsed) return;
        boolean isNew = !version.matches("[0-3]\\..*");
        dependencies.add(new Library("platform", isNew ? "io.micronaut.platform" : "io.micronaut",
                isNew ? "micronaut-platform" : "micronaut-bom", version));
        boolean hasProcessor = applied.keySet().stream().anyMatch(id ->
                id.matches("io\\.micronaut\\.(minimal\\.)?(application|library)"));
        if (hasProcessor) dependencies.add(new Library("processor", "io.micronaut", "micronaut-inject-java", ""));
    }

    /** The plugin adds Lombok unless the build script does. */
    private void lombok(GradleDependencies dependencies) {
        boolean isNamed = dependencies.libraries().stream().anyMatch(each -> each.name().equals("lombok"));
        if (isNamed || !applied.containsKey("io.freefair.lombok")) return;
        Library latest = Library.of(Library.LOMBOK).orElseThrow();
        Library lombok = latest.at(configured.getOrDefault("lombok", latest.version()));
        Stream.of("provided", "processor").map(lombok::in).forEach(dependencies::add);
    }

    boolean weavesAspects() {
        return applied.keySet().stream().anyMatch(id -> id.startsWith("io.freefair.aspectj"));
    }

    /** Plugins that the build applies and this program does not support. */
    List<Problem> ignored() {
        return ignored;
    }
}
