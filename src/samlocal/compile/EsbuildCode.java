package samlocal.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Scratch;
import samlocal.files.Tool;

/**
 * Code that the project's esbuild bundles, as {@code sam build} does it for {@code BuildMethod: esbuild}
 * (aws-lambda-builders, {@code nodejs_npm_esbuild}). Bundles are in temporary folders, always with source maps.
 */
public final class EsbuildCode extends ScriptCode {
    private static final String ENTRY_POINTS = "EntryPoints";
    private static final String EXTERNAL = "External";
    /** Options not passed on: set here, not esbuild's, or such that it would write elsewhere or never end. */
    private static final Set<String> OWN = Set.of("entry-points", "use-npm-ci", "bundle", "platform", "outdir",
            "outfile", "metafile", "mangle-cache", "allow-overwrite", "serve", "servedir", "watch");
    /** Options whose values become parts of the paths of what is written. */
    private static final Set<String> PATHS = Set.of("entry-names", "chunk-names", "asset-names", "out-extension");
    private static final String ALL_PACKAGES = "./node_modules/*";
    /** An error of esbuild: message, and perhaps file, line, column counted from 0, source line and marker. */
    private static final Pattern ERROR = Pattern.compile("\\[ERROR\\] (.*)\\n"
            + "(?:\\n {4}(\\S.*?):(\\d+):(\\d+):\\n.*\\n[^~^\\n]*([~^]*))?");
    private static final Pattern UNRESOLVED = Pattern.compile("Could not resolve \"([^\"]+)\".*");
    private final Map<String, Object> properties;
    private final BooleanSupplier stripsTypes;
    private Path last;
    private Path lastButOne;

    /** @param stripsTypes whether Node runs TypeScript itself, which is used if the project has no esbuild */
    public EsbuildCode(Key key, Runnable onErrors, boolean watches, BooleanSupplier stripsTypes) {
        super(key, "index.js", onErrors, watches);
        this.properties = key.packaging().esbuild();
        this.stripsTypes = stripsTypes;
    }

    /** The entry points in the template, relative to the code; those without an extension are completed. */
    public static List<Path> entryPoints(Map<String, Object> properties, Path code) {
        List<?> named = properties.get(ENTRY_POINTS) instanceof List<?> list ? list : List.of();
        return named.stream().map(String::valueOf).map(name -> Stream.of(name, name + ".ts", name + ".js")
                .map(code::resolve).filter(Files::isRegularFile).findFirst().orElse(code.resolve(name)).normalize())
                .toList();
    }

