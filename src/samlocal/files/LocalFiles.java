package samlocal.files;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.base.Place;

/**
 * The files that a project names: included and nested templates, API definitions, code, layers. They may be anywhere
 * the user can read, also outside the project's folder, as with {@code sam build}. Files that requests name are
 * different: {@code http.StaticFiles} serves nothing from outside its folder.
 */
public final class LocalFiles {
    private static final char REPLACEMENT = '\uFFFD';

    private LocalFiles() {
    }

    /**
     * Rejects a name that the JVM could not decode, such as umlauts with {@code LC_ALL=C}: its file cannot be opened.
     *
     * @throws Fault with the variable to set
     */
    public static void require(String name) {
        if (name.indexOf(REPLACEMENT) < 0) return;
        throw Fault.usage("the file name `" + name + "` has characters that the shell's locale does not support",
                "set LC_ALL=C.UTF-8 and try again");
    }

    /**
     * The path of a location in a template: absolute, relative to a folder, or a {@code file://} URL. Empty if the
     * location is blank or in AWS: another URL, or a dynamic reference.
     *
     * @throws Fault if it is not a valid file name
     */
    public static Optional<Path> find(Path folder, String location, Place place) {
        String name = location.replaceFirst("^file://", "");
        if (name.isEmpty() || name.contains("://") || name.contains("{{resolve:")) return Optional.empty();
        try {
            return Optional.of(folder.resolve(name).normalize());
        } catch (InvalidPathException e) {
            throw Fault.project("`" + name.replace('\0', REPLACEMENT) + "` is not a valid file name", place);
        }
    }
}
