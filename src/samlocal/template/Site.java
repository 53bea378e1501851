package samlocal.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a template stands among those of a project.
 *
 * @param aws the environment that all stacks of the project share
 * @param prefix the ids of its stacks, by which what is in it differs from what is in others
 * @param values of its parameters, in the place of their defaults
 * @param unknown parameters that are given what only AWS knows
 * @param above the templates that nest it, and itself
 * @param expansion bounds all stacks of the project together
 */
public record Site(AwsEnvironment aws, Path file, String prefix, Map<String, String> values, Set<String> unknown,
        List<Path> above, Expansion expansion) {
    /** Of the template that is served. */
    public static Site ofRoot(Path file, Map<String, String> values) {
        Path absolute = file.toAbsolutePath().normalize();
        return new Site(AwsEnvironment.of(values), absolute, "", values, Set.of(), List.of(absolute),
                new Expansion());
    }

    /** Of a template that this one nests. */
    Site nested(Path template, String id, Map<String, String> values, Set<String> unknown) {
        return new Site(aws, template, prefix + id + "/", values, unknown,
                Stream.concat(above.stream(), Stream.of(template)).toList(), expansion);
    }

    /** The folder that relative paths start from: a link's is where it leads to, as with {@code sam local}. */
    public Path folder() {
        try {
            Path real = Files.isSymbolicLink(file) ? file.resolveSibling(Files.readSymbolicLink(file)) : file;
            return real.normalize().getParent();
        } catch (IOException e) {
            return file.getParent();
        }
    }
}
