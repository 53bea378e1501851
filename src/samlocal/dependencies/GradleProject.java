package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Resource;
import samlocal.files.Modules;

/**
 * Reads the class path, sources and compiler options of one project from its build script, the scripts that this one
 * applies, the settings and the root project. The table {@code gradle-statements.txt} defines whether a statement is
 * handled, ignored or reported.
 */
final class GradleProject {
    /** The action for statements whose path matches. */
    private record Rule(String action, Pattern path) {
        boolean accepts(GradleStatement statement) {
            return switch (action) {
                case "ignore", "repository", "resource" -> true;
                case "search" -> !statement.block().isEmpty();
                case "report" -> !statement.hasBlock();
                default -> !statement.hasBlock() || !statement.arguments().isEmpty();
            };
        }
    }

    private static final List<Rule> RULES = Resource.text(GradleProject.class, "gradle-statements.txt").lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#")).map(line -> line.split("\\s+", 2))
            .map(row -> new Rule(row[0], Pattern.compile(row[1]))).toList();
    private static final Pattern SHARED = Pattern.compile("(?:(allprojects|configure\\(allprojects\\))"
            + "|(subprojects|configure\\(subprojects\\))|project\\((:[^)]*)\\))\\.(?=.)");
    /** The statements outside {@code allprojects} in a root project that affect its subprojects. */
    private static final Pattern OF_ROOT = Pattern.compile("apply|(?:configure|(?:all|sub)projects|buildscript"
            + "|plugins(?!\\.with)|project(?!\\.)|(?:project\\.)?(?:ext|extra))\\b.*");
    /** Other ways to write a path, for plugins that every project with Java has, and for their settings. */
    private static final Map<Pattern, String> SYNONYMS = Map.of(
            Pattern.compile("^(?:project\\.)?afterEvaluate\\."), "",
            Pattern.compile("^project\\.(?=(?:dependencies|configurations|repositories|sourceSets|plugins|apply"
                    + "|pluginManager)\\b)"), "",
            Pattern.compile("^kotlin\\.(?:sourceSets\\.(?:def\\.)?main\\.)?dependencies\\."), "dependencies.",
            Pattern.compile("^(?:plugins|pluginManager)\\.with(?:Type|Id|Plugin)\\((?:java(?:-library|-base)?"
                    + "|Java(?:Library|Base)?Plugin)[\\w.:]*\\)\\.(?:configureEach\\.|all\\.)?"), "",
            Pattern.compile("^(?:tasks\\.)?withType\\(ProcessResources[\\w.:]*\\)\\.(?:(?:configureEach|all)\\.)?"),
                    "processResources.",
            extension("DependencyManagementExtension"), "dependencyManagement.",
            extension("Java(?:Plugin)?(?:Extension|Convention)"), "java.",
            extension("SourceSetContainer"), "sourceSets.",
            extension("Kotlin(?:Jvm)?(?:Project)?Extension"), "kotlin.");
    private static final Pattern JAVAC = Pattern.compile("^(?:tasks\\.)?(?:withType\\(JavaCompile[\\w.:]*\\)"
            + "|compileJava)(?:\\.configureEach|\\.all|\\.configure)?\\.");
    private static final Pattern KOTLINC = Pattern.compile("^(?:(?:tasks\\.)?(?:withType\\(KotlinCompile[\\w.:]*\\)"
            + "|compileKotlin)|kotlin(?=\\.(?:compilerOptions|kotlinOptions)\\b))"
            + "(?:\\.configureEach|\\.all|\\.configure)?");
    private static final Pattern NUMBER = Pattern.compile("(?:^|VERSION_|[^\\d._])(?:1[._])?(\\d+)\\)?$");
    private static final Pattern VARIABLE = Pattern.compile("(?:.*\\.)?(?:def\\.\\w+|(?:ext|extra)\\.[\\w.-]+)|\\w+");
    /** What changes resources by a closure. */
    private static final Set<String> BY_CLOSURE = Set.of("filter", "eachFile", "rename", "exclude", "include");
    private static final String GOOGLE = "https://maven.google.com/";

