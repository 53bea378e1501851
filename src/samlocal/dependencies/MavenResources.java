package samlocal.dependencies;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.maven.model.Model;
import org.codehaus.plexus.interpolation.InterpolationException;
import org.codehaus.plexus.interpolation.ObjectBasedValueSource;
import org.codehaus.plexus.interpolation.PropertiesBasedValueSource;
import org.codehaus.plexus.interpolation.StringSearchInterpolator;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** The resources of a pom, as maven-resources-plugin has them (Apache Maven Resources Plugin, resources:resources). */
final class MavenResources {
    /** What {@code ${project.*}} and the same names without {@code project.} give in a resource. */
    private static final List<String> PROJECT_VALUES = List.of("modelVersion", "groupId", "artifactId", "version",
            "packaging", "name", "description", "url", "inceptionYear", "organization.name", "organization.url",
            "parent.groupId", "parent.artifactId", "parent.version", "build.finalName", "build.directory",
            "build.sourceDirectory", "build.outputDirectory", "build.testSourceDirectory",
            "build.testOutputDirectory", "scm.url", "scm.connection", "scm.developerConnection", "scm.tag",
            "issueManagement.system", "issueManagement.url", "ciManagement.system", "ciManagement.url");
    private static final List<String> DEFAULT_DELIMITERS = List.of("${*}", "@");
    /** Of maven-filtering, DefaultMavenResourcesFiltering. */
    private static final List<String> IMAGES = List.of("jpg", "jpeg", "gif", "bmp", "png", "ico");
    private final Model model;
    private final Path module;
    private final Xpp3Dom settings;

    private MavenResources(Model model, Path module) {
        this.model = model;
        this.module = module;
        this.settings = MavenCompilerSettings.configuration(model, "maven-resources-plugin", "default-resources",
                "resources");
    }

    /** Those of an effective model; files with values are added to {@code files}. */
    static CopiedResources of(Model model, Path module, List<Path> files) {
        MavenResources resources = new MavenResources(model, module);
        return new CopiedResources(module, model.getBuild().getResources().stream().map(resources::group).toList(),
                resources.values(files), resources.syntax());
    }

    private CopiedResources.Group group(org.apache.maven.model.Resource resource) {
        return new CopiedResources.Group(module.resolve(resource.getDirectory()).normalize(),
                Objects.requireNonNullElse(resource.getTargetPath(), ""), resource.isFiltering(),
                List.copyOf(resource.getIncludes()), List.copyOf(resource.getExcludes()));
    }

    private CopiedResources.Syntax syntax() {
        String encoding = setting("encoding").or(() -> Optional.ofNullable(
                model.getProperties().getProperty("project.build.sourceEncoding")))
                .orElseGet(Charset.defaultCharset()::name);
        List<String> unfiltered = BuildModel.joined(IMAGES,
                MavenCompilerSettings.texts(settings, "nonFilteredFileExtensions"));
        return new CopiedResources.Syntax(delimiters(), setting("escapeString").orElse(""), encoding,
                setting("propertiesEncoding").orElse(encoding), unfiltered,
                isSet("supportMultiLineFiltering", false));
    }

    private Optional<String> setting(String name) {
        return Optional.ofNullable(MavenCompilerSettings.text(settings, name)).filter(text -> !text.isEmpty());
    }

    private boolean isSet(String name, boolean byDefault) {
        return setting(name).map(Boolean::parseBoolean).orElse(byDefault);
    }

    private List<String> delimiters() {
        Xpp3Dom named = settings.getChild("delimiters");
        if (named == null || named.getChildCount() == 0) return DEFAULT_DELIMITERS;
        Set<String> all = new LinkedHashSet<>(isSet("useDefaultDelimiters", true) ? DEFAULT_DELIMITERS : List.of());
        Arrays.stream(named.getChildren()).map(each -> each.getValue() == null ? "${*}" : each.getValue().strip())
                .forEach(all::add);
        return List.copyOf(all);
    }

    /** Properties of the pom win over filter files, and both over what the project says of itself. */
    private Map<String, String> values(List<Path> files) {
        Map<String, String> values = new TreeMap<>();
        ObjectBasedValueSource project = new ObjectBasedValueSource(model);
        for (String name : PROJECT_VALUES) {
            Object value = project.getValue(name);
            if (value != null) put(values, name, value.toString());
        }
        values.putIfAbsent("name", model.getArtifactId());
        put(values, "name", values.get("name"));
        put(values, "basedir", module.toString());
        Properties known = new Properties();
        known.putAll(model.getProperties());
        for (String name : model.getBuild().getFilters()) {
            Path file = module.resolve(name);
            files.add(file);
            known.putAll(read(file));
            putAll(values, interpolated(read(file), known));
        }
        putAll(values, model.getProperties());
        return values;
    }

    /** With <code>${...}</code> replaced, in whatever way resources are filtered. */
    private static Properties interpolated(Properties properties, Properties known) {
        StringSearchInterpolator interpolator = new StringSearchInterpolator();
        interpolator.addValueSource(new PropertiesBasedValueSource(System.getProperties()));
        interpolator.addValueSource(new PropertiesBasedValueSource(known));
        Properties all = new Properties();
        for (String name : properties.stringPropertyNames()) {
            try {
                all.put(name, interpolator.interpolate(properties.getProperty(name)));
            } catch (InterpolationException e) {
                all.put(name, properties.getProperty(name)); // it contains itself
            }
        }
        return all;
    }

    private static void put(Map<String, String> values, String name, String value) {
        Stream.of("", "project.", "pom.").forEach(prefix -> values.put(prefix + name, value));
    }

    private static void putAll(Map<String, String> values, Properties more) {
        more.stringPropertyNames().forEach(name -> values.put(name, more.getProperty(name)));
    }

    /** A filter file that does not exist ends Maven's build; here its names stay unreplaced. */
    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (!Files.isRegularFile(file)) return properties;
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            properties.clear();
        }
        return properties;
    }
}
