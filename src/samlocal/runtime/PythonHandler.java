package samlocal.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.compile.Codebase;

/** A handler such as {@code folder/module.function}, compared with the text of the modules. */
final class PythonHandler {
    private static final String INIT = "/__init__.py";
    private final String handler;
    private final Codebase.Build build;
    /** The module's path, such as {@code folder/module}. */
    private final String module;
    private final String function;

    PythonHandler(String handler, Codebase.Build build) {
        int dot = handler.lastIndexOf('.');
        this.handler = handler;
        this.build = build;
        this.module = handler.substring(0, Math.max(0, dot)).replace('.', '/');
        this.function = handler.substring(dot + 1);
    }

    /** What is wrong and perhaps advice; empty if the function is, or may be, in a module below one of the roots. */
    List<String> problem(List<Path> roots) {
        Path code = roots.get(0);
        if (module.isEmpty()) {
            return List.of("`" + handler + "` does not name a module and a function",
                    function(code).map(Nearest::hint).orElse("write it as `module.function`"));
        }
        Optional<Path> file = file(roots);
        if (file.isEmpty()) {
            if (isIn(roots)) return List.of();
            return problem("`" + module + ".py` is not in " + Place.display(code), nearest(code));
        }
        PythonModule found = PythonModule.of(String.join("\n", Place.lines(file.get())));
        if (found.defines(function)) return List.of();
        return problem("`" + function + "` is not defined in " + Place.display(file.get()),
                nearest(found).map(name -> handler.substring(0, handler.length() - function.length()) + name));
    }

    /** The file of the module. */
    Optional<Path> file(List<Path> roots) {
        return roots.stream().flatMap(this::files).filter(Files::isRegularFile).findFirst();
    }

    private static List<String> problem(String message, Optional<String> meant) {
        return Stream.concat(Stream.of(message), meant.map(Nearest::hint).stream()).toList();
    }

    /** Whether one of these folders has the module in any form, such as a native one. */
    boolean isIn(List<Path> roots) {
        return !module.isEmpty() && roots.stream().map(root -> root.resolve(module)).anyMatch(PythonHandler::exists);
    }

    /** Whether there is a file or package for a module, given its path without extension. */
    private static boolean exists(Path module) {
        Path folder = module.getParent();
        String name = module.getFileName().toString();
        String[] files = folder.toFile().list();
        return files != null && Stream.of(files).anyMatch(file -> file.equals(name + ".py")
                || file.matches("\\Q" + name + "\\E\\.(.*\\.)?(so|pyd|pyc)")
                || file.equals(name) && Files.exists(folder.resolve(name + INIT)));
    }

    private Stream<Path> files(Path root) {
        return Stream.of(module + INIT, module + ".py").map(root::resolve);
    }

    /** The modules of the code, such as {@code folder/module}. */
    private TreeSet<String> modules(Path code) {
        return build.sources().stream().filter(file -> file.startsWith(code))
                .map(file -> code.relativize(file).toString().replace('\\', '/'))
                .filter(file -> file.endsWith(".py") && !file.endsWith(INIT))
                .map(file -> file.substring(0, file.length() - ".py".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The handler with the module that is probably meant: one with the same name elsewhere, or a similar name. */
    private Optional<String> nearest(Path code) {
        String name = module.substring(module.lastIndexOf('/') + 1);
        TreeSet<String> modules = modules(code);
        return modules.stream().filter(each -> each.substring(each.lastIndexOf('/') + 1).equals(name)).findFirst()
                .or(() -> Nearest.to(module, modules)).map(each -> each.replace('/', '.') + "." + function);
    }

    private Optional<String> nearest(PythonModule found) {
        List<String> functions = found.functions();
        return Nearest.to(function, functions).or(() -> functions.stream().filter(only -> functions.size() == 1)
                .findFirst());
    }

    /** The function of a module that is named without one. */
    private Optional<String> function(Path code) {
        PythonModule found = PythonModule.of(String.join("\n", Place.lines(code.resolve(handler + ".py"))));
        return found.functions().stream().filter(name -> name.contains("handler")).findFirst()
                .map(name -> handler + "." + name);
    }
}