    private final Path file;
    private final List<Problem> unread = new ArrayList<>();
    private final GradleSettings settings;
    private final GradleBuildLogic logic = new GradleBuildLogic();
    private final GradleValues values;
    private final GradleDependencies dependencies;
    private final GradlePlugins plugins;
    private final Map<String, List<Path>> sources = new HashMap<>();
    private final Set<String> repositories = new LinkedHashSet<>();
    private final List<String> options = new ArrayList<>();
    private final Set<Path> scripts = new LinkedHashSet<>();
    private final List<String> ignored = new ArrayList<>();
    private int release;
    /** Whether the statements being read belong to the root project itself. */
    private boolean isOthers = true;

    GradleProject(Path file) {
        this.file = file;
        Path module = file.getParent();
        this.settings = new GradleSettings(module, unread);
        Path root = settings.root();
        this.values = new GradleValues(module, root, settings::version);
        this.dependencies = new GradleDependencies(settings, values);
        this.plugins = new GradlePlugins(settings, values);
        Stream.of(root, module).distinct().flatMap(folder ->
                Place.lines(folder.resolve("gradle.properties")).stream()).forEach(line -> {
            String[] pair = line.split("[=:]", 2);
            if (pair.length == 2) values.put(pair[0].strip(), pair[1].strip());
        });
        addLogic();
        settings.shared().forEach(visit -> apply(visit, visit));
        Path top = Modules.buildFile(root).orElse(file);
        Stream.of(top, file).distinct().forEach(each -> read(each, !each.equals(file)));
        dependencies.resolve();
        plugins.complete(dependencies, unread);
    }

    /** Reads the builds of the project's own plugins. */
    private void addLogic() {
        settings.builds().forEach((visit, folder) -> {
            boolean isKnown = folder != null && logic.add(folder);
            if (!isKnown) visit.notUnderstood();
        });
        Path own = settings.root().resolve("buildSrc");
        boolean isKnown = !Files.isDirectory(own) || logic.add(own);
        if (!isKnown) unread.add(new Problem("the project builds plugins of its own in buildSrc", Place.of(file),
                null));
        List<Problem> irrelevant = new ArrayList<>();
        logic.constants().forEach(source -> GradleWalk.each(source, this::constant, irrelevant));
        logic.builds().forEach(build -> GradleWalk.each(build, this::onClassPath, irrelevant));
    }

    /** A constant such as {@code Versions.GSON}, within {@code object Versions { const val GSON = "2" }}. */
    private void constant(GradleWalk.Visit visit) {
        String name = visit.path().replaceAll("\\w+\\((?:object)?(\\w+)\\)\\.", "$1.").replace("def.", "");
        if (visit.statement().operator().equals("=")) values.assign(name, visit.statement().arguments());
        else visit.descend();
    }

    /** What the build of plugins depends on is on the class path of all build scripts. */
    private void onClassPath(GradleWalk.Visit visit) {
        boolean isDependency = visit.path().matches("dependencies\\.(?:implementation|api|runtimeOnly)");
        if (isDependency) plugins.classPath(visit);
        else visit.descend();
    }

    /** How a script names the settings of a plugin by their type. */
    private static Pattern extension(String type) {
        return Pattern.compile("^(?:the|configure|extensions\\.(?:configure|getByType))\\(" + type
                + "[\\w.:]*\\)\\.(?:(?:apply|run)\\.)?");
    }

    private void read(Path script, boolean isNotOwn) {
        if (scripts.add(script)) as(isNotOwn, () -> GradleWalk.each(script, this::statement, unread));
    }

    private void as(boolean isNotOwn, Runnable action) {
        boolean outer = isOthers;
        isOthers = isNotOwn;
        action.run();
        isOthers = outer;
    }

    private void statement(GradleWalk.Visit visit) {
        Matcher shared = SHARED.matcher(visit.path());
        if (shared.lookingAt()) {
            boolean concerns = shared.group(1) != null
                    || shared.group(2) != null && !file.getParent().equals(settings.root())
                    || shared.group(3) != null && settings.folder(shared.group(3)).equals(file.getParent());
            if (concerns) as(false, () -> apply(standard(visit.path().substring(shared.end()), visit), visit));
        } else if (!isOthers || isVariable(visit) || OF_ROOT.matcher(visit.path()).matches()) {
            apply(standard(visit.path(), visit), visit);
        }
    }

