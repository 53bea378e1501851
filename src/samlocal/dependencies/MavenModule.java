package samlocal.dependencies;

import eu.maveniverse.maven.mima.extensions.mmr.ModelResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;

/** One module: its libraries, with the sources and libraries of the sibling modules it depends on. */
final class MavenModule {
    private static final Set<String> GENERATORS = Set.of("avro-maven-plugin", "protobuf-maven-plugin",
            "openapi-generator-maven-plugin", "swagger-codegen-maven-plugin", "jaxb2-maven-plugin",
            "maven-jaxb2-plugin", "jaxb-maven-plugin", "antlr4-maven-plugin", "jsonschema2pojo-maven-plugin",
            "cxf-codegen-plugin", "jooq-codegen-maven");
    private final MavenModels models;
    private final MavenResolver resolver;
    private final List<Path> files;
    private final Set<Path> sources = new LinkedHashSet<>();
    private final List<CopiedResources> resources = new ArrayList<>();
    private final Map<String, Path> compile = new LinkedHashMap<>();
    private final Set<Path> runtime = new LinkedHashSet<>();
    private final Set<Path> processors = new LinkedHashSet<>();
    /** Where javac searches for processors of modules that declare none. */
    private final Set<Path> searched = new LinkedHashSet<>();

    /** Every file that is read is added to {@code files}. */
    MavenModule(MavenSession maven, List<Path> files) {
        this.models = new MavenModels(maven, files);
        this.resolver = new MavenResolver(maven, models);
        this.files = files;
    }

