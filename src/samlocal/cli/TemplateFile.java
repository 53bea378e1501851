package samlocal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import samlocal.base.Fault;

/** Finds the template. */
final class TemplateFile {
    private static final List<String> NAMES = List.of("template.yaml", "template.yml", "template.json");

    private TemplateFile() {
    }

    /** The template in the working folder; names and order as in {@code sam}. */
    static Path find() {
        return NAMES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow(() -> Fault.project(
                "no template.yaml, template.yml or template.json in this folder", null,
                "specify one with `--template FILE`, or create a project: samlocal init NAME"));
    }

    /** The source of a template below {@code .aws-sam}, if found; else the template itself. */
    static Path source(Path template) {
        return Stream.iterate(template.toAbsolutePath().normalize(), Objects::nonNull, Path::getParent).skip(1)
                .filter(folder -> folder.endsWith(".aws-sam")).findFirst()
                .flatMap(build -> NAMES.stream().map(build::resolveSibling).filter(Files::isRegularFile).findFirst())
                .orElse(template);
    }
}
