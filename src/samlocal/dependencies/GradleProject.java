package samlocal.dependencies;

import static java.util.Map.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;

/**
 * What the build scripts of one project say about its class path, sources and compiler: its own script, those that are
 * applied, and what a root project says for those below it. Every statement is either handled by a rule, known not to
 * matter, or reported; statements in blocks of which nothing is known matter if they name something that does.
 */
final class GradleProject {
    private static final Pattern SHARED = Pattern.compile("(?:(allprojects|configure\\(allprojects\\))"
            + "|(subprojects|configure\\(subprojects\\))|project\\((:[^)]*)\\))\\.(?=.)");
    private static final String JAVAC = "(?:tasks\\.)?(?:withType\\(JavaCompile[\\w.:]*\\)|compileJava)"
            + "(?:\\.configureEach|\\.all|\\.configure)?\\.";
    private static final Pattern NUMBER = Pattern.compile("(?:^|VERSION_|[^\\d._])(?:1[._])?(\\d+)\\)?$");
    /** Blocks and properties that change neither class path nor sources. */
    private static final Pattern IGNORED = Pattern.compile("(?:group|version|description|status|defaultTasks"
            + "|archivesBaseName|base|jar|war|bootJar|bootRun|shadowJar|test\\w*|tasks?|task\\(.*|assemble|build|clean"
            + "|publishing|signing|javadoc|wrapper|application|mainClassName|jacoco\\w*|idea|eclipse|sonar\\w*|spotless"
            + "|checkstyle|pmd|detekt|ktlint|graalvmNative|jib|docker|import|package|distributions|springBoot"
            + "|compileTest\\w+|compileKotlin|kotlinOptions|components|artifacts|dependencyCheck|licenseReport|release"
            + "|run|buildscript|println|logging|mavenPublishing|nexusPublishing|gradlePlugin|reporting)(?:[.(].*)?"
            + "|java\\.(?:with\\w+Jar|toolchain\\.(?:vendor|implementation)\\b.*|modularity\\..*|disableAutoTargetJvm"
            + "|consistentResolution\\..*)|kotlin\\.(?:compilerOptions|explicitApi)\\b.*"
            + "|sourceSets\\.(?!main\\b|all\\b|each\\b|def\\b).*"
            + "|configurations\\.(?:test\\w*|\\w+Test\\w*)\\b.*|configurations\\.\\w+\\.(?:isC|c)an\\w+"
            + "|configurations\\.\\w+\\.(?:isV|v)isible|configurations\\.\\w+\\.description"
            + "|configurations\\.(?:all|configureEach)\\.resolutionStrategy\\.(?:cache\\w+|failOn\\w+|prefer\\w+)"
            + "|repositories\\.(?:maven\\w+|gradlePluginPortal|jcenter)|dependencyManagement\\.overridden\\w+"
            + "|(?:tasks\\.)?processResources\\.(?:dependsOn|duplicatesStrategy|mustRunAfter|inputs\\b.*)"
            + "|plugins\\.with\\w+(?:[.(].*)?");
    private static final Pattern RELEVANT = Pattern.compile("(?:.*\\.)?(?:dependencies|sourceSets|configurations"
            + "|srcDirs?|setSrcDirs|apply|implementation|api|compileOnly|compileOnlyApi|runtimeOnly|annotationProcessor"
            + "|extendsFrom|mavenBom)(?:[.(].*)?|(?:java|kotlin|repositories|plugins|dependencyManagement)\\..*");
    private static final Pattern VARIABLE = Pattern.compile("(?:.*\\.)?(?:def\\.\\w+|(?:ext|extra)\\.[\\w.-]+)|\\w+");
    private static final Map<String, String> REPOSITORIES = Map.of("google", "https://maven.google.com/");

    private final Path file;
    private final GradleSettings settings;
    private final GradleValues values;
    private final GradleDependencies dependencies;
    private final GradlePlugins plugins;
    /** The first whose pattern matches the path of a statement handles it. */
    private final List<Map.Entry<Pattern, BiConsumer<GradleWalk.Visit, MatchResult>>> rules;
    private final Map<String, List<Path>> sources = new HashMap<>();
    private final List<String> repositories = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Set<Path> scripts = new LinkedHashSet<>();
    private final List<Problem> unread = new ArrayList<>();
    private final List<Problem> ignored = new ArrayList<>();
    private int release;
    /** Whether the script that is being read is that of the root project, of which only some counts here. */
    private boolean isOthers;

