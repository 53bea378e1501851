package samlocal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import samlocal.base.Fault;

/** Where the template is. */
final class TemplateFile {
    private static final List<String> NAMES = List.of("template.yaml", "template.yml", "template.json");

    private TemplateFile() {
    }

    /** The template of the working folder, by the names that {@code sam} looks for, in its order. */
    static Path find() {
        return NAMES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow(() -> Fault.project(
                "no template.yaml, template.yml or template.json in this folder", null,
                "name one with `--template FILE`, or write a new project: samlocal init NAME"));
    }

    /** The template that a build below {@code .aws-sam} was made from, where it is found; else the same. */
    static Path source(Path template) {
        return Stream.iterate(template.toAbsolutePath().normalize(), Objects::nonNull, Path::getParent).skip(1)
                .filter(folder -> folder.endsWith(".aws-sam")).findFirst()
                .flatMap(build -> NAMES.stream().map(build::resolveSibling).filter(Files::isRegularFile).findFirst())
                .orElse(template);
    }
}
