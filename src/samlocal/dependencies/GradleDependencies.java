package samlocal.dependencies;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The libraries, other projects and jars of a project ("Declaring dependencies", Gradle user manual). */
final class GradleDependencies {
    /** Gradle's configurations and the Maven scopes that correspond to them. */
    private static final Map<String, String> SCOPES = Map.of("implementation", "compile", "api", "compile", "compile",
            "compile", "aspect", "compile", "runtimeOnly", "runtime", "runtime", "runtime", "compileOnly", "provided",
            "compileOnlyApi", "provided", "annotationProcessor", "processor");
    /** Configurations for tests, tools and the build itself. */
    private static final Pattern OTHERS = Pattern.compile("\\w*[tT]est\\w*|k?apt\\w*|ksp\\w*|developmentOnly|classpath"
            + "|errorprone|detektPlugins|ktlint\\w*|checkstyle|spotbugs\\w*|pmd|jmh\\w*|native\\w*|archives"
            + "|mockitoAgent|components|modules|because|gatling\\w*|jacoco\\w*|openapi\\w*|protobuf");
    private static final Pattern FOR_ALL = Pattern.compile("(?:all|configureEach|implementation|api"
            + "|(?:compile|runtime)Classpath)");
    private final GradleSettings settings;
    private final GradleValues values;
    private final List<Declared> declared = new ArrayList<>();
    private final Map<String, Set<String>> parents = new HashMap<>();
    private final List<String> exclusions = new ArrayList<>();
    private final List<Library> libraries = new ArrayList<>();
    private final Set<String> aspects = new HashSet<>();
    private final Map<Path, GradleWalk.Visit> projects = new LinkedHashMap<>();
    private int undeclared;
    private final Set<Path> jars = new LinkedHashSet<>();

    GradleDependencies(GradleSettings settings, GradleValues values) {
        this.settings = settings;
        this.values = values;
    }

    /** A declaration; scripts read later may make other configurations extend its own. */
    private record Declared(String configuration, List<List<GradleToken>> dependencies, GradleWalk.Visit visit) { }

    /** Records {@code implementation("x")} or {@code add("implementation", "x")}. */
    void add(GradleWalk.Visit visit) {
        GradleStatement statement = visit.statement();
        List<List<GradleToken>> given = statement.arguments();
        boolean isNamed = statement.name().equals("add") && given.size() == 2;
        String configuration = isNamed ? values.value(given.get(0)) : statement.name();
        if (configuration == null) visit.notUnderstood();
        else declared.add(new Declared(configuration, isNamed ? given.subList(1, 2) : given, visit));
    }

    /** Adds a library before the declared ones, which take precedence over it. */
    void add(Library library) {
        libraries.add(undeclared++, library);
    }

    /** Records {@code extendsFrom}, {@code exclude} and {@code force} of configurations. */
    void configuration(GradleWalk.Visit visit) {
        String[] names = visit.path().split("\\.");
        List<List<GradleToken>> given = visit.statement().arguments();
        String action = names[names.length - 1];
        boolean isForAll = FOR_ALL.matcher(names[1]).matches();
        if (names.length == 2) declare(visit.statement().call().replaceFirst(".*\\.", ""));
        else if (action.equals("extendsFrom")) given.forEach(each -> parents.computeIfAbsent(
                GradleStatement.of(each).call().replaceFirst("\\.get(\\(\\))?$", "").replaceFirst(".*\\.", ""),
                key -> new HashSet<>()).add(names[1]));
        else if (action.equals("force")) add(given, new Target("managed", visit, List.of(), ""));
        else if (isForAll) exclusions.add(excluded(given));
    }

    /** Records a configuration that the build declares. */
    void declare(String configuration) {
        parents.computeIfAbsent(configuration, key -> new HashSet<>());
    }

