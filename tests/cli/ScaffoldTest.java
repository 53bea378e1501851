import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** New projects, each served, called and checked unchanged. */
class ScaffoldTest {
    @Test void a_maven_project_runs_at_once() throws IOException {
        assertRuns("maven", "--layout", "maven");
    }

    @Test void a_gradle_project_runs_at_once() throws IOException {
        assertRuns("gradle", "-d", "gradle", "--no-interactive", "--app-template", "hello-world");
    }

    @Test void a_plain_project_and_its_test_and_makefile_run_at_once() throws Exception {
        assertRuns("plain", "--layout", "plain");
        try (TestProject place = TestProject.of()) {
            init(place, "app", "--layout", "plain", "-r", "java17");
            Path app = place.path("app");
            String command = Files.readString(app.resolve("README.md")).lines().filter(line -> line.contains("javac"))
                    .findFirst().orElseThrow();
            TestProject.Ran check = TestProject.cli("check", "-t", app.resolve("template.yaml").toString());
            assertTrue(check.out().endsWith("0 errors, 0 warnings\n"), check.out());
            assertEquals("2 passed\n", TestProject.run(app, Map.of(), "", "sh", "-c", command).out());
            TestProject.Ran made = TestProject.run(app.resolve("HelloWorldFunction"),
                    Map.of("ARTIFACTS_DIR", place.path("made").toString()), "", "make", "build-HelloWorldFunction");
            assertEquals(0, made.status(), made.err());
            assertTrue(Files.exists(place.path("made/helloworld/App.class")));
        }
    }

    @Test void a_folder_that_is_not_empty_is_not_changed() throws IOException {
        try (TestProject place = TestProject.of("app/mine.txt", "mine")) {
            TestProject.Ran ran = init(place, "app");
            assertEquals("error: `" + place.path("app") + "` is not empty\n"
                    + "help: choose a new folder: samlocal init NAME\n",
                    ran.err());
            assertEquals(1, ran.status());
            try (Stream<Path> files = Files.list(place.path("app"))) {
                assertEquals(List.of(place.path("app/mine.txt")), files.toList());
            }
            assertEquals(1, init(place, "app/mine.txt").status());
            assertEquals("mine", Files.readString(place.path("app/mine.txt")));
        }
    }

    @Test void a_path_through_a_missing_folder_is_resolved() throws IOException {
        try (TestProject place = TestProject.of()) {
            TestProject.Ran ran = TestProject.cli("init", place.folder() + "/a b/../c");
            assertEquals(0, ran.status(), ran.err());
            assertTrue(Files.exists(place.path("c/template.yaml")));
            assertFalse(Files.exists(place.path("a b")));
            assertEquals(1, TestProject.cli("init", place.folder() + "/a b/../c").status());
            assertTrue(ran.out().contains("\ncd '" + place.path("c") + "'\n"), ran.out());
        }
    }

    @Test void answers_to_sam_prompts_are_accepted_or_rejected() throws IOException {
        try (TestProject place = TestProject.of()) {
            TestProject.Ran ran = TestProject.cli("init", "-n", "my shop_1", "-o", place.folder().toString(), "-r", "java11",
                    "-a", "arm64", "-p", "Zip");
            assertEquals(0, ran.status(), ran.err());
            String template = Files.readString(place.path("my shop_1/template.yaml"));
            assertTrue(template.contains("Runtime: java11") && template.contains("Architectures: [arm64]"), template);
            assertTrue(Files.readString(place.path("my shop_1/samconfig.toml")).contains("stack_name = \"my-shop-1\""));
            String hint = "\ntry: samlocal init --help\n";
            assertEquals("error: `--package-type` must be Zip, not `Image`" + hint, init(place, "x", "-p", "Image").err());
            assertEquals("error: `-r` must be java11, java17, java21 or java25, not `nodejs20.x`" + hint,
                    init(place, "x", "-r", "nodejs20.x").err());
            assertEquals(2, init(place, "x", "--layout", "ant").status());
            assertFalse(Files.exists(place.path("x")));
        }
    }

    @Test void a_non_latin_name_becomes_a_valid_stack_name() throws IOException {
        try (TestProject place = TestProject.of()) {
            assertTrue(init(place, "Gr\u00fc\u00dfe & Caf\u00e9").out().contains("\ncd '"));
            Path folder = place.path("Gr\u00fc\u00dfe & Caf\u00e9");
            assertTrue(Files.readString(folder.resolve("samconfig.toml")).contains("stack_name = \"Grusse-Cafe\""));
            assertTrue(Files.readString(folder.resolve("README.md")).startsWith("# Gr\u00fc\u00dfe & Caf\u00e9\n"));
        }
    }

    private static void assertRuns(String layout, String... options) throws IOException {
        try (TestProject place = TestProject.of()) {
            TestProject.Ran ran = init(place, "app", options);
            assertEquals(0, ran.status(), ran.err());
            assertTrue(ran.out().contains("\nsamlocal\n"), ran.out());
            TestProject.Ran routes = TestProject.cli("routes", "-t", place.path("app/template.yaml").toString());
            assertEquals("", routes.err(), layout);
            place.start("app/template.yaml");
            assertEquals("hello world", place.body("/hello"));
            assertEquals("hello you", place.body("/hello?name=you"));
            String answer = place.send("POST", "/2015-03-31/functions/HelloWorldFunction/invocations",
                    Files.readString(place.path("app/events/event.json"))).body();
            assertTrue(answer.contains("\"body\":\"hello event\""), answer);
        }
    }

    private static TestProject.Ran init(TestProject place, String name, String... options) {
        return TestProject.cli(Stream.concat(Stream.of("init", place.path(name).toString()), Stream.of(options))
                .toArray(String[]::new));
    }
}