    GradleProject(Path file) {
        this.file = file;
        Path module = file.getParent();
        this.settings = new GradleSettings(module);
        this.values = new GradleValues(module, settings.root(), settings::version);
        this.dependencies = new GradleDependencies(settings, values);
        this.plugins = new GradlePlugins(settings, values);
        this.rules = List.of(rule("plugins\\.(?!with|apply).*|plugins\\.apply|pluginManager\\.apply",
                        (visit, match) -> plugins.add(visit, true)),
                rule("apply(?:\\..*)?", (visit, match) -> apply(visit)),
                rule("dependencies\\.(?:constraints\\.)?(\\w+)", (visit, match) -> dependency(visit)),
                rule("dependencyManagement\\.(?:imports\\.mavenBom|dependencies\\.dependency(?:Set)?)",
                        (visit, match) -> dependencies.managed(visit)),
                rule("configurations\\.(?:.*\\.)?(?:extendsFrom|exclude|force)|configurations\\.\\w+",
                        (visit, match) -> dependencies.configuration(visit)),
                rule("(?:\\w+\\.)?sourceSets\\.main\\.(\\w+)\\.(srcDirs?|setSrcDirs)",
                        (visit, match) -> source(visit, match.group(1))),
                rule("(?:java\\.|" + JAVAC + ")?(?:source|target)Compatibility|" + JAVAC
                        + "options\\.release(?:\\.set)?"
                        + "|java\\.toolchain\\.languageVersion(?:\\.set)?|kotlin\\.jvmToolchain(?:\\..*)?",
                        (visit, match) -> release(visit)),
                rule(JAVAC + "options\\.(?:(encoding|setEncoding)|compilerArgs\\b.*|.*)",
                        (visit, match) -> option(visit, match.group(1) != null)),
                rule("(?:buildscript\\.)?repositories\\.(google|maven)(?:\\(.*)?",
                        (visit, match) -> repository(visit, match.group(1))),
                rule("(?:tasks\\.)?processResources\\.(?!dependsOn|duplicates|mustRun|inputs).*",
                        (visit, match) -> resources(visit)),
                rule("(micronaut|lombok)\\.version(?:\\.set)?", (visit, match) -> plugins.version(visit)),
                rule("buildscript\\.dependencies\\.classpath", (visit, match) -> plugins.classPath(visit)),
                rule("(?:.*\\.)?(?:ext|extra)(?:\\.apply)?\\.set", (visit, match) -> set(visit)));
        readAll();
    }

    private static Map.Entry<Pattern, BiConsumer<GradleWalk.Visit, MatchResult>> rule(String path,
            BiConsumer<GradleWalk.Visit, MatchResult> action) {
        return entry(Pattern.compile(path), action);
    }

    private void readAll() {
        Path root = settings.root();
        Stream.of(root, file.getParent()).distinct().flatMap(folder ->
                Place.lines(folder.resolve("gradle.properties")).stream()).forEach(line -> {
            String[] pair = line.split("[=:]", 2);
            if (pair.length == 2) values.put(pair[0].strip(), pair[1].strip());
        });
        settings.plugins().forEach(plugins::version);
        settings.repositories().forEach(each -> repository(new GradleWalk.Visit(null, "", "", each), each.name()));
        Path top = Modules.buildFile(root).orElse(file);
        Stream.of(top, file).distinct().forEach(each -> read(each, !each.equals(file)));
        unread.addAll(settings.unread());
        boolean hasOwnPlugins = Files.isDirectory(root.resolve("buildSrc"));
        if (hasOwnPlugins) unread.add(new Problem("the project builds plugins of its own in buildSrc", Place.of(file),
                "what they add is known only where there is a `gradlew`, or a `gradle` on the PATH"));
        dependencies.resolve();
        plugins.complete(dependencies, unread);
    }

    private void read(Path script, boolean isNotOwn) {
        if (!scripts.add(script)) return;
        boolean outer = isOthers;
        isOthers = isNotOwn;
        new GradleWalk(script).each(this::statement, unread);
        isOthers = outer;
    }

    private void statement(GradleWalk.Visit visit) {
        Matcher shared = SHARED.matcher(visit.path());
        if (shared.lookingAt()) {
            boolean concerns = shared.group(1) != null || shared.group(2) != null && isBelowRoot()
                    || shared.group(3) != null && settings.folder(shared.group(3)).equals(file.getParent());
            if (concerns) apply(visit.without(visit.path().substring(0, shared.end())), visit);
        } else if (isOthers) {
            other(visit);
        } else {
            apply(visit, visit);
        }
    }

    private boolean isBelowRoot() {
        return !file.getParent().equals(settings.root());
    }

    /** Of what a root project says for itself, its variables and the versions of plugins count for all. */
    private void other(GradleWalk.Visit visit) {
        boolean isForSome = visit.path().matches("(?:configure|(?:all|sub)projects)\\b.*");
        if (visit.path().matches("plugins\\..*")) {
            plugins.add(visit, false);
        } else if (isForSome || visit.path().matches("buildscript\\..*") || isVariable(visit)) {
            apply(visit, visit);
        } else if (visit.path().equals("apply")) {
            apply(visit);
        } else if (visit.path().matches("(?:ext|extra|buildscript|plugins|project)(?:\\..*)?")) {
            visit.descend();
        }
    }

