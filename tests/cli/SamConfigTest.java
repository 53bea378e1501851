import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Options from the command line, the environment and samconfig files, in this order. */
class SamConfigTest {
    private static final String TEMPLATE = """
            Parameters: {A: {Type: String, Default: template}, B: {Type: CommaDelimitedList, Default: ''}}
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::run
                  CodeUri: src
                  Runtime: java17
                  Environment: {Variables: {A: !Ref A, B: !Join ['+', !Ref B], REGION: !Ref AWS::Region, FILE: none}}
            """;
    private static final String HANDLER = """
            public class App {
                public String run() {
                    return String.join(" ", System.getenv("A"), System.getenv("B"), System.getenv("REGION"),
                            System.getenv("AWS_REGION"), System.getenv("FILE"), "" + System.getenv("AWS_PROFILE"));
                }
            }
            """;
    private static final String CONFIG = """
            version = 0.1
            [default.global.parameters]
            region = "eu-west-1"
            profile = "everyone"
            stack_name = "sam deploy reads this"
            [default.local_start_api.parameters]
            parameter_overrides = "A=command B=1,2"
            env_vars = "env.json"
            [prod.local_start_api.parameters]
            parameter_overrides = ["A=prod"]
            """;

    @Test void precedence_is_command_line_environment_command_section_global_section() {
        try (TestProject project = project("samconfig.toml", CONFIG)) {
            assertResolved("command 1+2 eu-west-1", project, Map.of());
            assertResolved("command 1+2 us-west-2", project, Map.of("AWS_REGION", "us-west-2"));
            assertResolved("line  ap-south-1", project, Map.of("AWS_REGION", "us-west-2"), "--region",
                    "ap-south-1", "--parameter-overrides", "A=line");
            assertResolved("prod  us-east-1", project, Map.of(), "--config-env", "prod");
        }
    }

    @Test void a_function_sees_all_defaults() throws Exception {
        try (TestProject project = project("samconfig.toml", CONFIG.replace("start_api", "invoke"))) {
            project.write("aws.config", "[profile everyone]\nregion = sa-east-1\n[profile me]\n");
            assertEquals("\"command 1+2 eu-west-1 eu-west-1 file everyone\"", invoked(project));
            assertEquals("\"command 1+2 us-west-1 us-west-1 file me\"",
                    invoked(project, "--profile", "me", "--region", "us-west-1"));
        }
    }

    @Test void the_template_that_sam_build_reads_is_the_default() {
        String config = """
                version = 0.1
                [default.global.parameters]
                template_file = "global.yaml"
                [default.build.parameters]
                template_file = "deploy/sam.yaml"
                """;
        try (TestProject project = project("samconfig.toml", config)) {
            String topic = "Resources: {%s: {Type: AWS::SNS::Topic}}\n";
            for (String name : List.of("deploy/sam", "global", "own")) {
                project.write(name + ".yaml", topic.formatted(name.replaceFirst(".*/", "Of")));
            }
            String file = project.path("samconfig.toml").toString();
            String absolute = config.replace("deploy/", project.path("deploy").toString() + "/");
            project.write("samconfig.toml", absolute);
            assertTrue(run(Map.of(), "template", "--config-file", file).out().contains("Ofsam"));
            project.write("samconfig.toml", absolute.replace("build", "deploy")
                    .replace("global.yaml", project.path("global.yaml").toString()));
            assertTrue(run(Map.of(), "template", "--config-file", file).out().contains("global"));
        }
    }

