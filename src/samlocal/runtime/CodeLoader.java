package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import samlocal.base.Program;
import samlocal.files.Jar;
import samlocal.files.Scratch;
import samlocal.terminal.ProcessStreams;

/**
 * Loads a function's libraries or, above those, its own classes and resources, which come first as on AWS. All classes
 * are rewritten by {@link ProcessCalls}.
 */
final class CodeLoader extends URLClassLoader implements ProcessStreams.Owner {
    private final Map<String, byte[]> classes;
    private final List<Container> containers;
    private final Map<String, Boolean> packages = new ConcurrentHashMap<>();
    private volatile CodeLoader application;
    private volatile OutputStream log;
    private Path written;

    static {
        registerAsParallelCapable();
        // The JDK's jar cache is shared and may be stale: closing one loader would close jars that another reads.
        URLConnection.setDefaultUseCaches("jar", false);
    }

    /** Creates a loader for class files in memory and in folders and jars; {@code parent} comes last. */
    CodeLoader(Map<String, byte[]> classes, List<Path> classPath, ClassLoader parent) {
        super(Jar.urls(classPath), parent);
        this.classes = classes;
        this.containers = classPath.stream().map(Container::open).toList();
    }

    /** Lets libraries find the application's classes above them, as a flat class path would. */
    void serve(CodeLoader application) {
        this.application = application;
    }

    void logTo(OutputStream target) {
        log = target;
    }

    @Override public OutputStream log() {
        return log;
    }

    @Override public void close() throws IOException {
        super.close();
        for (Container container : containers) if (container.jar() != null) container.jar().close();
        synchronized (containers) {
            if (written != null) Scratch.delete(written);
        }
    }

