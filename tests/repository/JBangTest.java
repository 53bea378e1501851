import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bootstrap and the three ways to run the program, with a separate home folder and JBang. */
class JBangTest {
    private static final Path CHECKOUT = Checkout.folder();
    private static final String PRINT_ARGUMENTS = """
            public class Print {
                public static void main(String[] arguments) throws Exception {
                    for (String argument : arguments) System.out.println("<" + argument + ">");
                    System.out.print(new String(System.in.readAllBytes()));
                    System.exit(7);
                }
            }
            """;
    private static Path scratch;
    private static Map<String, String> environment;

    @BeforeAll static void makeHome() throws IOException {
        scratch = Files.createTempDirectory("samlocal home ");
        environment = new HashMap<>(Map.of("HOME", scratch.toString(), "JBANG_DIR", scratch.resolve("jbang dir")
                .toString(),
                "XDG_CACHE_HOME", scratch.resolve("cache").toString(), "NO_COLOR", "1"));
        Files.createDirectories(scratch.resolve("jbang dir/bin"));
        environment.put("PATH", scratch.resolve("jbang dir/bin") + ":" + System.getenv("PATH"));
        Files.writeString(scratch.resolve("Print.java"), PRINT_ARGUMENTS);
    }

    @Test void the_bootstrap_passes_everything_through() throws Exception {
        TestProject.Ran ran = jbang(scratch, "some input\n", "Print.java", "a b", "", "it's", "\"q\"", "$HOME *", "",
                "--x=\u00e4");
        assertEquals("<a b>\n<>\n<it's>\n<\"q\">\n<$HOME *>\n<>\n<--x=\u00e4>\nsome input\n", ran.out(), ran.err());
        assertEquals(7, ran.status());
    }

    @Test void the_bootstrap_works_through_a_symbolic_link_from_any_folder() throws Exception {
        Path link = Files.createSymbolicLink(Files.createTempDirectory("a link ").resolve("jb"),
                CHECKOUT.resolve("jbang"));
        TestProject.Ran ran = TestProject.run(Path.of("/"), environment, "", link.toString(),
                scratch.resolve("Print.java").toString(), "x");
        assertEquals("<x>\n", ran.out(), ran.err());
    }

    @Test void a_jbang_on_the_path_comes_first() throws Exception {
        Path folder = Files.createTempDirectory("a path ");
        executable(folder.resolve("jbang"), "#!/bin/sh\necho \"mine: $1 $2\"\nexit 5\n");
        Map<String, String> changed = new HashMap<>(environment);
        changed.put("PATH", folder + ":" + System.getenv("PATH"));
        TestProject.Ran ran = TestProject.run(scratch, changed, "", CHECKOUT.resolve("jbang").toString(), "a b", "c");
        assertEquals("mine: a b c\n", ran.out(), ran.err());
        assertEquals(5, ran.status());
    }

    @Test void without_jbang_and_maven_there_is_one_message() throws Exception {
        Path folder = Files.createTempDirectory("tools ");
        for (String tool : new String[] {"sh", "java", "grep", "mktemp", "mkdir", "sed", "rm", "cat"}) {
            executable(folder.resolve(tool), "#!/bin/sh\nexec " + which(tool) + " \"$@\"\n");
        }
        Map<String, String> changed = new HashMap<>(environment);
        changed.put("PATH", folder.toString());
        changed.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        TestProject.Ran ran = TestProject.run(scratch, changed, "", which("sh"), CHECKOUT.resolve("jbang").toString(),
                "x");
        assertEquals("jbang: no jbang and no mvn on PATH\nhelp: install JBang (https://www.jbang.dev/download),"
                + " or a JDK 17 and Apache Maven, and try again\n", ran.err());
        assertEquals(1, ran.status());
    }

