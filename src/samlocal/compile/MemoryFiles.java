package samlocal.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import samlocal.files.Scratch;

/** The files of one compilation: output goes to memory; given classes come before the class path. */
final class MemoryFiles extends ForwardingJavaFileManager<LibraryFiles> {
    private final Map<String, MemoryFile> classes = new ConcurrentHashMap<>();
    private final Map<String, Path> origins = new ConcurrentHashMap<>();
    private final Map<String, List<MemoryFile>> given;
    private final Runnable pause;
    private boolean isSeparable = true;
    private Path folder;

    /** With {@code pause}, which is called whenever javac looks for classes. */
    MemoryFiles(LibraryFiles libraries, Map<String, byte[]> given, Runnable pause) {
        super(libraries);
        this.pause = pause;
        this.given = given.entrySet().stream().map(each -> MemoryFile.ofClass(each.getKey(), each.getValue()))
                .collect(Collectors.groupingBy(MemoryFile::packageName));
    }

    @Override public Iterable<JavaFileObject> list(Location location, String packageName,
            Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
        pause.run();
        Iterable<JavaFileObject> others = super.list(location, packageName, kinds, recurse);
        boolean isOurs = location == StandardLocation.CLASS_PATH && kinds.contains(JavaFileObject.Kind.CLASS);
        List<MemoryFile> own = isOurs ? given(packageName, recurse) : List.of();
        if (own.isEmpty()) return others;
        List<JavaFileObject> all = new ArrayList<>(own);
        others.forEach(all::add);
        return all;
    }

    private List<MemoryFile> given(String packageName, boolean recurse) {
        if (!recurse) return given.getOrDefault(packageName, List.of());
        return given.entrySet().stream().filter(each -> (each.getKey() + ".").startsWith(packageName + "."))
                .flatMap(each -> each.getValue().stream()).toList();
    }

    @Override public String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof MemoryFile own ? own.name() : super.inferBinaryName(location, file);
    }

    @Override public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
            FileObject sibling) {
        MemoryFile written = new MemoryFile(name, kind);
        if (kind == JavaFileObject.Kind.CLASS) classes.put(name, written);
        if (sibling instanceof SourceText source) origins.put(name, source.path());
        else isSeparable = false;
        return written;
    }

    /** Resources go to a folder on disk, since frameworks list folders of them. */
    @Override public FileObject getFileForOutput(Location location, String packageName, String name,
            FileObject sibling) throws IOException {
        if (folder == null) folder = Scratch.folder();
        isSeparable = false;
        Path file = resource(packageName, name);
        if (!file.startsWith(folder)) throw new IOException(name + " is outside of the output folder");
        return fileManager.onDisk(file);
    }

    private Path resource(String packageName, String name) {
        return folder.resolve(packageName.replace('.', '/')).resolve(name).normalize();
    }

    @Override public FileObject getFileForInput(Location location, String packageName, String name)
            throws IOException {
        if (!location.isOutputLocation()) return super.getFileForInput(location, packageName, name);
        boolean exists = folder != null && Files.exists(resource(packageName, name));
        return exists ? fileManager.onDisk(resource(packageName, name)) : null;
    }

    @Override public boolean hasLocation(Location location) {
        return location == StandardLocation.CLASS_OUTPUT || super.hasLocation(location);
    }

    /** The libraries outlive a compilation. */
    @Override public void close() {
    }

    /**
     * What was written for these sources.
     *
     * @param isIsolating whether a file that an annotation processor generates depends on one source only
     */
    Output output(Map<Path, String> sources, boolean isIsolating) {
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, written) -> bytes.put(name, written.toByteArray()));
        return new Output(sources, bytes, Map.copyOf(origins), folder == null ? List.of() : List.of(folder),
                isSeparable && isIsolating);
    }
}
