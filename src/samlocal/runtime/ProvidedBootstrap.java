package samlocal.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.ShellWord;
import samlocal.compile.Codebase;
import samlocal.compile.ScriptCode;
import samlocal.sam.FunctionDefinition;

/** Runs the {@code bootstrap} of OS-only runtimes (Lambda Developer Guide, "When to use ... OS-only runtimes"). */
final class ProvidedBootstrap implements Interpreter {
    private static final String NAME = "bootstrap";

    @Override public Codebase codebase(Codebase.Key key, Runnable onErrors, boolean watches) {
        return new ScriptCode(key, NAME, Set.of(key.packaging().built().resolve(NAME)), onErrors, watches);
    }

    @Override public Launch launch(FunctionDefinition function, Codebase.Build build) {
        Path bootstrap = bootstrap(function, build).orElseThrow(() ->
                Fault.project(function.id() + " has " + missing(function), function.place(), advice(function)));
        if (!Files.isExecutable(bootstrap)) {
            throw Fault.project("`" + Place.display(bootstrap) + "` is not executable", null, executing(bootstrap));
        }
        return new Launch(List.of(bootstrap.toString()), Map.of(), bootstrap.getParent());
    }

    /** The program in the code, in the output of {@code sam build}, or in a layer. */
    private static Optional<Path> bootstrap(FunctionDefinition function, Codebase.Build build) {
        return Stream.of(Stream.of(build.folders().get(0), function.packaging().built()),
                build.folders().stream().skip(1)).flatMap(folders -> folders).map(folder -> folder.resolve(NAME))
                .filter(Files::isRegularFile).findFirst();
    }

    private static String executing(Path bootstrap) {
        return "run: chmod +x " + ShellWord.quoted(Place.display(bootstrap));
    }

    private static String missing(FunctionDefinition function) {
        return "no `" + NAME + "` in " + Place.display(function.code()) + " or "
                + Place.display(function.packaging().built());
    }

    private static String advice(FunctionDefinition function) {
        return "build it: sam build " + function.id();
    }

    @Override public List<String> check(FunctionDefinition function, Codebase.Build build) {
        Optional<Path> bootstrap = bootstrap(function, build);
        return bootstrap.isEmpty() ? List.of(missing(function), advice(function))
                : Files.isExecutable(bootstrap.get()) ? List.of()
                : List.of("`" + Place.display(bootstrap.get()) + "` is not executable", executing(bootstrap.get()));
    }
}
