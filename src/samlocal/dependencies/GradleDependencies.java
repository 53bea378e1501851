package samlocal.dependencies;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
import java.util.stream.Stream;

/** The libraries, other projects and jars of a project ("Declaring dependencies", Gradle user manual). */
final class GradleDependencies {
    /** Configurations, and the scopes that Maven has for them. */
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

    /** A declaration, whose configuration may yet become part of others. */
    private record Declared(String configuration, List<List<GradleToken>> dependencies, GradleWalk.Visit visit,
            boolean isManaged) { }

    /** Takes note of {@code implementation("x")} or {@code add("implementation", "x")}. */
    void add(GradleWalk.Visit visit, boolean isManaged) {
        GradleStatement statement = visit.statement();
        List<List<GradleToken>> given = statement.arguments();
        boolean isNamed = statement.name().equals("add") && given.size() == 2;
        String configuration = isNamed ? values.value(given.get(0)) : statement.name();
        if (configuration == null) visit.notUnderstood();
        else declared.add(new Declared(configuration, isNamed ? given.subList(1, 2) : given, visit, isManaged));
    }

    /** Adds a library in front of those that were declared, so that these prevail. */
    void add(Library library) {
        libraries.add(undeclared++, library);
    }

    /** Takes note of how configurations depend on each other, and of what they exclude or force. */
    void configuration(GradleWalk.Visit visit) {
        String[] names = visit.path().split("\\.");
        List<List<GradleToken>> given = visit.statement().arguments();
        String action = names[names.length - 1];
        boolean isForAll = FOR_ALL.matcher(names[1]).matches();
        if (action.equals("extendsFrom")) given.forEach(each -> parents.computeIfAbsent(
                GradleStatement.of(each).call().replaceFirst("\\.get(\\(\\))?$", "").replaceFirst(".*\\.", ""),
                key -> new HashSet<>()).add(names[1]));
        else if (action.equals("exclude") && isForAll) exclusions.addAll(excluded(given));
        else if (action.equals("exclude") || names.length == 2) declare(names.length == 2
                ? visit.statement().call().replaceFirst(".*\\.", "") : names[1]);
        else given.forEach(each -> dependency(each, new Target("managed", visit, List.of(), "")));
    }

    /** Takes note of a configuration of the build's own. */
    void declare(String configuration) {
        parents.computeIfAbsent(configuration, key -> new HashSet<>());
    }

    /** A managed version, of Spring's plugin for dependency management. */
    void managed(GradleWalk.Visit visit) {
        List<List<GradleToken>> given = visit.statement().arguments();
        String scope = visit.path().endsWith("mavenBom") ? "platform" : "managed";
        Target target = new Target(scope, visit, List.of(), "");
        if (!visit.statement().name().equals("dependencySet")) {
            given.forEach(each -> dependency(each, target));
            return;
        }
        Map<String, List<GradleToken>> named = GradleValues.named(given);
        Stream<String> entries = visit.statement().block().stream().map(GradleStatement::of)
                .filter(each -> each.name().equals("entry") && !each.arguments().isEmpty())
                .map(each -> values.value(each.arguments().get(0)));
        String group = value(named.get("group"));
        String version = value(named.get("version"));
        if (group == null || version == null) visit.notUnderstood();
        else entries.filter(Objects::nonNull).forEach(name ->
                libraries.add(new Library(scope, group, name, version)));
    }

    private String value(List<GradleToken> tokens) {
        return tokens == null ? null : values.value(tokens);
    }

    /** Resolves what was declared; to be called once, after all scripts. */
    void resolve() {
        undeclared = libraries.size();
        for (Declared each : declared) {
            Set<String> scopes = new LinkedHashSet<>();
            collect(each.configuration(), scopes, new HashSet<>());
            boolean isKnown = !scopes.isEmpty() || parents.containsKey(each.configuration())
                    || OTHERS.matcher(each.configuration()).matches();
            if (!isKnown) each.visit().notUnderstood();
            for (String scope : scopes) declared(each, each.isManaged() ? "managed" : scope);
        }
        libraries.replaceAll(each -> each.without(exclusions));
    }

    private void collect(String configuration, Set<String> scopes, Set<String> seen) {
        if (!seen.add(configuration)) return;
        Optional.ofNullable(SCOPES.get(configuration)).ifPresent(scopes::add);
        parents.getOrDefault(configuration, Set.of()).forEach(each -> collect(each, scopes, seen));
    }

    private void declared(Declared each, String scope) {
        List<String> excluded = new ArrayList<>();
        String version = "";
        for (List<GradleToken> tokens : each.visit().statement().block()) {
            GradleStatement detail = GradleStatement.of(tokens);
            List<List<GradleToken>> given = detail.arguments();
            boolean isAlone = detail.path().matches("(isT|t)ransitive") && !given.isEmpty()
                    && given.get(0).get(0).text().equals("false");
            if (detail.path().equals("exclude")) excluded.addAll(excluded(given));
            else if (isAlone) excluded.add("*:*");
            else if (detail.path().equals("version")) version = detail.block().stream().map(GradleStatement::of)
                    .flatMap(rich -> rich.arguments().stream()).map(values::value).filter(Objects::nonNull)
                    .findFirst().orElse("");
            else if (!detail.path().matches("because|(isC|c)hanging|(isT|t)ransitive|(isF|f)orce")) {
                each.visit().notUnderstood();
            }
        }
        Target target = new Target(scope, each.visit(), excluded, version);
        int before = libraries.size();
        if (isInOrder(each.dependencies())) {
            coordinates(String.join(":", each.dependencies().stream().map(values::value).toList()), target);
        } else if (!GradleValues.named(each.dependencies()).isEmpty()) {
            named(each.dependencies(), target);
        } else {
            GradleValues.items(each.dependencies()).forEach(written -> dependency(written, target));
        }
        if (!each.configuration().equals("aspect")) return;
        libraries.subList(before, libraries.size()).forEach(library -> aspects.add(library.name()));
    }

