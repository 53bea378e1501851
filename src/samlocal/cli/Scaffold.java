package samlocal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Resource;

/** A new project with one function behind one path, which also works with {@code sam build} and {@code sam deploy}. */
record Scaffold(Layout layout, Release release, Architecture architecture) {
    /** The build tool. */
    enum Layout {
        maven, gradle, plain
    }

    /** A Java runtime of Lambda. */
    enum Release {
        java11, java17, java21, java25;

        /** The newest runtime that this JVM can run. */
        static Release newest() {
            return Stream.of(values()).filter(each -> each.number() <= Runtime.version().feature())
                    .reduce((older, newer) -> newer).orElseThrow();
        }

        private int number() {
            return Integer.parseInt(name().substring(4));
        }
    }

    /** An instruction set architecture of Lambda. */
    enum Architecture {
        x86_64, arm64
    }

    private static final Set<Layout> ANY = EnumSet.allOf(Layout.class);
    private static final Set<Layout> BUILT = EnumSet.of(Layout.maven, Layout.gradle);
    private static final Set<Layout> PLAIN = EnumSet.of(Layout.plain);
    private static final String CODE = "HelloWorldFunction/";

    /** A file of these layouts; {@code @name@} in its text is a placeholder for a value of the project. */
    private record Written(Set<Layout> layouts, String path, String text) {
    }

    private static final List<Written> FILES = List.of(
            new Written(ANY, "template.yaml", Resource.text(Scaffold.class, "init/template.yaml")),
            new Written(ANY, "samconfig.toml", Resource.text(Scaffold.class, "init/samconfig.toml")),
            new Written(ANY, "README.md", Resource.text(Scaffold.class, "init/README.md")),
            new Written(ANY, ".gitignore", ".aws-sam/\ntarget/\nbuild/\n.gradle/\n*.class\n"),
            new Written(ANY, "events/event.json", Resource.text(Scaffold.class, "init/event.json")),
            new Written(BUILT, CODE + "src/main/java/helloworld/App.java",
                    Resource.text(Scaffold.class, "init/App.java.txt")),
            new Written(BUILT, CODE + "src/test/java/helloworld/AppTest.java",
                    Resource.text(Scaffold.class, "init/AppTest.java.txt")),
            new Written(PLAIN, CODE + "helloworld/App.java", Resource.text(Scaffold.class, "init/PlainApp.java.txt")),
            new Written(PLAIN, "tests/helloworld/AppTest.java",
                    Resource.text(Scaffold.class, "init/PlainAppTest.java.txt")),
            new Written(EnumSet.of(Layout.maven), CODE + "pom.xml", Resource.text(Scaffold.class, "init/pom.xml")),
            new Written(EnumSet.of(Layout.gradle), CODE + "build.gradle",
                    Resource.text(Scaffold.class, "init/build.gradle")),
            new Written(EnumSet.of(Layout.gradle), CODE + "settings.gradle",
                    "rootProject.name = 'HelloWorldFunction'\n"),
            new Written(PLAIN, CODE + "Makefile", Resource.text(Scaffold.class, "init/Makefile")));
    private static final Map<Layout, String> TESTS = Map.of(
            Layout.maven, "mvn -f HelloWorldFunction test",
            Layout.gradle, "gradle -p HelloWorldFunction test",
            Layout.plain, "javac -d build $(find HelloWorldFunction tests -name '*.java') && "
                    + "java -cp build helloworld.AppTest");

    /**
     * Writes the files and returns their names.
     *
     * @throws Fault if the folder exists and is not empty
     */
    List<String> write(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!isFree(root)) {
            throw Fault.project("`" + folder + "` is not empty", null, "choose a new folder: samlocal init NAME");
        }
        List<Written> files = FILES.stream().filter(file -> file.layouts().contains(layout)).toList();
        try {
            for (Written file : files) {
                Path path = root.resolve(file.path());
                Files.createDirectories(path.getParent());
                Files.writeString(path, filled(file.text(), root));
            }
        } catch (IOException e) {
            throw Fault.project("cannot write to `" + folder + "`: " + Fault.reason(e));
        }
        return files.stream().map(Written::path).toList();
    }

    private String filled(String text, Path root) {
        String title = root.getFileName() == null ? "" : root.getFileName().toString();
        boolean isPlain = layout == Layout.plain;
        return text.replace("@title@", title).replace("@stack@", stackName(title)).replace("@runtime@", release.name())
                .replace("@release@", String.valueOf(release.number()))
                .replace("@architecture@", architecture.name())
                .replace("@method@", isPlain ? "handle" : "handleRequest")
                .replace("@metadata@", isPlain ? "    Metadata:\n      BuildMethod: makefile\n" : "")
                .replace("@test@", TESTS.get(layout));
    }

    private static boolean isFree(Path folder) {
        if (!Files.exists(folder)) return true;
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Stack names consist of letters, digits and hyphens and start with a letter (CloudFormation CreateStack). */
    private static String stackName(String folder) {
        String plain = Normalizer.normalize(folder.replace("\u00df", "ss"), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "");
        String letters = plain.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^[^A-Za-z]+|-+$", "");
        return letters.isEmpty() ? "sam-app" : letters.substring(0, Math.min(100, letters.length()));
    }

    static String nextSteps(Path folder) {
        String path = folder.normalize().toString();
        boolean isPlain = path.matches("[\\p{L}\\p{N}/\\\\:._-]*");
        return (path.isEmpty() ? "" : "cd " + (isPlain ? path : "'" + path + "'") + "\n") + """
                samlocal
                curl 'http://127.0.0.1:3000/hello?name=you'
                """;
    }
}
