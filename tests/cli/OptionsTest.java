import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Options that choose which functions run and how. */
class OptionsTest {
    private static final String TWO = """
            Globals: {Function: {CodeUri: src, Runtime: java17}}
            Resources:
              One:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: A::run
                  Events: {Any: {Type: Api, Properties: {Path: /one, Method: get}}}
              Two: {Type: AWS::Serverless::Function, Properties: {Handler: 'A::run', FunctionName: second}}
            """;
    private static final String HANDLER = """
            public class A {
                static { System.out.println("initialized"); }
                public String run() { System.out.println("runs"); return "answer"; }
            }
            """;

    @Test void eager_functions_are_initialized_at_startup() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TWO, "src/A.java", HANDLER)
                .withFunctions(functions(List.of(), true, true)).start()) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (count("\\| initialized", project) < 2 && System.nanoTime() < deadline) Thread.sleep(20);
            assertTrue(project.console().contains("One | initialized"), project.console());
            assertTrue(project.console().contains("Two | initialized"), project.console());
            project.get("/one");
            assertTrue(project.console().contains("One | runs"), project.console());
            assertEquals(2, count("\\| initialized", project), project.console());
        }
    }

    @Test void without_watching_the_first_build_is_served() {
        try (TestProject project = TestProject.of("src/A.java", TestProject.handler("A", "1"), "template.yaml",
                TestProject.function("Fn", "A::handle", "src", "/a"))
                .withFunctions(functions(List.of(), false, false)).start()) {
            assertEquals("1", project.body("/a"));
            project.write("src/A.java", TestProject.handler("A", "2"));
            project.write("template.yaml", TestProject.function("Fn", "A::handle", "src", "/b"));
            assertEquals("1", project.body("/a"));
            assertEquals(403, project.get("/b").statusCode());
        }
    }

    @Test void only_named_functions_are_served() {
        try (TestProject project = TestProject.of("template.yaml", TWO, "src/A.java", HANDLER)
                .withFunctions(functions(List.of("second"), true, false)).start()) {
            assertEquals("\"answer\"", call(project, "Two").body());
            assertEquals(404, call(project, "One").statusCode());
            String template = project.path("template.yaml").toString();
            TestProject.Ran ran = TestProject.cli("start-lambda", "Tow", "--port", "0", "-t", template);
            assertEquals("error: no function named `Tow`\nhelp: did you mean `Two`?\n", ran.err());
            assertEquals(1, ran.status());
        }
    }

    @Test void a_log_file_has_the_output_and_response_of_a_function() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TWO, "src/A.java", HANDLER, "out.log", "old\n")) {
            TestProject.Ran ran = TestProject.cli("invoke", "second", "-t", project.path("template.yaml").toString(),
                    "-l", project.path("out.log").toString());
            assertEquals("\"answer\"", ran.out(), ran.err());
            assertTrue(Files.readString(project.path("out.log")).matches("(?s)initialized\nSTART RequestId: .*\nruns\n"
                    + "END RequestId: .*\nREPORT RequestId: .*\n\"answer\"\n"),
                    Files.readString(project.path("out.log")));
        }
    }

    @Test void a_runtime_option_overrides_the_template() {
        try (TestProject project = TestProject.of("template.yaml", TWO.replace("java17", "python3.12"), "src/A.java",
                HANDLER)) {
            String template = project.path("template.yaml").toString();
            assertEquals("\"answer\"", TestProject.cli("invoke", "One", "-r", "java17", "-t", template).out());
            assertEquals(1, TestProject.cli("invoke", "One", "-t", template).status());
        }
    }

    private static ServerLocal.Config.Functions functions(List<String> only, boolean watches, boolean isEager) {
        return new ServerLocal.Config.Functions(only, null, null, null, watches, isEager, null);
    }

    private static java.net.http.HttpResponse<String> call(TestProject project, String function) {
        return project.send("POST", "/2015-03-31/functions/" + function + "/invocations", "{}");
    }

    private static int count(String word, TestProject project) {
        return project.console().split(word, -1).length - 1;
    }
}
