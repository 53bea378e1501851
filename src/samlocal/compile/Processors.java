package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import samlocal.base.Problem;
import samlocal.files.Jar;

/** The annotation processors of a class path, in a class loader that is reused: javac's own is new for each run. */
final class Processors {
    private static final String LISTED = "META-INF/gradle/incremental.annotation.processors";
    /** How {@link ServiceLoader} names a provider that it cannot instantiate. */
    private static final Pattern NAMED = Pattern.compile("Provider (\\S+) ");
    private final URLClassLoader loader;
    private final Set<String> named;

    private Processors(URLClassLoader loader, Set<String> named) {
        this.loader = loader;
        this.named = named;
    }

    /** The annotation processors; null if there are none or they are disabled. */
    static Processors of(Compiler.Setup setup) {
        if (setup.options().contains("-proc:none")) return null;
        List<Path> path = (setup.processors().isEmpty() ? setup.jars() : setup.processors()).stream()
                .map(Jar::path).toList();
        String option = "-processor=";
        Set<String> named = setup.options().stream().filter(each -> each.startsWith(option)).findFirst()
                .map(each -> Set.of(each.substring(option.length()).split(","))).orElse(Set.of());
        Processors found = new Processors(new URLClassLoader(Jar.urls(path), new CompilerOnly()), named);
        if (!named.isEmpty() || found.services().findAny().isPresent()) return found;
        found.close();
        return null;
    }

    private Stream<ServiceLoader.Provider<Processor>> services() {
        return ServiceLoader.load(Processor.class, loader).stream();
    }

    /** The problem for an error that a processor has thrown. */
    Problem failed(Throwable error) {
        Throwable cause = Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .reduce((outer, inner) -> inner).orElse(error);
        String who = Stream.concat(NAMED.matcher(String.valueOf(error.getMessage())).results()
                .map(name -> name.group(1)), Arrays.stream(cause.getStackTrace())
                .map(StackTraceElement::getClassName).filter(this::isProcessor))
                .findFirst().map(type -> "annotation processor `" + type + "`").orElse("annotation processing");
        return new Problem(who + " failed: " + cause, null,
                "its version may not support Java " + Runtime.version().feature());
    }

    private boolean isProcessor(String type) {
        try {
            return Processor.class.isAssignableFrom(Class.forName(type, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** New instances, since each serves only one run. */
    List<Processor> renewed() {
        return services().filter(each -> named.isEmpty() || named.contains(each.type().getName()))
                .map(ServiceLoader.Provider::get).toList();
    }

    /**
     * Whether all processors are declared isolating, in the file that Gradle reads (Gradle User Manual, "Incremental
     * annotation processing").
     */
    boolean areIsolating() {
        Set<String> isolating = new HashSet<>();
        try {
            for (URL url : Collections.list(loader.getResources(LISTED))) {
                try (InputStream in = url.openStream()) {
                    new String(in.readAllBytes(), UTF_8).lines().map(String::strip)
                            .filter(line -> line.toLowerCase(Locale.ROOT).endsWith(",isolating"))
                            .forEach(line -> isolating.add(line.substring(0, line.lastIndexOf(','))));
                }
            }
        } catch (IOException e) {
            return false;
        }
        return services().allMatch(each -> isolating.contains(each.type().getName()));
    }

    void close() {
        Jar.close(loader);
    }

    /** Gives annotation processors access to the JDK and its compiler, but not to this program. */
    private static final class CompilerOnly extends ClassLoader {
        CompilerOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean isCompiler = name.startsWith("com.sun.tools.") || name.startsWith("com.sun.source.")
                    || name.startsWith("jdk.");
            if (!isCompiler) throw new ClassNotFoundException(name);
            return ClassLoader.getSystemClassLoader().loadClass(name);
        }
    }
}
