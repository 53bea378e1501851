package samlocal.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.files.Tool;

/**
 * An interpreter on this machine.
 *
 * @param version such as {@code 3.12.1}
 * @param isManaged whether pip may not install packages for it (PEP 668)
 * @param path where it finds modules
 */
record Python(Path executable, String version, boolean isManaged, List<Path> path) {
    private static final boolean IS_WINDOWS = File.separatorChar == '\\';
    /** {@code PYTHONPYCACHEPREFIX} exists since this minor version. */
    private static final int OLDEST = 8;
    private static final List<List<String>> ON_PATH = IS_WINDOWS ? List.of(List.of("python"), List.of("py", "-3"))
            : List.of(List.of("python3"), List.of("python"));
    private static final String QUESTION = "import os, sys;"
            + " managed = os.path.join(os.path.dirname(os.__file__), 'EXTERNALLY-MANAGED');"
            + " print(sys.executable, '%d.%d.%d' % sys.version_info[:3],"
            + " sys.prefix == sys.base_prefix and os.path.exists(managed), *filter(None, sys.path), sep='\\n')";

    /** The program of a virtual environment in one of these folders; empty if there is none. */
    static Optional<Path> virtual(List<Path> folders) {
        return folders.stream().flatMap(folder -> Stream.of(".venv", "venv").map(folder::resolve))
                .map(Python::program).filter(Files::isExecutable).findFirst();
    }

    /** The interpreter in the folder of a virtual environment. */
    static Path program(Path environment) {
        return environment.resolve(IS_WINDOWS ? "Scripts/python.exe" : "bin/python");
    }

    /**
     * Asks an interpreter about itself, or the first one on the PATH, which may be a slow launcher.
     *
     * @param folder where a launcher looks for its settings
     * @throws Fault if there is none, or it does not work
     */
    static Python asked(Optional<Path> program, Path folder) {
        List<List<String>> commands = program.map(path -> List.of(List.of(path.toString()))).orElse(ON_PATH);
        List<String> failures = new ArrayList<>();
        for (List<String> command : commands) {
            Optional<Tool.Ran> ran = run(command, folder);
            if (ran.isEmpty()) continue;
            List<String> lines = ran.get().out().lines().toList();
            boolean isGood = ran.get().status() == 0 && lines.size() > 2;
            if (isGood && minor(lines.get(1)) >= OLDEST) {
                return new Python(Path.of(lines.get(0)), lines.get(1), lines.get(2).equals("True"),
                        lines.stream().skip(3).map(Path::of).toList());
            }
            failures.add("`" + String.join(" ", command) + "` " + (isGood ? "is Python " + lines.get(1)
                    : "fails: " + ran.get().err().strip().replaceAll("\\s+", " ")));
        }
        throw Fault.project(failures.isEmpty() ? "Python is not installed, or not on the PATH"
                : "no Python that can run functions: " + failures.get(0), null,
                "install Python 3." + OLDEST + " or later, from python.org or with a package manager, or create a"
                + " virtual environment in `.venv`");
    }

    /** Runs a command with the user's own environment; empty if there is no such program. */
    private static Optional<Tool.Ran> run(List<String> command, Path folder) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("-c", QUESTION));
        try {
            return Optional.of(Tool.run(whole, folder));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int minor(String version) {
        return version.matches("3\\.\\d+\\..*") ? Integer.parseInt(version.split("\\.")[1]) : 0;
    }

    /** Whether it has the minor version of a runtime such as {@code python3.12}. */
    boolean isOf(String runtime) {
        return ("python" + version).startsWith(runtime + ".");
    }
}
