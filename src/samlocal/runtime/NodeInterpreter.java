package samlocal.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Resource;
import samlocal.compile.Codebase;
import samlocal.compile.EsbuildCode;
import samlocal.compile.NodePackages;
import samlocal.compile.ScriptCode;
import samlocal.sam.FunctionDefinition;

/** Runs Node functions, with the {@code node} on the PATH. */
final class NodeInterpreter implements Interpreter {
    private static final String TYPES = "add `Metadata: {BuildMethod: esbuild}` to the function, for `sam build`, too";
    private final Set<String> noted = ConcurrentHashMap.newKeySet();
    private NodeProgram node;
    private final BootstrapFile bootstrap = new BootstrapFile("bootstrap.cjs",
            Resource.text(NodeInterpreter.class, "node/bootstrap.cjs"));

    @Override public Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches) {
        return key.packaging().esbuild() == null ? new ScriptCode(key, "index.js", onErrors, watches)
                : new EsbuildCode(key, onErrors, watches, () -> node(key.code()).stripsTypes());
    }

    @Override public Launch launch(FunctionDefinition function, Codebase.Build build) {
        Path code = build.folders().get(0);
        boolean isBundled = function.packaging().esbuild() != null;
        untranslated(function, code).ifPresent(problem -> {
            throw Fault.project(problem, function.place(), TYPES);
        });
        NodeProgram found = node(Files.isDirectory(function.code()) ? function.code() : code);
        List<String> command = new ArrayList<>(List.of(found.program().toString()));
        Map<String, String> variables = new HashMap<>();
        if (isBundled) command.add("--enable-source-maps");
        if (isBundled && found.stripsTypes()) {
            command.addAll(List.of("--experimental-strip-types", "--disable-warning=ExperimentalWarning"));
            variables.put("SAMLOCAL_TYPES", "1");
        }
        command.add(bootstrap.path().toString());
        variables.putAll(search(function, build));
        return new Launch(command, variables, code, note(function, found));
    }

    @Override public Launch debugged(Launch launch, Debug debug) {
        List<String> command = new ArrayList<>(launch.command());
        command.add(1, (debug.waits() ? "--inspect-brk=" : "--inspect=") + debug.port());
        command.addAll(2, debug.options());
        return new Launch(command, launch.variables(), launch.folder(), launch.note());
    }

    /** Where packages are: Lambda Developer Guide, "Working with layers for Node.js", and AWS's NODE_PATH. */
    private static Map<String, String> search(FunctionDefinition function, Codebase.Build build) {
        List<Path> layers = new ArrayList<>(build.folders().stream().skip(1).toList());
        Collections.reverse(layers); // a later layer overrides an earlier one
        String release = function.runtime().replaceAll("nodejs(\\d+).*", "node$1");
        List<Path> packages = Stream.concat(layers.stream().flatMap(layer ->
                Stream.of("nodejs/" + release + "/node_modules", "nodejs/node_modules", "node_modules")
                        .map(layer::resolve).filter(Files::isDirectory)),
                function.packaging().esbuild() == null ? Stream.of()
                        : NodePackages.folders(function.code()).stream()).toList();
        Map<String, String> variables = new HashMap<>();
        String own = function.variable("NODE_PATH").orElse("");
        variables.put("NODE_PATH", Stream.of(Stream.of(own).filter(path -> !path.isEmpty()),
                packages.stream().map(Path::toString), Stream.of(build.folders().get(0).toString()))
                .flatMap(paths -> paths).collect(Collectors.joining(File.pathSeparator)));
        if (!packages.isEmpty()) variables.put("SAMLOCAL_MODULES", joined(packages));
        if (!layers.isEmpty()) variables.put("SAMLOCAL_LAYERS", joined(layers));
        return variables;
    }

    private static String joined(List<Path> folders) {
        return folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** A note about another version than on AWS, once for each function. */
    private String note(FunctionDefinition function, NodeProgram found) {
        boolean isSame = function.runtime().equals("nodejs" + found.major() + ".x");
        return isSame || !noted.add(function.id()) ? null
                : "note: runs on Node " + found.major() + ", on AWS on " + function.runtime();
    }

    private synchronized NodeProgram node(Path folder) {
        if (node == null) node = NodeProgram.in(folder);
        return node;
    }

    /** The problem if the handler's module is in TypeScript and nothing translates it. */
    private static Optional<String> untranslated(FunctionDefinition function, Path code) {
        if (function.packaging().esbuild() != null) return Optional.empty();
        return NodeHandler.of(function.handler()).filter(handler -> handler.file(code).isEmpty())
                .flatMap(handler -> handler.typeScript(code))
                .map(file -> "`" + Place.display(file) + "` is TypeScript, which AWS's Node does not run");
    }

    @Override public List<String> check(FunctionDefinition function, Codebase.Build build) {
        Path code = build.folders().get(0);
        Optional<NodeHandler> handler = NodeHandler.of(function.handler());
        if (handler.isEmpty()) {
            return List.of("`" + function.handler() + "` names no function", "write `file.function`");
        }
        Optional<String> problem = untranslated(function, code);
        if (problem.isPresent()) return List.of(problem.get(), TYPES);
        Optional<Path> file = handler.get().file(code).or(() -> function.packaging().esbuild() == null
                ? Optional.empty() : handler.get().typeScript(code));
        if (file.isEmpty()) return missing(function, handler.get(), code);
        List<String> export = checkExport(handler.get(), source(function, file.get()));
        boolean isScript = file.get().toString().matches(".*\\.[cm]?js");
        return !export.isEmpty() || !isScript ? export
                : SyntaxCheck.of(List.of(node(code).program().toString(), "--check"), file.get());
    }

    private static List<String> missing(FunctionDefinition function, NodeHandler handler, Path code) {
        String message = "no module `" + handler.module() + "` in " + Place.display(
                function.packaging().esbuild() == null ? code : function.code());
        List<Path> entries = function.packaging().esbuild() == null ? List.of()
                : EsbuildCode.entryPoints(function.packaging().esbuild(), function.code());
        Path folder = code.resolve(handler.module()).getParent();
        Set<String> modules = Stream.concat(entries.stream(), scripts(folder)).map(NodeInterpreter::stem)
                .collect(Collectors.toSet());
        int slash = handler.module().lastIndexOf('/') + 1;
        return Nearest.to(handler.module().substring(slash), modules)
                .map(name -> List.of(message, Nearest.hint(handler.module().substring(0, slash) + name)))
                .orElse(List.of(message));
    }

    private static Stream<Path> scripts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.[cm]?js")).toList().stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.\\w+$", "");
    }

    /** The source of a module: the file itself, or the entry point that was bundled. */
    private static Path source(FunctionDefinition function, Path file) {
        if (function.packaging().esbuild() == null) return file;
        return EsbuildCode.entryPoints(function.packaging().esbuild(), function.code()).stream()
                .filter(entry -> stem(entry).equals(stem(file))).findFirst().orElse(file);
    }

    private static List<String> checkExport(NodeHandler handler, Path file) {
        Optional<Set<String>> exports = Files.isRegularFile(file) ? NodeHandler.exports(Place.lines(file))
                : Optional.empty();
        boolean isGood = exports.isEmpty() || exports.get().contains(handler.export());
        if (isGood) return List.of();
        String message = "`" + Place.display(file) + "` does not export `" + handler.export() + "`";
        String all = exports.get().isEmpty() ? "it exports nothing" : "it exports " + String.join(", ", exports.get());
        return List.of(message, Nearest.hint(handler.export(), exports.get(), all));
    }

    @Override public Optional<String> advice(FunctionDefinition function, Codebase.Build build, ReportedError error) {
        return MissingNodeModule.adviceOn(error, build);
    }
}
