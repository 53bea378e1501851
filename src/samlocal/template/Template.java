package samlocal.template;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;

/**
 * An unresolved template in YAML 1.1 or JSON, with short tags in their long form. Values have the types that PyYAML
 * gives them, because SAM and CloudFormation use it: {@code 010} is 8, {@code yes} is true, {@code 2010-09-09} is a
 * string. Each value also keeps its text as written.
 *
 * @param root the whole document
 * @param warnings probable mistakes, such as duplicate keys
 */
public record Template(Mapping root, List<Problem> warnings) {
    static final int MOST_MEGABYTES = 10;

    /**
     * Reads a template.
     *
     * @throws Fault if it cannot be read, is not YAML, or exceeds a limit
     */
    public static Template read(Path file) {
        return parse(Place.display(file), text(file));
    }

    /** Reads a template from a text; {@code name} is its file in messages. */
    static Template parse(String name, String text) {
        return new YamlReader(name, text).template();
    }

    /** Reads any YAML by the rules of templates. */
    public static Value values(String name, String text) {
        return new YamlReader(name, text).value();
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            Path template = file.resolve("template.yaml");
            throw Fault.project("`" + Place.display(file) + "` is a folder, not a template", null,
                    Files.exists(template) ? "use `" + Place.display(template) + "`" : null);
        }
        if (!Files.exists(file)) throw Fault.project("template file not found: `" + Place.display(file) + "`");
        if (!Files.isRegularFile(file)) throw Fault.project("`" + Place.display(file) + "` is not a file");
        return UserText.read(file, MOST_MEGABYTES);
    }
}
