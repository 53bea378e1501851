import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Environment variables and task root of functions. */
class EnvironmentTest {
    private static final String TEMPLATE = """
            Parameters: {Stage: {Type: String, Default: dev}}
            Globals:
              Function:
                CodeUri: src
                Handler: App::handle
                Runtime: java17
                Environment: {Variables: {SHARED: all, WHO: nobody, NUMBER: 007, YES: yes, LIST: [a], NOTHING: , NEW: old}}
            Resources:
              A:
                Type: AWS::Serverless::Function
                Properties:
                  Environment: {Variables: {WHO: a, STAGE: !Ref Stage, TABLE: !Ref Table, OTHER: !GetAtt B.Arn}}
                  Events: {E: {Type: Api, Properties: {Path: /a, Method: get}}}
              B:
                Type: AWS::Serverless::Function
                Properties:
                  Environment: {Variables: {WHO: b}}
                  Events: {E: {Type: Api, Properties: {Path: /b, Method: get}}}
              Table: {Type: AWS::Serverless::SimpleTable}
            """;

    /** A handler that returns a file of the task root, or the names in a folder. */
    private static String reader() {
        return TestProject.handler("App", "read(new java.io.File(System.getenv(\"LAMBDA_TASK_ROOT\"), "
                + "((Map<?, ?>) event.get(\"queryStringParameters\")).get(\"n\").toString()))").replaceFirst("\\{", """
                { static String read(java.io.File file) throws java.io.IOException {
                    return file.isDirectory() ? new TreeSet<>(List.of(file.list())).toString()
                            : java.nio.file.Files.readString(file.toPath());
                }
                """);
    }