    @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isOwn(name)) return loadOwn(name);
        CodeLoader above = application;
        Class<?> split = above != null && above.hasPackageOf(name) ? above.split(name, this) : null;
        return split != null ? split : super.loadClass(name, resolve);
    }

    /** Whether this loader has classes of the same package. */
    private boolean hasPackageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot > 0 && packages.computeIfAbsent(className.substring(0, dot), this::hasPackageNamed);
    }

    private boolean hasPackageNamed(String name) {
        String prefix = name + ".";
        return containers.stream().anyMatch(container -> container.folder() != null
                        && Files.isDirectory(container.folder().resolve(name.replace('.', '/'))))
                || classes.keySet().stream().anyMatch(each -> each.startsWith(prefix)
                        && each.indexOf('.', prefix.length()) < 0);
    }

    /**
     * Loads a library's class of a package that also has classes here: on AWS both are on one class path, so they can
     * access package-private members. Null if the library has no such class or it is one of AWS's interfaces.
     */
    private Class<?> split(String name, CodeLoader library) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || isOwn(name)) return loaded != null ? loaded : findClass(name);
            Container container = library.containers.stream().filter(each -> each.isJarWith(name)).findFirst()
                    .orElse(null);
            boolean isLoaded = container == null || library.findLoadedClass(name) != null
                    || library.getParent().getResource(fileOf(name)) != null;
            if (isLoaded) return null;
            try {
                return define(name, container.classFile(name), container);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Loads without asking the parent, which may be asking this loader at the same time. */
    private Class<?> loadOwn(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    /** Whether a class was compiled or is in a folder here, and so precedes the parent's. */
    private boolean isOwn(String name) {
        if (classes.containsKey(name)) return true;
        return !name.startsWith("java.") && containers.stream().anyMatch(container -> container.isFolderWith(name));
    }

    @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] own = classes.get(name);
        if (own != null) return define(name, own, super.getURLs()[0]);
        try {
            for (Container container : containers) {
                byte[] bytes = container.read(fileOf(name));
                if (bytes != null) return define(name, bytes, container);
            }
        } catch (IOException | IllegalStateException e) {
            throw new ClassNotFoundException(name, e);
        }
        return inApplication(name);
    }

    /** Defines a class, with the package version and vendor of the jar's manifest. */
    private Class<?> define(String name, byte[] bytes, Container container) throws IOException {
        String packageName = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
        Manifest manifest = container.manifest();
        if (manifest != null && !packageName.isEmpty() && getDefinedPackage(packageName) == null) {
            definePackageOnce(packageName, manifest, container.url());
        }
        return define(name, bytes, container.url());
    }

    private void definePackageOnce(String name, Manifest manifest, URL url) {
        try {
            definePackage(name, manifest, url);
        } catch (IllegalArgumentException e) {
            return; // another thread was faster
        }
    }

    private Class<?> define(String name, byte[] classFile, URL location) {
        byte[] bytes = ProcessCalls.rewritten(classFile);
        Class<?> type = defineClass(name, bytes, 0, bytes.length, new CodeSource(location, (CodeSigner[]) null));
        setSigners(type, ClassArchive.signers());
        return type;
    }

    private Class<?> inApplication(String name) throws ClassNotFoundException {
        if (application != null && application.isOwn(name)) return application.loadOwn(name);
        return super.findClass(name); // finds nothing, and says so in the frames that handlers see on AWS
    }

    /** Defines a copy of one of this program's classes, because the JDK checks the caller's class loader. */
    Class<?> adopt(Class<?> type) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(type.getName())) {
            Class<?> loaded = findLoadedClass(type.getName());
            if (loaded != null) return loaded;
            byte[] bytes = classFile(type.getName());
            return defineClass(type.getName(), bytes, 0, bytes.length);
        }
    }

    /** The class file of one of this program's classes. */
    static byte[] classFile(String name) throws ClassNotFoundException {
        try (InputStream in = Program.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    static String fileOf(String className) {
        return className.replace('.', '/') + ".class";
    }

    @Override public URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override public Enumeration<URL> getResources(String name) throws IOException {
        Set<URL> found = new LinkedHashSet<>(Collections.list(findResources(name)));
        found.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(found);
    }

    /** Finds compiled classes too, because frameworks read class files as resources. */
    @Override public URL findResource(String name) {
        String className = name.replaceFirst("\\.class$", "").replace('/', '.');
        byte[] own = name.endsWith(".class") ? classes.get(className) : null;
        if (own != null) return MemoryUrl.of(name, own);
        URL found = application == null ? null : application.findResource(name);
        if (found == null) found = super.findResource(name);
        if (found == null && name.equals(JarFile.MANIFEST_NAME)) found = manifest().orElse(null);
        return found == null && hasPackage(name) ? packageFolder(name) : found;
    }

    /** The manifest that a build would write: Spring's functions look for the start class there. */
    private Optional<URL> manifest() {
        return StartClass.of(classes).map(name -> "Manifest-Version: 1.0\nStart-Class: "
                + name.replaceAll("(.{50})", "$1\n ") + "\n")
                .map(text -> MemoryUrl.of(JarFile.MANIFEST_NAME, text.getBytes(UTF_8)));
    }

    @Override public Enumeration<URL> findResources(String name) throws IOException {
        Set<URL> found = new LinkedHashSet<>();
        if (application != null) found.addAll(Collections.list(application.findResources(name)));
        if (name.equals(JarFile.MANIFEST_NAME)) manifest().ifPresent(found::add);
        if (hasPackage(name)) found.add(packageFolder(name));
        found.addAll(Collections.list(super.findResources(name)));
        if (found.isEmpty()) Stream.ofNullable(findResource(name)).forEach(found::add);
        return Collections.enumeration(found);
    }

    /** Includes a URL with the compiled classes, for frameworks that scan the class path. */
    @Override public URL[] getURLs() {
        URL[] given = super.getURLs();
        return classes.isEmpty() ? given
                : Stream.concat(Stream.of(packageFolder("")), Stream.of(given)).toArray(URL[]::new);
    }

    /** Whether compiled classes are in this folder of the class path or below it. */
    private boolean hasPackage(String folder) {
        String prefix = folder.replaceFirst("/+$", "").replace('/', '.');
        return classes.keySet().stream().anyMatch(name -> prefix.isEmpty()
                || name.startsWith(prefix) && name.indexOf('.', prefix.length()) == prefix.length());
    }

    /** Writes compiled classes to a folder on demand, because frameworks find classes by listing folders. */
    private URL packageFolder(String name) {
        synchronized (containers) {
            try {
                if (written == null) written = Scratch.folder(classes);
                return written.toUri().resolve(name).toURL();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
