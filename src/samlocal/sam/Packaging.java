package samlocal.sam;

import java.nio.file.Path;
import java.util.Map;

/**
 * How the code of a function that is not in Java gets into its deployment package.
 *
 * @param inline the code itself, from {@code InlineCode}, or null
 * @param esbuild {@code BuildProperties} of a function that {@code sam build} bundles with esbuild, or null
 * @param built the folder that {@code sam build} creates for the function; it need not exist
 */
public record Packaging(String inline, Map<String, Object> esbuild, Path built) {
}
