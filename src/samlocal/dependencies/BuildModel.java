package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Problem;

/**
 * What a build file says of its module: how to compile and run it.
 *
 * @param tools what else has a part in the classes, each with its settings: {@code aspectj} with jars of aspects,
 *     {@code kotlin} with names of compiler plugins, {@code generators} with names of plugins whose sources do not
 *     exist, {@code ignored} with what the build does and this program does not
 * @param problems what could not be read or fetched
 */
public record BuildModel(Folders folders, Libraries libraries, Javac javac, Map<String, List<String>> tools,
        Origin origin, List<Problem> problems) {
    /**
     * Where the module's own files are.
     *
     * @param sources folders of Java files, including those of sibling modules that it needs
     * @param resources folders that are on the class path as they are
     */
    public record Folders(List<Path> sources, List<Path> resources) {
        /** The defaults of Maven and Gradle. */
        static Folders standard(Path module) {
            return new Folders(Stream.of("java", "kotlin", "scala", "groovy")
                    .map(language -> module.resolve("src/main").resolve(language)).toList(),
                    List.of(module.resolve("src/main/resources")));
        }

        public Stream<Path> all() {
            return Stream.concat(resources.stream(), sources.stream());
        }

        private Folders with(Folders other) {
            return new Folders(joined(sources, other.sources), joined(resources, other.resources));
        }
    }

    /**
     * Files and folders of classes.
     *
     * @param compile libraries to compile with
     * @param runtime libraries to run with: what a build would put into the function's package
     * @param processors where annotation processors are; if empty, they are looked for on the class path
     */
    public record Libraries(List<Path> compile, List<Path> runtime, List<Path> processors) {
        static final Libraries NONE = new Libraries(List.of(), List.of(), List.of());

        private Libraries with(Libraries other) {
            return new Libraries(joined(compile, other.compile), joined(runtime, other.runtime),
                    joined(processors, other.processors));
        }

        Stream<Path> all() {
            return Stream.of(compile, runtime, processors).flatMap(List::stream).distinct();
        }
    }

    /**
     * How Java is compiled.
     *
     * @param options of the compiler, in one piece each: {@code --add-exports=java.base/x=ALL-UNNAMED}
     * @param release of Java, 0 if the build files name none
     */
    public record Javac(List<String> options, int release) {
        private static final Pattern WITH_VALUE = Pattern.compile("-encoding|--add-(?:exports|modules|reads)|-processor"
                + "|--release|-?-source|-?-target|-Xmax\\w+|--?p(?:rocessor-)?(?:module-)?path|-s|--patch-module");
        private static final Pattern RELEASE = Pattern.compile("(?:--release|-?-source|-?-target)=(?:1\\.)?(\\d{1,3})");

        static final Javac DEFAULT = new Javac(List.of(), 0);

        public Javac {
            List<String> whole = new ArrayList<>();
            for (int i = 0; i < options.size(); i++) {
                boolean hasValue = WITH_VALUE.matcher(options.get(i)).matches() && i + 1 < options.size();
                whole.add(hasValue ? options.get(i) + "=" + options.get(++i) : options.get(i));
            }
            options = List.copyOf(whole);
            if (release == 0) release = whole.stream().map(RELEASE::matcher).filter(Matcher::matches)
                    .map(found -> Integer.parseInt(found.group(1))).findFirst().orElse(0);
        }
    }

    /**
     * When the model has to be read again.
     *
     * @param files all that it was read from: it is obsolete when one of them changes; of folders, when a folder in
     *     them appears or disappears
     * @param expires in milliseconds since 1970, for snapshots and version ranges; else 0
     */
    public record Origin(List<Path> files, long expires) {
    }

    /** Among the options, before the name of the encoding of the sources. */
    static final String ENCODING = "-encoding=";

    /** The same with what a module that it needs has. */
    BuildModel with(BuildModel other) {
        Map<String, List<String>> allTools = new TreeMap<>(tools);
        other.tools.forEach((tool, settings) -> allTools.merge(tool, settings, BuildModel::joined));
        return new BuildModel(folders.with(other.folders), libraries.with(other.libraries), javac, allTools,
                new Origin(joined(origin.files(), other.origin.files()), origin.expires()),
                joined(problems, other.problems));
    }

    /** The encoding of sources that are not UTF-8: that of the first build file that names one. */
    public static Charset encoding(List<BuildModel> models) {
        Stream<String> options = models.stream().flatMap(model -> model.javac().options().stream());
        String name = options.filter(option -> option.startsWith(ENCODING)).findFirst()
                .map(option -> option.substring(ENCODING.length())).orElse("UTF-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return UTF_8;
        }
    }

    BuildModel withOption(String option) {
        return new BuildModel(folders, libraries, new Javac(joined(javac.options(), List.of(option)), javac.release()),
                tools, origin, problems);
    }

    /** The same with other problems. */
    BuildModel withProblems(List<Problem> others) {
        return new BuildModel(folders, libraries, javac, tools, origin, others);
    }

    /** The same, obsolete when one of these files changes. */
    BuildModel readFrom(List<Path> files) {
        return new BuildModel(folders, libraries, javac, tools, new Origin(files, origin.expires()), problems);
    }

    /** Both without what is there twice. */
    static <T> List<T> joined(Collection<T> some, Collection<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    /** What Maven and Gradle do by default. */
    static BuildModel standard(Path module, List<Path> files, List<Problem> problems) {
        return new BuildModel(Folders.standard(module), Libraries.NONE, Javac.DEFAULT, Map.of(), new Origin(files, 0),
                problems);
    }
}
