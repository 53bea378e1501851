package samlocal.template;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.UserText;

/**
 * A template as it was written: YAML 1.1 or JSON, short tags turned into their long form, nothing resolved.
 * Values are typed as PyYAML types them, which is what SAM and CloudFormation read templates with:
 * {@code 010} is 8, {@code yes} is true, {@code 2010-09-09} stays text. Each keeps its text as written too.
 *
 * @param root the whole document
 * @param warnings what is legal but probably a mistake: duplicate keys
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

    /** Reads a template from its text; messages call it {@code name}. */
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
                    Files.exists(template) ? "name `" + Place.display(template) + "`" : null);
        }
        if (!Files.exists(file)) throw Fault.project("template file not found: `" + Place.display(file) + "`");
        if (!Files.isRegularFile(file)) throw Fault.project("`" + Place.display(file) + "` is not a file");
        return UserText.read(file, MOST_MEGABYTES);
    }
}
