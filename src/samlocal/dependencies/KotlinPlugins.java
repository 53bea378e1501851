package samlocal.dependencies;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kotlin's compiler plugins as its plugins for Maven and Gradle apply them (Kotlin documentation, "All-open compiler
 * plugin", "No-arg compiler plugin", "SAM-with-receiver compiler plugin" and others). A build model has their settings
 * in the form of kotlin-maven-plugin: {@code plugin=spring}, {@code option=all-open:annotation=shop.Open}, and besides
 * {@code argument=-opt-in=x} and {@code version=2.2.21}.
 */
public final class KotlinPlugins {
    /** The name of the tool in {@link BuildModel#tools()}. */
    public static final String TOOL = "kotlin";
    static final String NOT_APPLIED = "Kotlin's compiler plugin `%s` is not applied";
    static final String ADVICE = "build the project and set `CodeUri` to its jar";
    static final String PLUGIN = "plugin=";
    static final String OPTION = "option=";
    static final String ARGUMENT = "argument=";
    static final String VERSION = "version=";

    /**
     * One plugin.
     *
     * @param name in Maven's {@code compilerPlugins}
     * @param gradle the end of its id in Gradle
     * @param artifact the middle of the name of its artifact
     * @param id on the compiler's command line
     */
    private record Plugin(String name, String gradle, String artifact, String id) {
        boolean isPreset() {
            return !name.contains("-");
        }
    }

    private static final List<Plugin> ALL = List.of(
            new Plugin("kotlinx-serialization", "serialization", "serialization",
                    "org.jetbrains.kotlinx.serialization"),
            new Plugin("all-open", "allopen", "allopen", "org.jetbrains.kotlin.allopen"),
            new Plugin("spring", "spring", "allopen", "org.jetbrains.kotlin.allopen"),
            new Plugin("no-arg", "noarg", "noarg", "org.jetbrains.kotlin.noarg"),
            new Plugin("jpa", "jpa", "noarg", "org.jetbrains.kotlin.noarg"),
            new Plugin("sam-with-receiver", "sam.with.receiver", "sam-with-receiver",
                    "org.jetbrains.kotlin.samWithReceiver"),
            new Plugin("power-assert", "power-assert", "power-assert", "org.jetbrains.kotlin.powerassert"));

    private KotlinPlugins() {
    }

    static boolean isKnown(String name) {
        return find(name).isPresent();
    }

    private static Optional<Plugin> find(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Maven's name for the plugin of Gradle with an id such as {@code org.jetbrains.kotlin.plugin.spring}. */
    static Optional<String> ofGradle(String id) {
        return ALL.stream().filter(each -> id.equals("org.jetbrains.kotlin.plugin." + each.gradle())
                || id.equals("kotlin-" + each.gradle()) || id.equals(each.name()) && !each.isPreset())
                .map(Plugin::name).findFirst();
    }

    /** The version of Kotlin that the build names. */
    public static Optional<String> version(List<String> settings) {
        return values(settings, VERSION).findFirst();
    }

    /** The compiler's arguments, besides those for plugins. */
    public static List<String> arguments(List<String> settings) {
        return values(settings, ARGUMENT).toList();
    }

    private static Stream<String> values(List<String> settings, String kind) {
        return settings.stream().filter(each -> each.startsWith(kind)).map(each -> each.substring(kind.length()));
    }

    /** The artifacts of the plugins, each with its options on the compiler's command line. */
    public static Map<String, List<String>> artifacts(List<String> settings) {
        List<Plugin> applied = values(settings, PLUGIN).map(KotlinPlugins::find).flatMap(Optional::stream).toList();
        Map<String, List<String>> artifacts = applied.stream().collect(Collectors.groupingBy(Plugin::artifact,
                LinkedHashMap::new, Collectors.mapping(each -> each.isPreset() ? option(each, "preset=" + each.name())
                : null, Collectors.filtering(Objects::nonNull, Collectors.toList()))));
        values(settings, OPTION).map(each -> each.split(":", 2)).filter(parts -> parts.length == 2).forEach(parts ->
                find(parts[0].strip()).filter(plugin -> artifacts.containsKey(plugin.artifact())).ifPresent(plugin ->
                artifacts.get(plugin.artifact()).add(option(plugin, parts[1].strip()))));
        return artifacts;
    }

    private static String option(Plugin plugin, String option) {
        return "plugin:" + plugin.id() + ":" + option;
    }
}