    @Override protected Bundle bundled(Path folder) {
        Set<Path> inputs = settings(folder);
        List<Path> entries = entryPoints(properties, folder);
        List<Problem> missing = entries.stream().filter(entry -> !Files.isRegularFile(entry)).map(entry ->
                new Problem("the entry point `" + Place.display(entry) + "` does not exist", null,
                        Nearest.hint(String.valueOf(entry.getFileName()), names(entry.getParent())))).toList();
        if (!missing.isEmpty()) return new Bundle(folder, missing, "bundled", inputs);
        Optional<Path> esbuild = NodePackages.folders(folder).stream()
                .flatMap(packages -> Tool.named(packages.resolve(".bin"), "esbuild")).findFirst()
                .or(() -> Tool.onPath("esbuild"));
        try {
            return esbuild.isPresent() ? built(esbuild.get(), folder, entries, inputs)
                    : unbundled(folder, entries, inputs);
        } catch (IOException e) {
            return failed(folder, inputs, new Problem("cannot run esbuild: " + Fault.reason(e), null, null));
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The files outside the code that decide how it is bundled, also those that may be created. */
    private static Set<Path> settings(Path folder) {
        return NodePackages.around(folder).flatMap(each -> Stream.of("package.json", "tsconfig.json", "node_modules")
                .map(each::resolve)).collect(Collectors.toCollection(HashSet::new));
    }

    private static Bundle failed(Path folder, Set<Path> inputs, Problem problem) {
        return new Bundle(folder, List.of(problem), "bundled", inputs);
    }

    /** Without esbuild, Node runs what it can. */
    private Bundle unbundled(Path folder, List<Path> entries, Set<Path> inputs) {
        boolean isScript = entries.stream().allMatch(entry -> entry.toString().matches(".*\\.[cm]?js"));
        if (isScript || stripsTypes.getAsBoolean()) {
            Path common = entries.stream().map(Path::getParent).reduce(EsbuildCode::common).orElse(folder);
            return new Bundle(common, List.of(), "reloaded", inputs);
        }
        return failed(folder, inputs, new Problem("esbuild is not installed", null,
                NodePackages.command("esbuild", folder) + ", or use Node 22.6 or newer, which runs TypeScript"));
    }

    private static Path common(Path one, Path other) {
        return other.startsWith(one) ? one : common(one.getParent(), other);
    }

    private Bundle built(Path esbuild, Path folder, List<Path> entries, Set<Path> inputs) throws IOException {
        if (lastButOne != null) Scratch.delete(lastButOne);
        lastButOne = last;
        last = Scratch.folder();
        Path out = last.resolve("out");
        Path report = last.resolve("inputs.json");
        List<String> command = new ArrayList<>(List.of(esbuild.toString()));
        entries.forEach(entry -> command.add(folder.relativize(entry).toString()));
        command.addAll(List.of("--bundle", "--platform=node", "--outdir=" + out, "--metafile=" + report,
                "--log-level=error", "--log-limit=0", "--color=false"));
        command.addAll(options(folder));
        Tool.Ran ran = Tool.run(command, folder);
        if (ran.status() != 0) return new Bundle(folder, errors(ran.err(), folder), "bundled", inputs);
        if (Json.read(Files.readString(report)) instanceof Map<?, ?> fields
                && fields.get("inputs") instanceof Map<?, ?> files) {
            files.keySet().stream().map(String::valueOf).filter(name -> !name.contains("node_modules/"))
                    .map(name -> folder.resolve(name).normalize()).filter(Files::exists).forEach(inputs::add);
        }
        return new Bundle(out, List.of(), "bundled", inputs);
    }

    /** The options for the properties; esbuild's names are theirs in kebab case. */
    private List<String> options(Path folder) {
        List<String> options = new ArrayList<>();
        Map.of("Target", "--target=es2020", "Format", "--format=cjs", "Minify", "--minify").forEach((name, option) -> {
            if (!properties.containsKey(name)) options.add(option);
        });
        if (isFalse(properties.get("Sourcemap"))) options.add("--sourcemap");
        boolean bundlesNothing = properties.get(EXTERNAL) instanceof List<?> names && names.contains(ALL_PACKAGES);
        if (bundlesNothing) dependencies(folder).forEach(name -> options.add("--external:" + name));
        properties.forEach((name, value) -> {
            String kebab = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
            boolean isOwn = OWN.contains(kebab) || bundlesNothing && name.equals(EXTERNAL);
            boolean leadsOut = PATHS.contains(kebab) && String.valueOf(value).contains("..");
            if (isOwn || leadsOut || !kebab.matches("[a-z-]+") || isFalse(value)) return;
            String option = "--" + kebab;
            if (value instanceof List<?> items) items.forEach(item -> options.add(option + ":" + item));
            else options.add("true".equals(String.valueOf(value)) ? option : option + "=" + value);
        });
        return options;
    }

    private static boolean isFalse(Object value) {
        return value == null || "false".equals(String.valueOf(value));
    }

    private static Set<String> dependencies(Path folder) {
        try {
            return Json.read(Files.readString(folder.resolve("package.json"))) instanceof Map<?, ?> fields
                    && fields.get("dependencies") instanceof Map<?, ?> names
                    ? names.keySet().stream().map(String::valueOf).collect(Collectors.toSet()) : Set.of();
        } catch (IOException e) {
            return Set.of();
        }
    }

    private static List<Problem> errors(String log, Path folder) {
        List<Problem> errors = ERROR.matcher(log).results().map(error -> {
            Matcher unresolved = UNRESOLVED.matcher(error.group(1));
            Path file = error.group(2) == null ? null : folder.resolve(error.group(2)).normalize();
            String hint = !unresolved.matches() ? null : NodePackages.advice(unresolved.group(1),
                    file == null ? folder : file.getParent()).orElse(null);
            Place place = file == null ? null : new Place(Place.display(file), Place.lines(file),
                    Integer.parseInt(error.group(3)), Integer.parseInt(error.group(4)) + 1,
                    error.group(5).length());
            return new Problem(error.group(1), place, hint);
        }).toList();
        return !errors.isEmpty() ? errors : List.of(new Problem("esbuild failed: "
                + log.strip().lines().findFirst().orElse("no reason given"), null, null));
    }
}
