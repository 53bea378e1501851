package samlocal.inspector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.http.StaticFiles;

/**
 * The events that a project has as JSON files in a folder and its subfolders, by convention of SAM {@code events}. The
 * files are never changed.
 *
 * @param folder need not exist
 */
public record ProjectEvents(Path folder) {
    private static final String EXTENSION = ".json";
    private static final int MOST_LEVELS = 4;
    /** The maximum number of events to list. */
    static final int MOST_FILES = 200;

    /** The paths below the folder, with slashes, sorted and limited to {@link #MOST_FILES}. */
    List<String> names() {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.find(folder, MOST_LEVELS, (file, attributes) ->
                file.toString().endsWith(EXTENSION) && Files.isRegularFile(file))) {
            return files.map(file -> folder.relativize(file).toString().replace('\\', '/')).limit(MOST_FILES).sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // a folder that cannot be read has no events to offer
        }
    }

    /** The file at the path of a request, unless it is outside the folder or not a JSON file. */
    Optional<Response> find(Request request) {
        return request.path().endsWith(EXTENSION) ? new StaticFiles(folder).find(request) : Optional.empty();
    }
}
