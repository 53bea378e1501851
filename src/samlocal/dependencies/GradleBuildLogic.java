package samlocal.dependencies;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Place;

/**
 * The builds that make the plugins of a build: buildSrc, and those that the settings include. Plugins that are scripts
 * ("Pre-compiled script plugins", Gradle user manual) are read like other scripts; plugins that are classes are not.
 */
final class GradleBuildLogic {
    private static final int DEEPEST = 10;
    private static final int MOST = 1000;
    private static final Pattern SCRIPT =
            Pattern.compile(".*/src/main/(?:kotlin|groovy|java)/(.+?)\\.gradle(?:\\.kts)?");
    private static final Pattern SOURCE = Pattern.compile(".*/src/main/(?:kotlin|groovy|java)/.+\\.(?:kt|groovy|java)");
    private static final Pattern BUILD = Pattern.compile("build\\.gradle(?:\\.kts)?");
    private final Map<String, Path> scripts = new HashMap<>();
    private final List<Path> constants = new ArrayList<>();
    private final List<Path> builds = new ArrayList<>();
    private final Set<Path> files = new LinkedHashSet<>();

    /**
     * Adds a build.
     *
     * @return whether all that it makes is scripts and constants
     */
    boolean add(Path folder) {
        files.add(folder);
        if (!Files.isDirectory(folder)) return false;
        boolean isKnown = true;
        try (Stream<Path> found = Files.walk(folder, DEEPEST)) {
            for (Path file : found.limit(MOST).filter(Files::isRegularFile).sorted().toList()) {
                isKnown &= addFile(folder, file);
            }
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
        return isKnown && (!scripts.isEmpty() || folder.endsWith("buildSrc"));
    }

    private boolean addFile(Path folder, Path file) {
        String path = "/" + folder.relativize(file).toString().replace('\\', '/');
        Matcher script = SCRIPT.matcher(path);
        boolean isSource = SOURCE.matcher(path).matches();
        boolean isBuild = BUILD.matcher(file.getFileName().toString()).matches();
        if (script.matches()) scripts.put(script.group(1).replace('/', '.'), file);
        else if (isBuild) builds.add(file);
        else if (isSource) constants.add(file);
        if (script.matches() || isBuild || isSource) files.add(file);
        return !isSource || Place.lines(file).stream().noneMatch(line -> line.contains("Plugin<"));
    }

    /** Scripts by the ids of the plugins that they are. */
    Map<String, Path> scripts() {
        return scripts;
    }

    /** Sources that may have constants for build scripts. */
    List<Path> constants() {
        return constants;
    }

    /** The build scripts of the plugins. */
    List<Path> builds() {
        return builds;
    }

    /** All that was read. */
    Set<Path> files() {
        return files;
    }
}
