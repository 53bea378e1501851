package samlocal.dependencies;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Resolves the dependencies of modules to files, and explains why one cannot be found. */
final class MavenResolver {
    private final MavenSession maven;
    private final MavenModels models;
    private final List<Problem> problems = new ArrayList<>();
    private boolean hasChanging;

    MavenResolver(MavenSession maven, MavenModels models) {
        this.maven = maven;
        this.models = models;
    }

    /** The problems found so far. */
    List<Problem> problems() {
        return problems;
    }

    /** Whether snapshots or version ranges were resolved. */
    boolean hasChanging() {
        return hasChanging;
    }

    /** The repositories of a model after those of the settings. */
    List<RemoteRepository> repositories(ArtifactDescriptorResult described) {
        List<RemoteRepository> own = maven.context().repositorySystem()
                .newResolutionRepositories(maven.session(), described.getRepositories());
        Map<String, RemoteRepository> byId = new LinkedHashMap<>();
        Stream.of(maven.context().remoteRepositories(), own).flatMap(List::stream)
                .forEach(repository -> byId.putIfAbsent(repository.getId(), repository));
        return List.copyOf(byId.values());
    }

    /**
     * Resolves a request.
     *
     * @param places the place of each direct dependency, by group and name
     * @return in the order of Maven's class path, without test dependencies
     */
    List<Resolved> resolve(CollectRequest request, Map<String, Place> places) {
        List<DependencyNode> nodes = new ArrayList<>();
        Map<String, Problem> unread = new LinkedHashMap<>();
        Map<DependencyNode, String> origins = new IdentityHashMap<>();
        for (DependencyNode direct : collect(request, unread, places).getChildren()) {
            String origin = name(direct.getArtifact());
            preorder(direct).filter(node -> !node.getDependency().getScope().equals("test")).forEach(node -> {
                nodes.add(node);
                origins.put(node, origin);
            });
        }
        List<Resolved> found = new ArrayList<>();
        List<ArtifactResult> results = artifacts(nodes.stream().map(ArtifactRequest::new).toList());
        for (ArtifactResult result : results) {
            DependencyNode node = result.getRequest().getDependencyNode();
            hasChanging |= node.getArtifact().isSnapshot() || node.getVersionConstraint() != null
                    && node.getVersionConstraint().getRange() != null;
            if (!result.isResolved()) {
                unread.remove(node.getArtifact().toString()); // the same cause
                problems.addAll(missing(result, origins.get(node), places));
            }
            else if (result.getArtifact().getExtension().equals("jar")) {
                String classifier = result.getArtifact().getClassifier();
                String name = name(result.getArtifact()) + (classifier.isEmpty() ? "" : ":" + classifier);
                found.add(new Resolved(name, result.getArtifact().getFile().toPath(),
                        node.getDependency().getScope()));
            }
        }
        problems.addAll(unread.values());
        return found;
    }

    private static Stream<DependencyNode> preorder(DependencyNode node) {
        return Stream.concat(Stream.of(node), node.getChildren().stream().flatMap(MavenResolver::preorder));
    }

    /** Adds what is wrong with poms of libraries to {@code unread}, by artifact. */
    private DependencyNode collect(CollectRequest request, Map<String, Problem> unread, Map<String, Place> places) {
        try {
            return maven.context().repositorySystem().collectDependencies(maven.session(), request).getRoot();
        } catch (DependencyCollectionException e) {
            DependencyNode found = e.getResult().getRoot();
            DependencyNode root = found != null ? found : new DefaultDependencyNode(request.getRootArtifact());
            Set<String> wanted = preorder(root).map(DependencyNode::getArtifact).filter(Objects::nonNull)
                    .map(Artifact::toString).collect(Collectors.toSet());
            for (Exception error : e.getResult().getExceptions()) {
                Artifact artifact = error instanceof ArtifactDescriptorException pom ? pom.getResult().getArtifact()
                        : null;
                if (artifact == null) {
                    problems.add(new Problem(MavenModels.why(error), null, models.advice()));
                } else if (wanted.contains(artifact.toString())) { // versions that were not selected do not matter
                    unread.put(artifact.toString(), new Problem("cannot read the dependencies of `" + name(artifact)
                            + ":" + artifact.getVersion() + "`: " + MavenModels.why(error), places.get(name(artifact)),
                            models.advice()));
                }
            }
            return root;
        }
    }

    private List<ArtifactResult> artifacts(List<ArtifactRequest> requests) {
        try {
            return maven.context().repositorySystem().resolveArtifacts(maven.session(), requests);
        } catch (ArtifactResolutionException e) {
            return e.getResults();
        }
    }

    /** If a sibling module's pom cannot be read, that is reported instead of the missing artifact. */
    private List<Problem> missing(ArtifactResult result, String origin, Map<String, Place> places) {
        String artifact = result.getRequest().getArtifact().getArtifactId();
        List<Problem> unreadable = maven.reactor().unreadable(artifact).stream().map(models::problems)
                .flatMap(List::stream).toList();
        return unreadable.isEmpty() ? List.of(absent(result, origin, places)) : unreadable;
    }

    private Problem absent(ArtifactResult result, String origin, Map<String, Place> places) {
        Artifact artifact = result.getRequest().getArtifact();
        String through = name(artifact).equals(origin) ? "" : ", which `" + origin + "` needs";
        boolean isAbsent = result.getExceptions().stream()
                .allMatch(ArtifactNotFoundException.class::isInstance);
        String message = "cannot " + (isAbsent || maven.isOffline() ? "find" : "fetch") + " `" + artifact.getGroupId()
                + ":" + artifact.getArtifactId() + ":" + artifact.getVersion() + "`" + through;
        String why = result.getExceptions().stream() // that one repository does not have it explains nothing
                .filter(each -> !(each instanceof ArtifactNotFoundException)).map(MavenModels::why).findFirst()
                .orElse(null);
        String hint = maven.isOffline() ? models.advice() : isAbsent
                    ? "no repository has it: check its name and version"
                : why;
        return new Problem(message, places.get(origin), maven.reactor().other(name(artifact)).orElse(hint));
    }

    static String name(Artifact artifact) {
        return artifact.getGroupId() + ":" + artifact.getArtifactId();
    }

    /**
     * An artifact and its jar or the folder of its module.
     *
     * @param name with the classifier, without the version
     */
    record Resolved(String name, Path path, String scope) {
        boolean isModule() {
            return Files.isDirectory(path);
        }
    }
}
