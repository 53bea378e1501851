package samlocal.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.base.Place;

/**
 * The files that a project names: included and nested templates, API definitions, code, layers. They may be anywhere
 * that the user can read, inside the project's folder or not, and are only ever read, as with {@code sam build}. What
 * a request names is different: {@code http.StaticFiles} serves nothing from outside its folder.
 */
public final class LocalFiles {
    private static final char REPLACEMENT = '\uFFFD';

    private LocalFiles() {
    }

    /**
     * Rejects a name that the JVM could not decode, as umlauts with {@code LC_ALL=C}: no file can be opened by it.
     *
     * @throws Fault with the variable to set
     */
    public static void require(String name) {
        if (name.indexOf(REPLACEMENT) < 0) return;
        throw Fault.usage("the file name `" + name + "` has characters that the locale of this shell lacks",
                "set LC_ALL=C.UTF-8 and try again");
    }

    /**
     * The path of a location as templates write it: absolute, relative to a folder, or a {@code file://} URL. Empty if
     * the location is blank or in AWS: another URL, or a dynamic reference.
     *
     * @throws Fault if no file can have that name
     */
    public static Optional<Path> find(Path folder, String location, Place place) {
        String name = location.replaceFirst("^file://", "");
        if (name.isEmpty() || name.contains("://") || name.contains("{{resolve:")) return Optional.empty();
        try {
            return Optional.of(folder.resolve(name).normalize());
        } catch (InvalidPathException e) {
            throw Fault.project("no file can be named `" + name.replace('\0', REPLACEMENT) + "`", place);
        }
    }
}
