package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Resource;
import samlocal.compile.Codebase;
import samlocal.compile.ScriptCode;
import samlocal.files.Cache;
import samlocal.files.Scratch;
import samlocal.sam.FunctionDefinition;

/** Runs Python functions, with the interpreter of the project's virtual environment if there is one. */
final class PythonInterpreter implements Interpreter {
    private static final String NAME = "bootstrap.py";
    private static final int HIGHEST = 6;
    private final Map<Path, Path> interpreters = new ConcurrentHashMap<>();
    private Path bootstrap;

    @Override public Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches) {
        return new ScriptCode(key, "index.py", onErrors, watches);
    }

    @Override public Launch launch(FunctionDefinition function, Codebase.Build build) {
        Path code = build.folders().get(0);
        String path = build.folders().stream().skip(1).flatMap(layer -> packages(layer, function.runtime()))
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return new Launch(List.of(interpreter(code).toString(), "-u", bootstrap().toString()), Map.of(
                "PYTHONPATH", path,
                "PYTHONPYCACHEPREFIX", Cache.folder().resolve("pycache").toString()), code);
    }

    /** Lambda Developer Guide, "Working with layers for Python Lambda functions". */
    private static Stream<Path> packages(Path layer, String runtime) {
        List<Path> folders = Stream.of("python", "python/lib/" + runtime + "/site-packages").map(layer::resolve)
                .filter(Files::isDirectory).toList();
        return folders.isEmpty() ? Stream.of(layer) : folders.stream();
    }

    private Path interpreter(Path code) {
        return Stream.iterate(code, folder -> folder != null, Path::getParent).limit(HIGHEST)
                .flatMap(folder -> Stream.of(".venv", "venv").map(folder::resolve))
                .flatMap(venv -> Stream.of("bin/python3", "bin/python", "Scripts/python.exe").map(venv::resolve))
                .filter(Files::isExecutable).findFirst()
                .orElseGet(() -> interpreters.computeIfAbsent(Path.of("python3"), name -> find()));
    }

    private static Path find() {
        return Path.of("python3");
    }

    private synchronized Path bootstrap() {
        try {
            if (bootstrap == null) {
                String text = Resource.text(PythonInterpreter.class, "bootstrap.py");
                bootstrap = Scratch.written(Map.of(NAME, text.getBytes(UTF_8))).resolve(NAME);
            }
            return bootstrap;
        } catch (IOException e) {
            throw Fault.project("cannot write to a temporary folder: " + Fault.reason(e));
        }
    }

    @Override public List<String> check(FunctionDefinition function, Codebase.Build build) {
        return List.of();
    }
}
