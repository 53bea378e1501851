package samlocal.lambda;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.files.Scratch;

/**
 * The folder that {@code LAMBDA_TASK_ROOT} names (Lambda Developer Guide, "Defined runtime environment variables"). It
 * has the resources of the deployed package's root, as links to the project's files or, if links are not supported, as
 * copies. It is created when code reads the variable, because few functions do.
 */
final class TaskRoot {
    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|kt|scala|groovy)");
    private final Supplier<List<Path>> contents;
    private final FunctionLog log;
    private Path folder;

    /**
     * The folder of one execution environment.
     *
     * @param contents folders whose files are at the root; the first of files with the same name wins
     * @param log receives failures
     */
    TaskRoot(Supplier<List<Path>> contents, FunctionLog log) {
        this.contents = contents;
        this.log = log;
    }

    /** Updates the folder and returns it. */
    synchronized Path use() {
        try {
            if (folder == null) folder = Scratch.folder();
            merge(contents.get(), folder);
        } catch (IOException e) {
            log.println("the folder of LAMBDA_TASK_ROOT is not complete: " + Fault.reason(e));
        } catch (UncheckedIOException | Fault e) {
            log.println("the folder of LAMBDA_TASK_ROOT is not complete: " + e.getMessage());
        }
        return folder == null ? Path.of("/var/task") : folder;
    }

    /** Updates the folder if code has read the variable. */
    synchronized void refresh() {
        if (folder != null) use();
    }

    synchronized void delete() {
        if (folder != null) Scratch.delete(folder);
    }

    /** Merges the files of all sources into a folder. */
    private static void merge(List<Path> sources, Path target) throws IOException {
        Map<String, List<Path>> wanted = new TreeMap<>();
        for (Path source : sources) {
            children(source).stream().filter(file -> !SOURCE.matcher(file.toString()).matches()).forEach(file ->
                    wanted.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>()).add(file));
        }
        if (Files.isSymbolicLink(target)) Files.delete(target);
        Files.createDirectories(target);
        for (Path old : children(target)) if (!wanted.containsKey(old.getFileName().toString())) Scratch.delete(old);
        for (Map.Entry<String, List<Path>> each : wanted.entrySet()) {
            place(each.getValue(), target.resolve(each.getKey()));
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    /** Places the first of several files or folders of the same name; folders are merged. */
    private static void place(List<Path> same, Path target) throws IOException {
        boolean areFolders = same.stream().allMatch(Files::isDirectory);
        if (areFolders && same.size() > 1) merge(same, target);
        else link(same.get(0).toAbsolutePath(), target);
    }

    private static void link(Path source, Path target) throws IOException {
        boolean isLinked = Files.isSymbolicLink(target) && Files.readSymbolicLink(target).equals(source);
        if (isLinked) return;
        try {
            if (Files.isSymbolicLink(target)) Files.delete(target);
            Files.createSymbolicLink(target, source);
        } catch (IOException | UnsupportedOperationException e) { // Windows without the privilege to create links
            copy(source, target);
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        boolean isFolder = Files.isDirectory(source);
        if (Files.isDirectory(target) && !isFolder) Scratch.delete(target);
        if (isFolder) merge(List.of(source), target);
        else if (!isCopied(source, target)) Files.copy(source, target, REPLACE_EXISTING, COPY_ATTRIBUTES);
    }

    private static boolean isCopied(Path source, Path target) throws IOException {
        return Files.exists(target) && Files.size(source) == Files.size(target)
                && Files.getLastModifiedTime(source).equals(Files.getLastModifiedTime(target));
    }
}