    /** The build model of a module. */
    BuildModel model(Path pom) {
        ModelResponse read = models.model(pom);
        Model model = read.getEffectiveModel();
        MavenCompilerSettings settings = MavenCompilerSettings.of(model);
        List<MavenResolver.Resolved> libraries = libraries(read);
        libraries.forEach(this::addToClassPaths);
        addSiblings(pom.getParent(), libraries);
        addSources(model, pom.getParent());
        processors(settings, read, libraries);
        boolean isMixed = !processors.isEmpty() && searched.stream().anyMatch(MavenModule::hasProcessors);
        if (isMixed) processors.addAll(searched);
        Map<String, List<String>> tools = tools(model);
        long expires = resolver.hasChanging() ? System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1) : 0;
        return new BuildModel(folders(),
                new BuildModel.Libraries(List.copyOf(compile.values()), List.copyOf(runtime), List.copyOf(processors)),
                new BuildModel.Javac(settings.options(), settings.release()), tools,
                new BuildModel.Origin(files.stream().distinct().toList(), expires),
                Stream.concat(resolver.problems().stream(), unapplied(tools, pom)).toList());
    }

    private void addToClassPaths(MavenResolver.Resolved library) {
        if (library.isModule()) return;
        if (!library.scope().equals("runtime")) compile.putIfAbsent(library.name(), library.path());
        if (!library.scope().equals("provided")) runtime.add(library.path());
    }

    /** Siblings are compiled with the dependencies of their own poms, even those that the module does not get. */
    private void addSiblings(Path module, List<MavenResolver.Resolved> libraries) {
        List<Path> siblings = new ArrayList<>(modules(libraries));
        for (int i = 0; i < siblings.size(); i++) {
            ModelResponse read = models.model(siblings.get(i).resolve("pom.xml"));
            List<MavenResolver.Resolved> own = libraries(read);
            own.stream().filter(library -> !library.isModule() && !library.scope().equals("runtime"))
                    .forEach(library -> compile.putIfAbsent(library.name(), library.path()));
            modules(own).stream().filter(other -> !siblings.contains(other) && !other.equals(module))
                    .forEach(siblings::add);
            addSources(read.getEffectiveModel(), siblings.get(i));
            processors(MavenCompilerSettings.of(read.getEffectiveModel()), read, own);
        }
    }

    private static List<Path> modules(List<MavenResolver.Resolved> libraries) {
        return libraries.stream().filter(MavenResolver.Resolved::isModule).map(MavenResolver.Resolved::path).toList();
    }

    /** The settings of AspectJ and Kotlin plugins, and the plugins whose generated sources do not exist yet. */
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
                tools.put(KotlinPlugins.TOOL, Stream.concat(kotlinVersion(plugin), configurations.flatMap(each ->
                        Stream.of(kotlin(each, "compilerPlugins", KotlinPlugins.PLUGIN),
                        kotlin(each, "pluginOptions", KotlinPlugins.OPTION),
                        kotlin(each, "args", KotlinPlugins.ARGUMENT)).flatMap(List::stream))).distinct().toList());
            }
        }
        return tools;
    }

    private static Stream<String> kotlinVersion(Plugin plugin) {
        return Stream.ofNullable(plugin.getVersion()).map(version -> KotlinPlugins.VERSION + version);
    }

    private static List<String> kotlin(Object configuration, String list, String kind) {
        return MavenCompilerSettings.texts(configuration, list).stream().map(kind::concat).toList();
    }

    /** Compiler plugins that are not applied. */
    private static Stream<Problem> unapplied(Map<String, List<String>> tools, Path pom) {
        return tools.getOrDefault(KotlinPlugins.TOOL, List.of()).stream()
                .filter(each -> each.startsWith(KotlinPlugins.PLUGIN))
                .map(each -> each.substring(KotlinPlugins.PLUGIN.length())).filter(name -> !KotlinPlugins.isKnown(name))
                .map(name -> new Problem(KotlinPlugins.NOT_APPLIED.formatted(name),
                MavenModels.place(pom, "<plugin>" + name + "</plugin>"), KotlinPlugins.ADVICE));
    }

    private Stream<String> aspects(Object configuration) {
        Xpp3Dom libraries = ((Xpp3Dom) configuration).getChild("aspectLibraries");
        if (libraries == null) return Stream.of();
        return Arrays.stream(libraries.getChildren()).map(library ->
                compile.get(MavenCompilerSettings.text(library, "groupId") + ":"
                + MavenCompilerSettings.text(library, "artifactId"))).filter(Objects::nonNull).map(Path::toString);
    }

    private void addSources(Model model, Path module) {
        sources.add(Path.of(model.getBuild().getSourceDirectory()));
        sources.addAll(BuildModel.Folders.standard(module).sources());
        model.getBuild().getPlugins().stream()
                .filter(plugin -> plugin.getArtifactId().equals("build-helper-maven-plugin"))
                .flatMap(plugin -> plugin.getExecutions().stream())
                .filter(execution -> execution.getGoals().contains("add-source"))
                .flatMap(execution -> MavenCompilerSettings.texts(execution.getConfiguration(), "sources").stream())
                .map(folder -> module.resolve(folder).normalize()).forEach(sources::add);
        files.add(generated(model));
        sources.addAll(generatedSources(model));
        resources.add(MavenResources.of(model, module, files));
    }

    /** Copies, if any module needs them, are made for all, since a module's resources come before its siblings'. */
    private BuildModel.Folders folders() {
        boolean arePlain = resources.stream().allMatch(CopiedResources::isPlain);
        BuildModel.Folders copied = new BuildModel.Folders(List.copyOf(sources), List.of(), resources);
        return arePlain ? new BuildModel.Folders(copied.sources(), copied.originals()) : copied;
    }

    private static Path generated(Model model) {
        return Path.of(model.getBuild().getDirectory(), "generated-sources");
    }

    private static List<Path> generatedSources(Model model) {
        return Modules.children(generated(model)).stream().filter(folder -> !folder.endsWith("annotations"))
                .toList();
    }

    /** The libraries that are not only for tests, in the order of Maven's class path. */
    private List<MavenResolver.Resolved> libraries(ModelResponse read) {
        Model model = read.getEffectiveModel();
        ArtifactDescriptorResult described = read.toArtifactDescriptorResult(model);
        Map<String, Place> places = new HashMap<>();
        model.getDependencies().forEach(dependency -> places.put(
                dependency.getGroupId() + ":" + dependency.getArtifactId(), MavenModels.place(dependency)));
        CollectRequest request = new CollectRequest(described.getDependencies(),
                described.getManagedDependencies(), resolver.repositories(described));
        request.setRootArtifact(new DefaultArtifact(model.getGroupId(), model.getArtifactId(), "pom",
                model.getVersion()));
        return resolver.resolve(request, places);
    }

    /** The processor path of maven-compiler-plugin, if it has one. */
    private void processors(MavenCompilerSettings settings, ModelResponse read,
            List<MavenResolver.Resolved> libraries) {
        if (settings.processors().isEmpty()) {
            libraries.stream().filter(each -> !each.isModule()).map(MavenResolver.Resolved::path)
                    .forEach(searched::add);
            return;
        }
        Model model = read.getEffectiveModel();
        List<Dependency> wanted = settings.processors().stream().map(each -> each.setArtifact(
                managed(each.getArtifact(), model))).toList();
        Map<String, Place> places = new HashMap<>();
        wanted.forEach(each -> places.put(MavenResolver.name(each.getArtifact()), MavenModels.place(
                    model.getPomFile().toPath(),
                "<artifactId>" + each.getArtifact().getArtifactId() + "</artifactId>")));
        ArtifactDescriptorResult described = read.toArtifactDescriptorResult(model);
        List<Dependency> versions = settings.areManaged() ? described.getManagedDependencies() : List.of();
        resolver.resolve(new CollectRequest(wanted, versions, resolver.repositories(described)), places).stream()
                .map(MavenResolver.Resolved::path).forEach(processors::add);
    }

    private static boolean hasProcessors(Path jar) {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            return file.getEntry("META-INF/services/javax.annotation.processing.Processor") != null;
        } catch (IOException e) {
            return false; // the compiler reports it
        }
    }

    /** The artifact; if it has no version, with the one that the pom manages. */
    private static Artifact managed(Artifact artifact, Model model) {
        if (!artifact.getVersion().isEmpty()) return artifact;
        return Stream.concat(model.getDependencies().stream(), model.getDependencyManagement() == null
                ? Stream.of() : model.getDependencyManagement().getDependencies().stream())
                .filter(each -> MavenResolver.name(artifact).equals(each.getGroupId() + ":" + each.getArtifactId()))
                .findFirst().map(each -> artifact.setVersion(each.getVersion())).orElse(artifact);
    }
}
