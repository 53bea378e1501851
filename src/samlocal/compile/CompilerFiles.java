package samlocal.compile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import samlocal.files.Scratch;

/**
 * The file manager of javac. Class files of the JDK and libraries are listed and read once: otherwise each compilation
 * reads them again, which is most of the work for a few sources. Caching them halves the time of the first 20 edits.
 * The output stays in memory.
 */
final class CompilerFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<Listing, List<JavaFileObject>> listings = new HashMap<>();
    private final Map<String, MemoryFile> classes = new ConcurrentHashMap<>();
    private final Map<String, Path> origins = new ConcurrentHashMap<>();
    private final Runnable pause;
    private Map<String, List<MemoryFile>> given = Map.of();
    private boolean isSeparable;
    private Path folder;

    private record Listing(Location location, String packageName, boolean recurse) {
    }

    /** {@code pause} is called whenever javac looks for classes. */
    CompilerFiles(StandardJavaFileManager files, Runnable pause) {
        super(files);
        this.pause = pause;
    }

    /** Starts a compilation; the given classes precede the class path. */
    void begin(Map<String, byte[]> others) {
        given = others.entrySet().stream().map(each -> MemoryFile.ofClass(each.getKey(), each.getValue()))
                .collect(Collectors.groupingBy(MemoryFile::packageName));
        classes.clear();
        origins.clear();
        isSeparable = true;
        folder = null;
    }

    /**
     * The output of the compilation of these sources.
     *
     * @param isIsolating whether a file that an annotation processor generates depends on one source only
     */
    Output output(Map<Path, String> sources, boolean isIsolating) {
        return new Output(sources, classes.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                each -> each.getValue().toByteArray())), Map.copyOf(origins), Stream.ofNullable(folder).toList(),
                isSeparable && isIsolating);
    }

    @Override public Iterable<JavaFileObject> list(Location location, String packageName,
            Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
        pause.run();
        boolean isCached = !location.isOutputLocation() && kinds.equals(Set.of(JavaFileObject.Kind.CLASS));
        Iterable<JavaFileObject> others = isCached ? cached(new Listing(location, packageName, recurse))
                : super.list(location, packageName, kinds, recurse);
        boolean isOurs = location == StandardLocation.CLASS_PATH && kinds.contains(JavaFileObject.Kind.CLASS);
        List<MemoryFile> own = isOurs ? given(packageName, recurse) : List.of();
        if (own.isEmpty()) return others;
        List<JavaFileObject> all = new ArrayList<>(own);
        others.forEach(all::add);
        return all;
    }

    private List<JavaFileObject> cached(Listing wanted) throws IOException {
        List<JavaFileObject> known = listings.get(wanted);
        if (known != null) return known;
        List<JavaFileObject> found = new ArrayList<>();
        for (JavaFileObject file : super.list(wanted.location(), wanted.packageName(),
                Set.of(JavaFileObject.Kind.CLASS), wanted.recurse())) {
            found.add(new ReadOnce(file, super.inferBinaryName(wanted.location(), file)));
        }
        listings.put(wanted, found);
        return found;
    }

    private List<MemoryFile> given(String packageName, boolean recurse) {
        if (!recurse) return given.getOrDefault(packageName, List.of());
        return given.entrySet().stream().filter(each -> (each.getKey() + ".").startsWith(packageName + "."))
                .flatMap(each -> each.getValue().stream()).toList();
    }

    @Override public String inferBinaryName(Location location, JavaFileObject file) {
        if (file instanceof MemoryFile own) return own.name();
        return file instanceof ReadOnce library ? library.name : super.inferBinaryName(location, file);
    }

    /** Where javac looks for plugins: not in the libraries; annotation processors are passed to it. */
    @Override public ClassLoader getClassLoader(Location location) {
        return ClassLoader.getPlatformClassLoader();
    }

    @Override public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
            FileObject sibling) {
        MemoryFile written = new MemoryFile(name, kind);
        if (kind == JavaFileObject.Kind.CLASS) classes.put(name, written);
        if (sibling instanceof SourceText source) origins.put(name, source.path());
        else isSeparable = false;
        return written;
    }

    /** Writes resources to a folder on disk, since frameworks list folders. */
    @Override public FileObject getFileForOutput(Location location, String packageName, String name,
            FileObject sibling) throws IOException {
        if (folder == null) folder = Scratch.folder();
        isSeparable = false;
        Path file = resource(packageName, name);
        if (!file.startsWith(folder)) throw new IOException(name + " is outside of the output folder");
        return onDisk(file);
    }

    private Path resource(String packageName, String name) {
        return folder.resolve(packageName.replace('.', '/')).resolve(name).normalize();
    }

    private FileObject onDisk(Path file) {
        return fileManager.getJavaFileObjects(file).iterator().next();
    }

    @Override public FileObject getFileForInput(Location location, String packageName, String name)
            throws IOException {
        if (!location.isOutputLocation()) return super.getFileForInput(location, packageName, name);
        boolean exists = folder != null && Files.exists(resource(packageName, name));
        return exists ? onDisk(resource(packageName, name)) : null;
    }

    @Override public boolean hasLocation(Location location) {
        return location == StandardLocation.CLASS_OUTPUT || super.hasLocation(location);
    }

    /** A class file of a library with cached content. */
    private static final class ReadOnce extends ForwardingJavaFileObject<JavaFileObject> {
        private final String name;
        private byte[] content;

        ReadOnce(JavaFileObject file, String name) {
            super(file);
            this.name = name;
        }

        @Override public InputStream openInputStream() throws IOException {
            if (content == null) {
                try (InputStream in = super.openInputStream()) {
                    content = in.readAllBytes();
                }
            }
            return new ByteArrayInputStream(content);
        }
    }
}
