import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files of a project that are pipes: reading one would block forever. */
@Timeout(60)
class PipesTest {
    private static final String FUNCTION = "  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle',"
            + " CodeUri: src, Runtime: java17}}\n";

    private static void assertReported(String pipe, String resources) throws Exception {
        try (TestProject project = TestProject.of("template.yaml", "Resources:\n" + FUNCTION + resources,
                "src/App.java", "public class App { public String handle() { return \"ok\"; } }")) {
            makePipe(project.path(pipe));
            TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
            assertTrue((ran.out() + ran.err()).matches("(?s).*(not a (regular )?file|which does not exist|no file `).*"),
                    ran.out() + ran.err());
        }
    }

    private static void makePipe(Path path) throws IOException, InterruptedException {
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        boolean isMade;
        try {
            isMade = new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            isMade = false;
        }
        assumeTrue(isMade, "no mkfifo");
    }

    @Test void missing_files_named_in_a_template_are_reported() throws Exception {
        assertReported("nested.yaml", "  Nested: {Type: AWS::Serverless::Application, Properties: {Location: nested.yaml}}\n");
        assertReported("api.yaml", "  Api: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionUri: api.yaml}}\n");
        assertReported("part.yaml", "  Api: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionBody:"
                + " {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: part.yaml}}}}}\n");
        assertReported("template.yaml", "");
    }

    @Test void sources_and_build_files_are_skipped() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", "Resources:\n" + FUNCTION,
                "src/App.java", "public class App { public String handle() { return \"ok\"; } }")) {
            for (String pipe : new String[] {"src/Other.java", "src/data.txt", "src/lib/x.jar", "src/pom.xml"}) {
                makePipe(project.path(pipe));
            }
            TestProject.Ran ran = TestProject.cli("invoke", "Fn", "--template", project.path("template.yaml").toString());
            assertEquals("\"ok\"", ran.out().strip(), ran.err());
        }
    }
}