    private static GradleWalk.Visit standard(String path, GradleWalk.Visit visit) {
        String standard = path;
        for (int i = 0; i < SYNONYMS.size(); i++) {
            for (Map.Entry<Pattern, String> each : SYNONYMS.entrySet()) {
                standard = each.getKey().matcher(standard).replaceFirst(each.getValue());
            }
        }
        return visit.at(standard);
    }

    /** Applies the rules to a statement; {@code visit} lacks the enclosing block for several projects. */
    private void apply(GradleWalk.Visit visit, GradleWalk.Visit written) {
        if (isVariable(visit)) assign(visit);
        switch (action(visit)) {
            case "plugin" -> plugin(visit);
            case "apply" -> apply(visit);
            case "dependency" -> dependencies.add(visit);
            case "managed" -> dependencies.managed(visit);
            case "configuration" -> dependencies.configuration(visit);
            case "source" -> source(visit);
            case "release" -> release(visit);
            case "option" -> option(visit);
            case "repository" -> repository(visit);
            case "resource" -> resource(visit);
            case "version" -> plugins.version(visit);
            case "kotlin" -> plugins.compilerOption(visit);
            case "classpath" -> plugins.classPath(visit);
            case "set" -> set(visit);
            case "ignore" -> { }
            case "report" -> {
                if (!isVariable(visit)) visit.notUnderstood();
            }
            default -> written.descend();
        }
    }

    private static String action(GradleWalk.Visit visit) {
        String path = KOTLINC.matcher(JAVAC.matcher(visit.path()).replaceFirst("compileJava."))
                .replaceFirst("compileKotlin");
        return RULES.stream().filter(rule -> rule.path().matcher(path).matches() && rule.accepts(visit.statement()))
                .map(Rule::action).findFirst().orElse("search");
    }

    private void assign(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        values.assign(visit.path(), given);
        boolean isConfiguration = given.size() == 1
                && GradleStatement.of(given.get(0)).path().startsWith("configurations");
        if (isConfiguration) dependencies.declare(visit.statement().name());
    }

    private static boolean isVariable(GradleWalk.Visit visit) {
        return List.of("=", "by").contains(visit.statement().operator()) && VARIABLE.matcher(visit.path()).matches();
    }

    private void set(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        String name = given.size() == 2 ? values.value(given.get(0)) : null;
        if (name != null) values.assign(name, given.subList(1, 2));
    }

    /** Reads an applied script in place of the statement that applies it. */
    private void apply(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        Map<String, List<GradleToken>> named = GradleValues.named(given);
        List<GradleToken> from = visit.path().endsWith(".from") && given.size() == 1 ? given.get(0) : named.get("from");
        Path path = from == null ? null : values.path(from);
        boolean isPlugin = named.containsKey("plugin") || visit.path().endsWith(".plugin") || from == null;
        if (path != null && Files.isRegularFile(path)) read(path, isOthers);
        else if (isPlugin) plugin(visit);
        else visit.notUnderstood();
    }

    /** Plugins that are scripts of the build itself count as if they stood here. */
    private void plugin(GradleWalk.Visit visit) {
        plugins.add(visit, !isOthers).map(logic.scripts()::get).ifPresent(script -> read(script, isOthers));
    }

    private void source(GradleWalk.Visit visit) {
        String language = visit.path().replaceFirst(".*\\.(\\w+)\\.\\w+$", "$1");
        GradleStatement statement = visit.statement();
        List<Path> folders = values.paths(statement.arguments());
        boolean isNew = statement.name().equals("setSrcDirs") || statement.operator().equals("=");
        if (folders.contains(null) || folders.isEmpty()) visit.notUnderstood();
        else if (isNew) sources.put(language, new ArrayList<>(folders));
        else sources.computeIfAbsent(language, this::standard).addAll(folders);
    }

    private List<Path> standard(String language) {
        return new ArrayList<>(List.of(file.resolveSibling("src/main").resolve(language)));
    }