    @Test void concurrent_first_starts_are_serialized() throws Exception {
        assertEquals(7, jbang(scratch, "", "Print.java").status());
        Map<String, String> empty = new HashMap<>(environment);
        empty.put("JBANG_CACHE_DIR", Files.createTempDirectory("nothing built").toString());
        Callable<TestProject.Ran> start = () -> TestProject.run(CHECKOUT, empty, "", "./jbang", "ServerLocal.java",
                "routes", "--template", "examples/hello-world/template.yaml");
        ExecutorService users = Executors.newFixedThreadPool(3);
        try {
            for (Future<TestProject.Ran> started : users.invokeAll(List.of(start, start, start))) {
                TestProject.Ran ran = started.get();
                assertEquals(0, ran.status(), ran.err());
                assertTrue(ran.out().contains("/hello"), ran.out());
            }
        } finally {
            users.shutdown();
        }
    }

    @Test void in_the_checkout() throws Exception {
        assertServes(CHECKOUT, 2, 0, "./jbang", "ServerLocal.java", "--template",
                "examples/hello-world/template.yaml", "--port", "0");
    }

    @Test void the_class_archive_is_that_of_a_process_that_ran_functions() throws Exception {
        Path built = Files.createTempDirectory("built ");
        Map<String, String> empty = new HashMap<>(environment);
        empty.put("JBANG_CACHE_DIR", built.toString());
        assertEquals(0, TestProject.run(CHECKOUT, empty, "", "./jbang", "ServerLocal.java", "--version").status());
        Path archive = files(built).filter(file -> file.endsWith("ServerLocal.jsa")).findFirst().orElseThrow();
        assertServes(CHECKOUT, empty, 15, 0, "./jbang", "ServerLocal.java", "--template",
                "examples/hello-world/template.yaml", "--port", "0");
        assertFalse(Files.exists(archive));
        TestProject.Ran ran = TestProject.run(CHECKOUT, empty, "", "./jbang", "ServerLocal.java", "invoke",
                "--template", "examples/hello-world/template.yaml");
        assertEquals(0, ran.status(), ran.err());
        assertTrue(Files.exists(archive));
        assertTrue(Files.exists(archive.resolveSibling("ServerLocal.jsa.complete")));
        assertServes(CHECKOUT, empty, 15, 0, "./jbang", "ServerLocal.java", "--template",
                "examples/hello-world/template.yaml", "--port", "0");
        assertTrue(Files.exists(archive));
    }

