package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Scratch;
import samlocal.files.Stamp;
import samlocal.files.Watched;

/**
 * Code that runs as it is, in a process: scripts and programs. All of its files are watched. Of folders with installed
 * packages only the names of the packages are, because there are too many files and a package manager writes them.
 */
public class ScriptCode extends Codebase {
    private static final int DEEPEST = 64;
    private static final int MAX_FILES = 20_000;
    private static final Set<String> PACKAGES = Set.of("node_modules", "site-packages");
    private static final Set<String> IGNORED = Set.of("__pycache__", "cdk.out");
    private final Path code;
    private final List<Path> layers;
    private final Archives archives = new Archives();
    private Map<Path, Object> known = Map.of();
    private Set<Path> inputs;

    /**
     * Creates the code.
     *
     * @param inlineFile the name of the file that inline code is written to
     * @throws Fault if inline code cannot be written
     */
    public ScriptCode(Key key, String inlineFile, Runnable onErrors, boolean watches) {
        this(key, inlineFile, Set.of(), onErrors, watches);
    }

    /** The same; {@code inputs} are files to watch besides the code, see {@link Bundle}. */
    public ScriptCode(Key key, String inlineFile, Set<Path> inputs, Runnable onErrors, boolean watches) {
        super(onErrors, watches);
        this.inputs = inputs;
        this.code = key.packaging().inline() == null ? key.code() : written(inlineFile, key.packaging().inline());
        this.layers = key.layers();
    }

    private static Path written(String name, String text) {
        try {
            return Scratch.written(Map.of(name, text.getBytes(UTF_8)));
        } catch (IOException e) {
            throw Fault.project("cannot write inline code to a temporary folder: " + Fault.reason(e));
        }
    }

    @Override protected final Build read(Watched.Look look, Build before) {
        long started = System.nanoTime();
        Walk walk = new Walk(look);
        List<Path> folders = new ArrayList<>(List.of(walk.root(code)));
        layers.forEach(layer -> folders.add(walk.root(layer)));
        walk.addAll(inputs);
        if (before != null && walk.found.equals(known)) return before;
        int changed = before == null ? 0 : differences(known, walk.found);
        Bundle bundle = bundled(folders.get(0));
        inputs = bundle.inputs();
        walk.addAll(inputs);
        known = walk.found;
        long nanos = bundle.folder().equals(folders.get(0)) ? 0 : System.nanoTime() - started;
        folders.set(0, bundle.folder());
        return new Build(Map.of(), List.copyOf(folders), List.of(), bundle.errors(), walk.present(),
                new Compiled(bundle.verb(), changed, nanos), nextRevision());
    }

    private static int differences(Map<Path, Object> before, Map<Path, Object> now) {
        Set<Path> all = new TreeSet<>(before.keySet());
        all.addAll(now.keySet());
        return (int) all.stream().filter(path -> !Objects.equals(before.get(path), now.get(path))).count();
    }

    /**
     * What runs.
     *
     * @param folder with the code
     * @param errors empty if it can run
     * @param verb what was done, see {@link Compiled}
     * @param inputs files to watch besides the code; they need not exist
     */
    protected record Bundle(Path folder, List<Problem> errors, String verb, Set<Path> inputs) {
    }

    /** Makes what runs from a folder with sources, by default nothing but the folder itself. */
    protected Bundle bundled(Path folder) {
        return new Bundle(folder, List.of(), "reloaded", inputs);
    }

    /** One walk through the code and its layers. */
    private final class Walk extends SimpleFileVisitor<Path> {
        private final Watched.Look look;
        private final Map<Path, Object> found = new TreeMap<>();
        private final Set<Object> walked = new HashSet<>();
        private Path root;

        Walk(Watched.Look look) {
            this.look = look;
        }

        /** Watches a folder or an archive; returns the folder with its files. */
        Path root(Path place) {
            Stamp stamp = look.stamp(place);
            if (stamp == null) throw Fault.project("`" + Place.display(place) + "` is gone");
            if (!Files.isDirectory(place)) {
                found.put(place, stamp);
                return archives.files(place);
            }
            root = place;
            try {
                Files.walkFileTree(place, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
            } catch (IOException e) {
                throw Fault.project("cannot read `" + Place.display(place) + "`: " + Fault.reason(e));
            }
            return place;
        }

        /** Watches files that may be missing. */
        void addAll(Set<Path> files) {
            files.forEach(file -> found.putIfAbsent(file, Optional.ofNullable(look.stamp(file))));
        }

        Set<Path> present() {
            return found.keySet().stream().filter(file -> !found.get(file).equals(Optional.empty()))
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Visits each folder once, even if links lead to it several times. */
        @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean isNew = attributes.fileKey() == null || walked.add(attributes.fileKey());
            String name = folder.getFileName() == null ? "" : folder.getFileName().toString();
            boolean isHidden = !folder.equals(root) && (name.startsWith(".") || IGNORED.contains(name)
                    || Files.exists(folder.resolve("pyvenv.cfg")));
            if (!isNew || isHidden) return FileVisitResult.SKIP_SUBTREE;
            String names = look.text(folder).content();
            if (!PACKAGES.contains(name)) return FileVisitResult.CONTINUE;
            found.put(folder, names);
            return FileVisitResult.SKIP_SUBTREE;
        }

        @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (found.size() > MAX_FILES) {
                throw Fault.project("`" + Place.display(root) + "` has more than " + MAX_FILES + " files", null,
                        "set `CodeUri` to the function's own folder");
            }
            Stamp stamp = attributes.isRegularFile() ? look.stamp(file) : null;
            if (stamp != null) found.put(file, stamp);
            return FileVisitResult.CONTINUE;
        }

        /** A file or folder that cannot be read, or was deleted since it was listed, counts as missing. */
        @Override public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) throw e;
            return FileVisitResult.CONTINUE;
        }
    }
}
