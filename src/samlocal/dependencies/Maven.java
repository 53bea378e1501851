package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import eu.maveniverse.maven.mima.extensions.mmr.MavenModelReader;
import eu.maveniverse.maven.mima.extensions.mmr.ModelRequest;
import eu.maveniverse.maven.mima.extensions.mmr.ModelResponse;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelProblem;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;
import samlocal.files.Scratch;
import samlocal.terminal.Console;

/**
 * Reads poms as Maven does, with its parents, BOMs, profiles, settings.xml and local repository; modules beside
 * the one that is read stand in for their artifacts. Its libraries are loaded when the first pom is read.
 */
final class Maven {
    private final boolean offline;
    private final Console console;

    Maven(boolean offline, Console console) {
        this.offline = offline;
        this.console = console;
    }

    /**
     * Finds libraries, and what those need.
     *
     * @param repositories addresses besides those of Maven's settings
     * @param who needs them, for messages
     */
    Recipe read(List<Library> libraries, List<String> repositories, String who) {
        try {
            Path pom = Scratch.folder().resolve("pom.xml");
            if (libraries.isEmpty()) return Recipe.standard(pom.getParent(), List.of(), List.of());
            Files.writeString(pom, Library.pom(libraries, repositories));
            Recipe found = read(pom, who, Reactor.none());
            return found.readFrom(found.files().stream().filter(file -> !file.startsWith(pom.getParent()))
                    .toList());
        } catch (IOException e) {
            throw Fault.project("cannot write to the folder for temporary files: " + Fault.reason(e));
        }
    }

    /** Reads a pom.xml; what is wrong with it, or cannot be had, is among the recipe's problems. */
    Recipe read(Path pom) {
        return read(pom, Place.display(pom), Reactor.around(pom.getParent()));
    }

    private Recipe read(Path pom, String who, Reactor reactor) {
        Path module = pom.getParent();
        Downloads downloads = new Downloads(console, who);
        ContextOverrides overrides = ContextOverrides.create().withUserSettings(true).withBasedirOverride(module)
                .offline(offline).transferListener(downloads).build();
        try (eu.maveniverse.maven.mima.context.Context context = Runtimes.INSTANCE.getRuntime().create(overrides)) {
            List<Path> files = new ArrayList<>(List.of(pom, context.mavenUserHome().settingsXml()));
            Recipe found;
            try {
                found = new Reading(context, reactor, files, offline).recipe(pom);
            } catch (Fault fault) {
                found = Recipe.standard(module, files, fault.problems());
            }
            return found.problems().isEmpty() ? found : found.readFrom(Stream.concat(found.files().stream(),
                    reactor.poms().stream()).distinct().toList());
        } catch (IllegalStateException e) {
            Problem problem = new Problem("Maven's settings cannot be read: " + root(e).getMessage(), null, null);
            return Recipe.standard(module, List.of(pom), List.of(problem));
        } finally {
            downloads.end();
        }
    }

    private static Throwable root(Throwable error) {
        return error.getCause() == null ? error : root(error.getCause());
    }

    /**
     * The poms around a module: each stands in for its artifact, in the form of its folder.
     *
     * @param listed modules of each folder's pom
     * @param unreadable poms that are none, with their texts, and those of modules that are not there
     */
    private record Reactor(Path module, Map<String, Path> folders, Map<String, String> versions,
            Map<Path, List<Path>> listed, Map<Path, String> unreadable) implements WorkspaceReader {
        private static final int HIGHEST = 4;
        private static final int MOST_FOLDERS = 2000;
        private static final int DEEPEST = 5;

        static Reactor none() {
            return of(null);
        }

        private static Reactor of(Path module) {
            return new Reactor(module, new HashMap<>(), new HashMap<>(), new HashMap<>(), new TreeMap<>());
        }

        static Reactor around(Path module) {
            Reactor reactor = of(module);
            Modules.below(top(module), DEEPEST, MOST_FOLDERS).stream().map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::isRegularFile).forEach(reactor::add);
            reactor.add(module.resolve("pom.xml"));
            return reactor;
        }