    private List<String> excluded(List<List<GradleToken>> arguments) {
        Map<String, List<GradleToken>> named = GradleValues.named(arguments);
        List<String> parts = !named.isEmpty() ? Stream.of("group", "module").map(key -> value(named.get(key))).toList()
                : arguments.stream().map(values::value).toList();
        String group = parts.isEmpty() || parts.get(0) == null ? "*" : parts.get(0);
        return List.of(group + ":" + (parts.size() < 2 || parts.get(1) == null ? "*" : parts.get(1)));
    }

    /** Where a dependency goes, and what its declaration says besides. */
    private record Target(String scope, GradleWalk.Visit visit, List<String> exclusions, String version) {
        Target in(String other) {
            return new Target(other, visit, exclusions, version);
        }

        void notLiteral(List<GradleToken> written) {
            visit.notUnderstood(visit.problem(written, "cannot evaluate the dependency `%s`",
                    "write it as 'group:name:version', or put its jar into a lib folder beside the sources"));
        }
    }

    /** Group, name and perhaps version as texts of their own. */
    private boolean isInOrder(List<List<GradleToken>> given) {
        return given.size() > 1 && given.size() < 4 && given.stream().map(values::value)
                .allMatch(each -> each != null && !each.contains(":"));
    }

    private void dependency(List<GradleToken> written, Target target) {
        GradleStatement call = GradleStatement.of(written);
        List<List<GradleToken>> given = call.arguments();
        List<GradleToken> first = given.isEmpty() ? List.of() : given.get(0);
        List<String> aliased = settings.libraries(call.path().replaceFirst("\\.(get|asProvider)$", ""));
        String text = aliased.isEmpty() ? values.value(written) : null;
        boolean isMap = !GradleValues.entries(written).isEmpty();
        if (text != null) coordinates(text, written, target);
        else if (isMap) named(written.get(0).parts(), target);
        else if (!GradleValues.named(given).isEmpty() && call.path().isEmpty()) named(given, target);
        else if (call.path().startsWith("projects.")) accessor(call.path(), written, target);
        else if (!aliased.isEmpty()) aliased.forEach(each -> coordinates(each, written, target));
        else if (first.isEmpty()) target.notLiteral(written);
        else call(call, first, written, target);
    }

    private void call(GradleStatement call, List<GradleToken> first, List<GradleToken> written, Target target) {
        switch (call.name()) {
            case "platform", "enforcedPlatform" -> dependency(first, target.in("platform"));
            case "project" -> {
                Map<String, List<GradleToken>> named = GradleValues.named(call.arguments());
                String path = values.value(named.getOrDefault("path", first));
                if (path == null) target.notLiteral(written);
                else projects.put(settings.folder(path), target.visit());
            }
            case "kotlin" -> {
                List<String> parts = call.arguments().stream().map(values::value).toList();
                boolean isKnown = !parts.contains(null);
                if (isKnown) coordinates("org.jetbrains.kotlin:kotlin-" + String.join(":", parts), target);
                else target.notLiteral(written);
            }
            case "files", "fileTree" -> {
                List<Path> paths = call.name().equals("files") ? GradleValues.items(call.arguments())
                        .map(values::path).toList() : Collections.singletonList(values.path(written));
                if (paths.contains(null)) target.notLiteral(written);
                else paths.forEach(this::addJars);
            }
            default -> {
                boolean isNested = SCOPES.containsKey(call.path());
                if (isNested) dependency(first, target);
                else target.notLiteral(written);
            }
        }
    }

    private void accessor(String path, List<GradleToken> written, Target target) {
        settings.accessed(path.substring("projects.".length())).ifPresentOrElse(
                folder -> projects.put(folder, target.visit()), () -> target.notLiteral(written));
    }

    private void named(List<List<GradleToken>> arguments, Target target) {
        Map<String, List<GradleToken>> named = GradleValues.named(arguments);
        List<String> parts = new ArrayList<>();
        Stream.of("group", "name", "version", "classifier").filter(named::containsKey)
                .forEach(key -> parts.add(values.value(named.get(key))));
        if (parts.contains(null) || !named.containsKey("group") || !named.containsKey("name")) {
            target.notLiteral(arguments.get(0));
        } else {
            coordinates(String.join(":", parts), arguments.get(0), target);
        }
    }

    private void coordinates(String text, Target target) {
        coordinates(text, target.visit().statement().tokens(), target);
    }

    private void coordinates(String text, List<GradleToken> written, Target target) {
        Library library = Library.of(text.replaceFirst("!!$", "")).orElse(null);
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

    /** Folders of the projects that are needed, each with where that is said. */
    Map<Path, GradleWalk.Visit> projects() {
        return projects;
    }

    Set<Path> jars() {
        return jars;
    }

    /** Names of the libraries with aspects. */
    Set<String> aspects() {
        return aspects;
    }
}
