package samlocal.dependencies;

import eu.maveniverse.maven.mima.extensions.mmr.MavenModelReader;
import eu.maveniverse.maven.mima.extensions.mmr.ModelRequest;
import eu.maveniverse.maven.mima.extensions.mmr.ModelResponse;
import java.io.File;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.Model;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelProblem;
import org.apache.maven.model.resolution.UnresolvableModelException;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.transfer.ArtifactTransferException;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/**
 * Reads the effective models of poms, with their parents and BOMs. An error is reported at its place in the pom that
 * causes it.
 */
final class MavenModels {
    private static final Pattern IMPORTING = Pattern.compile("<parent>|<scope>import</scope>");
    private final MavenSession maven;
    private final List<Path> files;

    /** Every pom that is read is added to {@code files}. */
    MavenModels(MavenSession maven, List<Path> files) {
        this.maven = maven;
        this.files = files;
    }

    /**
     * The effective model of a pom.
     *
     * @throws Fault if it cannot be read
     */
    ModelResponse model(Path pom) {
        files.add(pom);
        try {
            ModelResponse read = new MavenModelReader(maven.context()).getImpl()
                    .readModel(maven.session(), ModelRequest.builder().setPomFile(pom).build());
            read.getLineage().stream().map(read::getLineageModel).filter(Objects::nonNull)
                    .map(Model::getPomFile).filter(Objects::nonNull).map(File::toPath)
                    .map(Path::normalize).forEach(files::add);
            return read;
        } catch (VersionResolutionException | ArtifactResolutionException e) {
            throw Fault.project("cannot read `" + Place.display(pom) + "`: " + e.getMessage());
        } catch (ArtifactDescriptorException e) {
            throw invalid(pom, e);
        } catch (OutOfMemoryError | StackOverflowError e) { // properties that expand exponentially
            throw Fault.project("cannot read `" + Place.display(pom) + "`: its properties "
                    + "expand to more than fits in memory");
        }
    }

    private Fault invalid(Path pom, ArtifactDescriptorException e) {
        if (!(e.getCause() instanceof ModelBuildingException invalid)) {
            String named = artifact(e).map(name -> "<artifactId>" + name + "</artifactId>").orElse("<parent>");
            Optional<Place> naming = naming(pom, named);
            String hint = naming.isPresent() ? null : "a BOM or parent of this pom needs it";
            return Fault.project(why(e), naming.orElseGet(() -> importing(pom)), maven.isOffline() ? advice() : hint);
        }
        List<Problem> found = invalid.getProblems().stream()
                .filter(problem -> problem.getSeverity() != ModelProblem.Severity.WARNING)
                .map(problem -> new Problem(reason(problem.getMessage()), place(problem, pom), advice()))
                .toList();
        return new Fault(found, Fault.PROJECT);
    }

    /** The name of the artifact that an error is about. */
    private static Optional<String> artifact(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).map(each ->
                each instanceof ArtifactTransferException failed ? failed.getArtifact().getArtifactId()
                : each instanceof UnresolvableModelException failed ? failed.getArtifactId()
                : each instanceof ArtifactResolutionException failed && failed.getResult() != null
                ? failed.getResult().getRequest().getArtifact().getArtifactId() : null)
                .filter(Objects::nonNull).findFirst();
    }

    /** The place of a text in a pom, or else in one of those above it, or else in any other of the checkout. */
    private Optional<Place> naming(Path pom, String text) {
        Comparator<Path> nearest = Comparator.comparing((Path file) -> !pom.startsWith(file.getParent()))
                .thenComparing(file -> -file.getNameCount());
        return Stream.concat(Stream.of(pom), maven.reactor().poms().stream().sorted(nearest))
                .map(file -> place(file, text))
                .filter(place -> place.line() > 0).findFirst();
    }

    /** The place where a pom names its parent or a BOM, if there is only one. */
    private static Place importing(Path pom) {
        List<String> texts = Place.lines(pom).stream().flatMap(line -> IMPORTING.matcher(line).results())
                .map(MatchResult::group).toList();
        return texts.size() == 1 ? place(pom, texts.get(0)) : Place.of(pom);
    }

    private static Place place(ModelProblem problem, Path pom) {
        Path file = problem.getSource().startsWith("/") ? Path.of(problem.getSource()) : pom;
        List<String> lines = Place.lines(file);
        int line = problem.getLineNumber();
        return line < 1 || line > lines.size() ? Place.of(file)
                : new Place(Place.display(file), lines, line, Math.max(1, problem.getColumnNumber()), 1);
    }

    /** A hint for artifacts that are missing, or null. */
    String advice() {
        return maven.isOffline() ? "run once without `--offline` to download it" : null;
    }

    /** The message of the root cause; an unknown host has only its name as its message. */
    static String why(Throwable error) {
        Throwable root = Maven.root(error);
        return root instanceof UnknownHostException ? "unknown host `" + reason(root.getMessage()) + "`"
                : reason(String.valueOf(root.getMessage()));
    }

    /** Removes repetitions and the URLs at the end from Maven's messages. */
    static String reason(String message) {
        return message.lines().findFirst().orElse("").strip();
    }

    /** Why a pom cannot be read. */
    List<Problem> problems(Path pom) {
        try {
            model(pom);
            return List.of();
        } catch (Fault fault) {
            return fault.problems();
        }
    }

    /** The place of a dependency in its pom, or null. */
    static Place place(org.apache.maven.model.Dependency dependency) {
        InputLocation location = dependency.getLocation("artifactId");
        String file = location == null || location.getSource() == null ? null
                : location.getSource().getLocation();
        if (file == null || file.contains("://") || !Files.exists(Path.of(file))) return null;
        return place(Path.of(file), location.getLineNumber(), dependency.getArtifactId());
    }

    /** The first occurrence of a text in a file. */
    static Place place(Path file, String text) {
        return place(file, (int) Place.lines(file).stream().takeWhile(each -> !each.contains(text)).count() + 1, text);
    }

    private static Place place(Path file, int line, String text) {
        List<String> lines = Place.lines(file);
        int column = line < 1 || line > lines.size() ? 0 : lines.get(line - 1).indexOf(text) + 1;
        return column == 0 ? Place.of(file) : new Place(Place.display(file), lines, line, column, text.length());
    }
}
