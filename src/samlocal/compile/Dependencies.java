package samlocal.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import samlocal.base.Program;
import samlocal.dependencies.BuildModel;
import samlocal.files.Jar;

/** Assembles class paths, with AWS's libraries, which are bundled with this program. */
public final class Dependencies {
    private static final String RUNTIME = "com/amazonaws/services/lambda/runtime/";
    private static final Jar EVENTS = jar(RUNTIME + "events/SQSEvent.class");
    private static final Jar DATES = jar("org/joda/time/DateTime.class");
    private static final Jar SERIALIZATION = Jar.of(serialization());
    private static final Pattern NAMED = Pattern.compile(RUNTIME + "[\\w/$]+");

    private Dependencies() {
    }

    /**
     * The function's jars, and AWS's libraries for events and their dates where they are not among them. Libraries
     * may count on that for serialization, which AWS's runtime has: they find a copy that is theirs alone.
     *
     * @param withProvided whether libraries that are only compiled with, since others provide them, are added
     */
    static List<Jar> jars(Sources.Snapshot sources, boolean withProvided) {
        List<Jar> jars = withBundled(sources, model -> withProvided
                ? model.libraries().runtimeAndProvided() : model.libraries().runtime());
        boolean hasOwn = !bundled().containsAll(jars);
        if (hasOwn && isMissing("aws-lambda-java-serialization", jars)) jars.add(SERIALIZATION);
        return jars;
    }

    /** The jars for the compiler, which also needs those provided at run time. */
    static List<Jar> compileJars(Sources.Snapshot sources) {
        return withBundled(sources, model -> model.libraries().compile());
    }

    private static List<Jar> withBundled(Sources.Snapshot sources, Function<BuildModel, List<Path>> libraries) {
        List<Jar> jars = new ArrayList<>(sources.jars());
        sources.models().stream().flatMap(model -> libraries.apply(model).stream()).distinct()
                .map(Jar::of).forEach(jars::add);
        if (isMissing("aws-lambda-java-events", jars)) jars.add(EVENTS);
        if (isMissing("joda-time", jars)) jars.add(DATES);
        return jars;
    }

    private static boolean isMissing(String library, List<Jar> jars) {
        return jars.stream().noneMatch(jar -> jar.path().getFileName().toString()
                .matches(library + "-\\d.*\\.jar"));
    }

    /** AWS's library of event types and its dependencies, for functions without it. */
    public static List<Jar> bundled() {
        return List.of(EVENTS, DATES);
    }

    /**
     * The coordinates of AWS's libraries that classes refer to but only samlocal provides.
     *
     * @param own the compile class path of the classes' own build
     * @param more other jars on the class path, such as those of layers
     */
    public static List<String> undeclared(Collection<byte[]> classes, List<Path> own, List<Jar> more) {
        Stream<Path> others = more.stream().filter(jar -> !bundled().contains(jar) && !jar.equals(SERIALIZATION))
                .map(Jar::path);
        List<Path> jars = Stream.concat(own.stream(), others).distinct().toList();
        return Stream.of(EVENTS.path(), core()).filter(bundled -> {
            Set<String> types = entries(bundled);
            boolean isOwn = jars.stream().anyMatch(jar -> !Collections.disjoint(entries(jar), types));
            return !isOwn && classes.stream().anyMatch(each -> refersTo(each, types));
        }).map(bundled -> "com.amazonaws:" + bundled.getFileName().toString().replaceFirst("-(\\d.*)\\.jar$", ":$1"))
                .toList();
    }

    /** Internal names of AWS's classes in a jar; empty if the file is not a jar. */
    private static Set<String> entries(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(ZipEntry::getName).filter(name -> name.startsWith(RUNTIME)
                    && name.endsWith(".class")).map(name -> name.substring(0, name.length() - ".class".length()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** Whether a class file's constants (class names and descriptors) refer to one of the types. */
    private static boolean refersTo(byte[] classFile, Set<String> types) {
        return NAMED.matcher(new String(classFile, ISO_8859_1)).results().map(MatchResult::group)
                .anyMatch(types::contains);
    }

    /** AWS's interfaces for handlers: as on AWS, the runtime's copy and not the function's. */
    public static Path core() {
        return jarOf(RUNTIME + "Context.class");
    }

    /** AWS's library that serializes events and responses. */
    public static Path serialization() {
        return jarOf(RUNTIME + "serialization/PojoSerializer.class");
    }

    private static Jar jar(String classFile) {
        return Jar.of(jarOf(classFile));
    }

    private static Path jarOf(String classFile) {
        String url = Program.class.getClassLoader().getResource(classFile).toString();
        return Path.of(URI.create(url.substring("jar:".length(), url.indexOf("!/"))));
    }
}
