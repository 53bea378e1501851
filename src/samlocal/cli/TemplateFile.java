package samlocal.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;

/** Finds the template. */
final class TemplateFile {
    private static final List<String> NAMES = List.of("template.yaml", "template.yml", "template.json");
    private static final Set<String> NO_SOURCES = Set.of("node_modules", "target", "build", "out", "bin");
    private static final int DEPTH = 3;
    private static final int MOST_VISITED = 5_000;
    private static final int MOST_NAMED = 3;

    private TemplateFile() {
    }

    /** The template in the working folder, names and order as in {@code sam}; else that of a CDK app. */
    static Path find() {
        return NAMES.stream().map(Path::of).filter(Files::exists).findFirst().orElseGet(TemplateFile::ofApp);
    }

    private static Path ofApp() {
        CdkOutput app = new CdkOutput(Path.of(""));
        if (app.isApp()) return app.template();
        throw Fault.project("no template.yaml, template.yml or template.json in this folder", null,
                hint(below(Path.of(""))));
    }

    /** @param files templates, and {@code cdk.json} of apps */
    private static String hint(List<Path> files) {
        List<Path> below = files.stream().flatMap(file -> file.endsWith(CdkOutput.APP)
                ? new CdkOutput(file.getParent()).templates().stream() : Stream.of(file)).toList();
        if (below.isEmpty() && !files.isEmpty()) {
            return "run `cdk synth` in `" + files.get(0).getParent() + "`, and samlocal there";
        }
        if (below.isEmpty()) return "specify one with `--template FILE`, or create a project: samlocal init NAME";
        return "write `--template " + below.stream().limit(MOST_NAMED).map(Path::toString)
                .collect(Collectors.joining("`, or `--template ")) + "`" + (below.size() > MOST_NAMED ? ", ..." : "");
    }

    /** The templates and CDK apps in folders below, as far as they are found in no time. */
    private static List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, Set.of(), DEPTH, new SimpleFileVisitor<>() {
                private int visited;

                @Override public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    String name = path.getFileName().toString();
                    return name.startsWith(".") || NO_SOURCES.contains(name) ? FileVisitResult.SKIP_SUBTREE : next();
                }

                @Override public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    String name = path.getFileName().toString();
                    if (NAMES.contains(name) || name.equals(CdkOutput.APP)) found.add(path);
                    return next();
                }

                @Override public FileVisitResult visitFileFailed(Path path, IOException e) {
                    return next();
                }

                private FileVisitResult next() {
                    return ++visited < MOST_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }
            });
        } catch (IOException e) {
            return List.of();
        }
        return found.stream().sorted().toList();
    }

    /** The source of a template below {@code .aws-sam}, if found; else the template itself. */
    static Path source(Path template) {
        return Stream.iterate(template.toAbsolutePath().normalize(), Objects::nonNull, Path::getParent).skip(1)
                .filter(folder -> folder.endsWith(".aws-sam")).findFirst()
                .flatMap(build -> NAMES.stream().map(build::resolveSibling).filter(Files::isRegularFile).findFirst())
                .orElse(template);
    }
}
