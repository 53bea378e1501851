package samlocal.compile;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.dependencies.Builds;
import samlocal.files.Jar;
import samlocal.files.Watched;
import samlocal.terminal.Progress;

/** Sources in languages of the JVM, compiled when they change. */
public final class JavaCode extends Codebase {
    private final Path code;
    private final Sources sources;
    private final Maker maker;
    private final Builds builds;
    private final Consumer<List<Problem>> onProblems;
    private final Consumer<List<Jar>> onLibraries;
    private final boolean lacksLayers;
    private volatile Sources.Snapshot snapshot;

    /** Creates a codebase that watches its files. */
    public JavaCode(Key key, Builds builds, Consumer<List<Problem>> onProblems) {
        this(key, builds, onProblems, libraries -> { }, () -> { }, true);
    }

    /**
     * Creates a codebase.
     *
     * @param onProblems called with unresolved dependencies of the build files whenever they change
     * @param onLibraries called with the libraries before each compilation
     * @param onErrors called whenever {@link #errors()} has changed
     * @param watches if false, the first build is used throughout
     */
    public JavaCode(Key key, Builds builds, Consumer<List<Problem>> onProblems, Consumer<List<Jar>> onLibraries,
            Runnable onErrors, boolean watches) {
        super(onErrors, watches);
        this.code = key.code();
        this.lacksLayers = key.lacksLayers();
        this.builds = builds;
        this.onProblems = onProblems;
        this.onLibraries = onLibraries;
        this.sources = new Sources(key.code(), key.layers(), builds);
        this.maker = new Maker(key.toString(), key.release(), builds);
    }

    @Override public List<Path> contents() {
        Sources.Snapshot last = snapshot;
        return last == null ? List.of() : last.folders().contents().stream().map(sources::folder).toList();
    }

    @Override protected Build read(Watched.Look look, Build before) {
        Sources.Snapshot found = sources.scan(look);
        List<Problem> reported = snapshot == null ? List.of() : snapshot.problems();
        if (!found.problems().equals(reported)) onProblems.accept(found.problems());
        Build now = found.equals(snapshot) ? before : built(found);
        snapshot = found;
        return now;
    }

    private Build built(Sources.Snapshot found) {
        long started = System.nanoTime();
        List<Jar> libraries = Dependencies.jars(found, lacksLayers);
        onLibraries.accept(libraries);
        Compiler.Result made;
        try (Progress progress = builds.progress("compiling " + Place.display(code))) {
            made = maker.make(found);
        }
        List<Path> folders = Stream.of(found.folders().classPath(), made.output().folders()).flatMap(List::stream)
                .toList();
        List<Problem> errors = CompileErrors.explained(made.errors(), found.problems());
        if (!errors.isEmpty()) found.settings("generators").forEach(plugin -> builds.note("the sources that " + plugin
                + " generates are not there: run mvn generate-sources"));
        return new Build(made.output().classes(), folders, libraries, errors, found.texts().keySet(),
                new Compiled("compiled", made.files(), System.nanoTime() - started), nextRevision());
    }

    @Override protected void warmUp() {
        maker.prepare();
    }

    @Override protected boolean isComplete() {
        return snapshot.problems().isEmpty();
    }

    @Override protected void store() {
        maker.store();
    }
}
