import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small projects that expand beyond any memory: each is rejected with the name of what grew too large. */
class ExpansionTest {
    private static final String FUNCTION = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17}}
            """;
    private static final String APP = "public class App { public String handle() { return \"ok\"; } }";

    private static void assertRejected(TestProject project, String message) {
        TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
        assertEquals(1, ran.status(), ran.out() + ran.err());
        assertTrue((ran.out() + ran.err()).contains(message), ran.out() + ran.err());
    }

    @Test void fan_out_of_nested_stacks() {
        String nesting = "Transform: AWS::Serverless-2016-10-31\nResources:\n";
        for (int i = 0; i < 6; i++) {
            nesting += "  N" + i + ": {Type: AWS::Serverless::Application, Properties: {Location: next.yaml}}\n";
        }
        try (TestProject project = TestProject.of("template.yaml", nesting.replace("next", "n1"))) {
            for (int i = 1; i < 10; i++) project.write("n" + i + ".yaml", nesting.replace("next", "n" + (i + 1)));
            project.write("n10.yaml", "Resources: {T: {Type: AWS::SNS::Topic}}\n");
            assertRejected(project, "the project has more than 500 nested stacks");
        }
    }

    @Test void loops_in_loops() {
        String list = Collections.nCopies(40, "x").toString();
        StringBuilder template = new StringBuilder("Transform: AWS::LanguageExtensions\nResources:\n");
        String indent = "  ";
        for (String name : List.of("A", "B", "C", "D")) {
            template.append(indent).append("Fn::ForEach::").append(name).append(":\n").append(indent).append("- ")
                    .append(name).append('\n').append(indent).append("- ").append(list).append('\n').append(indent)
                    .append("-\n");
            indent += "  ";
        }
        template.append(indent).append("X${A}${B}${C}${D}: {Type: 'AWS::SNS::Topic'}\n");
        String numbered = template.toString();
        for (int i = 0; numbered.contains("x,") || numbered.contains("x]"); i++) {
            numbered = numbered.replaceFirst("\\bx(?=[,\\]])", "i" + i);
        }
        try (TestProject project = TestProject.of("template.yaml", numbered)) {
            assertRejected(project, "`Fn::ForEach` generates more than 20000 entries");
        }
    }

    @Test void links_between_folders() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", FUNCTION, "src/App.java", APP)) {
            for (int i = 0; i < 8; i++) Files.createDirectories(project.path("src/d" + i));
            for (int i = 0; i < 8; i++) {
                for (int k = 0; k < 8; k++) {
                    Files.createSymbolicLink(project.path("src/d" + i + "/l" + k), project.path("src/d" + k));
                }
            }
            TestProject.Ran ran = TestProject.cli("invoke", "Fn", "--template", project.path("template.yaml").toString());
            assertEquals("\"ok\"", ran.out().strip(), ran.err());
        }
    }

    @Test void a_pom_of_properties_in_properties() {
        StringBuilder properties = new StringBuilder("<p12>x</p12>");
        for (int i = 0; i < 12; i++) {
            String name = "p" + i;
            properties.append('<').append(name).append('>').append(("${p" + (i + 1) + "}").repeat(10)).append("</")
                    .append(name).append('>');
        }
        try (TestProject project = TestProject.of("template.yaml", FUNCTION, "src/App.java", APP, "src/pom.xml",
                "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1"
                + "</version><properties>" + properties + "</properties><dependencies><dependency><groupId>${p0}</groupId>"
                + "<artifactId>b</artifactId><version>1</version></dependency></dependencies></project>")) {
            TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
            assertTrue((ran.out() + ran.err()).contains("its properties expand to more than fits in memory"), ran.out() + ran.err());
        }
    }

    private static void assertOneMessage(String pom) {
        try (TestProject project = TestProject.of("template.yaml", FUNCTION, "src/App.java", APP, "src/pom.xml",
                "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version>"
                + pom + "</project>")) {
            TestProject.Ran ran = TestProject.cli("check", "--offline", "--template", project.path("template.yaml").toString());
            String all = ran.out() + ran.err();
            assertTrue(!all.contains("\tat ") && !all.contains("internal error: "), all);
            assertTrue(all.lines().count() < 20, all);
        }
    }

    @Test void poms_that_are_traps() {
        assertOneMessage("<x>".repeat(50_000) + "</x>".repeat(50_000));
        assertOneMessage("<build><plugins><plugin><artifactId>p</artifactId><configuration>" + "<x>".repeat(50_000)
                + "</x>".repeat(50_000) + "</configuration></plugin></plugins></build>");
        assertOneMessage("<build><sourceDirectory>/</sourceDirectory></build>");
    }
}