    /** The output of a separate process with the profiles of {@code aws.config}. */
    private static String invoked(TestProject project, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Checkout.folder().resolve("jbang").toString(),
                Checkout.folder().resolve("ServerLocal.java").toString(), "invoke"));
        command.addAll(List.of(options));
        TestProject.Ran ran = TestProject.run(project.folder(), Map.of("AWS_CONFIG_FILE",
                project.path("aws.config").toString()), "", command.toArray(new String[0]));
        assertEquals(0, ran.status(), ran.err());
        return ran.out();
    }

    @Test void a_template_may_be_named_by_a_variable() {
        try (TestProject project = project("none.toml", "")) {
            TestProject.Ran ran = run(Map.of("SAM_TEMPLATE_FILE", project.path("template.yaml").toString()), "template",
                    "--resolved");
            assertTrue(ran.out().contains("Fn"), ran.err());
        }
    }

    @Test void yaml_is_read_as_well_and_maps_of_parameters() {
        try (TestProject project = project("samconfig.yaml", """
                version: 0.1
                default: {local_start_api: {parameters: {parameter_overrides: {A: true, B: [x, "y z"]}}}}
                """)) {
            assertResolved("True x+y z us-east-1", project, Map.of());
            project.write("samconfig.yml", "version: 0.1\n");
            String err = run(project, "routes", Map.of()).err();
            assertTrue(err.contains("samconfig.yaml` is used, `samconfig.yml` is ignored"), err);
            assertResolved("template  us-east-1", project, Map.of(), "--config-file", "samconfig.yml");
        }
    }

    @Test void a_list_of_parameters_may_hold_texts_and_maps() {
        try (TestProject project = project("samconfig.toml", """
                version = 0.1
                [default.local_start_api.parameters]
                parameter_overrides = ["A=\\"a b\\"", {B = [1, 2.50]}]
                """)) {
            assertResolved("a b 1+2.50 us-east-1", project, Map.of());
        }
    }

    /** SAM Developer Guide, "Using the AWS SAM CLI configuration file": a table, and a string with quotes. */
    @Test void parameters_may_be_a_table_or_a_text_with_quotes() {
        String section = "version = 0.1\n[default.global.parameters]\nregion = \"eu-west-1\"\n";
        try (TestProject project = project("samconfig.toml", section
                + "[default.global.parameters.parameter_overrides]\nA = \"a b\"\nB = [1, \"c d\"]\n")) {
            assertResolved("a b 1+c d eu-west-1", project, Map.of());
            project.write("samconfig.toml", section + "parameter_overrides = \"A=\\\"a b\\\" B=1,2\"\n");
            assertResolved("a b 1+2 eu-west-1", project, Map.of());
            project.write("samconfig.toml", section + "parameter_overrides = \"A=a\\\\ b ParameterKey=B,ParameterValue='1'\"\n");
            assertResolved("a b 1 eu-west-1", project, Map.of());
        }
    }

    /** Options of {@code global} apply to each command that has them. */
    @Test void global_parameters_are_those_of_every_command() throws Exception {
        try (TestProject project = project("samconfig.toml", "version = 0.1\n[default.global.parameters]\n"
                + "parameter_overrides = \"A=global Extra=1\"\n")) {
            for (String command : List.of("routes", "check", "template")) {
                TestProject.Ran ran = run(project, command, Map.of());
                String text = command.equals("template") ? "\"global\"" : "no parameter `Extra`";
                assertTrue((ran.out() + ran.err()).contains(text), command + ran.out() + ran.err());
            }
            assertTrue(invoked(project).startsWith("\"global "), invoked(project));
        }
    }

    @Test void parameters_may_be_in_a_file() {
        try (TestProject project = project("values.yaml", "A: a b\nB: [1, 2]\n")) {
            project.write("values.toml", "A = \"toml\"\n");
            String yaml = "file://" + project.path("values.yaml");
            assertResolved("a b 1+2 us-east-1", project, Map.of(), "--parameter-overrides", yaml);
            assertResolved("toml 3 us-east-1", project, Map.of(), "--parameter-overrides", yaml, "B=3",
                    "file://" + project.path("values.toml"));
            assertEquals(2, run(project, "routes", Map.of(), "--parameter-overrides", "file://none.toml").status());
        }
    }

    @Test void errors_in_the_file_are_reported_with_their_place() {
        assertReported(1, "error: invalid TOML: newline not permitted here\n  --> samconfig.toml:2:5\n", "version = 0.1\nnope\n");
        assertReported(1, "error: `default` must be a map\n  --> samconfig.toml:2:11\n", "version=0.1\ndefault = 3\n");
        assertReported(2, "error: `profile` must be a single value\n  --> samconfig.toml:3:9\n", "profile=[1]\n");
        assertReported(2, "error: `offline` must be true or false\n  --> samconfig.toml:3:9\n", "offline='maybe'\n");
        assertReported(1, "warning: `evn_vars` is not an option of this command\n  --> samconfig.toml:3:1\n", "evn_vars='x'\n");
        assertReported(1, "help: did you mean `env_vars`?\n", "evn_vars='x'\n");
        assertReported(1, "warning: `start_api` is ignored\n  --> samconfig.toml:2:10\n",
                "version = 0.1\n[default.start_api.parameters]\n");
        assertReported(1, "warning: `version` is missing; sam rejects the file\n  --> samconfig.toml\n",
                "[default.local_start_api.parameters]\n");
    }

    @Test void mistyped_sections_are_reported_with_a_suggestion() {
        for (String[] each : new String[][] {{"local_invok", "local_invoke"}, {"local-start-lambda", "local_start_lambda"},
            {"invoke", "local_invoke"}, {"globl", "global"}, {"delpoy", "deploy"}}) {
            assertReported(1, "warning: `" + each[0] + "` is ignored\n  --> samconfig.toml:2:10\n",
                    "version = 0.1\n[default." + each[0] + ".parameters]\n");
            assertReported(1, "help: did you mean `" + each[1] + "`?\n",
                    "version = 0.1\n[default." + each[0] + ".parameters]\n");
        }
        String below = "\nhelp: put options below `parameters`\n";
        String config = "version = 0.1\n[default.local_invoke.parameter]\nregion = 'x'\n";
        assertReported(1, "warning: `parameter` is ignored\n  --> samconfig.toml:2:23\n", config);
        assertReported(1, below, config);
        assertReported(1, "warning: `region` is ignored\n  --> samconfig.toml:3:1\n",
                "version = 0.1\n[default.local_start_api]\nregion = 'x'\n");
    }

    @Test void sections_of_sam_are_not_reported_as_mistyped() {
        String sections = Stream.of("build", "deploy", "package", "validate", "sync", "logs", "traces", "init", "publish",
                "pipeline_bootstrap", "pipeline_init", "list_stack_outputs", "remote_invoke", "remote_test_event_put",
                "local_generate_event_s3_put", "local_invoke", "local_start_lambda", "global", "delete", "own_notes")
                .map(name -> "[default." + name + ".parameters]\nown = 1\n").collect(Collectors.joining());
        try (TestProject project = project("samconfig.toml", "version = 0.1\n" + sections
                + "[stage.local_invok.parameters]\nregion = 'x'\n")) {
            assertEquals("", run(project, "template", Map.of()).err());
        }
    }

    @Test void values_of_a_wrong_type_are_a_usage_error_at_their_place() {
        try (TestProject project = project("samconfig.toml",
                "version = 0.1\n[default.local_start_api.parameters]\nport = \"x\"\n")) {
            TestProject.Ran ran = run(Map.of(), "-t", project.path("template.yaml").toString());
            assertTrue(ran.err().startsWith("error: `--port` must be a number from 0 to 65535, not `x`\n  --> "
                    + project.path("samconfig.toml") + ":3:8\n"), ran.err());
            assertEquals(2, ran.status());
        }
    }

    @Test void a_named_file_and_its_environment_must_exist() {
        try (TestProject project = project("samconfig.toml", CONFIG)) {
            TestProject.Ran ran = run(project, "routes", Map.of(), "--config-file", "nope.toml");
            assertEquals("error: `--config-file`: no such file `nope.toml`\ntry: samlocal routes --help\n", ran.err());
            assertEquals(2, ran.status());
            assertTrue(run(project, "routes", Map.of(), "--config-env", "prud").err().startsWith("warning: `"
                    + project.path("samconfig.toml") + "` has no environment `prud`\nhelp: its environments: default, prod\n"));
        }
    }

    @Test void debug_shows_the_origin_of_options() {
        try (TestProject project = project("samconfig.toml", CONFIG)) {
            String err = start(project, Map.of("AWS_REGION", "us-west-2"), "--debug").err();
            assertTrue(err.contains("note: --region us-west-2 from the environment variable AWS_REGION\n"), err);
            assertTrue(err.contains("note: --profile everyone from " + project.path("samconfig.toml") + ":4:11\n"), err);
        }
    }

    @Test void save_params_writes_given_options_and_keeps_the_rest() throws IOException {
        try (TestProject project = project("samconfig.toml", CONFIG.replace("[prod", "# below\n[prod"))) {
            start(project, Map.of("AWS_REGION", "us-west-2"), "--save-params", "--parameter-overrides", "A=\"x y\"",
                    "--offline");
            String saved = Files.readString(project.path("samconfig.toml"));
            assertEquals(CONFIG.replace("[prod", "# below\n[prod")
                    .replace("parameter_overrides = \"A=command B=1,2\"\n",
                    "template_file = \"" + project.path("none.yaml") + "\"\nparameter_overrides = \"A=\\\"x y\\\"\"\n"
                    + "offline = true\n"), saved);
            assertResolved("x y  eu-west-1", project, Map.of());
        }
        try (TestProject project = project("none.toml", "")) {
            start(project, Map.of(), "--save-params", "--region", "eu-north-1");
            assertResolved("template  eu-north-1", project, Map.of());
        }
    }

    private static TestProject project(String name, String config) {
        return TestProject.of("template.yaml", TEMPLATE, "src/App.java", HANDLER, "env.json",
                "{\"Fn\": {\"FILE\": \"file\"}}", name, config);
    }

    private static void assertReported(int status, String message, String config) {
        boolean isWhole = config.startsWith("version") || config.startsWith("[");
        try (TestProject project = project("samconfig.toml", isWhole ? config
                : "version = 0.1\n[default.local_start_api.parameters]\n" + config)) {
            TestProject.Ran ran = start(project, Map.of());
            String err = ran.err().replace(project.folder() + "/", "");
            assertTrue(err.contains(message), err);
            assertEquals(status, ran.status(), err);
        }
    }

    /** The values of the template's variables A, B and REGION. */
    private static void assertResolved(String text, TestProject project, Map<String, String> environment,
            String... more) {
        TestProject.Ran ran = run(project, "template", environment, more);
        Matcher values = Pattern.compile("\"A\": \"(.*)\",\\s+\"B\": \"(.*)\",\\s+\"REGION\": \"(.*)\"")
                .matcher(ran.out());
        assertTrue(values.find(), ran.out() + ran.err());
        assertEquals(text, values.group(1) + " " + values.group(2) + " " + values.group(3));
    }

    /** A server that fails to start because its template does not exist. */
    private static TestProject.Ran start(TestProject project, Map<String, String> environment, String... more) {
        return run(environment, Stream.concat(Stream.of("-t", project.path("none.yaml").toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private static TestProject.Ran run(TestProject project, String command, Map<String, String> environment,
            String... more) {
        List<String> words = new ArrayList<>(List.of(command, "-t", project.path("template.yaml").toString()));
        if (command.equals("template")) words.add("--resolved");
        words.addAll(List.of(more));
        return run(environment, words.toArray(new String[0]));
    }

    private static TestProject.Ran run(Map<String, String> environment, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ServerLocal.Cli.run(words, environment, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new TestProject.Ran(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }
}
