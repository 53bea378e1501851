package samlocal.compile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;

/**
 * The class files of the JDK and of libraries, each listed and read once. A new javac for each compilation reads them
 * again, which is most of its work on a few sources: from memory that takes half of the time in the first 20 edits.
 */
final class LibraryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<Listing, List<JavaFileObject>> listings = new HashMap<>();

    private record Listing(Location location, String packageName, boolean recurse) {
    }

    LibraryFiles(StandardJavaFileManager files) {
        super(files);
    }

    /** A file that is neither cached nor found by a location. */
    FileObject onDisk(Path file) {
        return fileManager.getJavaFileObjects(file).iterator().next();
    }

    @Override public Iterable<JavaFileObject> list(Location location, String packageName,
            Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
        if (location.isOutputLocation() || !kinds.equals(Set.of(JavaFileObject.Kind.CLASS))) {
            return super.list(location, packageName, kinds, recurse);
        }
        Listing wanted = new Listing(location, packageName, recurse);
        List<JavaFileObject> known = listings.get(wanted);
        if (known != null) return known;
        List<JavaFileObject> found = new ArrayList<>();
        for (JavaFileObject each : super.list(location, packageName, kinds, recurse)) found.add(new ReadOnce(each));
        listings.put(wanted, found);
        return found;
    }

    /** Where javac looks for plugins in each run: not in the libraries, and annotation processors are given to it. */
    @Override public ClassLoader getClassLoader(Location location) {
        return ClassLoader.getPlatformClassLoader();
    }

    @Override public String inferBinaryName(Location location, JavaFileObject file) {
        if (!(file instanceof ReadOnce own)) return super.inferBinaryName(location, file);
        if (own.name == null) own.name = super.inferBinaryName(location, own.file());
        return own.name;
    }

    @Override public boolean contains(Location location, FileObject file) throws IOException {
        return super.contains(location, file instanceof ReadOnce own ? own.file() : file);
    }

    @Override public boolean isSameFile(FileObject one, FileObject other) {
        return super.isSameFile(one instanceof ReadOnce own ? own.file() : one,
                other instanceof ReadOnce own ? own.file() : other);
    }

    /** A class file whose name and content are kept. */
    private static final class ReadOnce extends ForwardingJavaFileObject<JavaFileObject> {
        private String name;
        private byte[] content;

        ReadOnce(JavaFileObject file) {
            super(file);
        }

        JavaFileObject file() {
            return fileObject;
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
