package samlocal.dependencies;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;
import samlocal.files.Watched;
import samlocal.terminal.Console;
import samlocal.terminal.Progress;

/** Build models of modules, read again when one of their build files changes, and cached on disk. */
public final class Builds {
    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(30);
    private final Maven maven;
    private final GradleBuild gradle;
    private final Console console;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();
    private final Map<List<String>, BuildModel> libraries = new ConcurrentHashMap<>();
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    /** Those of modules without a template. */
    public Builds(boolean offline, boolean mayRunGradle, Console console) {
        this(offline, mayRunGradle, null, console);
    }

    /**
     * Downloads and runs of Gradle are reported on the console.
     *
     * @param offline whether nothing is downloaded
     * @param mayRunGradle whether the project's own Gradle may run if a build script is not understood
     * @param template modules are also looked for around this file; null if it is not known
     */
    public Builds(boolean offline, boolean mayRunGradle, Path template, Console console) {
        Path project = template == null ? null : template.toAbsolutePath().normalize().getParent();
        this.maven = new Maven(offline, project, console);
        this.gradle = new GradleBuild(offline, mayRunGradle, maven, console);
        this.console = console;
    }

    /** The current model of a folder, or null if it has no build file. */
    public BuildModel of(Path folder) {
        return Modules.buildFile(folder).map(file -> known.computeIfAbsent(file, Known::new).current())
                .orElse(null);
    }

    /** Shows that work is going on, until the result is closed. */
    public Progress progress(String text) {
        return new Progress(console, text, () -> text);
    }

    /** Reports, once, a difference from what the build file does. */
    public void note(String line) {
        if (noted.add(line)) console.tell("libraries", line);
    }

    /**
     * Resolves libraries with their dependencies.
     *
     * @param coordinates as {@code group:name:version}
     * @param who names in messages what needs the libraries
     */
    public BuildModel libraries(List<String> coordinates, String who) {
        return libraries(coordinates, Map.of(), who);
    }

    private BuildModel libraries(List<String> coordinates, Map<String, Place> places, String who) {
        BuildModel known = libraries.get(coordinates);
        if (known != null) return known;
        BuildModelCache stored = BuildModelCache.of(String.join("\n", coordinates));
        BuildModel found = stored.read().orElseGet(() -> maven.read(coordinates.stream()
                .flatMap(each -> Library.of(each).map(library -> library.namedAt(places.get(each))).stream()).toList(),
                List.of(), who));
        if (!found.problems().isEmpty()) return found;
        stored.write(found);
        libraries.put(coordinates, found);
        return found;
    }

    /** The libraries that sources declare in JBang's {@code //DEPS} comments, if any. */
    public Optional<BuildModel> declared(List<Map<Path, String>> sources) {
        Map<String, Place> places = new LinkedHashMap<>();
        sources.forEach(each -> each.forEach((path, text) -> {
            if (text.contains("//DEPS ")) declared(path, text.lines().toList(), places);
        }));
        if (places.isEmpty()) return Optional.empty();
        BuildModel found = libraries(List.copyOf(places.keySet()), places, "//DEPS");
        List<Problem> problems = new ArrayList<>(found.problems());
        places.keySet().stream().filter(each -> Library.of(each).isEmpty()).forEach(each -> problems.add(
                new Problem("cannot read `" + each + "`", places.get(each), "write it as group:name:version")));
        return Optional.of(found.withProblems(problems));
    }

    private static void declared(Path path, List<String> lines, Map<String, Place> places) {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("//DEPS ")) continue;
            for (String each : lines.get(i).substring("//DEPS ".length()).strip().split("[\\s,]+")) {
                places.putIfAbsent(each, new Place(Place.display(path), lines, i + 1,
                        lines.get(i).indexOf(each) + 1, each.length()));
            }
        }
    }

    /** The model of one build file, and when to read it again. */
    private final class Known {
        private final Path file;
        private final Watched watched = new Watched();
        private BuildModel model;
        private long retry;

        Known(Path file) {
            this.file = file;
        }

        synchronized BuildModel current() {
            boolean isDue = model != null && !model.problems().isEmpty() && retry < System.currentTimeMillis();
            if (isDue) watched.run(this::read);
            else watched.ifChanged(this::read);
            return model;
        }

        private void read(Watched.Look look) {
            BuildModelCache stored = BuildModelCache.of(file);
            model = stored.read().orElseGet(() -> resolve(stored));
            model.tools().getOrDefault("ignored", List.of()).forEach(Builds.this::note);
            retry = System.currentTimeMillis() + PATIENCE;
            look.addAll(model.origin().files());
        }

        private BuildModel resolve(BuildModelCache stored) {
            long started = System.nanoTime();
            boolean isMavens = file.endsWith("pom.xml");
            BuildModel resolved = isMavens ? maven.read(file) : gradle.read(file);
            int count = resolved.libraries().runtime().size();
            console.tell("libraries", "resolved " + count + (count == 1 ? " library" : " libraries")
                    + " of " + Place.display(file) + " in " + Console.millis(System.nanoTime() - started));
            if (resolved.problems().isEmpty()) stored.write(resolved);
            return resolved;
        }
    }
}