    private void release(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        String value = given.size() != 1 ? null : values.value(given.get(0));
        String text = value != null ? value : given.size() == 1 ? GradleStatement.of(given.get(0)).call() : "";
        Matcher number = NUMBER.matcher(text);
        boolean isKnown = number.find() && number.group(1).length() < 4;
        if (isKnown) release = Math.max(release, Integer.parseInt(number.group(1)));
        else visit.notUnderstood();
    }

    private void option(GradleWalk.Visit visit) {
        String prefix = visit.path().contains(".compilerArgs") ? "" : BuildModel.ENCODING;
        List<String> given = GradleValues.items(visit.statement().arguments()).map(values::value).toList();
        if (given.contains(null)) visit.notUnderstood();
        else given.forEach(each -> options.add(prefix + each));
    }

    private void repository(GradleWalk.Visit visit) {
        boolean isGoogles = visit.path().contains("repositories.google");
        if (isGoogles) repositories.add(GOOGLE);
        if (isGoogles || visit.path().startsWith("buildscript.")) return;
        Stream<GradleStatement> block = visit.statement().block().stream().map(GradleStatement::of)
                .filter(each -> each.name().matches("url|setUrl|set") && each.path().matches("(url.*|setUrl)"));
        List<String> urls = Stream.concat(Stream.of(visit.statement()), block)
                .flatMap(each -> each.arguments().stream()).map(each -> GradleValues.named(List.of(each))
                .getOrDefault("url", each)).map(values::value).filter(Objects::nonNull).toList();
        if (urls.isEmpty()) visit.notUnderstood();
        urls.stream().filter(url -> url.matches("https?://.*")).forEach(repositories::add);
    }

    /** Reports a statement of {@code processResources}: resources are used unprocessed. */
    private void resource(GradleWalk.Visit visit) {
        Problem problem = visit.problem(visit.statement().tokens(), "`%s` of processResources is not applied", null);
        boolean isSelection = !visit.statement().block().isEmpty() && !BY_CLOSURE.contains(visit.statement().name());
        if (isSelection) visit.descend();
        else ignored.add(problem.message() + ": resources are used unprocessed (" + problem.place() + ")");
    }

    GradleDependencies dependencies() {
        return dependencies;
    }

    GradleSettings settings() {
        return settings;
    }

    /** Reads the project alone, without the projects it depends on. */
    Gradle.Read read(Maven maven) {
        Path module = file.getParent();
        BuildModel found = maven.read(dependencies.libraries(), List.copyOf(repositories), Place.display(file));
        List<Path> compile = found.libraries().compile();
        Path generated = module.resolve("build/generated/sources");
        Set<Path> folders = new LinkedHashSet<>();
        BuildModel.Folders.standard(module).sources().forEach(folder -> folders.addAll(sources.getOrDefault(
                folder.getFileName().toString(), List.of(folder))));
        Modules.children(generated).stream().filter(kind -> !kind.endsWith("annotationProcessor"))
                .map(kind -> kind.resolve("java/main")).forEach(folders::add);
        Map<String, List<String>> tools = new TreeMap<>();
        if (!ignored.isEmpty()) tools.put("ignored", ignored);
        if (!plugins.kotlin().isEmpty()) tools.put(KotlinPlugins.TOOL, plugins.kotlin());
        if (plugins.weavesAspects()) tools.put("aspectj", dependencies.aspects(compile));
        List<Problem> problems = new ArrayList<>(settings.problems());
        found.problems().forEach(each -> problems.add(each.place() != null ? each
                : new Problem(each.message(), Place.of(file), each.hint())));
        problems.addAll(plugins.ignored());
        Stream<Path> files = Stream.of(scripts, settings.files(), logic.files(), List.of(generated))
                .flatMap(Collection::stream);
        return new Gradle.Read(new BuildModel(
                new BuildModel.Folders(List.copyOf(folders), sources.getOrDefault("resources", standard("resources"))),
                new BuildModel.Libraries(BuildModel.joined(compile, dependencies.jars()),
                        BuildModel.joined(found.libraries().runtime(), dependencies.jars()),
                        found.libraries().processors()),
                new BuildModel.Javac(options, release), tools,
                new BuildModel.Origin(files.distinct().toList(), found.origin().expires()), problems),
                unread.stream().distinct().toList());
    }
}
