package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.TomlReader;
import samlocal.template.Value;

/**
 * Reads build.gradle and build.gradle.kts without running them: coordinates written out or by variables, platforms,
 * version catalogs, sibling projects, jars of folders ("Declaring dependencies", "Version catalogs" of the Gradle
 * user manual). What is not literal is told by its line. The libraries are then found by {@link Maven}, through a
 * pom that says the same.
 */
final class Gradle {
    /** Configurations and what Maven calls them; those that are not here are for tests and tools. */
    private static final Map<String, String> SCOPES = Map.ofEntries(Map.entry("implementation", "compile"),
            Map.entry("api", "compile"), Map.entry("compile", "compile"), Map.entry("aspect", "compile"),
            Map.entry("runtimeOnly", "runtime"), Map.entry("runtime", "runtime"),
            Map.entry("compileOnly", "provided"), Map.entry("compileOnlyApi", "provided"),
            Map.entry("annotationProcessor", "processor"));
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)(?<![:\"'])//[^\n]*$");
    private static final Pattern DECLARED = Pattern.compile("(?m)^[ \\t]*(\\w+)[ (]+(\\S[^\n]*)$");
    /** An assignment, or an entry of a map but those that make up coordinates. */
    private static final Pattern VARIABLE = Pattern.compile("(?m)(?:^|[\\s{;.\\[,])"
            + "(?!group\\b|name\\b|version\\s*:)(?:set\\(\\s*['\"])?(\\w+)(?:['\"])?"
            + "\\s*(?:=|:|,|by\\s+extra\\()\\s*['\"]([^'\"\\n]*)['\"]");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{?(?:\\w+\\.)*(\\w+)}?");
    private static final Pattern COORDINATES =
            Pattern.compile("['\"]([^'\":\\s]+):([^'\":\\s]+)(?::([^'\":@\\s]*))?(?::([^'\"@\\s]+))?"
                    + "(?:@\\w+)?['\"]");
    private static final Pattern NAMED =
            Pattern.compile("(group|name|version)\\s*[:=]\\s*['\"]?([^'\",)\\s]+)['\"]?");
    private static final Pattern IN_ORDER =
            Pattern.compile("^['\"]([\\w.-]+)['\"], *['\"]([\\w.-]+)['\"](?:, *['\"]([\\w.-]+)['\"])?");
    private static final Pattern KOTLIN =
            Pattern.compile("^kotlin\\(\\s*['\"]([\\w-]+)['\"](?:, *['\"]([\\w.-]+)['\"])?\\s*\\)");
    private static final Pattern PLATFORM = Pattern.compile("(?:enforcedPlatform|platform)\\s*\\((.*)\\).*");
    private static final Pattern PROJECT =
            Pattern.compile("project\\s*\\(\\s*(?:path\\s*[:=]\\s*)?['\"]([^'\"]+)['\"].*");
    /** In the settings: where a project is, from the settings' own folder. */
    private static final Pattern PROJECT_FOLDER = Pattern.compile("project\\s*\\(\\s*['\"]([^'\"]+)['\"]\\s*\\)"
            + "\\.projectDir\\s*=\\s*(?:(?:new\\s+)?[fF]ile\\s*\\(\\s*(?:(?:settings|root)Dir\\s*,)?"
            + "|(?:settings|root)Dir\\.resolve\\s*\\()\\s*['\"](?:\\$\\{?(?:settings|root)Dir}?/)?([^'\"$]+)['\"]");
    private static final Pattern FILES = Pattern.compile("(?:fileTree|files)\\s*\\(.*?['\"]([^'\"]+)['\"].*");
    private static final Pattern CATALOG =
            Pattern.compile("libs\\.([\\w.]+?)(?:\\.get\\(\\))?\\s*[)},]*\\s*(?:\\{.*)?");
    private static final Pattern RELEASE = Pattern.compile("(?:languageVersion\\s*(?:=|\\.set\\()\\s*"
            + "JavaLanguageVersion\\.of\\(|options\\.release(?:\\.set\\(|\\s*=)\\s*|(?:source|target)Compatibility"
            + "\\s*=?\\s*(?:JavaVersion\\.VERSION_|['\"])?)(?:1[._])?(\\d+)");
    private static final Pattern ARGUMENT = Pattern.compile("['\"](-A[^'\"]+)['\"]");
    private static final Pattern ENCODING = Pattern.compile("options\\.encoding\\s*=\\s*['\"]([\\w.:-]+)['\"]");
    private static final Pattern REPOSITORY =
            Pattern.compile("maven\\s*(?:\\{[^}]*?url\\s*=?\\s*(?:uri\\()?|\\()\\s*['\"](https?://[^'\"]+)['\"]");
    private static final Pattern BOM = Pattern.compile("mavenBom[ (]+['\"]([^'\"]+)['\"]");
    private static final Pattern PLUGIN = Pattern.compile(
            "(?:id|kotlin)[ (]+['\"]([\\w.-]+)['\"]\\s*\\)?\\s*version[ (]*['\"]([^'\"]+)['\"]");
    private static final Pattern ALIAS = Pattern.compile("alias\\s*\\(\\s*libs\\.plugins\\.([\\w.]+)\\s*\\)");
    private static final Pattern VERSION =
            Pattern.compile("\\bversion(?:\\.set)?[ (=]+['\"]([^'\"]+)['\"]");
    private static final String MICRONAUT = "io\\.micronaut\\.(?:minimal\\.)?(?:application|library)";
    private static final Pattern KOTLIN_PROCESSORS = Pattern.compile(
            "(?:id[ (]+['\"](?:org\\.jetbrains\\.kotlin\\.|com\\.google\\.devtools\\.)|kotlin\\(\\s*[\"'])"
            + "(kapt|ksp)['\"]");
    private static final Pattern APPLIED =
            Pattern.compile("apply\\s*\\(?\\s*from\\s*[:=]\\s*(?:file\\()?[\"']([^\"':]+)[\"']");
    private static final Pattern BUILDSCRIPT = Pattern.compile("buildscript\\s*\\{");
    private static final Pattern SHARED = Pattern.compile("(?:subprojects|allprojects)\\s*\\{");
    private static final int HIGHEST = 5;

    private final Path file;
    private final Path root;
    private final Maven maven;
    private final Map<String, String> variables = new HashMap<>();
    private final List<Library> libraries = new ArrayList<>();
    private final Set<String> aspects = new HashSet<>();
    private final Set<Path> siblings = new LinkedHashSet<>();
    private final Set<Path> jars = new LinkedHashSet<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> unread = new ArrayList<>();
    private Catalog catalog = Catalog.NONE;
    private String text = "";

    private Gradle(Path file, Maven maven) {
        this.file = file;
        this.maven = maven;
        this.root = Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent).limit(HIGHEST)
                .filter(folder -> Stream.of("settings.gradle", "settings.gradle.kts").anyMatch(name ->
                        Files.isRegularFile(folder.resolve(name)))).findFirst().orElse(file.getParent());
    }

    /** What could be read: a recipe, and what of the build file is not literal. */
    record Read(Recipe recipe, List<Problem> unread) {
        Read with(Read other) {
            return new Read(recipe.with(other.recipe), Stream.concat(unread.stream(), other.unread.stream())
                    .toList());
        }
    }

    /** Reads a build file; what cannot be had is among the recipe's problems. */
    static Read read(Path file, Maven maven) {
        Read read = new Gradle(file, maven).read(new HashSet<>());
        boolean hasProcessors = !read.recipe.processors().isEmpty();
        return hasProcessors ? read : new Read(read.recipe.withOption("-proc:none"), read.unread);
    }

    private Read read(Set<Path> seen) {
        seen.add(file.getParent());
        readAll();
        Recipe found = found();
        found.problems().forEach(problem -> problems.add(atHome(problem)));
        List<String> options = ARGUMENT.matcher(text).results().map(argument -> argument.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
        ENCODING.matcher(text).results().forEach(name -> options.add(Recipe.ENCODING + name.group(1)));
        Read own = new Read(new Recipe(sources(), List.of(file.resolveSibling("src/main/resources")),
                joined(found.compile(), jars), joined(found.runtime(), jars), found.processors(), options,
                tools(found.compile()), release(), files, found.expires(), problems), unread);
        for (Path sibling : siblings) {
            Path build = Modules.buildFile(sibling).orElse(null);
            boolean isNew = (build == null || !build.endsWith("pom.xml")) && seen.add(sibling);
            if (isNew) own = own.with(build == null ? unbuilt(sibling) : new Gradle(build, maven).read(seen));
        }
        return own;
    }

    /** What Maven finds: without a version for one library it tells that, and finds none at all. */
    private Recipe found() {
        Recipe found = maven.read(libraries, repositories(), Place.display(file));
        List<Library> whole = libraries.stream().filter(each -> found.problems().stream().noneMatch(problem ->
                problem.message().contains("version' for " + each.group() + ":" + each.name() + ":"))).toList();
        if (whole.size() == libraries.size()) return found;
        Recipe others = maven.read(whole, repositories(), Place.display(file));
        return others.withProblems(joined(found.problems(), others.problems()));
    }

    /** A project without a build file, which its root may have for it; it is read once there is one. */
    private Read unbuilt(Path sibling) {
        Stream<Path> above = Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent).limit(HIGHEST);
        List<Path> awaited = Stream.concat(Stream.of(sibling), above).flatMap(folder ->
                Stream.of("build.gradle", "settings.gradle").flatMap(name -> Stream.of(name, name + ".kts"))
                        .map(folder::resolve)).toList();
        String path = root.relativize(sibling).toString();
        boolean isElsewhere = settings().contains("projectDir");
        Problem absent = new Problem("there is no project `" + Place.display(sibling) + "`",
                place(path.substring(path.lastIndexOf(File.separatorChar) + 1)), null);
        boolean isThere = Files.isDirectory(sibling.resolve("src/main"));
        return new Read(Recipe.standard(sibling, awaited, isThere || isElsewhere ? List.of() : List.of(absent)),
                isElsewhere && !isThere ? List.of(absent) : List.of());
    }

    private List<Path> sources() {
        Path module = file.getParent();
        Path generated = module.resolve("build/generated/sources");
        files.add(generated);
        return Stream.concat(Recipe.sources(module).stream(), Modules.children(generated).stream()
                        .filter(kind -> !kind.endsWith("annotationProcessor"))
                        .map(kind -> kind.resolve("java/main"))).toList();
    }

    private static <T> List<T> joined(Collection<T> some, Collection<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    private void readAll() {
        Path properties = root.resolve("gradle.properties");
        lines(properties).forEach(line -> {
            String[] pair = line.split("=", 2);
            if (pair.length == 2) variables.put(pair[0].strip(), pair[1].strip());
        });
        Path top = Modules.buildFile(root).orElse(file);
        String shared = top.equals(file) ? "" : shared(plain(top));
        text = plain(file);
        Stream.of(plain(top), text).forEach(each -> VARIABLE.matcher(each).results().forEach(variable ->
                variables.put(variable.group(1), variable.group(2))));
        files.addAll(Stream.of(file, top, properties, root.resolve("settings.gradle"),
                root.resolve("settings.gradle.kts")).distinct().toList());
        text = shared + "\n" + text;
        readCatalog(root.resolve("gradle/libs.versions.toml"));
        applied();
        BOM.matcher(text).results().forEach(bom -> coordinates("'" + bom.group(1) + "'", "platform"));
        Map<String, String> plugins = plugins();
        String spring = plugins.get("org.springframework.boot");
        if (spring != null && text.contains("io.spring.dependency-management")) {
            libraries.add(new Library("platform", "org.springframework.boot", "spring-boot-dependencies", spring,
                    ""));
        }
        micronaut();
        kotlin(plugins.get("org.jetbrains.kotlin.jvm"));
        dependencies(blocks(text));
        lombok();
        libraries.replaceAll(each -> each.group().equals("org.jetbrains.kotlin") && each.version().isEmpty()
                ? each.at(text(plugins.get("org.jetbrains.kotlin.jvm"))) : each);
    }

    /** Scripts that are applied count as if they stood here; plugins of the project's own must be run. */
    private void applied() {
        StringBuilder more = new StringBuilder();
        APPLIED.matcher(text).results().forEach(script -> {
            String name = script.group(1).replaceAll("^\\$\\{?root(Dir|Project\\.projectDir)}?/", "");
            Path path = (name.equals(script.group(1)) ? file.getParent() : root).resolve(name).normalize();
            files.add(path);
            more.append('\n').append(plain(path));
        });
        VARIABLE.matcher(more).results().forEach(variable -> variables.put(variable.group(1), variable.group(2)));
        text += more;
        boolean hasOwnPlugins = Files.isDirectory(root.resolve("buildSrc"))
                || Files.isDirectory(root.resolve("build-logic"));
        if (hasOwnPlugins) {
            unread.add(new Problem("plugins of the project's own take part in its build", place("plugins"),
                    "their dependencies are known only where there is a `gradlew` or a `gradle`"));
        }
    }

    /** Ids of plugins and their versions, by name or from the version catalog. */
    private Map<String, String> plugins() {
        Map<String, String> plugins = new HashMap<>();
        PLUGIN.matcher(text).results().forEach(plugin -> plugins.put(plugin.group(1).equals("jvm")
                ? "org.jetbrains.kotlin.jvm" : plugin.group(1), expanded(plugin.group(2))));
        aliased().forEach(plugin -> plugins.put(plugin.replaceFirst(":.*", ""), plugin.replaceFirst(".*:", "")));
        return plugins;
    }

    private Stream<String> aliased() {
        return ALIAS.matcher(text).results().flatMap(alias -> catalog.plugin(alias.group(1)).stream());
    }

    /** Whether a plugin takes part, in whichever way that is said. */
    private boolean applies(String id) {
        return Pattern.compile("['\"]" + id + "['\"](?![^\n;]*apply[ (]+false)").matcher(text).find()
                || aliased().anyMatch(plugin -> plugin.matches(id + "(:.*)?"));
    }

    /** Micronaut's plugins bring its platform unasked, and its processor. */
    private void micronaut() {
        String version = Stream.of(told("micronaut"), Optional.ofNullable(variables.get("micronautVersion")),
                catalog.version("micronaut")).flatMap(Optional::stream).findFirst().orElse(null);
        if (version == null || !text.contains("io.micronaut.")) return;
        boolean isNew = !version.matches("[0-3]\\..*");
        libraries.add(new Library("platform", isNew ? "io.micronaut.platform" : "io.micronaut",
                isNew ? "micronaut-platform" : "micronaut-bom", version, ""));
        if (!applies(MICRONAUT)) return;
        libraries.add(new Library("processor", "io.micronaut", "micronaut-inject-java", "", ""));
    }

    /** The version that a plugin is told in a block of its name. */
    private Optional<String> told(String plugin) {
        return Pattern.compile("\\b" + plugin + "\\s*\\{").matcher(text).results()
                .map(start -> VERSION.matcher(block(text, start.end()).replaceAll("\\{[^{}]*}", "")))
                .filter(Matcher::find).map(version -> expanded(version.group(1))).findFirst();
    }

    /** Its plugin brings it, unless the build file names it. */
    private void lombok() {
        boolean isNamed = libraries.stream().anyMatch(each -> each.name().equals("lombok"));
        if (isNamed || !applies("io\\.freefair\\.lombok")) return;
        Library latest = Library.of(Library.LOMBOK).orElseThrow();
        Library lombok = latest.at(told("lombok").orElse(latest.version()));
        Stream.of("provided", "processor").map(lombok::in).forEach(libraries::add);
    }

    /** Kotlin's brings its library; its processors of annotations are plugins of the compiler, and do not run. */
    private void kotlin(String version) {
        if (version != null) {
            libraries.add(new Library("compile", "org.jetbrains.kotlin", "kotlin-stdlib", version, ""));
        }
        Matcher processors = KOTLIN_PROCESSORS.matcher(text);
        if (!processors.find()) return;
        problems.add(new Problem("Kotlin's annotation processing by `" + processors.group(1) + "` does not run",
                place(processors.group()), "build the project, and let `CodeUri` name its jar"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String plain(Path file) {
        return COMMENT.matcher(String.join("\n", lines(file))).replaceAll("");
    }

    /** What a root project says for those below it. */
    private static String shared(String text) {
        return SHARED.matcher(text).results().map(start -> block(text, start.end()))
                .collect(Collectors.joining("\n"));
    }

    /** What stands in all blocks of dependencies but those of the build itself. */
    private static String blocks(String text) {
        Matcher build = BUILDSCRIPT.matcher(text);
        String rest = build.find() ? text.replace(block(text, build.end()), "") : text;
        return Pattern.compile("\\bdependencies\\s*\\{").matcher(rest).results()
                .map(start -> block(rest, start.end())).collect(Collectors.joining("\n"));
    }

    /** The text up to the brace that closes. */
    private static String block(String text, int start) {
        int depth = 1;
        int end = start;
        for (; end < text.length() && depth > 0; end++) {
            if (text.charAt(end) == '{') depth++;
            if (text.charAt(end) == '}') depth--;
        }
        return text.substring(start, depth > 0 ? end : end - 1);
    }

    private void dependencies(String block) {
        DECLARED.matcher(unwrapped(block)).results().filter(line -> SCOPES.containsKey(line.group(1)))
                .forEach(line -> {
            int before = libraries.size();
            dependency(line.group(2).strip(), SCOPES.get(line.group(1)));
            if (!line.group(1).equals("aspect")) return;
            libraries.subList(before, libraries.size()).forEach(library -> aspects.add(library.name()));
        });
    }

    /** What stands in parentheses, or goes on after a comma, in one line; what a semicolon parts, in two. */
    private static String unwrapped(String block) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (char each : block.replaceAll(",\\s*\\n\\s*", ", ").toCharArray()) {
            if (each == '(') depth++;
            if (each == ')') depth--;
            boolean isEnd = each == '\n' || each == ';';
            text.append(!isEnd ? each : depth > 0 ? ' ' : '\n');
        }
        return text.toString();
    }

    private void dependency(String written, String scope) {
        Matcher platform = PLATFORM.matcher(written);
        Matcher project = PROJECT.matcher(written);
        Matcher folder = FILES.matcher(written);
        Matcher catalog = CATALOG.matcher(written);
        Matcher kotlin = KOTLIN.matcher(written);
        if (kotlin.find()) {
            libraries.add(new Library(scope, "org.jetbrains.kotlin", "kotlin-" + kotlin.group(1),
                    text(kotlin.group(2)), ""));
        } else if (platform.matches()) dependency(platform.group(1).strip(), "platform");
        else if (project.matches()) siblings.add(projectFolder(project.group(1)));
        else if (folder.matches()) addJars(file.resolveSibling(folder.group(1)).normalize());
        else if (catalog.matches()) fromCatalog(catalog.group(1), scope, written);
        else if (!coordinates(written, scope) && !named(written, scope)) notLiteral(written);
    }

    /** One or more of them; what a block after them says, such as exclusions, does not count. */
    private boolean coordinates(String written, String scope) {
        List<Library> found = COORDINATES.matcher(expanded(written).split("\\{")[0]).results().map(parts ->
                new Library(scope, parts.group(1), parts.group(2), text(parts.group(3)), text(parts.group(4))))
                .toList();
        boolean isKnown = found.stream().noneMatch(each -> (each.name() + each.version()).contains("$"));
        if (isKnown) libraries.addAll(found);
        return isKnown && !found.isEmpty();
    }

    private boolean named(String written, String scope) {
        Matcher inOrder = IN_ORDER.matcher(expanded(written));
        if (inOrder.find()) {
            libraries.add(new Library(scope, inOrder.group(1), inOrder.group(2), text(inOrder.group(3)), ""));
            return true;
        }
        Map<String, String> parts = new HashMap<>();
        NAMED.matcher(written).results().forEach(part -> parts.put(part.group(1),
                expanded(variables.getOrDefault(part.group(2), part.group(2)))));
        if (!parts.containsKey("group") || !parts.containsKey("name")) return false;
        libraries.add(new Library(scope, parts.get("group"), parts.get("name"), text(parts.get("version")), ""));
        return true;
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private String expanded(String written) {
        String joined = written.replaceAll("['\"]\\s*\\+\\s*(\\w+)", "\\${$1}\"");
        return REFERENCE.matcher(joined).replaceAll(name -> Matcher.quoteReplacement(
                variables.getOrDefault(name.group(1), name.group())));
    }

    private void notLiteral(String written) {
        String start = written.split("[\\n{]")[0].strip();
        unread.add(new Problem("cannot read the dependency `" + start + "`", place(start),
                "write it as 'group:name:version', or put its jar into a lib folder beside the sources"));
    }

    private Path projectFolder(String path) {
        String name = path.replaceFirst("^:", "");
        String folder = PROJECT_FOLDER.matcher(settings()).results()
                .filter(each -> each.group(1).replaceFirst("^:", "").equals(name)).map(each -> each.group(2))
                .reduce(name.replace(':', '/'), (first, last) -> last);
        return root.resolve(folder).normalize();
    }

    private String settings() {
        return Stream.of("settings.gradle", "settings.gradle.kts").map(name -> plain(root.resolve(name)))
                .collect(Collectors.joining("\n"));
    }

    private void addJars(Path place) {
        File[] children = place.toFile().listFiles((folder, name) -> name.endsWith(".jar"));
        if (children != null) Stream.of(children).sorted().map(File::toPath).forEach(jars::add);
        else if (Files.isRegularFile(place)) jars.add(place);
    }

    private void readCatalog(Path file) {
        files.add(file);
        try {
            catalog = Catalog.read(file);
        } catch (Fault fault) {
            problems.addAll(fault.problems());
        }
    }

    private void fromCatalog(String alias, String scope, String written) {
        List<String> found = alias.startsWith("bundles.") ? catalog.bundle(alias.substring("bundles.".length()))
                : catalog.library(alias).stream().toList();
        if (found.isEmpty()) notLiteral(written);
        found.forEach(each -> coordinates("'" + each + "'", scope));
    }

    private Map<String, List<String>> tools(List<Path> compile) {
        if (!text.contains("io.freefair.aspectj")) return Map.of();
        return Map.of("aspectj", compile.stream().filter(jar -> jar.getNameCount() > 2
                && aspects.contains(jar.getParent().getParent().getFileName().toString()))
                .map(Path::toString).toList());
    }

    private List<String> repositories() {
        return REPOSITORY.matcher(text).results().map(url -> url.group(1)).distinct().toList();
    }

    private int release() {
        return RELEASE.matcher(text).results().map(version -> Integer.valueOf(version.group(1)))
                .max(Comparator.naturalOrder()).orElse(0);
    }

    /** A problem with a library, at its line of the build file. */
    private Problem atHome(Problem problem) {
        String message = problem.message();
        return libraries.stream().filter(each -> message.contains(each.group() + ":" + each.name())).findFirst()
                .map(each -> new Problem(message, place(each.name()), problem.hint()))
                .orElse(new Problem(message, place(""), problem.hint()));
    }

    private Place place(String part) {
        List<String> lines = lines(file);
        int line = (int) lines.stream().takeWhile(each -> !each.contains(part)).count() + 1;
        boolean isFound = !part.isEmpty() && line <= lines.size();
        return isFound ? new Place(Place.display(file), lines, line, lines.get(line - 1).indexOf(part) + 1,
                part.length()) : new Place(Place.display(file), lines, 0, 0, 0);
    }

    /** A version catalog (Gradle user manual, "Version catalogs"); aliases by their dotted names. */
    private record Catalog(Mapping root) {
        static final Catalog NONE = new Catalog(Mapping.empty(null));

        static Catalog read(Path file) {
            return new Catalog(TomlReader.read(Place.display(file), String.join("\n", lines(file))));
        }

        private Optional<Value> entry(String table, String alias) {
            String wanted = alias.replaceAll("[-_]", ".");
            return root.mapping(table).entries().entrySet().stream()
                    .filter(each -> each.getKey().replaceAll("[-_]", ".").equals(wanted)).map(Map.Entry::getValue)
                    .findFirst();
        }

        Optional<String> library(String alias) {
            return entry("libraries", alias).map(value -> {
                if (!(value instanceof Mapping fields)) return Intrinsics.text(value);
                String module = fields.value("module").map(Intrinsics::text).orElseGet(() ->
                        Intrinsics.text(fields.entries().get("group")) + ":"
                        + Intrinsics.text(fields.entries().get("name")));
                return module + version(fields);
            });
        }

        /** Its id and version. */
        Optional<String> plugin(String alias) {
            return entry("plugins", alias).map(value -> value instanceof Mapping fields
                    ? Intrinsics.text(fields.entries().get("id")) + version(fields) : Intrinsics.text(value));
        }

        Optional<String> version(String alias) {
            return root.mapping("versions").value(alias).map(Intrinsics::text);
        }

        List<String> bundle(String alias) {
            return entry("bundles", alias).filter(Sequence.class::isInstance).map(Sequence.class::cast)
                    .map(Sequence::items).orElse(List.of()).stream()
                    .flatMap(each -> library(Intrinsics.text(each)).stream()).toList();
        }

        /** With a colon before it; nothing where a platform gives it. */
        private String version(Mapping fields) {
            Value written = fields.entries().get("version");
            if (written == null) return "";
            if (!(written instanceof Mapping rich)) return ":" + Intrinsics.text(written);
            Value reference = rich.entries().get("ref");
            Value value = reference == null ? written : root.mapping("versions").entries()
                    .get(Intrinsics.text(reference));
            return value instanceof Mapping range ? ":" + Stream.of("strictly", "require", "prefer")
                    .map(range.entries()::get).filter(Objects::nonNull).map(Intrinsics::text).findFirst().orElse("")
                    : ":" + Intrinsics.text(value);
        }
    }
}
