package samlocal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Resource;

/** A project with one function behind one path, for this program as for {@code sam build} and {@code deploy}. */
record Scaffold(Layout layout, String runtime, String architecture) {
    /** What builds it. */
    enum Layout {
        maven, gradle, plain
    }

    private static final List<Integer> RELEASES = List.of(25, 21, 17, 11);
    private static final String CODE = "HelloWorldFunction/";

    private static final String TEMPLATE = Resource.text(Scaffold.class, "init/template.yaml");
    private static final String SAM_CONFIG = Resource.text(Scaffold.class, "init/samconfig.toml");
    private static final String APP = Resource.text(Scaffold.class, "init/App.java.txt");
    private static final String TEST = Resource.text(Scaffold.class, "init/AppTest.java.txt");
    private static final String PLAIN_APP = Resource.text(Scaffold.class, "init/PlainApp.java.txt");
    private static final String PLAIN_TEST = Resource.text(Scaffold.class, "init/PlainAppTest.java.txt");
    private static final String EVENT = Resource.text(Scaffold.class, "init/event.json");
    private static final String README = Resource.text(Scaffold.class, "init/README.md");
    private static final String POM = Resource.text(Scaffold.class, "init/pom.xml");
    private static final String GRADLE = Resource.text(Scaffold.class, "init/build.gradle");
    private static final String MAKEFILE = Resource.text(Scaffold.class, "init/Makefile");

    private static final Map<Layout, String> TESTS = Map.of(
            Layout.maven, "mvn -f HelloWorldFunction test",
            Layout.gradle, "gradle -p HelloWorldFunction test",
            Layout.plain, "javac -d build $(find HelloWorldFunction tests -name '*.java') && "
                    + "java -cp build helloworld.AppTest");

    Scaffold {
        if (!runtimes().contains(runtime)) {
            throw Fault.usage("`--runtime` is java11, java17, java21 or java25, not `" + runtime + "`", null);
        }
        if (!architecture.equals("x86_64") && !architecture.equals("arm64")) {
            throw Fault.usage("`--architecture` is x86_64 or arm64, not `" + architecture + "`", null);
        }
    }

    /** Those that a new project may have, the newest first. */
    static List<String> runtimes() {
        return RELEASES.stream().map(release -> "java" + release).toList();
    }

    /** The newest of AWS's runtimes that this JVM can run. */
    static String newestRuntime() {
        return "java" + RELEASES.stream().filter(release -> release <= Runtime.version().feature()).findFirst()
                .orElseThrow();
    }

    /**
     * Writes the files, and returns their names.
     *
     * @throws Fault if the folder is not new or empty
     */
    List<String> write(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!isFree(root)) {
            throw Fault.project("`" + folder + "` is not empty", null, "name a new folder: samlocal init NAME");
        }
        Map<String, String> files = files(name(root), stackName(name(root)));
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = root.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw Fault.project("cannot write to `" + folder + "`: " + Fault.reason(e));
        }
        return List.copyOf(files.keySet());
    }

    private static boolean isFree(Path folder) {
        if (!Files.exists(folder)) return true;
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(Path folder) {
        Path name = folder.getFileName();
        return name == null ? "" : name.toString();
    }

    /** CloudFormation takes letters, digits and hyphens, a letter first. */
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

    private Map<String, String> files(String title, String stack) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("template.yaml", template(stack));
        files.put("samconfig.toml", SAM_CONFIG.formatted(stack));
        files.put("README.md", README.formatted(title, TESTS.get(layout)));
        files.put(".gitignore", ".aws-sam/\ntarget/\nbuild/\n.gradle/\n*.class\n");
        files.put("events/event.json", EVENT);
        String sources = layout == Layout.plain ? CODE : CODE + "src/main/java/";
        String tests = layout == Layout.plain ? "tests/" : CODE + "src/test/java/";
        files.put(sources + "helloworld/App.java", layout == Layout.plain ? PLAIN_APP : APP);
        files.put(tests + "helloworld/AppTest.java", layout == Layout.plain ? PLAIN_TEST : TEST);
        files.putAll(build(runtime.substring(4)));
        return files;
    }

    private Map<String, String> build(String release) {
        return switch (layout) {
            case maven -> Map.of(CODE + "pom.xml", POM.replace("RELEASE", release));
            case gradle -> Map.of(CODE + "build.gradle", GRADLE.replace("RELEASE", release),
                    CODE + "settings.gradle", "rootProject.name = 'HelloWorldFunction'\n");
            case plain -> Map.of(CODE + "Makefile", MAKEFILE.replace("RELEASE", release));
        };
    }

    private String template(String name) {
        String handler = layout == Layout.plain ? "handle" : "handleRequest";
        String metadata = layout == Layout.plain ? "    Metadata:\n      BuildMethod: makefile\n" : "";
        return TEMPLATE.formatted(name, runtime, architecture, metadata, handler);
    }
}
