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
 * How to compile and run a module, as read from its build file.
 *
 * @param tools settings of other tools: {@code aspectj} has the jars with aspects, {@code kotlin} the names of compiler
 *     plugins, {@code generators} the names of plugins whose generated sources do not exist, {@code ignored} the steps
 *     of the build that this program does not perform
 * @param problems errors in reading the build file or fetching its libraries
 */
public record BuildModel(Folders folders, Libraries libraries, Javac javac, Map<String, List<String>> tools,
        Origin origin, List<Problem> problems) {
    /**
     * The folders of the module's own files.
     *
     * @param sources folders of Java files, including those of sibling modules that it needs
     * @param resources folders that are on the class path as they are
     * @param copied resources that are on it after the build has copied them
     */
    public record Folders(List<Path> sources, List<Path> resources, List<CopiedResources> copied) {
        Folders(List<Path> sources, List<Path> resources) {
            this(sources, resources, List.of());
        }

        /** The defaults of Maven and Gradle. */
        static Folders standard(Path module) {
            return new Folders(Stream.of("java", "kotlin", "scala", "groovy")
                    .map(language -> module.resolve("src/main").resolve(language)).toList(),
                    List.of(module.resolve("src/main/resources")));
        }

        public Stream<Path> all() {
            return Stream.of(resources, originals(), sources).flatMap(List::stream);
        }

        /** Folders from which resources are copied. */
        public List<Path> originals() {
            return copied.stream().flatMap(each -> each.groups().stream()).map(CopiedResources.Group::folder).toList();
        }

        private Folders with(Folders other) {
            return new Folders(joined(sources, other.sources), joined(resources, other.resources),
                    joined(copied, other.copied));
        }
    }

    /**
     * Jars and class folders.
     *
     * @param compile the compile class path
     * @param runtime the runtime class path: what a build would put in the function's package
     * @param processors the annotation processor path; if empty, processors are searched for on the class path
     */
    public record Libraries(List<Path> compile, List<Path> runtime, List<Path> processors) {
        static final Libraries NONE = new Libraries(List.of(), List.of(), List.of());

        private Libraries with(Libraries other) {
            return new Libraries(joined(compile, other.compile), joined(runtime, other.runtime),
                    joined(processors, other.processors));
        }

        /** To run with where nobody else provides those that are only compiled with. */
        public List<Path> runtimeAndProvided() {
            return joined(runtime, compile);
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
     * When the model must be read again.
     *
     * @param files the files and folders it was read from: it is obsolete when a file changes, or when a subfolder of a
     *     folder appears or disappears
     * @param expires for snapshots and version ranges, in milliseconds since 1970; else 0
     */
    public record Origin(List<Path> files, long expires) {
    }

    /** Prefix of the option with the encoding of the sources. */
    static final String ENCODING = "-encoding=";

    /** This model joined with that of a module it depends on. */
    BuildModel with(BuildModel other) {
        Map<String, List<String>> allTools = new TreeMap<>(tools);
        other.tools.forEach((tool, settings) -> allTools.merge(tool, settings, BuildModel::joined));
        return new BuildModel(folders.with(other.folders), libraries.with(other.libraries), javac, allTools,
                new Origin(joined(origin.files(), other.origin.files()), origin.expires()),
                joined(problems, other.problems));
    }

    /** The encoding set by the first build file that sets one, else UTF-8. */
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

    /** This model with other problems. */
    BuildModel withProblems(List<Problem> others) {
        return new BuildModel(folders, libraries, javac, tools, origin, others);
    }

    /** This model, obsolete when one of these files changes. */
    BuildModel readFrom(List<Path> files) {
        return new BuildModel(folders, libraries, javac, tools, new Origin(files, origin.expires()), problems);
    }

    /** Both, without duplicates. */
    static <T> List<T> joined(Collection<T> some, Collection<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    /** The default model of Maven and Gradle. */
    static BuildModel standard(Path module, List<Path> files, List<Problem> problems) {
        return new BuildModel(Folders.standard(module), Libraries.NONE, Javac.DEFAULT, Map.of(), new Origin(files, 0),
                problems);
    }
}
