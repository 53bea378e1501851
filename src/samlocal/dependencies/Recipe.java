package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import samlocal.base.Problem;

/**
 * How to compile and run a module.
 *
 * @param sources folders of Java files, those of sibling modules that it needs included
 * @param resources folders that are on the class path as they are
 * @param compile libraries to compile with
 * @param runtime libraries to run with: what a build would put into the function's package
 * @param processors where annotation processors are; where it is empty, they are looked for on the class path
 * @param options for javac
 * @param tools what else has a hand in the classes, each with what it is told: {@code aspectj} with jars of
 *     aspects, {@code kotlin} with names of compiler plugins, {@code generators} with names of plugins whose
 *     sources are not there, {@code ignored} with what the build does and this program does not
 * @param release of Java, 0 if the build files name none
 * @param files all that this was read from; a change of one makes it obsolete, and so does a folder that comes or
 *     goes in those that are folders
 * @param expires in milliseconds since 1970, for snapshots and version ranges; else 0
 * @param problems what could not be had
 */
public record Recipe(List<Path> sources, List<Path> resources, List<Path> compile, List<Path> runtime,
        List<Path> processors, List<String> options, Map<String, List<String>> tools, int release,
        List<Path> files, long expires, List<Problem> problems) {
    /** Among the options, before the name of the encoding of the sources. */
    static final String ENCODING = "-encoding=";

    /** The same with what a module that it needs has. */
    Recipe with(Recipe other) {
        Map<String, List<String>> allTools = new TreeMap<>(tools);
        other.tools.forEach((tool, told) -> allTools.merge(tool, told, Recipe::joined));
        return new Recipe(joined(sources, other.sources), joined(resources, other.resources),
                joined(compile, other.compile), joined(runtime, other.runtime),
                joined(processors, other.processors), options, allTools, release, joined(files, other.files),
                expires, joined(problems, other.problems));
    }

    /** What sources are written in that are no UTF-8, as the first build file has it that says so. */
    public static Charset encoding(List<Recipe> recipes) {
        Stream<String> options = recipes.stream().flatMap(recipe -> recipe.options().stream());
        String name = options.filter(option -> option.startsWith(ENCODING)).findFirst()
                .map(option -> option.substring(ENCODING.length())).orElse("UTF-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return UTF_8;
        }
    }

    Recipe withOption(String option) {
        return new Recipe(sources, resources, compile, runtime, processors, joined(options, List.of(option)), tools,
                release, files, expires, problems);
    }

    /** The same with other problems. */
    Recipe withProblems(List<Problem> others) {
        return new Recipe(sources, resources, compile, runtime, processors, options, tools, release, files,
                expires, others);
    }

    /** The same, obsolete when one of these files changes. */
    Recipe readFrom(List<Path> others) {
        return new Recipe(sources, resources, compile, runtime, processors, options, tools, release, others,
                expires, problems);
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    /** Where Maven and Gradle look where nothing else is said. */
    static List<Path> sources(Path module) {
        return Stream.of("java", "kotlin", "scala", "groovy")
                .map(language -> module.resolve("src/main").resolve(language)).toList();
    }

    /** What Maven and Gradle do where nothing else is said. */
    static Recipe standard(Path module, List<Path> files, List<Problem> problems) {
        return new Recipe(sources(module), List.of(module.resolve("src/main/resources")),
                List.of(), List.of(), List.of(), List.of(), Map.of(), 0, files, 0, problems);
    }
}
