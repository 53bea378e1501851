package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;

/**
 * Reads build.gradle and build.gradle.kts without running them: {@link GradleProject} evaluates what is literal, and
 * {@link Maven} finds the libraries. Statements that only Gradle can evaluate are listed with their places.
 */
final class Gradle {
    private final Maven maven;
    private final Set<Path> seen = new HashSet<>();

    private Gradle(Maven maven) {
        this.maven = maven;
    }

    /** The model, as far as it could be read, and a problem for each statement that only Gradle can evaluate. */
    record Read(BuildModel model, List<Problem> unread) {
        Read with(Read other) {
            return new Read(model.with(other.model), BuildModel.joined(unread, other.unread));
        }
    }

    /** Reads a build file and those of the projects it depends on; libraries not found are problems of the model. */
    static Read read(Path file, Maven maven) {
        Read read = new Gradle(maven).read(file);
        boolean hasProcessors = !read.model.libraries().processors().isEmpty();
        return hasProcessors ? read : new Read(read.model.withOption("-proc:none"), read.unread);
    }

    private Read read(Path file) {
        seen.add(file.getParent());
        GradleProject project = new GradleProject(file);
        Read own = project.read(maven);
        for (Map.Entry<Path, GradleWalk.Visit> each : project.dependencies().projects().entrySet()) {
            Path sibling = each.getKey();
            Path build = Modules.buildFile(sibling).orElse(null);
            boolean isNew = (build == null || !build.endsWith("pom.xml")) && seen.add(sibling);
            if (isNew) own = own.with(build != null ? read(build)
                    : unbuilt(file, sibling, each.getValue(), project.settings()));
        }
        return own;
    }

    /** A project without a build script: its root project may configure it. It is read again when a script appears. */
    private static Read unbuilt(Path file, Path sibling, GradleWalk.Visit needing, GradleSettings settings) {
        Stream<Path> above = Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent)
                .limit(GradleSettings.HIGHEST);
        List<Path> awaited = Stream.concat(Stream.of(sibling), above).flatMap(folder ->
                Stream.of("build.gradle", "settings.gradle").flatMap(name -> Stream.of(name, name + ".kts"))
                        .map(folder::resolve)).toList();
        boolean isThere = Files.isDirectory(sibling.resolve("src/main"));
        List<Problem> absent = isThere ? List.of() : List.of(needing.problem(needing.statement().tokens(),
                "no project at `" + Place.display(sibling).replace("%", "%%") + "`", null));
        boolean isElsewhere = settings.hasComputedFolders();
        return new Read(BuildModel.standard(sibling, awaited, isElsewhere ? List.of() : absent),
                isElsewhere ? absent : List.of());
    }
}
