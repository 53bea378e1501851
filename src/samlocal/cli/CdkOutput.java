package samlocal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;

/**
 * Finds the templates that {@code cdk synth} writes for an app of the AWS CDK (AWS CDK, "Cloud Assembly specification":
 * {@code manifest.json} lists the artifacts of an output folder).
 *
 * @param folder the folder of {@code cdk.json}
 */
record CdkOutput(Path folder) {
    static final String APP = "cdk.json";
    private static final String SYNTH = "run `cdk synth`: samlocal reads the templates that it writes";
    private static final Pattern FUNCTION = Pattern.compile("\"AWS::(Lambda|Serverless)::Function\"");
    private static final Pattern JAVA = Pattern.compile("\"Runtime\"\\s*:\\s*\"java|\"PackageType\"\\s*:\\s*\"Image\"");

    boolean isApp() {
        return Files.isRegularFile(folder.resolve(APP));
    }

    /**
     * The template to serve: the only one, or the only one with functions that can be Java.
     *
     * @throws Fault if the app has not been synthesized, or if there are several
     */
    Path template() {
        List<Path> all = templates();
        if (all.isEmpty()) {
            throw Fault.project("no template: this folder has `cdk.json`, but `" + Place.display(output())
                    + "` has no stack", null, SYNTH);
        }
        List<Path> served = all.stream().filter(CdkOutput::hasFunctions).toList();
        List<Path> chosen = served.isEmpty() ? all : served;
        if (chosen.size() == 1) return chosen.get(0);
        throw Fault.project("this CDK app has several stacks" + (served.isEmpty() ? "" : " with functions"), null,
                "choose one: " + chosen.stream().map(each -> "`-t " + Place.display(each) + "`")
                .collect(Collectors.joining(", ")));
    }

    /** The templates of the app's stacks, in the order of the manifests; empty before {@code cdk synth}. */
    List<Path> templates() {
        return templates(output()).distinct().toList();
    }

    private Path output() {
        return folder.resolve(read(folder.resolve(APP)).get("output") instanceof String name ? name : "cdk.out");
    }

    /** {@code assembly}: an output folder, or the folder of a stage in it. */
    private static Stream<Path> templates(Path assembly) {
        Object artifacts = read(assembly.resolve("manifest.json")).get("artifacts");
        if (!(artifacts instanceof Map<?, ?> map)) return Stream.of();
        return map.values().stream().filter(Map.class::isInstance).flatMap(each -> {
            Map<?, ?> properties = ((Map<?, ?>) each).get("properties") instanceof Map<?, ?> some ? some : Map.of();
            if (properties.get("templateFile") instanceof String file) return Stream.of(assembly.resolve(file));
            return properties.get("directoryName") instanceof String name ? templates(assembly.resolve(name))
                    : Stream.of();
        }).filter(Files::isRegularFile);
    }

    private static boolean hasFunctions(Path template) {
        String text = text(template);
        return FUNCTION.matcher(text).find() && JAVA.matcher(text).find();
    }

    private static Map<?, ?> read(Path file) {
        try {
            return Json.read(text(file)) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static String text(Path file) {
        return Files.isRegularFile(file) ? String.join("\n", Place.lines(file)) : "";
    }
}