    /** Records a managed version of Spring's dependency management plugin. */
    void managed(GradleWalk.Visit visit) {
        GradleStatement statement = visit.statement();
        String scope = statement.name().equals("mavenBom") ? "platform" : "managed";
        if (!statement.name().equals("dependencySet")) {
            add(statement.arguments(), new Target(scope, visit, List.of(), ""));
            return;
        }
        List<String> set = values.all(statement.arguments(), "group", "version");
        if (set.size() < 2 || set.contains(null)) visit.notUnderstood();
        else statement.block().stream().map(GradleStatement::of).filter(each -> each.name().equals("entry"))
                .flatMap(each -> each.arguments().stream().limit(1)).map(values::value).filter(Objects::nonNull)
                .forEach(name -> libraries.add(new Library(scope, set.get(0), name, set.get(1))));
    }

    /** Evaluates the declarations. Call it once, after all scripts have been read. */
    void resolve() {
        undeclared = libraries.size();
        for (Declared each : declared) {
            Set<String> scopes = new LinkedHashSet<>();
            collect(each.configuration(), scopes, new HashSet<>());
            boolean isKnown = !scopes.isEmpty() || parents.containsKey(each.configuration())
                    || OTHERS.matcher(each.configuration()).matches();
            if (!isKnown) each.visit().notUnderstood();
            boolean isManaged = each.visit().path().startsWith("dependencies.constraints.");
            int before = libraries.size();
            for (String scope : scopes) add(each.dependencies(), target(isManaged ? "managed" : scope, each.visit()));
            if (each.configuration().equals("aspect")) {
                libraries.subList(before, libraries.size()).forEach(library -> aspects.add(library.name()));
            }
        }
        libraries.replaceAll(each -> each.without(exclusions));
    }

    private void collect(String configuration, Set<String> scopes, Set<String> seen) {
        if (!seen.add(configuration)) return;
        Optional.ofNullable(SCOPES.get(configuration)).ifPresent(scopes::add);
        parents.getOrDefault(configuration, Set.of()).forEach(each -> collect(each, scopes, seen));
    }

    /** The scope of a dependency and the other settings of its declaration. */
    private record Target(String scope, GradleWalk.Visit visit, List<String> exclusions, String version) {
        void notLiteral(List<GradleToken> written) {
            visit.notUnderstood(visit.problem(written, "cannot evaluate the dependency `%s`",
                    "write it as 'group:name:version', or put its jar in a lib folder beside the sources"));
        }
    }

    private Target target(String scope, GradleWalk.Visit visit) {
        List<String> excluded = new ArrayList<>();
        String version = "";
        for (List<GradleToken> tokens : visit.statement().block()) {
            GradleStatement detail = GradleStatement.of(tokens);
            List<List<GradleToken>> given = detail.arguments();
            switch (detail.path()) {
                case "exclude" -> excluded.add(excluded(given));
                case "transitive", "isTransitive" -> {
                    if (!given.isEmpty() && given.get(0).get(0).text().equals("false")) excluded.add("*:*");
                }
                case "version" -> version = values.version(detail.block()).orElse("");
                case "because", "changing", "isChanging", "force", "isForce" -> { }
                default -> visit.notUnderstood();
            }
        }
        return new Target(scope, visit, excluded, version);
    }

    private String excluded(List<List<GradleToken>> arguments) {
        return Stream.concat(values.all(arguments, "group", "module").stream(), Stream.of("", "")).limit(2)
                .map(each -> each == null || each.isEmpty() ? "*" : each).collect(Collectors.joining(":"));
    }

    /** Adds one library, if the arguments are its coordinates (positional or named), or one for each argument. */
    private void add(List<List<GradleToken>> arguments, Target target) {
        boolean isNamed = !GradleValues.named(arguments).isEmpty();
        List<String> parts = values.all(arguments, "group", "name", "version", "classifier");
        boolean isInOrder = parts.size() > 1 && parts.size() < 4
                && parts.stream().allMatch(each -> each != null && !each.contains(":"));
        if (isNamed && parts.contains(null)) target.notLiteral(arguments.get(0));
        else if (isNamed || isInOrder) library(String.join(":", parts), arguments.get(0), target);
        else GradleValues.items(arguments).forEach(written -> dependency(written, target));
    }