    /** Applies the rules to a statement, without the block for several projects in which it was written. */
    private void apply(GradleWalk.Visit visit, GradleWalk.Visit written) {
        GradleStatement statement = visit.statement();
        if (isVariable(visit)) assign(visit);
        for (Map.Entry<Pattern, BiConsumer<GradleWalk.Visit, MatchResult>> rule : rules) {
            Matcher match = rule.getKey().matcher(visit.path());
            boolean isBlock = statement.arguments().isEmpty() && statement.hasBlock()
                    && !visit.path().matches("repositories\\.maven|configurations\\.\\w+\\.exclude");
            if (!match.matches() || isBlock) continue;
            rule.getValue().accept(visit, match);
            return;
        }
        boolean isIgnored = IGNORED.matcher(visit.path()).matches() && (statement.block().isEmpty()
                || !visit.path().matches("buildscript(?:\\..*)?"
                + "|tasks(?:\\.(?:processResources|compileJava|withType).*)?"
                + "|plugins\\.with\\w+.*"));
        if (isIgnored) return;
        if (statement.hasBlock()) written.descend();
        else if (RELEVANT.matcher(visit.path()).matches() && !isVariable(visit)) visit.notUnderstood();
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

    private void dependency(GradleWalk.Visit visit) {
        boolean isManaged = visit.path().startsWith("dependencies.constraints.");
        dependencies.add(visit, isManaged);
    }

    /** Scripts that are applied count as if they stood here. */
    private void apply(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        Map<String, List<GradleToken>> named = GradleValues.named(given);
        List<GradleToken> from = visit.path().endsWith(".from") && given.size() == 1 ? given.get(0) : named.get("from");
        Path path = from == null ? null : values.path(from);
        boolean isPlugin = named.containsKey("plugin") || visit.path().endsWith(".plugin") || from == null;
        if (path != null && Files.isRegularFile(path)) read(path, isOthers);
        else if (isPlugin) plugins.add(visit, !isOthers);
        else visit.notUnderstood();
    }

    private void source(GradleWalk.Visit visit, String language) {
        GradleStatement statement = visit.statement();
        List<Path> folders = GradleValues.items(statement.arguments()).map(GradleProject::files)
                .flatMap(GradleValues::items).map(values::path).toList();
        boolean isNew = statement.name().equals("setSrcDirs") || statement.operator().equals("=");
        if (folders.contains(null) || folders.isEmpty()) visit.notUnderstood();
        else if (isNew) sources.put(language, new ArrayList<>(folders));
        else sources.computeIfAbsent(language, this::standard).addAll(folders);
    }

    /** The arguments of {@code files(...)}. */
    private static List<List<GradleToken>> files(List<GradleToken> tokens) {
        GradleStatement call = GradleStatement.of(tokens);
        return call.path().equals("files") ? call.arguments() : List.of(tokens);
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

    private void option(GradleWalk.Visit visit, boolean isEncoding) {
        List<String> given = GradleValues.items(visit.statement().arguments()).map(values::value).toList();
        boolean isArgument = visit.path().contains(".compilerArgs");
        if (!isEncoding && !isArgument) return;
        if (given.contains(null)) visit.notUnderstood();
        else given.forEach(each -> options.add(isEncoding ? BuildModel.ENCODING + each : each));
    }

    private void repository(GradleWalk.Visit visit, String kind) {
        if (REPOSITORIES.containsKey(kind)) repositories.add(REPOSITORIES.get(kind));
        if (!kind.equals("maven") || visit.path().startsWith("buildscript.")) return;
        Stream<GradleStatement> block = visit.statement().block().stream().map(GradleStatement::of)
                .filter(each -> each.name().matches("url|setUrl|set") && each.path().matches("(url.*|setUrl)"));
        List<String> urls = Stream.concat(Stream.of(visit.statement()), block)
                .flatMap(each -> each.arguments().stream()).map(each -> GradleValues.named(List.of(each))
                .getOrDefault("url", each)).map(values::value).filter(Objects::nonNull).toList();
        if (urls.isEmpty() && visit.walk() != null) visit.notUnderstood();
        urls.stream().filter(url -> url.matches("https?://.*")).forEach(repositories::add);
    }

    /** Resources are used as they are. */
    private void resources(GradleWalk.Visit visit) {
        if (!visit.statement().block().isEmpty()) visit.descend();
        else ignored.add(visit.problem(visit.statement().tokens(), "`%s` of processResources is not applied", null));
    }

    GradleDependencies dependencies() {
        return dependencies;
    }

    GradlePlugins plugins() {
        return plugins;
    }

    GradleSettings settings() {
        return settings;
    }

    /** Folders of sources in all languages. */
    List<Path> sources() {
        Set<Path> folders = new LinkedHashSet<>();
        BuildModel.Folders.standard(file.getParent()).sources().forEach(folder -> folders.addAll(sources.getOrDefault(
                folder.getFileName().toString(), List.of(folder))));
        return List.copyOf(folders);
    }

    List<Path> resources() {
        return sources.getOrDefault("resources", standard("resources"));
    }

    List<String> repositories() {
        return repositories.stream().distinct().toList();
    }

    List<String> options() {
        return options;
    }

    int release() {
        return release;
    }

    /** All that was read, and what would be if it were there. */
    List<Path> files() {
        return Stream.concat(scripts.stream(), settings.files().stream()).distinct().toList();
    }

    /** What only Gradle can evaluate. */
    List<Problem> unread() {
        return unread.stream().distinct().toList();
    }

    /** What is understood, but not done: resources are used as they are. */
    List<Problem> ignored() {
        return ignored;
    }
}
