import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which commands run code of the project: handlers, their static initializers, and the project's Gradle. */
class ConsentTest {
    /** Each leaves its own file when it runs. */
    private static TestProject project() {
        TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::handle', CodeUri: fn, Runtime: java17}
                """, "fn/build.gradle", "plugins { id 'java' }\ndependencies {\n    implementation versionOf('x')\n}\n",
                "gradlew", "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran-gradle\"\nexit 1\n");
        project.write("fn/src/main/java/App.java", """
                import java.nio.file.*;
                public class App {
                    static {
                        try {
                            Files.writeString(Path.of("%s"), "");
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                    public String handle() { return "ran"; }
                }
                """.formatted(project.path("ran-handler")));
        return project;
    }

    /** What has run, in alphabetical order. */
    private static List<String> ran(String... command) {
        try (TestProject project = project()) {
            TestProject.cli(Stream.concat(Stream.of(command), Stream.of("--template",
                    project.path("template.yaml").toString())).toArray(String[]::new));
            return Stream.of("gradle", "handler").filter(each -> Files.exists(project.path("ran-" + each))).toList();
        }
    }

    @Test void commands_that_only_read_run_nothing() {
        for (String command : List.of("routes", "template", "check", "check --no-compile")) {
            assertEquals(List.of(), ran(command.split(" ")), command);
        }
    }

    @Test void invoke_runs_the_handler_and_a_gradle_that_is_needed() {
        assertEquals(List.of("gradle", "handler"), ran("invoke", "Fn"));
        assertEquals(List.of("handler"), ran("invoke", "Fn", "--no-gradle"));
    }

    @Test void a_gradle_run_is_announced() {
        try (TestProject project = project()) {
            TestProject.Ran ran = TestProject.cli("invoke", "Fn", "--template", project.path("template.yaml").toString());
            assertTrue(ran.err().contains(" to read "), ran.err());
            assertFalse(ran.out().contains(" to read "), ran.out());
        }
    }

    @Test void check_can_skip_compilation() {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                "src/App.java", "class App { broken }")) {
            String template = project.path("template.yaml").toString();
            assertEquals(1, TestProject.cli("check", "--template", template).status());
            assertEquals(0, TestProject.cli("check", "--no-compile", "--template", template).status());
        }
    }
}
