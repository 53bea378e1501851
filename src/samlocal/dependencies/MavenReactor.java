package samlocal.dependencies;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import samlocal.base.Place;
import samlocal.files.Modules;

/**
 * The poms around a module. The folder of each replaces its artifact.
 *
 * @param artifacts by {@code group:name}
 * @param listed the modules that the pom in each folder lists
 * @param unreadable poms that cannot be parsed or whose parent is here in another version, with their texts, and
 *     poms of modules that do not exist
 */
record MavenReactor(Path module, Map<String, Local> artifacts, Map<Path, List<Path>> listed,
        Map<Path, String> unreadable) implements WorkspaceReader {
    private static final int HIGHEST = 4;
    private static final int MOST_FOLDERS = 2000;
    private static final int DEEPEST = 5;

    /** An artifact with a pom in this project. */
    private record Local(Path folder, String version, Parent parent) {
        Path pom() {
            return folder.resolve("pom.xml");
        }

        boolean hasVersion() {
            return !version.contains("${");
        }
    }

    static MavenReactor none() {
        return of(null);
    }

    private static MavenReactor of(Path module) {
        return new MavenReactor(module, new HashMap<>(), new HashMap<>(), new TreeMap<>());
    }

    /** @param project the folder of the template, or null */
    static MavenReactor around(Path module, Path project) {
        MavenReactor reactor = of(module);
        Modules.below(top(module, project), DEEPEST, MOST_FOLDERS).stream().map(folder -> folder.resolve("pom.xml"))
                .filter(Files::isRegularFile).forEach(reactor::add);
        reactor.add(module.resolve("pom.xml"));
        reactor.artifacts.values().stream().filter(reactor::isStale).toList().forEach(stale -> {
            reactor.artifacts.values().remove(stale);
            reactor.unreadable.put(stale.pom(), text(stale.pom()));
        });
        return reactor;
    }

    /** Whether a module was left behind: its parent is here in another version, and Maven does not build it here. */
    private boolean isStale(Local local) {
        Parent named = local.parent();
        Local parent = named == null ? null : artifacts.get(named.getGroupId() + ":" + named.getArtifactId());
        return parent != null && parent.hasVersion() && named.getVersion().matches("[\\w.-]+")
                && !parent.version().equals(named.getVersion()) && !local.folder().equals(module);
    }

    private static String text(Path pom) {
        return String.join("\n", Place.lines(pom));
    }

    /** The root of the checkout, or else the highest folder nearby that has a build file or holds the template. */
    private static Path top(Path module, Path project) {
        Path top = module;
        Path folder = module;
        for (int i = 0; i <= HIGHEST && folder != null; i++, folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) return folder;
            boolean holdsBoth = project != null && project.startsWith(folder) && folder.getNameCount() > 0;
            if (Modules.isProject(folder) || holdsBoth && !project.startsWith(top)) top = folder;
        }
        return top;
    }

    private void add(Path pom) {
        if (!Files.isRegularFile(pom)) return; // reading a pipe could block
        try (InputStream in = Files.newInputStream(pom)) {
            Model model = new MavenXpp3Reader().read(in, false);
            Parent parent = model.getParent();
            String group = model.getGroupId() == null && parent != null ? parent.getGroupId()
                    : model.getGroupId();
            String version = model.getVersion() == null && parent != null ? parent.getVersion()
                    : model.getVersion();
            List<Path> modules = model.getModules().stream()
                    .map(module -> pom.resolveSibling(module).normalize()).toList();
            listed.put(pom.getParent(), modules);
            modules.stream().map(module -> module.resolve("pom.xml")).filter(module -> !Files.exists(module))
                    .forEach(module -> unreadable.put(module, ""));
            artifacts.put(group + ":" + model.getArtifactId(), new Local(pom.getParent(), String.valueOf(version),
                    parent));
        } catch (IOException | XmlPullParserException e) {
            unreadable.put(pom, text(pom));
        }
    }

    /** The poms whose modules may be what is missing. */
    List<Path> poms() {
        return Stream.concat(artifacts.values().stream().map(Local::pom),
                unreadable.keySet().stream()).toList();
    }

    /** The unreadable poms that mention an artifact. */
    List<Path> unreadable(String artifact) {
        Pattern name = Pattern.compile("(?<![\\w.-])" + Pattern.quote(artifact) + "(?![\\w.-])");
        return unreadable.entrySet().stream().filter(pom -> name.matcher(pom.getValue()).find())
                .map(Map.Entry::getKey).toList();
    }

    /** Describes a module that is another version of the artifact. */
    Optional<String> other(String name) {
        return Optional.ofNullable(artifacts.get(name))
                .map(here -> "`" + Place.display(here.pom()) + "` is version " + here.version() + " of it");
    }

    @Override public WorkspaceRepository getRepository() {
        return new WorkspaceRepository("checkout");
    }

    @Override public File findArtifact(Artifact artifact) {
        Local here = artifacts.get(MavenResolver.name(artifact));
        boolean isIt = here != null && artifact.getClassifier().isEmpty()
                && (!here.hasVersion() || here.version().equals(artifact.getBaseVersion()));
        if (isIt && artifact.getExtension().equals("pom")) return here.pom().toFile();
        return isIt && artifact.getExtension().equals("jar") ? here.folder().toFile() : null;
    }

    @Override public List<String> findVersions(Artifact artifact) {
        Local here = artifacts.get(MavenResolver.name(artifact));
        boolean isIt = here != null && here.hasVersion() && isBuiltWith(here.folder());
        return isIt ? List.of(here.version()) : List.of();
    }

    /** Whether a pom lists both the other folder and the module, so that Maven builds them together. */
    private boolean isBuiltWith(Path other) {
        return listed.keySet().stream().map(top -> built(top, new HashSet<>()))
                .anyMatch(build -> build.contains(module) && build.contains(other));
    }

    private Set<Path> built(Path folder, Set<Path> build) {
        if (build.add(folder)) listed.getOrDefault(folder, List.of()).forEach(next -> built(next, build));
        return build;
    }
}
