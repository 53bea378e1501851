import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files named by a project may be anywhere; files named by a request must be in their folder. */
class LocalFilesTest {
    private static final String TEMPLATE = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Code: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: '%1$s/src', Runtime: java17,
                Events: {E: {Type: Api, Properties: {Path: /code, Method: get}}}}}
              Linked: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: link, Runtime: java17,
                Events: {E: {Type: Api, Properties: {Path: /linked, Method: get}}}}}
              Nested: {Type: AWS::Serverless::Application, Properties: {Location: '%1$s/nested.yaml'}}
              Defined: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionUri: '%1$s/api.yaml'}}
              Included: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionBody:
                {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: '%1$s/part.yaml'}}}}}
            """;

    private static String api(String path) {
        return """
                openapi: 3.0.1
                info: {title: x, version: "1"}
                paths:
                  %s:
                    get:
                      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'},
                        responses: {default: {statusCode: "200", responseTemplates: {application/json: 'mock'}}}}
                      responses: {"200": {description: ok}}
                """.formatted(path);
    }

    private static TestProject outside() {
        return TestProject.of("src/App.java", TestProject.handler("App", "\"outside\""), "api.yaml", api("/defined"),
                "part.yaml", api("/included"), "nested.yaml", """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Inner: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17,
                    Events: {E: {Type: HttpApi, Properties: {Path: /nested, Method: get}}}}}
                """);
    }

    @Test void files_named_in_a_template_may_be_outside_its_folder() throws Exception {
        try (TestProject outside = outside(); TestProject project = TestProject.of()) {
            Path shared = outside.folder();
            Files.createSymbolicLink(project.path("link"), shared.resolve("src"));
            for (String base : new String[] {shared.toString(), project.folder().relativize(shared).toString(),
                    "file://" + shared}) {
                project.write("template.yaml", TEMPLATE.formatted(base));
                TestProject.Ran routes = TestProject.cli("routes", "--template", project.path("template.yaml").toString());
                for (String path : new String[] {"/code", "/linked", "/nested", "/defined", "/included"}) {
                    assertTrue(routes.out().contains(path), base + "\n" + routes.out() + routes.err());
                }
            }
            project.start();
            for (String path : new String[] {"/code", "/linked", "/nested"}) {
                assertEquals("outside", project.body(path));
            }
        }
    }

    @Test void a_location_in_aws_is_reported() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE.formatted("s3://bucket"),
                "link/App.java", TestProject.handler("App", "\"x\""))) {
            TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
            for (String message : new String[] {"has its code in S3", "its definition is not a local file",
                    "only AWS can run it", "its template is not a local file"}) {
                assertTrue((ran.out() + ran.err()).contains(message), ran.out() + ran.err());
            }
        }
    }

    @Test void an_invalid_file_name_is_one_message() {
        for (String property : new String[] {"CodeUri: \"%s\"", "CodeUri: '%s'"}) {
            String code = property.formatted(property.contains("\"") ? "a\\0b" : "a?<b");
            try (TestProject project = TestProject.of("template.yaml", "Resources:\n  Fn: {Type: AWS::Serverless::Function,"
                    + " Properties: {Handler: 'App::handle', Runtime: java17, " + code + "}}\n")) {
                TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
                assertEquals(1, ran.status(), ran.out() + ran.err());
                assertTrue((ran.out() + ran.err()).matches("(?s).*(is not a valid file name|which does not exist).*"),
                        ran.out() + ran.err());
            }
        }
    }

    /** A folder with a non-ASCII name, in a shell with an ASCII locale. */
    @Test void a_name_unsupported_by_the_locale_is_one_message() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", "Resources: {T: {Type: AWS::SNS::Topic}}\n")) {
            String jbang = Checkout.folder().resolve("jbang").toString();
            String script = Checkout.folder().resolve("ServerLocal.java").toString();
            TestProject.Ran ran = TestProject.run(project.folder(), Map.of("LC_ALL", "C"), "", "sh", "-c",
                    "name=$(printf '\\303\\274'); mkdir \"$name\" && cp template.yaml \"$name\" && cd \"$name\" && '"
                    + jbang + "' '" + script + "' check; status=$?; cd .. && rm -r \"$name\"; exit $status");
            assertEquals(2, ran.status(), ran.err());
            assertTrue(ran.err().contains("has characters that the shell's locale does not support")
                    && ran.err().contains("help: set LC_ALL=C.UTF-8 and try again"), ran.err());
            assertFalse(ran.err().contains("\tat "), ran.err());
        }
    }

    /** Reading neither blocks nor goes on forever. */
    @Test void a_system_folder_as_code_is_one_message() {
        try (TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: /proc, Runtime: java17}}
                """)) {
            TestProject.Ran ran = TestProject.cli("check", "--template", project.path("template.yaml").toString());
            assertEquals(1, ran.status(), ran.out() + ran.err());
            assertFalse((ran.out() + ran.err()).contains("\tat "), ran.out() + ran.err());
        }
    }
}
