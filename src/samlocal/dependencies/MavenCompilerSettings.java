package samlocal.dependencies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.model.PluginManagement;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;

/**
 * The configuration of maven-compiler-plugin (Apache Maven Compiler Plugin, compiler:compile).
 *
 * @param areManaged whether dependencies of processors get the versions that the pom manages
 */
record MavenCompilerSettings(int release, List<String> options, List<Dependency> processors,
        boolean areManaged) {
    static MavenCompilerSettings of(Model model) {
        Xpp3Dom settings = configuration(model, "maven-compiler-plugin", "default-compile", "compile");
        return new MavenCompilerSettings(release(settings, model), options(settings, model), processors(settings),
                Boolean.parseBoolean(text(settings, "annotationProcessorPathsUseDepMgmt")));
    }

    /** The configuration of a plugin of Maven's own, for one of its executions or goals; empty if the pom has none. */
    static Xpp3Dom configuration(Model model, String artifact, String execution, String goal) {
        String name = "org.apache.maven.plugins:" + artifact;
        Plugin plugin = model.getBuild().getPluginsAsMap().get(name);
        PluginManagement managed = model.getBuild().getPluginManagement();
        if (plugin == null && managed != null) plugin = managed.getPluginsAsMap().get(name);
        if (plugin == null) return new Xpp3Dom("configuration");
        Xpp3Dom own = plugin.getConfiguration() instanceof Xpp3Dom dom ? dom : new Xpp3Dom("configuration");
        return plugin.getExecutions().stream().filter(each -> each.getId().equals(execution)
                || each.getGoals().contains(goal)).map(PluginExecution::getConfiguration)
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

    /** The text of an element, or null. */
    static String text(Xpp3Dom settings, String name) {
        Xpp3Dom found = settings.getChild(name);
        return found == null || found.getValue() == null ? null : found.getValue().strip();
    }

    private static List<String> options(Xpp3Dom settings, Model model) {
        List<String> options = new ArrayList<>(texts(settings, "compilerArgs"));
        Properties properties = model.getProperties();
        boolean isPreview = Stream.of(text(settings, "enablePreview"),
                properties.getProperty("maven.compiler.enablePreview")).anyMatch("true"::equals);
        if (isPreview) options.add("--enable-preview");
        Stream.of(text(settings, "encoding"), properties.getProperty("encoding"),
                properties.getProperty("project.build.sourceEncoding")).filter(Objects::nonNull).findFirst()
                .ifPresent(name -> options.add(BuildModel.ENCODING + name));
        Optional.ofNullable(text(settings, "compilerArgument")).ifPresent(options::add);
        Optional.ofNullable(settings.getChild("compilerArguments")).ifPresent(arguments ->
                Arrays.stream(arguments.getChildren()).forEach(each -> options.add("-" + each.getName()
                        + (each.getValue() == null ? "" : "=" + each.getValue()))));
        Optional.ofNullable(text(settings, "proc")).ifPresent(proc -> options.add("-proc:" + proc));
        List<String> named = texts(settings, "annotationProcessors");
        if (!named.isEmpty()) options.add("-processor=" + String.join(",", named));
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

    /** The values of the elements in a list of a plugin's configuration. */
    static List<String> texts(Object configuration, String list) {
        Xpp3Dom found = configuration instanceof Xpp3Dom dom ? dom.getChild(list) : null;
        return found == null ? List.of() : Arrays.stream(found.getChildren()).map(Xpp3Dom::getValue)
                .filter(Objects::nonNull).map(String::strip).toList();
    }
}
