package samlocal.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The location and context of a template within a project.
 *
 * @param aws the environment that all stacks of the project share
 * @param prefix the ids of its stacks, which make the ids of its functions and layers unique
 * @param values parameter values, which override the defaults
 * @param unknown parameters whose values only AWS knows
 * @param above the templates that nest it, and itself
 * @param expansion the size limits for all stacks of the project together
 */
public record Site(AwsEnvironment aws, Path file, String prefix, Map<String, String> values, Set<String> unknown,
        List<Path> above, Expansion expansion) {
    /** The site of the template that is served. */
    public static Site ofRoot(Path file, Map<String, String> values) {
        Path absolute = file.toAbsolutePath().normalize();
        return new Site(AwsEnvironment.of(values), absolute, "", values, Set.of(), List.of(absolute),
                new Expansion());
    }

    /** The site of a nested template. */
    Site nested(Path template, String id, Map<String, String> values, Set<String> unknown) {
        return new Site(aws, template, prefix + id + "/", values, unknown,
                Stream.concat(above.stream(), Stream.of(template)).toList(), expansion);
    }

    /** The folder that relative paths start from; symbolic links are followed, as with {@code sam local}. */
    public Path folder() {
        try {
            Path real = Files.isSymbolicLink(file) ? file.resolveSibling(Files.readSymbolicLink(file)) : file;
            return real.normalize().getParent();
        } catch (IOException e) {
            return file.getParent();
        }
    }
}