    @Test void each_function_has_its_own_variables_while_several_run_at_once() throws Exception {
        String code = TestProject.handler("App",
                "AT_START + System.getenv(\"WHO\") + System.getenv().get(\"WHO\") + BY_REFERENCE.apply(\"WHO\")")
                .replaceFirst("\\{", "{ static final String AT_START = System.getenv(\"WHO\");"
                        + " static final java.util.function.Function<String, String> BY_REFERENCE = System::getenv;");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", code).start()) {
            ExecutorService clients = Executors.newFixedThreadPool(6);
            List<Future<String>> bodies = IntStream.range(0, 60)
                    .mapToObj(i -> clients.submit(() -> project.body(i % 2 == 0 ? "/a" : "/b"))).toList();
            for (int i = 0; i < 60; i++) assertEquals(i % 2 == 0 ? "aaaa" : "bbbb", bodies.get(i).get());
            clients.shutdown();
        }
    }

    @Test void values_are_text_and_references_are_resolved() {
        assertVariables("/a", "SHARED=all", "STAGE=dev", "TABLE=Table",
                "OTHER=arn:aws:lambda:us-east-1:123456789012:function:B", "NUMBER=007", "YES=true", "LIST=",
                "NOTHING=");
        assertVariables("/b", "STAGE=null");
    }

    @Test void lambda_sets_its_own() {
        assertVariables("/a", "AWS_LAMBDA_FUNCTION_NAME=A", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128", "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/A",
                "AWS_EXECUTION_ENV=AWS_Lambda_java17", "_HANDLER=App::handle", "AWS_SAM_LOCAL=true", "HOME=null",
                "LAMBDA_RUNTIME_DIR=/var/runtime", "AWS_XRAY_CONTEXT_MISSING=LOG_ERROR");
    }

    /** Lambda Developer Guide, "Defined runtime environment variables": LAMBDA_TASK_ROOT is "the path to your code". */
    @Test void the_task_root_has_the_resources_of_a_folder_without_a_build_file() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java",
                reader(), "src/config.json", "one", "src/data/a.txt", "a",
                "src/com/x/Other.java", "package com.x; class Other { }", "src/com/x/b.txt", "b").start()) {
            assertEquals("one", project.body("/a?n=config.json"));
            assertEquals("a", project.body("/a?n=data/a.txt"));
            assertEquals("b", project.body("/a?n=com/x/b.txt"));
            assertEquals("[com, config.json, data]", project.body("/a?n=."));
            project.write("src/config.json", "two");
            project.write("src/new.json", "new");
            assertEquals("two", project.body("/a?n=config.json"));
            assertEquals("new", project.body("/a?n=new.json"));
            Files.delete(project.path("src/new.json"));
            assertEquals("[com, config.json, data]", project.body("/a?n=."));
        }
    }

    @Test void the_task_root_has_the_files_that_a_build_copies() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/src/main/java/App.java",
                reader(), "src/src/main/resources/config.json", "one",
                "src/src/main/resources/in/a.txt", "a", "src/more/in/b.txt", "b", "src/pom.xml", """
                <project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>
                  <build><resources><resource><directory>src/main/resources</directory></resource>
                    <resource><directory>more</directory></resource></resources></build></project>
                """).start()) {
            assertEquals("[config.json, in]", project.body("/a?n=."));
            assertEquals("[a.txt, b.txt]", project.body("/a?n=in"));
            assertEquals("one", project.body("/a?n=config.json"));
            project.write("src/src/main/resources/config.json", "two");
            assertEquals("two", project.body("/a?n=config.json"));
        }
    }

    @Test void the_task_root_has_the_files_of_a_jar() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE.replace("CodeUri: src", "CodeUri: app.jar"),
                "made/App.java", reader())) {
            Jars.make(project.path("app.jar"), project.path("made/App.java"), "in/a.txt", "a");
            project.start();
            assertEquals("a", project.body("/a?n=in/a.txt"));
        }
    }

    @Test void the_map_cannot_be_changed_and_a_missing_name_is_null() {
        String code = TestProject.handler("App", "System.getenv(\"NOPE\") + tryPut()").replaceFirst("\\{",
                "{ static String tryPut() { try { System.getenv().put(\"X\", \"y\"); return \"put\"; }"
                        + " catch (UnsupportedOperationException e) { return \"fixed\"; } }");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", code).start()) {
            assertEquals("nullfixed", project.body("/a"));
        }
    }

    @Test void libraries_see_the_functions_variables_too() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE,
                "src/App.java", TestProject.handler("App", "lib.Reader.who()"), "made/Reader.java",
                "package lib; public class Reader { public static String who() { return System.getenv(\"WHO\"); } }")) {
            Jars.make(project.path("src/lib/reader.jar"), project.path("made/Reader.java"));
            project.start();
            assertEquals("a", project.body("/a"));
            assertEquals("b", project.body("/b"));
        }
    }

    @Test void a_file_overrides_the_template_and_is_reread_after_changes() {
        String code = TestProject.handler("App",
                "System.getenv(\"WHO\") + System.getenv(\"SHARED\") + System.getenv(\"NEW\")");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", code, "env.json", """
                {"Parameters": {"SHARED": "file", "NEW": 5}, "B": {"WHO": "me", "SHARED": null}}""")
                .withVariables("env.json").start()) {
            assertEquals("afile5", project.body("/a"));
            assertEquals("me5", project.body("/b"));
            project.write("env.json", "# as in .env files\nexport WHO='x y' # who\n\nNEW=\"1\\n2\"\n");
            assertEquals("x yall1\n2", project.body("/a"));
            project.write("env.json", "{\"A\": 5}");
            assertEquals("x yall1\n2", project.body("/a"));
            assertTrue(project.console().contains("`A` must be an object with variables"), project.console());
            project.write("env.json", "[\"a\"]");
            assertEquals("x yall1\n2", project.body("/a"));
            assertTrue(project.console().contains("env.json` must be an object with functions"), project.console());
        }
    }

    @Test void a_value_that_only_aws_knows_is_a_warning_unless_it_is_set() {
        String variable = System.getenv().keySet().stream().filter(name -> name.matches("[A-Za-z][A-Za-z0-9]+"))
                .findFirst().orElseThrow();
        String template = """
                Globals: {Function: {CodeUri: src, Runtime: java17, Environment: {Variables: {GIVEN: !GetAtt T.None}}}}
                Resources:
                  T: {Type: AWS::SNS::Topic}
                  A: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle',
                      Environment: {Variables: {%s: !GetAtt T.None, MISSING: !GetAtt T.None}}}}
                  B: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle'}}
                """.formatted(variable);
        String given = "variable `GIVEN` has a value that only AWS knows";
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "1"), "env.json", "{\"A\": {\"GIVEN\": \"x\"}}")
                .withVariables("env.json").start()) {
            assertTrue(project.console().contains(given), "B lacks it: " + project.console());
            assertTrue(project.console().contains("variable `MISSING` has "), project.console());
            assertFalse(project.console().contains("variable `" + variable + "` has "), "set in the shell");
        }
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "1"), "env.json", "{\"Parameters\": {\"GIVEN\": \"x\"}}")
                .withVariables("env.json").start()) {
            assertFalse(project.console().contains(given), project.console());
            assertTrue(project.console().contains("variable `MISSING` has "), project.console());
        }
    }

    @Test void undeclared_variables_are_ignored_and_reported() {
        String code = TestProject.handler("App", "System.getenv(\"WHO\") + System.getenv(\"STAGE\")"
                + " + System.getenv(\"OTHERS\")");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", code, "env.json", """
                {"Parameters": {"STAGE": "all", "OTHERS": 1}, "B": {"WHOO": "x"}, "C": {"WHO": "y"}}""")
                .withVariables("env.json").start()) {
            assertEquals("aallnull", project.body("/a"));
            assertEquals("bnullnull", project.body("/b"));
            for (String message : new String[] {"no function declares 1 variable of this file: `OTHERS`, ignored",
                "did you mean `OTHER`?", "`B` does not declare 1 variable of this file: `WHOO`, ignored",
                "did you mean `WHO`?", "no function `C`; its variables are ignored"}) {
                assertTrue(project.console().contains(message), project.console());
            }
        }
    }

    @Test void each_environment_has_a_log_stream_of_its_own() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java",
                TestProject.handler("App", "System.getenv(\"AWS_LAMBDA_LOG_STREAM_NAME\")")).withLimits(1, true)
                .start()) {
            String one = project.body("/a");
            assertTrue(one.matches("\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}"), one);
            assertFalse(one.equals(project.body("/a")), "each request is a cold start");
        }
    }

    private static void assertVariables(String path, String... expected) {
        String code = TestProject.handler("App",
                "System.getenv(((Map<?, ?>) event.get(\"queryStringParameters\")).get(\"n\").toString())");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", code).start()) {
            for (String pair : expected) {
                String name = pair.substring(0, pair.indexOf('='));
                assertEquals(pair, name + "=" + project.body(path + "?n=" + name));
            }
        }
    }
}
