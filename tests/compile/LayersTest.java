import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final String GREETER =
            "package layer; public class Greeter { public static String greet() { return \"hi\"; } }";
    private static final String APP = TestProject.handler("App", "layer.Greeter.greet()");

    @Test void java_sources_are_compiled_and_reload() {
        try (TestProject project = project("Layers: [!Ref Shared]", "layer/src/main/java/layer/Greeter.java")) {
            project.start();
            assertEquals("hi", project.body("/x"));
            project.write("layer/src/main/java/layer/Greeter.java", GREETER.replace("hi", "ho"));
            assertEquals("ho", project.body("/x"));
            assertEquals(1, project.console().split("layer Shared: ", -1).length - 1, project.console());
        }
    }

    @Test void plain_java_sources_jars_and_classes() throws IOException {
        try (TestProject project = project("Layers: [!Ref Shared]", "layer/Greeter.java").start()) {
            assertEquals("hi", project.body("/x"));
        }
        for (String jar : new String[] {"layer/greeter.jar", "layer/java/lib/greeter.jar", "layer/lib/greeter.jar"}) {
            try (TestProject project = project("Layers: [!Ref Shared]", "made/Greeter.java")) {
                Jars.make(project.path(jar), project.path("made/Greeter.java"));
                assertEquals("hi", project.start().body("/x"), jar);
            }
        }
        try (TestProject project = project("Layers: [!Ref Shared]", "made/Greeter.java")) {
            Jars.compile(project.path("made/Greeter.java"), project.path("layer"));
            assertEquals("hi", project.start().body("/x"));
        }
    }

    @Test void a_jar_may_be_the_layer_itself() throws IOException {
        try (TestProject project = project("Layers: [!Ref Shared]", "made/Greeter.java")) {
            Jars.make(project.path("greeter.jar"), project.path("made/Greeter.java"));
            project.write("template.yaml", template("Layers: [!Ref Shared]")
                    .replace("ContentUri: layer", "ContentUri: greeter.jar"));
            assertEquals("hi", project.start().body("/x"));
        }
    }

    @Test void a_rebuilt_jar_is_read_again() throws IOException {
        try (TestProject project = project("Layers: [!Ref Shared]", "made/Greeter.java")) {
            for (String word : new String[] {"one", "two", "three"}) {
                project.write("made/Greeter.java", GREETER.replace("hi", word));
                Jars.make(project.path("layer/greeter.jar"), project.path("made/Greeter.java"));
                if (word.equals("one")) project.start();
                assertEquals(word, project.body("/x"), project.console());
            }
        }
    }

    @Test void jdbc_drivers_are_found_in_each_environment() throws IOException {
        try (TestProject project = TestProject.of("template.yaml",
                TestProject.function("Fn", "App::handle", "src", "/x"), "src/App.java",
                TestProject.handler("App", "java.sql.DriverManager.getDriver(\"mine:x\").getMajorVersion()"),
                "made/Mine.java", """
                package mine;
                import java.sql.*;
                import java.util.Properties;
                public class Mine implements Driver {
                    static { try { DriverManager.registerDriver(new Mine()); } catch (SQLException e) { } }
                    public Connection connect(String url, Properties info) { return null; }
                    public boolean acceptsURL(String url) { return url.startsWith("mine:"); }
                    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
                    public int getMajorVersion() { return 7; }
                    public int getMinorVersion() { return 0; }
                    public boolean jdbcCompliant() { return false; }
                    public java.util.logging.Logger getParentLogger() { return null; }
                }
                """)) {
            Jars.make(project.path("src/lib/mine.jar"), project.path("made/Mine.java"),
                    "META-INF/services/java.sql.Driver", "mine.Mine\n");
            project.withLimits(2, true).start();
            for (int i = 0; i < 3; i++) assertEquals("7", project.body("/x"), project.console());
        }
    }

    @Test void an_unreferenced_layer_applies_to_all_functions() {
        try (TestProject project = project("MemorySize: 256", "layer/Greeter.java").start()) {
            assertEquals("hi", project.body("/x"));
            String output = project.console();
            assertTrue(output.contains("no function uses layer `Shared`: all functions get it here, none on AWS"), output);
        }
    }

    @Test void a_referenced_layer_applies_only_to_its_functions() {
        try (TestProject project = project("Layers: [!Ref Shared]", "layer/Greeter.java")) {
            project.write("template.yaml", template("Layers: [!Ref Shared]")
                    + TestProject.function("Other", "App::handle", "src", "/other").replace("Resources:\n", ""));
            project.start();
            assertEquals("hi", project.body("/x"));
            assertEquals(500, project.get("/other").statusCode());
        }
    }

    @Test void a_layer_outside_the_template_is_reported() {
        try (TestProject project = TestProject.of("src/App.java", TestProject.handler("App", "1"),
                "layer/Greeter.java", GREETER,
                "template.yaml", template("Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1']")).start()) {
            assertEquals("1", project.body("/x"));
            assertTrue(project.console()
                    .contains("the content of layer `arn:aws:lambda:us-east-1:1:layer:x:1` is not here"), project.console());
        }
    }

    /** Lambda Developer Guide, "Adding layers to functions": they are named by ARNs of versions, of any account. */
    @Test void libraries_of_the_scope_provided_stand_for_a_layer_that_is_elsewhere() {
        String gson = "<dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>"
                + "<version>2.13.2</version><scope>provided</scope></dependency>";
        String arn = "!Sub 'arn:aws:lambda:${AWS::Region}:123456789012:layer:libs:2'";
        try (TestProject project = TestProject.of("template.yaml", template("Layers: [" + arn + "]"),
                "src/src/main/java/App.java", TestProject.handler("App", "new com.google.gson.Gson().toJson(1)"),
                "src/pom.xml", "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId>"
                + "<version>1</version><dependencies>" + gson + "</dependencies></project>",
                "layer/Greeter.java", GREETER).start()) {
            assertEquals("1", project.body("/x"));
            assertTrue(project.console().contains("layer `arn:aws:lambda:us-east-1:123456789012:layer:libs:2` is not here"),
                    project.console());
            project.write("template.yaml", template("Layers: []"));
            assertEquals(502, project.get("/x").statusCode());
        }
    }

    @Test void content_may_be_given_for_a_layer_that_is_elsewhere() throws IOException {
        String arn = "arn:aws:lambda:us-east-1:123456789012:layer:libs:2";
        for (String key : new String[] {arn, "libs:2", "libs"}) {
            try (TestProject project = project("Layers: ['" + arn + "']", "made/Greeter.java")) {
                Jars.make(project.path("given/java/lib/greeter.jar"), project.path("made/Greeter.java"));
                project.withLayers(java.util.Map.of(key, project.path("given"))).start();
                assertEquals("hi", project.body("/x"), project.console());
                assertFalse(project.console().contains("is not here"), project.console());
            }
        }
    }

    @Test void layers_that_nothing_stands_for_are_checked() throws IOException {
        String arn = "arn:aws:lambda:us-east-1:123456789012:layer:libs:2";
        try (TestProject project = project("Layers: ['" + arn + "']", "made/Greeter.java")) {
            Jars.make(project.path("greeter.jar"), project.path("made/Greeter.java"));
            String template = project.path("template.yaml").toString();
            String bare = TestProject.cli("check", "-t", template).out().replaceAll("\\s+", " ");
            assertTrue(bare.contains("layer `" + arn + "` is not here"), bare);
            TestProject.Ran given = TestProject.cli("check", "-t", template, "--layer",
                    arn + "=" + project.path("greeter.jar"));
            assertFalse(given.out().contains("is not here"), given.out());
            assertEquals(0, given.status(), given.out());
            TestProject.Ran wrong = TestProject.cli("check", "-t", template, "--layer", arn + "=nowhere.jar");
            assertTrue(wrong.err().contains("`--layer`: no file or folder `nowhere.jar`"), wrong.err());
        }
    }

    @Test void the_type_that_a_handler_misses_is_named() {
        String gson = "<dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>"
                + "<version>2.13.2</version><scope>provided</scope></dependency>";
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                "src/src/main/java/App.java", "public class App { public String handle(com.google.gson.JsonObject event) {"
                + " return \"x\"; } }", "src/pom.xml", "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId>"
                + "<artifactId>a</artifactId><version>1</version><dependencies>" + gson + "</dependencies></project>")) {
            String checked = TestProject.cli("check", "-t", project.path("template.yaml").toString()).out()
                    .replaceAll("\\s+", " ");
            assertTrue(checked.contains("`com.google.gson.JsonObject` is not on the function's class path"), checked);
            assertTrue(checked.contains("--layer ARN=PATH"), checked);
            project.start();
            assertEquals(502, project.get("/x").statusCode());
            assertTrue(project.console().contains("com.google.gson.JsonObject"), project.console());
            assertTrue(project.console().contains("--layer ARN=PATH"), project.console());
        }
    }

    @Test void layers_reach_other_stacks_by_parameters_and_outputs() {
        String user = """
                Parameters: {Given: {Type: String}}
                Resources:
                  %s: {Type: AWS::Serverless::Function, Properties: {Handler: App::handle, Runtime: java17,
                      CodeUri: src, Layers: [!Ref Given], Events: {A: {Type: Api, Properties: {Path: /%s, Method: get}}}}}
                """;
        String nested = "  %s: {Type: AWS::Serverless::Application, Properties: {Location: %s, Parameters: {Given: %s}}}\n";
        String layer = "  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: %s}}\n";
        try (TestProject project = TestProject.of("src/App.java", APP, "layer/Greeter.java", GREETER,
                "other/Greeter.java", GREETER.replace("hi", "other"), "template.yaml", """
                Resources:
                  Plain: {Type: AWS::Serverless::Function, Properties: {Handler: Plain::handle, Runtime: java17,
                      CodeUri: plain, Events: {A: {Type: Api, Properties: {Path: /plain, Method: get}}}}}
                """ + layer.formatted("layer") + nested.formatted("Child", "child.yaml", "!Ref Shared")
                + nested.formatted("Sibling", "sibling.yaml", "!GetAtt Layers.Outputs.LayerArn")
                + "  Layers: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: layers.yaml}}\n",
                "plain/Plain.java", TestProject.handler("Plain", "Class.forName(\"layer.Greeter\")"),
                "child.yaml", user.formatted("One", "one") + nested.formatted("Inner", "inner.yaml", "!Ref Given"),
                "inner.yaml", user.formatted("Two", "two") + layer.formatted("other"),
                "sibling.yaml", user.formatted("Three", "three"),
                "layers.yaml", "Resources:\n" + layer.formatted("other")
                + "Outputs: {LayerArn: {Value: !Ref Shared}}\n").start()) {
            assertEquals("hi", project.body("/one"));
            assertEquals("hi", project.body("/two"));
            assertEquals("other", project.body("/three"));
            assertEquals(502, project.get("/plain").statusCode(), project.console());
            assertFalse(project.console().contains("is not a layer of this template"), project.console());
            assertFalse(project.console().contains("no function names layer"), project.console());
        }
    }

    @Test void layers_of_nested_stacks_are_used_and_unknown_ones_reported() {
        String layers = """
                Resources:
                  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
                  Spare: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
                  Other: {Type: AWS::Serverless::Function, Properties: {Handler: App::handle, Runtime: java17, CodeUri: src}}
                Outputs: {LayerArn: {Value: !Ref Shared}}
                """;
        try (TestProject project = TestProject.of("src/App.java", APP, "layer/Greeter.java", GREETER, "layers.yaml",
                layers, "template.yaml", TestProject.function("Fn", "App::handle", "src", "/x").replace("Runtime:",
                "Layers: [!GetAtt Nested.Outputs.LayerArn]\n      Runtime:")
                + "  Nested: {Type: AWS::Serverless::Application, Properties: {Location: layers.yaml}}\n").start()) {
            assertEquals("hi", project.body("/x"));
            String output = project.console();
            assertTrue(output.contains("no function uses layer `Spare`: all functions get it here, none on AWS"), output);
            assertFalse(output.contains("`Shared`"), output);
        }
    }

    private static TestProject project(String property, String greeter) {
        return TestProject.of("src/App.java", APP, "layer/readme.txt", "", greeter, GREETER, "template.yaml",
                template(property));
    }

    private static String template(String property) {
        return TestProject.function("Fn", "App::handle", "src", "/x")
                .replace("Runtime:", property + "\n      Runtime:") + """
                  Shared:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: layer}
                """.indent(0);
    }

    @Test void a_library_and_the_functions_classes_may_share_a_package() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "p.App::handle", "src", "/x"),
                "src/p/App.java", "package p;\n" + TestProject.handler("App", "Lib.SECRET + Lib.call()").replaceFirst("\\{",
                "{ static String own() { return \" and back\"; }"), "made/p/Lib.java", """
                package p;
                public class Lib {
                    static final StringBuilder SECRET = new StringBuilder("in the package");
                    static String call() {
                        try {
                            return (String) Class.forName("p.App").getDeclaredMethod("own").invoke(null);
                        } catch (ReflectiveOperationException e) {
                            return e.toString();
                        }
                    }
                }
                """)) {
            Jars.make(project.path("src/lib/lib.jar"), project.path("made/p/Lib.java"));
            assertEquals("in the package and back", project.start().body("/x"));
        }
    }
}
