package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;

/**
 * Reads build.gradle and build.gradle.kts without running them: {@link GradleProject} evaluates what is literal, and
 * {@link Maven} finds the libraries. What only Gradle can evaluate is listed with its place.
 */
final class Gradle {
    private final Maven maven;
    private final Set<Path> seen = new HashSet<>();

    private Gradle(Maven maven) {
        this.maven = maven;
    }

    /** What could be read: a model, and what only Gradle can evaluate. */
    record Read(BuildModel model, List<Problem> unread) {
        Read with(Read other) {
            return new Read(model.with(other.model), joined(unread, other.unread));
        }
    }

    /** Reads a build file and those of the projects that it needs; what cannot be found is a problem of the model. */
    static Read read(Path file, Maven maven) {
        Read read = new Gradle(maven).read(file);
        boolean hasProcessors = !read.model.libraries().processors().isEmpty();
        return hasProcessors ? read : new Read(read.model.withOption("-proc:none"), read.unread);
    }

    private Read read(Path file) {
        Path module = file.getParent();
        seen.add(module);
        GradleProject project = new GradleProject(file);
        GradleDependencies dependencies = project.dependencies();
        BuildModel found = maven.read(dependencies.libraries(), project.repositories(), Place.display(file));
        BuildModel.Libraries libraries = found.libraries();
        Path generated = module.resolve("build/generated/sources");
        Stream<Path> generators = Modules.children(generated).stream()
                .filter(kind -> !kind.endsWith("annotationProcessor")).map(kind -> kind.resolve("java/main"));
        List<Problem> problems = new ArrayList<>(project.settings().problems());
        found.problems().forEach(each -> problems.add(each.place() != null ? each
                : new Problem(each.message(), Place.of(file), each.hint())));
        problems.addAll(project.plugins().ignored());
        Read own = new Read(new BuildModel(
                new BuildModel.Folders(joined(project.sources(), generators.toList()), project.resources()),
                new BuildModel.Libraries(joined(libraries.compile(), dependencies.jars()),
                        joined(libraries.runtime(), dependencies.jars()), libraries.processors()),
                new BuildModel.Javac(project.options(), project.release()), tools(project, libraries.compile()),
                new BuildModel.Origin(joined(project.files(), List.of(generated)), found.origin().expires()), problems),
                project.unread());
        for (Map.Entry<Path, GradleWalk.Visit> each : dependencies.projects().entrySet()) {
            Path sibling = each.getKey();
            Path build = Modules.buildFile(sibling).orElse(null);
            boolean isNew = (build == null || !build.endsWith("pom.xml")) && seen.add(sibling);
            if (isNew) own = own.with(build != null ? read(build)
                    : unbuilt(file, sibling, each.getValue(), project.settings()));
        }
        return own;
    }

    /** A project without a build script of its own, which its root may have for it; it is read once there is one. */
    private static Read unbuilt(Path file, Path sibling, GradleWalk.Visit needing, GradleSettings settings) {
        Stream<Path> above = Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent)
                .limit(GradleSettings.HIGHEST);
        List<Path> awaited = Stream.concat(Stream.of(sibling), above).flatMap(folder ->
                Stream.of("build.gradle", "settings.gradle").flatMap(name -> Stream.of(name, name + ".kts"))
                        .map(folder::resolve)).toList();
        boolean isThere = Files.isDirectory(sibling.resolve("src/main"));
        List<Problem> absent = isThere ? List.of() : List.of(needing.problem(needing.statement().tokens(),
                "there is no project `" + Place.display(sibling).replace("%", "%%") + "`", null));
        boolean isElsewhere = settings.hasComputedFolders();
        return new Read(BuildModel.standard(sibling, awaited, isElsewhere ? List.of() : absent),
                isElsewhere ? absent : List.of());
    }

    private static Map<String, List<String>> tools(GradleProject project, List<Path> compile) {
        Map<String, List<String>> tools = new TreeMap<>();
        if (!project.ignored().isEmpty()) tools.put("ignored", project.ignored().stream().map(each -> each.message()
                + ": resources are used as they are (" + each.place() + ")").toList());
        Set<String> aspects = project.dependencies().aspects();
        Predicate<Path> hasAspects = jar -> jar.getNameCount() > 2
                && aspects.contains(jar.getParent().getParent().getFileName().toString());
        if (project.plugins().weavesAspects()) {
            tools.put("aspectj", compile.stream().filter(hasAspects).map(Path::toString).toList());
        }
        return tools;
    }

    private static <T> List<T> joined(Collection<T> some, Collection<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }
}
