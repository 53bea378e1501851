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
 * A model on disk, in the user's cache folder, under a name made of the build file's place and text. It counts
 * as long as all that it was read from has the same content and all that it lists is there.
 */
final class BuildModelCache {
    private static final String FORMAT = "12";
    private static final int MOST_FILES = 1000;
    private static final long MOST_BYTES = 20 << 20;
    private final Path path;

    private BuildModelCache(Path path) {
        this.path = path;
    }

    static BuildModelCache of(Path buildFile) {
        return of(buildFile + "\n" + text(buildFile));
    }

    /** A model that is made from a text alone. */
    static BuildModelCache of(String text) {
        String name = Cache.hash(FORMAT + "\n" + Runtime.version().feature() + "\n" + text);
        return new BuildModelCache(Cache.folder().resolve("libraries").resolve(name + ".json"));
    }

    /** The model, if it is there, whole, and still true. */
    Optional<BuildModel> read() {
        try {
            Map<?, ?> json = (Map<?, ?>) Json.read(Files.readString(path));
            Map<?, ?> files = (Map<?, ?>) json.get("files");
            long expires = ((Number) json.get("expires")).longValue();
            boolean isTrue = files.entrySet().stream().allMatch(file ->
                    file.getValue().equals(Cache.hash(text(Path.of((String) file.getKey())))))
                    && (expires == 0 || expires > System.currentTimeMillis());
            BuildModel model = new BuildModel(
                    new BuildModel.Folders(paths(json, "sources"), paths(json, "resources")),
                    new BuildModel.Libraries(paths(json, "compile"), paths(json, "runtime"), paths(json, "processors")),
                    new BuildModel.Javac(texts(json, "options"), ((Number) json.get("release")).intValue()),
                    tools(json), new BuildModel.Origin(files.keySet().stream()
                            .map(file -> Path.of((String) file)).toList(), expires), List.of());
            boolean isThere = model.libraries().all().allMatch(Files::exists);
            return isTrue && isThere ? Optional.of(model) : Optional.empty();
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
    void write(BuildModel model) {
        Map<String, Object> files = new LinkedHashMap<>();
        model.origin().files().forEach(file -> files.put(file.toString(), Cache.hash(text(file))));
        BuildModel.Folders folders = model.folders();
        BuildModel.Libraries libraries = model.libraries();
        Map<String, Object> json = Json.object("files", files, "expires", model.origin().expires(),
                "release", model.javac().release(), "options", model.javac().options(), "tools", model.tools(),
                "sources", names(folders.sources()), "resources", names(folders.resources()),
                "compile", names(libraries.compile()), "runtime", names(libraries.runtime()),
                "processors", names(libraries.processors()));
        try {
            Cache.write(path, Json.writePretty(json).getBytes(UTF_8));
            Cache.tidy(path.getParent(), MOST_FILES, MOST_BYTES);
        } catch (IOException e) {
            return;
        }
    }

    private static List<String> names(List<Path> paths) {
        return paths.stream().map(Path::toString).toList();
    }

    private static String text(Path file) {
        try {
            if (Files.isRegularFile(file)) return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            // as if it were not there
        }
        return FileText.folder(file);
    }
}