    private void dependency(List<GradleToken> written, Target target) {
        GradleStatement call = GradleStatement.of(written);
        List<String> aliased = settings.catalogs().libraries(call.path());
        String text = call.name().startsWith("file") ? null : values.value(written);
        boolean isMap = !GradleValues.entries(written).isEmpty();
        if (!aliased.isEmpty()) aliased.forEach(each -> library(each, written, target));
        else if (text != null) library(text, written, target);
        else if (isMap) add(written.get(written.size() - 1).parts(), target);
        else if (call.path().startsWith("projects.")) project(settings.accessed(call.path()), written, target);
        else if (call.arguments().isEmpty()) target.notLiteral(written);
        else call(call, written, target);
    }

    private void call(GradleStatement call, List<GradleToken> written, Target target) {
        List<List<GradleToken>> given = call.arguments();
        switch (call.name()) {
            case "platform", "enforcedPlatform" ->
                    add(given, new Target("platform", target.visit(), target.exclusions(), target.version()));
            case "project" -> project(project(GradleValues.named(given).getOrDefault("path", given.get(0))), written,
                    target);
            case "kotlin" -> {
                List<String> parts = given.stream().map(values::value).toList();
                if (parts.contains(null)) target.notLiteral(written);
                else library("org.jetbrains.kotlin:kotlin-" + String.join(":", parts), written, target);
            }
            case "files", "fileTree" -> {
                List<Path> paths = values.paths(List.of(written));
                if (paths.contains(null)) target.notLiteral(written);
                else paths.forEach(this::addJars);
            }
            default -> {
                if (SCOPES.containsKey(call.path())) add(given, target);
                else target.notLiteral(written);
            }
        }
    }

    /** The folder of a project, by its path or by {@code projects.core.path}. */
    private Optional<Path> project(List<GradleToken> path) {
        String accessor = GradleStatement.of(path).path();
        return accessor.startsWith("projects.") ? settings.accessed(accessor)
                : Optional.ofNullable(values.value(path)).map(settings::folder);
    }

    private void project(Optional<Path> folder, List<GradleToken> written, Target target) {
        folder.ifPresentOrElse(each -> projects.put(each, target.visit()), () -> target.notLiteral(written));
    }

    private void library(String text, List<GradleToken> written, Target target) {
        Library library = Library.of(text.replaceFirst("(!!|:+)$", "")).orElse(null);
        boolean isDynamic = library != null && library.version().matches(".*\\+|latest\\..*");
        if (library == null || isDynamic) target.notLiteral(written);
        else libraries.add(library.in(target.scope()).without(target.exclusions()).namedAt(target.visit()
                .place(written)).at(library.version().isEmpty() ? target.version() : library.version()));
    }

    private void addJars(Path place) {
        File[] children = place.toFile().listFiles((folder, name) -> name.endsWith(".jar"));
        if (children != null) Stream.of(children).sorted().map(File::toPath).forEach(jars::add);
        else if (Files.isRegularFile(place)) jars.add(place);
    }

    List<Library> libraries() {
        return libraries;
    }

    /** Folders of the projects this one depends on, each with the statement that declares it. */
    Map<Path, GradleWalk.Visit> projects() {
        return projects;
    }

    Set<Path> jars() {
        return jars;
    }

    /** Those of the jars that contain aspects. */
    List<String> aspects(List<Path> libraryJars) {
        return libraryJars.stream().filter(jar -> jar.getNameCount() > 2
                && aspects.contains(jar.getParent().getParent().getFileName().toString())).map(Path::toString).toList();
    }
}