        /** The highest folder near by that has a pom or a template, but none beyond the checkout. */
        private static Path top(Path module) {
            Path top = module;
            Path folder = module;
            for (int i = 0; i < HIGHEST && folder != null && !Files.exists(folder.resolve(".git")); i++) {
                folder = folder.getParent();
                if (folder != null && Modules.isProject(folder)) top = folder;
            }
            return top;
        }

        private void add(Path pom) {
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
                folders.put(group + ":" + model.getArtifactId(), pom.getParent());
                versions.put(group + ":" + model.getArtifactId(), String.valueOf(version));
            } catch (IOException | XmlPullParserException e) {
                unreadable.put(pom, String.join("\n", Reading.lines(pom)));
            }
        }

        /** Where what is missing may be mended. */
        List<Path> poms() {
            return Stream.concat(folders.values().stream().map(folder -> folder.resolve("pom.xml")),
                    unreadable.keySet().stream()).toList();
        }

        /** Poms that cannot be read and name an artifact. */
        List<Path> unreadable(String artifact) {
            Pattern name = Pattern.compile("(?<![\\w.-])" + Pattern.quote(artifact) + "(?![\\w.-])");
            return unreadable.entrySet().stream().filter(pom -> name.matcher(pom.getValue()).find())
                    .map(Map.Entry::getKey).toList();
        }

        /** Another version of an artifact, which is here. */
        Optional<String> other(String name) {
            return Optional.ofNullable(versions.get(name)).map(version -> "`"
                    + Place.display(folders.get(name).resolve("pom.xml")) + "` is version " + version + " of it");
        }

        @Override public WorkspaceRepository getRepository() {
            return new WorkspaceRepository("checkout");
        }

        @Override public File findArtifact(Artifact artifact) {
            String name = artifact.getGroupId() + ":" + artifact.getArtifactId();
            String version = versions.get(name);
            boolean isHere = version != null
                    && (version.contains("${") || version.equals(artifact.getBaseVersion()));
            if (!isHere || !artifact.getClassifier().isEmpty()) return null;
            if (artifact.getExtension().equals("pom")) return folders.get(name).resolve("pom.xml").toFile();
            return artifact.getExtension().equals("jar") ? folders.get(name).toFile() : null;
        }

        @Override public List<String> findVersions(Artifact artifact) {
            String name = artifact.getGroupId() + ":" + artifact.getArtifactId();
            String version = versions.get(name);
            boolean isNone = version == null || version.contains("${") || !isBuiltWith(folders.get(name));
            return isNone ? List.of() : List.of(version);
        }

        /** Whether some pom lists both it and the module, so that Maven makes them in one build. */
        private boolean isBuiltWith(Path other) {
            return listed.keySet().stream().map(top -> built(top, new HashSet<>()))
                    .anyMatch(build -> build.contains(module) && build.contains(other));
        }

        private Set<Path> built(Path folder, Set<Path> build) {
            if (build.add(folder)) listed.getOrDefault(folder, List.of()).forEach(next -> built(next, build));
            return build;
        }
    }

    /**
     * What stands for an artifact: a jar, or the folder of a module.
     *
     * @param name without its version, with its classifier
     */
    private record Resolved(String name, Path path, String scope) {
        boolean isModule() {
            return Files.isDirectory(path);
        }
    }

    /** One reading of a module and the siblings that it needs. */
    private static final class Reading {
        private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+:([\\w.-]+):(?:pom|jar)");
        private static final Pattern IMPORTING = Pattern.compile("<parent>|<scope>import</scope>");
        private static final Set<String> GENERATORS = Set.of("avro-maven-plugin", "protobuf-maven-plugin",
                "openapi-generator-maven-plugin", "swagger-codegen-maven-plugin", "jaxb2-maven-plugin",
                "maven-jaxb2-plugin", "jaxb-maven-plugin", "antlr4-maven-plugin", "jsonschema2pojo-maven-plugin",
                "cxf-codegen-plugin", "jooq-codegen-maven");
        private final eu.maveniverse.maven.mima.context.Context context;
        private final DefaultRepositorySystemSession session;
        private final List<Path> files;
        private final boolean offline;
        private final Reactor reactor;
        private final List<Problem> problems = new ArrayList<>();
        private final Set<Path> sources = new LinkedHashSet<>();
        private final Set<Path> resources = new LinkedHashSet<>();
        private final Map<String, Path> compile = new LinkedHashMap<>();
        private final Set<Path> runtime = new LinkedHashSet<>();
        private final Set<Path> processors = new LinkedHashSet<>();
        /** Where javac looks for processors of modules that name none. */
        private final Set<Path> searched = new LinkedHashSet<>();
        private boolean changes;

        Reading(eu.maveniverse.maven.mima.context.Context context, Reactor reactor, List<Path> files,
                boolean offline) {
            this.context = context;
            this.reactor = reactor;
            this.session = new DefaultRepositorySystemSession(context.repositorySystemSession());
            this.session.setWorkspaceReader(reactor);
            this.session.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(true, true));
            this.files = files;
            this.offline = offline;
        }

        Recipe recipe(Path pom) {
            ModelResponse read = model(pom);
            Model model = read.getEffectiveModel();
            CompilerSettings settings = CompilerSettings.of(model);
            List<Resolved> libraries = libraries(read);
            libraries.forEach(this::addToClassPaths);
            addSiblings(pom.getParent(), libraries);
            addSources(model, pom.getParent());
            processors(settings, read, libraries);
            boolean isMixed = !processors.isEmpty() && searched.stream().anyMatch(Reading::hasProcessors);
            if (isMixed) processors.addAll(searched);
            long expires = changes ? System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1) : 0;
            return new Recipe(List.copyOf(sources), List.copyOf(resources), List.copyOf(compile.values()),
                    List.copyOf(runtime), List.copyOf(processors), settings.options(), tools(model),
                    settings.release(),
                    files.stream().distinct().toList(), expires, problems);
        }

        private void addToClassPaths(Resolved library) {
            if (library.isModule()) return;
            if (!library.scope().equals("runtime")) compile.putIfAbsent(library.name(), library.path());
            if (!library.scope().equals("provided")) runtime.add(library.path());
        }

        /** Each sibling is compiled with what its own pom names too, which may be of no use to the module. */
        private void addSiblings(Path module, List<Resolved> libraries) {
            List<Path> siblings = new ArrayList<>(modules(libraries));
            for (int i = 0; i < siblings.size(); i++) {
                ModelResponse read = model(siblings.get(i).resolve("pom.xml"));
                List<Resolved> own = libraries(read);
                own.stream().filter(library -> !library.isModule() && !library.scope().equals("runtime"))
                        .forEach(library -> compile.putIfAbsent(library.name(), library.path()));
                modules(own).stream().filter(other -> !siblings.contains(other) && !other.equals(module))
                        .forEach(siblings::add);
                addSources(read.getEffectiveModel(), siblings.get(i));
                processors(CompilerSettings.of(read.getEffectiveModel()), read, own);
            }
        }

        private static List<Path> modules(List<Resolved> libraries) {
            return libraries.stream().filter(Resolved::isModule).map(Resolved::path).toList();
        }

        /** Plugins of AspectJ and Kotlin, whichever organisation's; those that have yet to generate sources. */
        private Map<String, List<String>> tools(Model model) {
            Map<String, List<String>> tools = new TreeMap<>();
            List<String> generators = model.getBuild().getPlugins().stream()
                    .filter(plugin -> !plugin.getExecutions().isEmpty()).map(Plugin::getArtifactId)
                    .filter(GENERATORS::contains).toList();
            boolean isNew = !generators.isEmpty() && generatedSources(model).isEmpty();
            if (isNew) tools.put("generators", generators);
            for (Plugin plugin : model.getBuild().getPlugins()) {
                Stream<Object> configurations = Stream.concat(Stream.of(plugin.getConfiguration()),
                        plugin.getExecutions().stream().map(PluginExecution::getConfiguration))
                        .filter(Objects::nonNull);
                if (plugin.getArtifactId().equals("aspectj-maven-plugin")) {
                    tools.put("aspectj", configurations.flatMap(each -> aspects(each)).distinct().toList());
                } else if (plugin.getArtifactId().equals("kotlin-maven-plugin")) {
                    tools.put("kotlin", configurations.flatMap(each -> texts(each, "compilerPlugins").stream())
                            .distinct().toList());
                }
            }
            return tools;
        }

        private Stream<String> aspects(Object configuration) {
            Xpp3Dom libraries = ((Xpp3Dom) configuration).getChild("aspectLibraries");
            if (libraries == null) return Stream.of();
            return Arrays.stream(libraries.getChildren()).map(library ->
                    compile.get(CompilerSettings.text(library, "groupId") + ":"
                    + CompilerSettings.text(library, "artifactId"))).filter(Objects::nonNull).map(Path::toString);
        }

        private ModelResponse model(Path pom) {
            files.add(pom);
            try {
                ModelResponse read = new MavenModelReader(context).getImpl()
                        .readModel(session, ModelRequest.builder().setPomFile(pom).build());
                read.getLineage().stream().map(read::getLineageModel).filter(Objects::nonNull)
                        .map(Model::getPomFile).filter(Objects::nonNull).map(File::toPath)
                        .map(Path::normalize).forEach(files::add);
                return read;
            } catch (VersionResolutionException | ArtifactResolutionException e) {
                throw Fault.project("cannot read `" + Place.display(pom) + "`: " + e.getMessage());
            } catch (ArtifactDescriptorException e) {
                throw invalid(pom, e);
            }
        }

        private Fault invalid(Path pom, ArtifactDescriptorException e) {
            if (!(e.getCause() instanceof ModelBuildingException invalid)) {
                Matcher artifact = COORDINATES.matcher(String.valueOf(root(e).getMessage()));
                String named = artifact.find() ? "<artifactId>" + artifact.group(1) + "</artifactId>" : "<parent>";
                Optional<Place> naming = naming(pom, named);
                String hint = naming.isPresent() ? null : "a BOM or parent that this pom names needs it";
                return Fault.project(why(e), naming.orElseGet(() -> importing(pom)), offline ? advice() : hint);
            }
            List<Problem> found = invalid.getProblems().stream()
                    .filter(problem -> problem.getSeverity() != ModelProblem.Severity.WARNING)
                    .map(problem -> new Problem(reason(problem.getMessage()), place(problem, pom), advice()))
                    .toList();
            return new Fault(found, Fault.PROJECT);
        }

        /** Where a text stands in a pom, or else in one around it. */
        private Optional<Place> naming(Path pom, String text) {
            return Stream.concat(Stream.of(pom), reactor.poms().stream()).map(file -> place(file, text))
                    .filter(place -> place.line() > 0).findFirst();
        }

        /** Where a pom takes in others, if it does so only once. */
        private static Place importing(Path pom) {
            List<String> texts = lines(pom).stream().flatMap(line -> IMPORTING.matcher(line).results())
                    .map(MatchResult::group).toList();
            return texts.size() == 1 ? place(pom, texts.get(0)) : place(pom, 0, "");
        }

        private static Place place(ModelProblem problem, Path pom) {
            Path file = problem.getSource().startsWith("/") ? Path.of(problem.getSource()) : pom;
            List<String> lines = lines(file);
            int line = Math.max(0, problem.getLineNumber());
            return line == 0 || line > lines.size() ? new Place(Place.display(file), lines, 0, 0, 0)
                    : new Place(Place.display(file), lines, line, Math.max(1, problem.getColumnNumber()), 1);
        }

        private String advice() {
            return offline ? "this runs with `--offline`: start once without it" : null;
        }

        /** The deepest reason; that of an unknown host is but its name. */
        private static String why(Throwable error) {
            Throwable root = root(error);
            return root instanceof UnknownHostException ? "there is no host `" + reason(root.getMessage()) + "`"
                    : reason(String.valueOf(root.getMessage()));
        }

        /** Maven's reasons repeat themselves and end in addresses. */
        private static String reason(String message) {
            return message.lines().findFirst().orElse("").strip();
        }

        private void addSources(Model model, Path module) {
            sources.add(Path.of(model.getBuild().getSourceDirectory()));
            sources.addAll(Recipe.sources(module));
            model.getBuild().getPlugins().stream()
                    .filter(plugin -> plugin.getArtifactId().equals("build-helper-maven-plugin"))
                    .flatMap(plugin -> plugin.getExecutions().stream())
                    .filter(execution -> execution.getGoals().contains("add-source"))
                    .flatMap(execution -> texts(execution.getConfiguration(), "sources").stream())
                    .map(folder -> module.resolve(folder).normalize()).forEach(sources::add);
            files.add(generated(model));
            sources.addAll(generatedSources(model));
            model.getBuild().getResources().stream().map(resource -> Path.of(resource.getDirectory()))
                    .forEach(resources::add);
        }

        private static Path generated(Model model) {
            return Path.of(model.getBuild().getDirectory(), "generated-sources");
        }

        private static List<Path> generatedSources(Model model) {
            return Modules.children(generated(model)).stream().filter(folder -> !folder.endsWith("annotations"))
                    .toList();
        }

        /** All that is not for tests alone, in the order of Maven's class path. */
        private List<Resolved> libraries(ModelResponse read) {
            Model model = read.getEffectiveModel();
            ArtifactDescriptorResult described = read.toArtifactDescriptorResult(model);
            Map<String, Place> places = new HashMap<>();
            model.getDependencies().forEach(dependency -> places.put(
                    dependency.getGroupId() + ":" + dependency.getArtifactId(), place(dependency)));
            CollectRequest request = new CollectRequest(described.getDependencies(),
                    described.getManagedDependencies(), repositories(described));
            request.setRootArtifact(new DefaultArtifact(model.getGroupId(), model.getArtifactId(), "pom",
                    model.getVersion()));
            return resolve(request, places);
        }

        private List<RemoteRepository> repositories(ArtifactDescriptorResult described) {
            List<RemoteRepository> own = context.repositorySystem()
                    .newResolutionRepositories(session, described.getRepositories());
            Map<String, RemoteRepository> byId = new LinkedHashMap<>();
            Stream.of(context.remoteRepositories(), own).flatMap(List::stream)
                    .forEach(repository -> byId.putIfAbsent(repository.getId(), repository));
            return List.copyOf(byId.values());
        }

        private List<Resolved> resolve(CollectRequest request, Map<String, Place> places) {
            List<DependencyNode> nodes = new ArrayList<>();
            Map<DependencyNode, String> origins = new IdentityHashMap<>();
            for (DependencyNode direct : collect(request).getChildren()) {
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
                changes |= node.getArtifact().isSnapshot() || node.getVersionConstraint() != null
                        && node.getVersionConstraint().getRange() != null;
                if (!result.isResolved()) problems.addAll(missing(result, origins.get(node), places));
                else if (isOnClassPath(result.getArtifact())) {
                    String classifier = result.getArtifact().getClassifier();
                    String name = name(result.getArtifact()) + (classifier.isEmpty() ? "" : ":" + classifier);
                    found.add(new Resolved(name, result.getArtifact().getFile().toPath(),
                            node.getDependency().getScope()));
                }
            }
            return found;
        }

        private static Stream<DependencyNode> preorder(DependencyNode node) {
            return Stream.concat(Stream.of(node), node.getChildren().stream().flatMap(Reading::preorder));
        }

        private static boolean isOnClassPath(Artifact artifact) {
            return artifact.getExtension().equals("jar");
        }

        private DependencyNode collect(CollectRequest request) {
            try {
                return context.repositorySystem().collectDependencies(session, request).getRoot();
            } catch (DependencyCollectionException e) {
                DependencyNode found = e.getResult().getRoot();
                DependencyNode root = found != null ? found : new DefaultDependencyNode(request.getRootArtifact());
                Set<String> wanted = preorder(root).map(DependencyNode::getArtifact).filter(Objects::nonNull)
                        .map(Artifact::toString).collect(Collectors.toSet());
                e.getResult().getExceptions().stream().filter(error -> concerns(error, wanted)).forEach(error ->
                        problems.add(new Problem(unread(error) + why(error), null, advice())));
                return root;
            }
        }

        /** Versions that lost against others, or were only candidates of a range, may be described badly. */
        private static boolean concerns(Exception error, Set<String> wanted) {
            return !(error instanceof ArtifactDescriptorException unread)
                    || wanted.contains(unread.getResult().getArtifact().toString());
        }

        private static String unread(Exception error) {
            if (!(error instanceof ArtifactDescriptorException unread)) return "";
            Artifact artifact = unread.getResult().getArtifact();
            return "cannot read what `" + name(artifact) + ":" + artifact.getVersion() + "` needs: ";
        }

        private List<ArtifactResult> artifacts(List<ArtifactRequest> requests) {
            try {
                return context.repositorySystem().resolveArtifacts(session, requests);
            } catch (ArtifactResolutionException e) {
                return e.getResults();
            }
        }

        /** A module beside this one that cannot be read is what is wrong, rather than that nobody else has it. */
        private List<Problem> missing(ArtifactResult result, String origin, Map<String, Place> places) {
            String artifact = result.getRequest().getArtifact().getArtifactId();
            List<Problem> unreadable = reactor.unreadable(artifact).stream().map(this::problems)
                    .flatMap(List::stream).toList();
            return unreadable.isEmpty() ? List.of(absent(result, origin, places)) : unreadable;
        }

        private List<Problem> problems(Path pom) {
            try {
                model(pom);
                return List.of();
            } catch (Fault fault) {
                return fault.problems();
            }
        }

        private Problem absent(ArtifactResult result, String origin, Map<String, Place> places) {
            Artifact artifact = result.getRequest().getArtifact();
            String through = name(artifact).equals(origin) ? "" : ", which `" + origin + "` needs";
            boolean isAbsent = result.getExceptions().stream()
                    .allMatch(ArtifactNotFoundException.class::isInstance);
            String message = "cannot " + (isAbsent || offline ? "find" : "fetch") + " `" + artifact.getGroupId()
                    + ":" + artifact.getArtifactId() + ":" + artifact.getVersion() + "`" + through;
            String why = result.getExceptions().stream().map(Throwable::getMessage).filter(Objects::nonNull)
                    .map(Reading::reason).findFirst().orElse(null);
            String hint = offline ? advice() : isAbsent ? "no repository has it: look at its name and version"
                    : why;
            return new Problem(message, places.get(origin), reactor.other(name(artifact)).orElse(hint));
        }

        private static String name(Artifact artifact) {
            return artifact.getGroupId() + ":" + artifact.getArtifactId();
        }

        private static Place place(org.apache.maven.model.Dependency dependency) {
            InputLocation location = dependency.getLocation("artifactId");
            String file = location == null || location.getSource() == null ? null
                    : location.getSource().getLocation();
            if (file == null || file.contains("://") || !Files.exists(Path.of(file))) return null;
            return place(Path.of(file), location.getLineNumber(), dependency.getArtifactId());
        }

        private static Place place(Path file, String text) {
            List<String> lines = lines(file);
            int line = (int) lines.stream().takeWhile(each -> !each.contains(text)).count() + 1;
            return place(file, line > lines.size() ? 0 : line, text);
        }

        private static Place place(Path file, int line, String text) {
            List<String> lines = lines(file);
            int column = line < 1 || line > lines.size() ? 0 : lines.get(line - 1).indexOf(text) + 1;
            return new Place(Place.display(file), lines, column == 0 ? 0 : line, column, text.length());
        }

        private static List<String> lines(Path file) {
            try {
                return Files.readString(file, UTF_8).lines().toList();
            } catch (IOException e) {
                return List.of();
            }
        }

        /** The processor path of maven-compiler-plugin, if it has one. */
        private void processors(CompilerSettings settings, ModelResponse read, List<Resolved> libraries) {
            if (settings.processors().isEmpty()) {
                libraries.stream().filter(each -> !each.isModule()).map(Resolved::path).forEach(searched::add);
                return;
            }
            Model model = read.getEffectiveModel();
            List<Dependency> wanted = settings.processors().stream().map(each -> each.setArtifact(
                    managed(each.getArtifact(), model))).toList();
            Map<String, Place> places = new HashMap<>();
            wanted.forEach(each -> places.put(name(each.getArtifact()), place(model.getPomFile().toPath(),
                    "<artifactId>" + each.getArtifact().getArtifactId() + "</artifactId>")));
            ArtifactDescriptorResult described = read.toArtifactDescriptorResult(model);
            List<Dependency> versions = settings.areManaged() ? described.getManagedDependencies() : List.of();
            resolve(new CollectRequest(wanted, versions, repositories(described)), places).stream()
                    .map(Resolved::path).forEach(processors::add);
        }

        private static boolean hasProcessors(Path jar) {
            try (ZipFile file = new ZipFile(jar.toFile())) {
                return file.getEntry("META-INF/services/javax.annotation.processing.Processor") != null;
            } catch (IOException e) {
                return false; // who compiles with it will tell
            }
        }

        /** With the version that the pom has for it elsewhere, if it has none of its own. */
        private static Artifact managed(Artifact artifact, Model model) {
            if (!artifact.getVersion().isEmpty()) return artifact;
            return Stream.concat(model.getDependencies().stream(), model.getDependencyManagement() == null
                    ? Stream.of() : model.getDependencyManagement().getDependencies().stream())
                    .filter(each -> name(artifact).equals(each.getGroupId() + ":" + each.getArtifactId()))
                    .findFirst().map(each -> artifact.setVersion(each.getVersion())).orElse(artifact);
        }
    }

    /** The values of the elements in a list of a plugin's configuration. */
    private static List<String> texts(Object configuration, String list) {
        Xpp3Dom found = configuration instanceof Xpp3Dom dom ? dom.getChild(list) : null;
        return found == null ? List.of() : Arrays.stream(found.getChildren()).map(Xpp3Dom::getValue)
                .filter(Objects::nonNull).map(String::strip).toList();
    }

    /**
     * What maven-compiler-plugin is told (Apache Maven Compiler Plugin, compiler:compile).
     *
     * @param areManaged whether what processors need has the versions that the pom manages
     */
    private record CompilerSettings(int release, List<String> options, List<Dependency> processors,
            boolean areManaged) {
        static CompilerSettings of(Model model) {
            Xpp3Dom settings = configuration(model);
            return new CompilerSettings(release(settings, model), options(settings, model), processors(settings),
                    Boolean.parseBoolean(text(settings, "annotationProcessorPathsUseDepMgmt")));
        }

        private static Xpp3Dom configuration(Model model) {
            Plugin plugin = model.getBuild().getPluginsAsMap()
                    .get("org.apache.maven.plugins:maven-compiler-plugin");
            PluginManagement managed = model.getBuild().getPluginManagement();
            if (plugin == null && managed != null) {
                plugin = managed.getPluginsAsMap().get("org.apache.maven.plugins:maven-compiler-plugin");
            }
            if (plugin == null) return new Xpp3Dom("configuration");
            Xpp3Dom own = plugin.getConfiguration() instanceof Xpp3Dom dom ? dom : new Xpp3Dom("configuration");
            return plugin.getExecutions().stream().filter(execution -> execution.getId().equals("default-compile")
                    || execution.getGoals().contains("compile")).map(PluginExecution::getConfiguration)
                    .filter(Xpp3Dom.class::isInstance).map(Xpp3Dom.class::cast).findFirst()
                    .map(more -> Xpp3Dom.mergeXpp3Dom(new Xpp3Dom(more), own)).orElse(own);
        }

        private static int release(Xpp3Dom settings, Model model) {
            Properties properties = model.getProperties();
            return Stream.of(text(settings, "release"), properties.getProperty("maven.compiler.release"),
                    text(settings, "target"), properties.getProperty("maven.compiler.target"),
                    text(settings, "source"), properties.getProperty("maven.compiler.source"))
                    .filter(Objects::nonNull).map(version -> version.replaceFirst("^1\\.", "").strip())
                    .filter(version -> version.matches("\\d{1,3}")).map(Integer::valueOf).findFirst().orElse(0);
        }

        private static String text(Xpp3Dom settings, String name) {
            Xpp3Dom found = settings.getChild(name);
            return found == null || found.getValue() == null ? null : found.getValue().strip();
        }

        private static List<String> options(Xpp3Dom settings, Model model) {
            List<String> options = new ArrayList<>(texts(settings, "compilerArgs"));
            Stream.of(text(settings, "encoding"), model.getProperties().getProperty("project.build.sourceEncoding"))
                    .filter(Objects::nonNull).findFirst().ifPresent(name -> options.add(Recipe.ENCODING + name));
            Optional.ofNullable(text(settings, "compilerArgument")).ifPresent(options::add);
            Optional.ofNullable(settings.getChild("compilerArguments")).ifPresent(arguments ->
                    Arrays.stream(arguments.getChildren()).forEach(each -> options.add("-" + each.getName()
                            + (each.getValue() == null ? "" : "=" + each.getValue()))));
            Optional.ofNullable(text(settings, "proc")).ifPresent(proc -> options.add("-proc:" + proc));
            List<String> named = texts(settings, "annotationProcessors");
            if (!named.isEmpty()) options.addAll(List.of("-processor", String.join(",", named)));
            return options;
        }

        private static List<Dependency> processors(Xpp3Dom settings) {
            return children(settings, "annotationProcessorPaths").map(path -> new Dependency(new DefaultArtifact(
                    text(path, "groupId"), text(path, "artifactId"), text(path, "classifier"), "jar",
                    Objects.requireNonNullElse(text(path, "version"), "")), "runtime", false, exclusions(path)))
                    .toList();
        }

        private static List<Exclusion> exclusions(Xpp3Dom path) {
            return children(path, "exclusions").map(each ->
                    new Exclusion(text(each, "groupId"), text(each, "artifactId"), "*", "*")).toList();
        }

        private static Stream<Xpp3Dom> children(Xpp3Dom settings, String list) {
            Xpp3Dom found = settings.getChild(list);
            return found == null ? Stream.of() : Arrays.stream(found.getChildren());
        }
    }

    /** Tells what is being downloaded, now and then. */
    private static final class Downloads extends AbstractTransferListener {
        private static final long EVERY = TimeUnit.SECONDS.toNanos(2);
        private final Console console;
        private final String who;
        private int files;
        private long bytes;
        private long told;

        Downloads(Console console, String who) {
            this.console = console;
            this.who = who;
        }

        @Override public synchronized void transferInitiated(TransferEvent event) {
            String name = event.getResource().getResourceName();
            if (told == 0) console.tell("download", "fetching what " + who + " needs");
            boolean isDue = told != 0 && System.nanoTime() - told > EVERY;
            String file = name.substring(name.lastIndexOf('/') + 1);
            if (isDue) console.tell("download", "  " + progress() + ", now " + file);
            if (told == 0 || isDue) told = System.nanoTime();
        }

        @Override public synchronized void transferSucceeded(TransferEvent event) {
            files++;
            bytes += event.getTransferredBytes();
        }

        private String progress() {
            return Console.count(files, "file") + String.format(Locale.ROOT, ", %.1f MB", bytes / 1e6);
        }

        synchronized void end() {
            if (told != 0) console.tell("download", "  fetched " + progress());
        }
    }
}
