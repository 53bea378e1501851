import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** CloudFormation Template Reference, "AWS::Include transform": in each place where AWS accepts it. */
class IncludesTest {
    private static final String MAIN = """
            Transform:
              - AWS::Serverless-2016-10-31
              - {Name: AWS::Include, Parameters: {Location: parts/whole.yaml}}
            Mappings: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/maps.yaml}}}
            Conditions: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/conditions.yaml}}}
            Resources:
              Own: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17,
                Environment: {Variables: {SIZE: !FindInMap [Sizes, here, text]}},
                Events: {E: {Type: HttpApi, Properties: {Path: /own, Method: get}}}}}
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/more.yaml}}
            Outputs: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/outputs.yaml}}}
            """;

    private static String function(String id, String path) {
        return id + ": {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17,"
                + " Events: {E: {Type: HttpApi, Properties: {Path: " + path + ", Method: get}}}}}\n";
    }

    private static TestProject project() {
        return TestProject.of("template.yaml", MAIN,
                "src/App.java", TestProject.handler("App", "String.valueOf(System.getenv(\"SIZE\"))"),
                "parts/whole.yaml", "Resources:\n  " + function("Whole", "/whole"),
                "parts/maps.yaml", "Sizes: {here: {text: large}}\n",
                "parts/conditions.yaml", "Never: !Equals [a, b]\n",
                "parts/outputs.yaml", "Url: {Value: !Ref Own}\n",
                "parts/more.yaml", function("More", "/more")
                + function("Left", "/left").replace("{Type", "{Condition: Never, Type"));
    }

    @Test void each_section_and_the_whole_template() {
        try (TestProject project = project().start()) {
            assertEquals("large", project.body("/own"));
            assertEquals("null", project.body("/more"));
            assertEquals("null", project.body("/whole"));
            assertEquals(404, project.get("/left").statusCode());
            project.write("parts/more.yaml", function("More", "/changed"));
            assertEquals("null", project.body("/changed"));
        }
    }

    @Test void all_commands_use_them() {
        try (TestProject project = project()) {
            String template = project.path("template.yaml").toString();
            TestProject.Ran check = TestProject.cli("check", "--no-compile", "--template", template);
            assertEquals(0, check.status(), check.out());
            assertTrue(check.out().contains("3 functions, 1 API, 3 routes"), check.out());
            assertTrue(TestProject.cli("routes", "--template", template).out().contains("/whole"));
            String resolved = TestProject.cli("template", "--resolved", "--template", template).out();
            for (String name : new String[] {"More", "Whole", "Sizes", "Never", "Url"}) {
                assertTrue(resolved.contains("\"" + name + "\": "), resolved);
            }
        }
    }

    @Test void a_missing_file_is_reported() {
        try (TestProject project = project()) {
            project.write("template.yaml", MAIN.replace("parts/more", "parts/gone"));
            TestProject.Ran check = TestProject.cli("check", "--no-compile", "--template",
                    project.path("template.yaml").toString());
            assertTrue(check.out().contains("no file `parts/gone.yaml`"), check.out());
        }
    }
}
