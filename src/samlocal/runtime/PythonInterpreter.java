package samlocal.runtime;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Resource;
import samlocal.base.ShellWord;
import samlocal.compile.Codebase;
import samlocal.compile.ScriptCode;
import samlocal.files.Cache;
import samlocal.sam.FunctionDefinition;

/** Runs Python functions, with the interpreter of the project's virtual environment if there is one. */
final class PythonInterpreter implements Interpreter {
    private static final String PARSE = "import ast, sys; ast.parse(open(sys.argv[1], 'rb').read(), sys.argv[1])";
    private static final String REQUIREMENTS = "requirements.txt";
    /** Packages that AWS's runtime has (Lambda Developer Guide, "Runtime-included SDK versions"). */
    private static final Set<String> OF_AWS = Set.of("boto3", "botocore", "s3transfer", "jmespath");
    private final Map<List<Object>, Python> interpreters = new ConcurrentHashMap<>();
    private final Set<String> noted = ConcurrentHashMap.newKeySet();
    private final BootstrapFile bootstrap = new BootstrapFile("bootstrap.py",
            Resource.text(PythonInterpreter.class, "python/bootstrap.py"));

    @Override public Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches) {
        return new ScriptCode(key, "index.py", onErrors, watches);
    }

    @Override public Launch launch(FunctionDefinition function, Codebase.Build build) {
        Path code = build.folders().get(0);
        Python python = python(function);
        List<String> path = packages(function, build).stream().map(Path::toString)
                .collect(Collectors.toCollection(ArrayList::new));
        function.variable("PYTHONPATH").filter(own -> !own.isEmpty())
                .ifPresent(own -> path.add(own.replace("/var/task", code.toString())));
        Map<String, String> variables = Map.of("PYTHONPATH", String.join(File.pathSeparator, path),
                "PYTHONPYCACHEPREFIX", Cache.folder().resolve("pycache").toString());
        return new Launch(List.of(python.executable().toString(), "-u", "-X", "utf8", bootstrap.path().toString()),
                variables, code, note(function, python));
    }

    /** With debugpy, or with the debugger that the options name with {@code -m}, as {@code sam local} does. */
    @Override public Launch debugged(Launch launch, Debug debug) {
        List<String> command = new ArrayList<>(launch.command());
        int script = command.size() - 1;
        command.addAll(script, debug.options());
        if (!debug.options().contains("-m")) {
            requireDebugpy(launch);
            if (debug.waits()) command.add(script + debug.options().size(), "--wait-for-client");
            command.addAll(script + debug.options().size(), List.of("-X", "frozen_modules=off",
                    "-m", "debugpy", "--listen", "127.0.0.1:" + debug.port()));
        }
        return new Launch(command, launch.variables(), launch.folder(), launch.note());
    }

    private void requireDebugpy(Launch launch) {
        Path executable = Path.of(launch.command().get(0));
        Stream<Path> installed = interpreters.values().stream().filter(each -> each.executable().equals(executable))
                .flatMap(each -> each.path().stream());
        Stream<Path> own = Stream.of(launch.variables().get("PYTHONPATH").split(File.pathSeparator)).map(Path::of);
        if (Stream.concat(installed, own).anyMatch(folder -> Files.exists(folder.resolve("debugpy")))) return;
        throw Fault.project("debugging needs debugpy", null, "install it: " + word(executable)
                + " -m pip install debugpy");
    }

    /** Said once for each function. */
    private String note(FunctionDefinition function, Python python) {
        return python.isOf(function.runtime()) || !noted.add(function.id()) ? null
                : "note: runs on Python " + python.version() + ", on AWS on " + function.runtime() + ": "
                + Place.display(python.executable());
    }

    /**
     * The folders with the packages of layers, that of the last layer first, because it replaces files of those before
     * it (Lambda Developer Guide, "Adding layers to functions", "Working with layers for Python Lambda functions").
     */
    private static List<Path> packages(FunctionDefinition function, Codebase.Build build) {
        List<Path> folders = new ArrayList<>();
        for (Path layer : build.folders().subList(1, build.folders().size())) {
            List<Path> own = Stream.of("python/lib/" + function.runtime() + "/site-packages", "python")
                    .map(layer::resolve).filter(Files::isDirectory).toList();
            folders.addAll(0, own.isEmpty() ? List.of(layer) : own); // before `sam build` its root has the modules
        }
        return folders;
    }

    private Python python(FunctionDefinition function) {
        Path folder = Files.isDirectory(function.code()) ? function.code() : function.code().getParent();
        Optional<Path> virtual = Python.virtual(folders(function));
        return interpreters.computeIfAbsent(List.of(virtual, folder), key -> Python.asked(virtual, folder));
    }

    /** The folders around the code, nearest first, up to that of the repository or of the template. */
    private static List<Path> folders(FunctionDefinition function) {
        List<Path> all = Stream.iterate(function.code(), folder -> folder != null, Path::getParent).toList();
        Path template = template(function);
        Path top = all.stream().filter(folder -> Files.exists(folder.resolve(".git"))).findFirst().orElse(template);
        return Stream.concat(all.stream().filter(folder -> folder.startsWith(top)), Stream.of(template)).distinct()
                .toList();
    }

    /** The folder of the template. */
    private static Path template(FunctionDefinition function) {
        return Stream.iterate(function.packaging().built(), Path::getParent)
                .filter(folder -> folder.endsWith(".aws-sam")).findFirst().orElseThrow().getParent();
    }

    // ---- Advice --------------------------------------------------------------------------------------------------

    @Override public List<String> check(FunctionDefinition function, Codebase.Build build) {
        List<String> problem = problem(function, build);
        Optional<Path> file = new PythonHandler(function.handler(), build).file(roots(function, build));
        if (!problem.isEmpty() || file.isEmpty()) return problem;
        return SyntaxCheck.of(List.of(python(function).executable().toString(), "-c", PARSE), file.get());
    }

    private static List<Path> roots(FunctionDefinition function, Codebase.Build build) {
        List<Path> roots = new ArrayList<>(List.of(build.folders().get(0)));
        roots.addAll(packages(function, build));
        return roots;
    }

    /** What the text of the modules shows. */
    private List<String> problem(FunctionDefinition function, Codebase.Build build) {
        PythonHandler handler = new PythonHandler(function.handler(), build);
        List<String> problem = handler.problem(roots(function, build));
        if (problem.isEmpty() || !function.layers().areComplete()) return List.of();
        try {
            return handler.isIn(python(function).path()) ? List.of() : problem;
        } catch (Fault e) {
            return problem; // reported when it is to run
        }
    }

    @Override public Optional<String> advice(FunctionDefinition function, Codebase.Build build, ReportedError error) {
        List<String> problem = error.isOfRuntime() ? problem(function, build) : List.of();
        if (!problem.isEmpty()) return problem.stream().skip(1).findFirst();
        return error.missing().isEmpty() ? Optional.empty() : Optional.of(install(function, build, error.missing()));
    }

    /** How to install a missing module. */
    private String install(FunctionDefinition function, Codebase.Build build, String module) {
        String name = module.replaceFirst("\\..*", "");
        Stream<Path> ofLayers = build.folders().stream().skip(1)
                .flatMap(layer -> Stream.of(layer, layer.resolve("python")));
        List<Path> files = Stream.concat(folders(function).stream(), ofLayers)
                .map(folder -> folder.resolve(REQUIREMENTS)).filter(Files::isRegularFile).toList();
        Optional<Path> file = files.stream().filter(each -> lists(each, name)).findFirst()
                .or(() -> OF_AWS.contains(name) ? Optional.empty() : files.stream().findFirst());
        Python python = python(function);
        String what = file.map(path -> "-r " + word(path)).orElse(ShellWord.quoted(name));
        Path environment = template(function).resolve(".venv");
        String command = !python.isManaged() ? word(python.executable()) : word(python.executable()) + " -m venv "
                + word(environment) + " && " + word(Python.program(environment));
        String how = command + " -m pip install " + what;
        return OF_AWS.contains(name) ? "`" + name + "`, which AWS's runtime includes, is missing here: " + how
                : function.layers().areComplete() ? "install it: " + how
                : "if a layer has it, give its content with `--layer ARN=PATH`, else install it: " + how;
    }

    private static boolean lists(Path requirements, String name) {
        String normal = name.replace('_', '-');
        return Place.lines(requirements).stream().map(line -> line.strip().replace('_', '-'))
                .anyMatch(line -> line.matches("(?i)\\Q" + normal + "\\E(?![\\w-]).*"));
    }

    private static String word(Path path) {
        return ShellWord.quoted(Place.display(path));
    }
}
