package samlocal.dependencies;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.files.Cache;
import samlocal.files.FileText;

/**
 * A recipe on disk, in the user's cache folder, under a name made of the build file's place and text. It counts
 * as long as all that it was read from has the same content and all that it lists is there.
 */
final class RecipeFile {
    private static final String FORMAT = "11";
    private static final int MOST_FILES = 1000;
    private static final long MOST_BYTES = 20 << 20;
    private final Path path;

    private RecipeFile(Path path) {
        this.path = path;
    }

    static RecipeFile of(Path buildFile) {
        return of(buildFile + "\n" + text(buildFile));
    }

    /** A recipe that is made from a text alone. */
    static RecipeFile of(String text) {
        String name = Cache.hash(FORMAT + "\n" + Runtime.version().feature() + "\n" + text);
        return new RecipeFile(Cache.folder().resolve("libraries").resolve(name + ".json"));
    }

    /** The recipe, if it is there, whole, and still true. */
    Optional<Recipe> read() {
        try {
            Map<?, ?> json = (Map<?, ?>) Json.read(Files.readString(path));
            Map<?, ?> files = (Map<?, ?>) json.get("files");
            long expires = ((Number) json.get("expires")).longValue();
            boolean isTrue = files.entrySet().stream().allMatch(file ->
                    file.getValue().equals(Cache.hash(text(Path.of((String) file.getKey())))))
                    && (expires == 0 || expires > System.currentTimeMillis());
            Recipe recipe = new Recipe(paths(json, "sources"), paths(json, "resources"), paths(json, "compile"),
                    paths(json, "runtime"), paths(json, "processors"), texts(json, "options"), tools(json),
                    ((Number) json.get("release")).intValue(),
                    files.keySet().stream().map(file -> Path.of((String) file)).toList(), expires, List.of());
            boolean isThere = Stream.of(recipe.compile(), recipe.runtime(), recipe.processors())
                    .flatMap(List::stream).distinct().allMatch(Files::exists);
            return isTrue && isThere ? Optional.of(recipe) : Optional.empty();
        } catch (IOException | ClassCastException | NullPointerException | InvalidPathException e) {
            return Optional.empty(); // none, or damaged
        }
    }

    private static Map<String, List<String>> tools(Map<?, ?> json) {
        Map<?, ?> tools = (Map<?, ?>) json.get("tools");
        return tools.keySet().stream().map(String.class::cast)
                .collect(Collectors.toMap(tool -> tool, tool -> texts(tools, tool)));
    }

    private static List<String> texts(Map<?, ?> json, String key) {
        return ((List<?>) json.get(key)).stream().map(String.class::cast).toList();
    }

    private static List<Path> paths(Map<?, ?> json, String key) {
        return texts(json, key).stream().map(Path::of).toList();
    }

    /** Writes it whole or not at all; a cache that cannot be written is no failure. */
    void write(Recipe recipe) {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> files = new LinkedHashMap<>();
        recipe.files().forEach(file -> files.put(file.toString(), Cache.hash(text(file))));
        json.put("files", files);
        json.put("expires", recipe.expires());
        json.put("release", recipe.release());
        json.put("options", recipe.options());
        json.put("tools", recipe.tools());
        Map<String, List<Path>> lists = Map.of("sources", recipe.sources(), "resources", recipe.resources(),
                "compile", recipe.compile(), "runtime", recipe.runtime(), "processors", recipe.processors());
        lists.forEach((key, paths) -> json.put(key, paths.stream().map(Path::toString).toList()));
        try {
            Cache.write(path, Json.writePretty(json).getBytes(UTF_8));
            Cache.tidy(path.getParent(), MOST_FILES, MOST_BYTES);
        } catch (IOException e) {
            return;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            return FileText.folder(file);
        }
    }
}
