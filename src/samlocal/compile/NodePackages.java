package samlocal.compile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Place;

/** The npm packages around a folder of code. */
public final class NodePackages {
    private static final String FILE = "package.json";
    private static final Pattern PACKAGE = Pattern.compile("(@[\\w.~-]+/)?[\\w.~-]+");
    private static final Manager NPM = new Manager("package-lock.json", "npm install", "npm install");
    private static final List<Manager> MANAGERS = List.of(new Manager("pnpm-lock.yaml", "pnpm install", "pnpm add"),
            new Manager("yarn.lock", "yarn install", "yarn add"), new Manager("bun.lock", "bun install", "bun add"),
            new Manager("bun.lockb", "bun install", "bun add"), NPM);

    /** A package manager: its lock file, and the commands that install everything or add a package. */
    private record Manager(String lockFile, String install, String add) {
    }

    private NodePackages() {
    }

    /** A folder and those around it, innermost first. */
    static Stream<Path> around(Path folder) {
        return Stream.iterate(folder.toAbsolutePath(), Objects::nonNull, Path::getParent);
    }

    /** The existing folders in which Node looks for packages of code in a folder, innermost first. */
    public static List<Path> folders(Path code) {
        return around(code).map(folder -> folder.resolve("node_modules")).filter(Files::isDirectory).toList();
    }

    /**
     * How to install a missing package.
     *
     * @param module what is imported; empty unless it names a package
     * @param folder the folder of the importing file
     */
    public static Optional<String> advice(String module, Path folder) {
        Matcher matcher = PACKAGE.matcher(module);
        if (!matcher.lookingAt() || module.startsWith(".")) return Optional.empty();
        String name = matcher.group();
        String preinstalled = name.startsWith("@aws-sdk/") || name.startsWith("@smithy/")
                ? "; on AWS the runtime includes it" : "";
        return Optional.of("`" + name + "` is not installed: " + command(name, folder) + preinstalled);
    }

    /** The command that installs a package, and where to run it. */
    static String command(String name, Path folder) {
        Optional<Path> project = around(folder).filter(each -> Files.isRegularFile(each.resolve(FILE))).findFirst();
        boolean isDeclared = project.isPresent() && String.join("\n", Place.lines(project.get().resolve(FILE)))
                .contains("\"" + name + "\"");
        Path where = project.orElse(folder);
        Manager used = around(where).flatMap(each -> MANAGERS.stream()
                .filter(manager -> Files.exists(each.resolve(manager.lockFile())))).findFirst().orElse(NPM);
        return "run `" + (isDeclared ? used.install() : used.add() + " " + name) + "` in "
                + Place.display(where);
    }
}