    private static Stream<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) return Stream.empty();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }

    @Test void installed_from_the_catalog_and_run_in_another_folder() throws Exception {
        Path bin = scratch.resolve("jbang dir/bin");
        Files.createSymbolicLink(bin.resolve("jbang"), CHECKOUT.resolve("jbang"));
        TestProject.Ran installed = TestProject.run(scratch, environment, "", bin.resolve("jbang").toString(),
                "app", "install", "samlocal@" + CHECKOUT);
        assertEquals(0, installed.status(), installed.err());
        assertServes(CHECKOUT.resolve("examples/hello-world"), 15, 0, bin.resolve("samlocal").toString(), "--port",
                "0");
    }

    @Test void the_catalog_has_a_template_of_a_function_in_one_file_and_a_check() throws Exception {
        try (TestProject project = TestProject.of()) {
            TestProject.Ran made = jbang(project.folder(), "", "init", "--template=samlocal@" + CHECKOUT, "Greet.java");
            assertEquals(0, made.status(), made.err());
            assertEquals("hello you\n", jbang(project.folder(), "", "Greet.java", "you").out());
            TestProject.Ran checked = jbang(project.folder(), "", "samlocal-check@" + CHECKOUT, "--offline");
            assertTrue(checked.out().endsWith("0 errors, 0 warnings\n"), checked.out() + checked.err());
            project.start();
            assertEquals("hello you", project.body("/hello?name=you"));
        }
    }

    @Test void text_is_utf_8_as_on_aws_in_any_locale() throws Exception {
        String text = "new String(\"gr\\u00fcn\".getBytes()) + java.nio.charset.Charset.defaultCharset()";
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", text), "template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/hello"))) {
            Map<String, String> changed = new HashMap<>(environment);
            changed.put("LC_ALL", "C");
            TestProject.Ran ran = TestProject.run(project.folder(), changed, "", CHECKOUT.resolve("jbang").toString(),
                    CHECKOUT.resolve("ServerLocal.java").toString(), "invoke", "Fn");
            assertTrue(ran.out().contains("\"gr\u00fcnUTF-8\""), ran.out() + ran.err());
        }
    }

    /** Without {@code --template}, the folder of a CDK app stands for its only stack. */
    @Test void in_the_folder_of_a_cdk_app() throws Exception {
        String script = CHECKOUT.resolve("ServerLocal.java").toString();
        String template = "{\"Resources\": {\"Fn\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Runtime\":"
                + " \"java17\", \"Handler\": \"App::handle\", \"Code\": {\"S3Bucket\": \"b\", \"S3Key\": \"k\"}},"
                + " \"Metadata\": {\"aws:asset:path\": \"asset.1\", \"aws:asset:property\": \"Code\"}}}}";
        try (TestProject project = TestProject.of("infra/cdk.json", "{}")) {
            String above = jbang(project.folder(), "", script, "routes").err();
            assertTrue(above.contains("run `cdk synth` in `infra`"), above);
            project.write("infra/cdk.out/manifest.json", "{\"artifacts\": {\"S\": {\"properties\": {\"templateFile\":"
                    + " \"S.template.json\"}}}}");
            project.write("infra/cdk.out/S.template.json", template);
            project.write("infra/cdk.out/asset.1/App.java", TestProject.handler("App", "\"asset\""));
            TestProject.Ran ran = jbang(project.path("infra"), "", script, "invoke", "Fn");
            assertTrue(ran.out().contains("\"body\":\"asset\""), ran.out() + ran.err());
            String synthesized = jbang(project.folder(), "", script, "routes").err();
            assertTrue(synthesized.contains("`--template infra/cdk.out/S.template.json`"), synthesized);
        }
    }

    @Test void copied_alone_into_a_project() throws Exception {
        for (String name : new String[] {"template.yml", "template.json"}) {
            try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "\"copied\""))) {
                Files.copy(CHECKOUT.resolve("ServerLocal.java"), project.path("ServerLocal.java"));
                ServerLocal.Template template = ServerLocal.Template.parse("t",
                        TestProject.function("Fn", "App::handle", "src", "/hello"));
                project.write(name, ServerLocal.Json.writePretty(template.root().plain()));
                assertServes(project.folder(), 15, 0, CHECKOUT.resolve("jbang").toString(), "ServerLocal.java",
                        "--port", "0");
            }
        }
    }

    private static TestProject.Ran jbang(Path folder, String input, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = CHECKOUT.resolve("jbang").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return TestProject.run(folder, environment, input, command);
    }

    /** Starts a server, sends GET /hello and ends it with a signal; only the report may be printed. */
    private static void assertServes(Path folder, int signal, int status, String... command) throws Exception {
        assertServes(folder, environment, signal, status, command);
    }

    private static void assertServes(Path folder, Map<String, String> variables, int signal, int status,
            String... command) throws Exception {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url(err, process) + "/hello")).build();
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), Files.readString(err));
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "exits");
            assertEquals(status, process.exitValue());
            assertEquals("", Files.readString(out), "standard output is reserved for results");
            assertFalse(Files.readString(err).matches("(?s).*(\\tat |(?i:error|warning|exception)).*"),
                    Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String url(Path err, Process process) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < deadline && process.isAlive()) {
            Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(Files.readString(err));
            if (url.find()) return url.group();
            Thread.sleep(50);
        }
        throw new AssertionError("no address: " + Files.readString(err));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String which(String tool) throws Exception {
        return TestProject.run(CHECKOUT, Map.of(), "", "sh", "-c", "command -v " + tool).out().strip();
    }
}
