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

/** Recipes of modules, each read again when one of its build files has changed; kept on disk for the next start. */
public final class Builds {
    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(30);
    private final Maven maven;
    private final GradleBuild gradle;
    private final Console console;
    private final Map<Path, Known> known = new ConcurrentHashMap<>();
    private final Map<List<String>, Recipe> libraries = new ConcurrentHashMap<>();
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    /** With {@code offline}, nothing is downloaded; {@code console} is told what is. */
    public Builds(boolean offline, Console console) {
        this.maven = new Maven(offline, console);
        this.gradle = new GradleBuild(offline, maven, console);
        this.console = console;
    }

    /** The recipe of a folder as its build files are saved now, or null if it has none. */
    public Recipe of(Path folder) {
        return Modules.buildFile(folder).map(file -> known.computeIfAbsent(file, Known::new).current())
                .orElse(null);
    }

    /** Says once what is done otherwise than a build file has it. */
    public void note(String line) {
        if (noted.add(line)) console.tell("libraries", line);
    }

    /**
     * Libraries by their coordinates, with what they need.
     *
     * @param who needs them, for messages
     */
    public Recipe libraries(List<String> coordinates, String who) {
        return libraries(coordinates, Map.of(), who);
    }

    private Recipe libraries(List<String> coordinates, Map<String, Place> places, String who) {
        Recipe known = libraries.get(coordinates);
        if (known != null) return known;
        RecipeFile stored = RecipeFile.of(String.join("\n", coordinates));
        Recipe found = stored.read().orElseGet(() -> maven.read(coordinates.stream()
                .flatMap(each -> Library.of(each).map(library -> library.namedAt(places.get(each))).stream()).toList(),
                List.of(), who));
        if (!found.problems().isEmpty()) return found;
        stored.write(found);
        libraries.put(coordinates, found);
        return found;
    }

    /** The libraries that {@code //DEPS} comments of sources name, as JBang has them, if any do. */
    public Optional<Recipe> declared(List<Map<Path, String>> sources) {
        Map<String, Place> places = new LinkedHashMap<>();
        sources.forEach(each -> each.forEach((path, text) -> {
            if (text.contains("//DEPS ")) declared(path, text.lines().toList(), places);
        }));
        if (places.isEmpty()) return Optional.empty();
        Recipe found = libraries(List.copyOf(places.keySet()), places, "//DEPS");
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

    /** What was read of one build file. */
    private final class Known {
        private final Path file;
        private final Watched watched = new Watched();
        private Recipe recipe;
        private long retry;

        Known(Path file) {
            this.file = file;
        }

        synchronized Recipe current() {
            boolean isDue = recipe != null && !recipe.problems().isEmpty() && retry < System.currentTimeMillis();
            if (isDue) watched.run(this::read);
            else watched.ifChanged(this::read);
            return recipe;
        }

        private void read(Watched.Look look) {
            RecipeFile stored = RecipeFile.of(file);
            recipe = stored.read().orElseGet(() -> resolve(stored));
            recipe.tools().getOrDefault("ignored", List.of()).forEach(Builds.this::note);
            retry = System.currentTimeMillis() + PATIENCE;
            look.addAll(recipe.files());
        }

        private Recipe resolve(RecipeFile stored) {
            long started = System.nanoTime();
            boolean isMavens = file.endsWith("pom.xml");
            Recipe resolved = isMavens ? maven.read(file) : gradle.read(file);
            console.tell("libraries", "libraries  " + resolved.runtime().size() + " for " + Place.display(file)
                    + " in " + Console.millis(System.nanoTime() - started));
            if (resolved.problems().isEmpty()) stored.write(resolved);
            return resolved;
        }
    }
}
