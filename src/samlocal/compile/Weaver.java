package samlocal.compile;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.dependencies.Builds;
import samlocal.dependencies.BuildModel;
import samlocal.files.Jar;
import samlocal.files.Scratch;
import samlocal.terminal.ProcessStreams;

/**
 * Weaves AspectJ aspects into compiled classes, as aspectj-maven-plugin and Gradle's post-compile weaving do (AspectJ
 * Development Environment Guide, "Post-compile weaving").
 */
final class Weaver {
    private static final String WEAVER = "org.aspectj:aspectjweaver:1.9.25.1";
    private final Builds builds;

    Weaver(Builds builds) {
        this.builds = builds;
    }

    /**
     * The classes with aspects woven in.
     *
     * @param classes by binary names
     * @param classPath the classes and jars they refer to
     * @param aspects jars of aspects; aspects among the classes are woven too
     */
    Map<String, byte[]> weave(Map<String, byte[]> classes, List<Path> classPath, List<Path> aspects) {
        BuildModel weaver = builds.libraries(List.of(WEAVER), "AspectJ");
        if (!weaver.problems().isEmpty()) throw new Fault(weaver.problems(), Fault.PROJECT);
        OutputStream printed = OutputStream.nullOutputStream();
        try (URLClassLoader loader = new URLClassLoader(Jar.urls(weaver.libraries().runtime()),
                ClassLoader.getPlatformClassLoader())) {
            Path folder = Scratch.folder(classes);
            List<Path> withAspects = Stream.concat(aspects.stream(), Stream.of(folder)).toList();
            Map<String, byte[]> woven = ProcessStreams.captured("AspectJ", printed, loader, () ->
                    weave(classes, loader, folder, classPath, withAspects));
            Scratch.delete(folder);
            return woven;
        } catch (IOException e) {
            throw Fault.project("AspectJ cannot weave: " + Fault.reason(e));
        }
    }

    /** The weaver returns null for a class that no aspect affects. */
    private static Map<String, byte[]> weave(Map<String, byte[]> classes, ClassLoader loader, Path folder,
            List<Path> classPath, List<Path> aspects) {
        Map<String, byte[]> woven = new HashMap<>();
        try {
            Object adaptor = adaptor(loader, folder, classPath, aspects, woven);
            Method weave = adaptor.getClass().getMethod("weaveClass", String.class, byte[].class);
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                byte[] changed = (byte[]) weave.invoke(adaptor, each.getKey(), each.getValue());
                woven.put(each.getKey(), changed == null ? each.getValue() : changed);
            }
            return woven;
        } catch (InvocationTargetException e) {
            throw Fault.project("AspectJ cannot weave: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw Fault.project("AspectJ cannot weave: " + e);
        }
    }

    private static Object adaptor(ClassLoader loader, Path folder, List<Path> classPath, List<Path> aspects,
            Map<String, byte[]> generated) throws ReflectiveOperationException {
        Class<?> handler = loader.loadClass("org.aspectj.weaver.tools.GeneratedClassHandler");
        Object keeper = Proxy.newProxyInstance(loader, new Class<?>[] {handler}, (proxy, method, arguments) -> {
            generated.put((String) arguments[0], (byte[]) arguments[arguments.length - 1]);
            return null;
        });
        Path platform = Path.of(System.getProperty("java.home"), "lib", "jrt-fs.jar");
        List<Path> all = Stream.of(List.of(folder), classPath, List.of(platform)).flatMap(List::stream).toList();
        return loader.loadClass("org.aspectj.weaver.tools.WeavingAdaptor")
                .getConstructor(handler, URL[].class, URL[].class)
                .newInstance(keeper, Jar.urls(all), Jar.urls(aspects));
    }
}
