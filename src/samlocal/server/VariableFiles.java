package samlocal.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import samlocal.base.Problem;
import samlocal.sam.FunctionDefinition;

/** The files with environment variables that options name; each may be null. */
final class VariableFiles {
    private final Path file;
    private final Path more;
    private Variables variables;
    private Variables moreVariables;

    /** @param more overrides {@code file} */
    VariableFiles(Path file, Path more) {
        this.file = file;
        this.more = more;
    }

    /** Reads the files again; a pipe, such as the shell's {@code <(command)}, can be read only once. */
    void read() {
        if (variables == null || !isPipe()) variables = Variables.read(file);
        if (moreVariables == null) moreVariables = Variables.read(more);
    }

    private boolean isPipe() {
        return file != null && Files.exists(file) && !Files.isRegularFile(file);
    }

    /** The files whose changes are noticed. */
    List<Path> watched() {
        return file == null || isPipe() ? List.of() : List.of(file);
    }

    /** The variables of a function. */
    Map<String, String> of(FunctionDefinition function) {
        Map<String, String> all = new LinkedHashMap<>(variables.declaredOf(function));
        all.putAll(moreVariables.of(function));
        return all;
    }

    /** Warnings about variables that no function declares. */
    List<Problem> ignored(List<FunctionDefinition> functions) {
        return file == null ? List.of() : variables.ignored(file, functions);
    }
}
