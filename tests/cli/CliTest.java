import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands, messages and exit statuses: 0, 1 for an error in the project, 2 for one in the command line. */
class CliTest {
    private static final String TEMPLATE = """
            Globals: {Function: {Runtime: java17}}
            Resources:
              List:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: orders.List::handle
                  CodeUri: .
                  Events:
                    One: {Type: Api, Properties: {Path: /orders, Method: get}}
                    Two: {Type: Api, Properties: {Path: '/orders/{id}', Method: Any, RestApiId: !Ref Shop}}
              Clean:
                Type: AWS::Serverless::Function
                Properties: {Handler: jobs.Clean, CodeUri: .,
                        Environment: {Variables: {AA: !GetAtt List.Arn, BB: x}}}
              Shop: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
            """;

    @Test void routes_as_a_table() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE)) {
            TestProject.Ran ran = TestProject.cli("routes", "--template", project.path("template.yaml").toString());
            assertEquals("", ran.err());
            assertEquals("""
                    METHOD  PATH          FUNCTION  HANDLER              API
                    GET     /orders       List      orders.List::handle  rest
                    ANY     /orders/{id}  List      orders.List::handle  rest
                    -       -             Clean     jobs.Clean           -
                    """, ran.out());
            assertEquals(0, ran.status());
        }
    }

    @Test void routes_as_json_and_nothing_else_on_standard_output() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE
                + "  Shop: {Type: AWS::Serverless::Api}\n")) {
            String template = project.path("template.yaml").toString();
            TestProject.Ran ran = TestProject.cli("--template", template, "routes", "--format", "json");
            List<?> routes = (List<?>) ServerLocal.Json.read(ran.out());
            assertEquals("{\"api\":\"ServerlessRestApi\",\"type\":\"rest\",\"method\":\"GET\",\"path\":\"/orders\",\"function\":\"List\","
                    + "\"handler\":\"orders.List::handle\",\"source\":\"" + template + ":9:45\"}",
                    ServerLocal.Json.write(routes.get(0)));
            assertEquals("Shop", ((Map<?, ?>) routes.get(1)).get("api"));
            assertEquals("ANY", ((Map<?, ?>) routes.get(1)).get("method"));
            assertEquals(2, routes.size());
            assertTrue(ran.err().contains("warning: duplicate key `Shop`"), ran.err());
        }
    }

    @Test void template_prints_the_long_form_in_order() {
        try (TestProject project = TestProject.of("t.yaml",
                "B: !GetAtt X.Y.Z\nA: [!Sub '${B}', yes, 010]\nV: 2010-09-09\nResources: {}\n")) {
            assertEquals("""
                    {
                      "B": {
                        "Fn::GetAtt": [
                          "X",
                          "Y.Z"
                        ]
                      },
                      "A": [
                        {
                          "Fn::Sub": "${B}"
                        },
                        true,
                        8
                      ],
                      "V": "2010-09-09",
                      "Resources": {}
                    }
                    """, TestProject.cli("template", "-t", project.path("t.yaml").toString()).out());
        }
    }

    @Test void template_resolved_replaces_known_values() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE)) {
            TestProject.Ran ran = TestProject.cli("template", "--resolved", "-t", project.path("template.yaml")
                    .toString());
            String json = ServerLocal.Json.write(ServerLocal.Json.read(ran.out()));
            assertTrue(json.contains("\"AA\":\"arn:aws:lambda:us-east-1:123456789012:function:List\""), json);
            assertTrue(json.contains("\"RestApiId\":\"Shop\""), json);
        }
    }

    @Test void an_invalid_project_is_one_message_and_status_1() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "bad.yaml", "A:\n  b: c: d\n",
                "code.yaml", TestProject.function("Fn", "App", "nowhere", "/x"), "jar.yaml",
                TestProject.function("Fn", "App", "target/x.jar", "/x"),
                "empty.yaml", "", "list.yaml", "- a\n", "none.yaml", "Transform: x\n", "handler.yaml",
                TestProject.function("Fn", "''", ".", "/x"), "twice.yaml",
                TEMPLATE.replace("'/orders/{id}', Method: Any, RestApiId: !Ref Shop",
                "/orders, Method: GET"))) {
            Files.write(project.path("latin.yaml"), new byte[] {'A', ':', ' ', (byte) 0xe4, '\n'});
            assertFails(project, "no.yaml", "error: template file not found: `no.yaml`\n");
            assertFails(project, ".", " is a folder, not a template\n");
            assertFails(project, "latin.yaml", "error: the file is not UTF-8 text: byte 0xE4\n  --> latin.yaml:1:4\n");
            Files.writeString(project.path("wide.yaml"), "\uFEFFA: b\n", StandardCharsets.UTF_16LE);
            assertFails(project, "wide.yaml", "error: the file is UTF-16 text, not UTF-8\n  --> wide.yaml\n"
                    + "help: save it as UTF-8; in PowerShell");
            assertFails(project, "empty.yaml", "error: `empty.yaml` is empty\n");
            assertFails(project, "list.yaml",
                    "error: a template must be a map with `Resources`\n  --> list.yaml:1:1\n");
            assertFails(project, "none.yaml", "error: 'Resources' section is required\n");
            assertFails(project, "bad.yaml", """
                    error: a second colon on one line
                      --> bad.yaml:2:7
                      |
                    2 |   b: c: d
                      |       ^
                    """);
            assertNotServed(project, "code.yaml", """
                    error: `CodeUri` names `nowhere`, which does not exist
                      --> code.yaml:6:16
                      |
                    6 |       CodeUri: nowhere
                      |                ^^^^^^^
                    """);
            assertNotServed(project, "jar.yaml", "help: build it first, or use the folder of the sources\n");
            assertFails(project, "handler.yaml", "error: function `Fn` has no `Handler`\n  --> handler.yaml:2:3\n");
            assertFails(project, "twice.yaml",
                    "error: `List`, event `Two`: method `GET` of path `/orders` is defined twice\n  --> twice.yaml:10:45\n");
        }
    }

    @Test void a_port_in_use_is_one_message() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            TestProject.Ran ran = TestProject.cli("-t", project.path("template.yaml").toString(), "--port", port);
            assertEquals("error: cannot listen on 127.0.0.1:" + port + ": address already in use\n"
                    + "help: stop the process that uses the port, or choose another port with `--port`; 0 picks a free one\n", ran.err());
            assertEquals(1, ran.status());
            String elsewhere = TestProject.cli("-t", project.path("template.yaml").toString(), "--host", "192.0.2.1").err();
            assertTrue(elsewhere.contains("cannot listen on 192.0.2.1:3000: ") && elsewhere.contains(
                    "help: the address does not belong to this machine; omit `--host`"), elsewhere);
        }
    }

    @Test void an_invalid_command_line_is_status_2() {
        assertMisused("""
                error: unknown option `--prot`
                help: did you mean `--port`?
                try: samlocal --help
                """, "--prot=1");
        assertMisused("""
                error: unknown option `--formt`
                help: did you mean `--format`?
                try: samlocal routes --help
                """, "routes", "--formt", "json");
        assertMisused("""
                error: unknown option `--port`
                help: it is an option of `start-api`, `start-lambda`
                try: samlocal routes --help
                """, "routes", "--port", "4800");
        assertMisused("error: unknown option `-x`\ntry: samlocal --help\n", "-x");
        for (String origin : List.of("localhost:5173", "http://localhost:5173/")) {
            assertMisused("error: `--cors` must be * or scheme, host and port, such as http://localhost:5173, not `" + origin
                    + "`\ntry: samlocal --help\n", "--cors", origin);
        }
        for (String[] words : new String[][] {{"ruotes"}, {"help", "ruotes"}}) {
            assertMisused("error: unknown command `ruotes`\nhelp: did you mean `routes`?\ntry: samlocal --help\n", words);
        }
        assertMisused("""
                error: unknown command `build`
                help: samlocal runs your sources directly; for AWS, use `sam build`
                try: samlocal --help
                """, "build");
        assertMisused("""
                error: `invoke` does not take `B`
                help: write `samlocal invoke [OPTIONS] [FUNCTION]`
                try: samlocal invoke --help
                """, "invoke", "A", "B");
        assertMisused("error: `--hook-name`: Terraform projects are not supported", "start-api", "--hook-name", "terraform");
    }

    @Test void invalid_and_missing_values_are_reported_with_the_allowed_ones() {
        for (String value : List.of("x", "1.5", "-1", "99999")) {
            assertMisused("error: `--port` must be a number from 0 to 65535, not `" + value + "`\ntry: samlocal --help\n",
                    "--port=" + value);
        }
        assertMisused("error: `--port` must be a number from 0 to 65535, not empty\n", "--port", "");
        assertMisused("error: `-p` must be a number from 0 to 65535, not `abc`\n", "-pabc");
        assertMisused("error: `--env-vars` must be a path, not empty\n", "--env-vars=");
        assertMisused("error: `--event` must be a path, not empty\n", "invoke", "--event", "");
        assertMisused("error: `--debug-port` must be a number from 1 to 65535, not `b`\n", "--debug-port", "1,b");
        assertMisused("error: `--concurrency` must be a number from 1 to 1000, not `0`\n", "--concurrency", "0");
        assertMisused("error: `--format` must be table or json, not `jsn`\nhelp: did you mean `json`?\n", "routes",
                "--format", "jsn");
        assertMisused("error: `--color` must be auto, always or never, not `sometimes`\n", "--color=sometimes");
        assertMisused("error: `SHELL` must be bash, zsh or fish, not `powershell`\n", "completion", "powershell");
        assertMisused("error: no value for `SHELL`\nhelp: write `samlocal completion SHELL`: bash, zsh or fish\n",
                "completion");
        assertMisused("error: no value for `--template`\nhelp: write `--template FILE`\n", "--template");
        assertMisused("error: no value for `-p`\nhelp: write `-p PORT`: a number from 0 to 65535\n", "-p", "--ssl");
        assertMisused("error: `--fresh` takes no value, not `1`\nhelp: write `--fresh` alone\n", "--fresh=1");
        assertMisused("error: `--port` is given twice\nhelp: write it once\n", "--port", "1", "--port", "2");
    }

    @Test void with_json_a_usage_error_is_one_object() throws IOException {
        TestProject.Ran ran = TestProject.cli("--log", "json", "--prot", "1");
        assertEquals("unknown option `--prot`", ((Map<?, ?>) ServerLocal.Json.read(ran.err())).get("message"));
        assertEquals(2, ran.status());
    }

    @Test void the_command_may_follow_its_options_and_local() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE)) {
            String template = project.path("template.yaml").toString();
            String expected = TestProject.cli("routes", "-t", template).out();
            assertTrue(expected.startsWith("METHOD"), expected);
            for (String line : List.of("-t % routes", "local routes -t %", "--color never local -t % routes",
                    "--template=% --parameter-overrides A=b C=d routes")) {
                String[] words = line.split(" ");
                for (int i = 0; i < words.length; i++) words[i] = words[i].replace("%", template);
                assertEquals(expected, TestProject.cli(words).out(), line);
            }
        }
    }

    @Test void every_option_of_sam_local_is_accepted() {
        String all = "-t F;--template F;--template-file F;-n F;--env-vars F;--parameter-overrides A=b C=d;-d 5;--debug-port 5;"
                + "--debug-args x;--debugger-path F;--container-env-vars F;-v F;--docker-volume-basedir F;-l F;--log-file F;"
                + "--layer-cache-basedir F;--skip-pull-image;--force-image-build;--docker-network x;--container-host x;"
                + "--container-host-interface x;--add-host a:1;--container-dns 1;-ii x;--invoke-image x;--shutdown;"
                + "--no-memory-limit;--language-extensions;--no-language-extensions;--config-file F;--config-env x;"
                + "--save-params;--region x;--profile x;--debug;--beta-features;--no-beta-features";
        String servers = ";--host x;-p 1;--port 1;--warm-containers EAGER;--warm-containers lazy;--debug-function Fn;--no-watch;"
                + "--ssl-cert-file F;--ssl-key-file F";
        assertTaken("start-api", all + servers + ";-s F;--static-dir F;--disable-authorizer");
        assertTaken("start-lambda", all + servers + ";Fn Other");
        assertTaken("invoke", all + ";Fn;-e F;--event -;--no-event;-r java17;--runtime java17;--durable-execution-name x;"
                + "--mount-symlinks;--no-mount-symlinks");
        assertTaken("validate", "-t F;--lint;--config-file F;--region x;--debug");
    }

    private static void assertTaken(String command, String options) {
        for (String option : options.split(";")) {
            String[] words = ("local " + command + " " + option + " --help").split(" ");
            TestProject.Ran ran = TestProject.cli(words);
            assertEquals(0, ran.status(), option + ": " + ran.err());
        }
    }

    @Test void docker_options_are_accepted_with_a_note() {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "A::b", "src", "/x"),
                "src/A.java", "public class A { public String b() { return \"done\"; } }", "event.json", "{}")) {
            TestProject.Ran ran = TestProject.cli("local", "invoke", "Fn", "-t",
                    project.path("template.yaml").toString(), "--docker-network", "host", "--skip-pull-image", "-v", "/x", "--add-host", "a:1.2.3.4", "-ii",
                    "image", "--layer-cache-basedir", "/y", "--no-memory-limit", "--debugger-path", "/z");
            assertEquals("\"done\"", ran.out(), ran.err());
            assertEquals("note: no effect, because functions run without Docker: --skip-pull-image,"
                    + " --no-memory-limit, --debugger-path, --docker-volume-basedir, --layer-cache-basedir,"
                    + " --docker-network, --add-host, --invoke-image", ran.err().lines().findFirst().orElse(""));
        }
    }

    @Test void a_built_template_is_replaced_by_its_source() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, ".aws-sam/build/template.yaml",
                TEMPLATE.replace("/orders", "/stale"))) {
            String built = project.path(".aws-sam/build/template.yaml").toString();
            TestProject.Ran ran = TestProject.cli("routes", "-t", built);
            assertTrue(ran.out().contains("/orders") && !ran.out().contains("/stale"), ran.out());
            assertEquals("note: `" + built + "` is a build result; serving its source `" + project.path("template.yaml")
                    + "`\n", ran.err());
        }
    }

    @Test void parameters_are_overridden_in_every_form_of_sam() throws IOException {
        String template = """
                Parameters: {A: {Type: String, Default: x}, B: {Type: CommaDelimitedList}, C: {Type: String}}
                Out: [!Ref A, !Ref B, !Ref C]
                """;
        try (TestProject project = TestProject.of("template.yaml", template)) {
            assertOverridden("[\"1\",[\"2\",\"3\"],\"4\"]", project, "A=1", "B=2,3", "C=4");
            assertOverridden("[\"1\",[\"2\",\"3\"],\"4 5\"]", project, "A=1 B=2,3 C=\"4 5\"");
            assertOverridden("[\"1\",[\"2\"],\"4 5\"]", project,
                    "ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2", "C=4 5");
            assertOverridden("[\"\",[\"2\"],\"a=b,http://c\"]", project, "A=\"\"", "B='2'", "C=a=b,http://c");
            String path = project.path("template.yaml").toString();
            assertMisused("error: `--parameter-overrides` does not take `My-Name=x`", "template", "--resolved", "-t",
                    path,
                    "--parameter-overrides", "My-Name=x");
        }
    }

    private static void assertOverridden(String json, TestProject project, String... overrides) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("template", "--resolved", "--parameter-overrides"));
        arguments.addAll(List.of(overrides));
        arguments.addAll(List.of("-t", project.path("template.yaml").toString()));
        Map<?, ?> root = (Map<?, ?>) ServerLocal.Json.read(TestProject.cli(arguments.toArray(String[]::new)).out());
        assertEquals(json, ServerLocal.Json.write(root.get("Out")));
    }

    @Test void help_and_version() {
        TestProject.Ran help = TestProject.cli("--help");
        assertEquals(0, help.status());
        for (String word : List.of("--template-file=FILE", "--port=PORT", "routes", "template",
                "default: 3000", "samlocal invoke")) {
            assertTrue(help.out().contains(word), help.out());
        }
        assertTrue(help.out().lines().count() < 60, help.out());
        assertTrue(TestProject.cli("help", "start-api").out().contains("--host=HOST"));
        assertEquals(TestProject.cli("start-api", "--help").out(), TestProject.cli("help", "start-api").out());
        assertTrue(TestProject.cli("--version").out().matches("samlocal \\d+\\.\\d+\\.\\d+ \\(Java .*\\)\\R"));
        assertTrue(help.out().indexOf("Commands:") < help.out().indexOf("Template:"), help.out());
        assertTrue(TestProject.cli("help", "start-lambda").out().contains("default: 3001"));
        for (String word : List.of("--profile=NAME", "--quiet", "--log=FORMAT", "--debug-port")) {
            assertTrue(help.out().contains(word), help.out());
        }
    }

    @Test void all_help_has_one_layout_of_80_columns() {
        for (String command : List.of("start-api", "start-lambda", "invoke", "generate-event", "routes", "check",
                "template", "init", "completion", "help")) {
            TestProject.Ran help = TestProject.cli("help", command);
            assertTrue(help.out().matches("(?s)Usage: samlocal " + command + " \\[OPTIONS].*?\n[A-Z].*?\\.\n"
                    + "(\nArguments:\n.+)?(?:\n[A-Z].*)?\nOther:\n  -h, --help .+"), help.out());
            assertFalse(help.out().contains("\nOptions:\n"), "an option without a group: " + help.out());
            help.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        }
        TestProject.cli("--help").out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    private static void assertMisused(String message, String... arguments) {
        TestProject.Ran ran = TestProject.cli(arguments);
        assertTrue(ran.err().startsWith(message), ran.err());
        assertFalse(ran.err().contains("\tat "), ran.err());
        assertEquals("", ran.out());
        assertEquals(2, ran.status());
    }

    /** Both a command and the server end with this message. */
    private static void assertFails(TestProject project, String template, String message) {
        assertFails(project, template, message, "routes");
        assertFails(project, template, message, "--port=0");
    }

    /** Only the server checks what is behind the routes. */
    private static void assertNotServed(TestProject project, String template, String message) {
        assertEquals(0, TestProject.cli("routes", "-t", project.path(template).toString()).status());
        assertFails(project, template, message, "--port=0");
    }

    /** Removes the project's folder from paths in messages. */
    private static void assertFails(TestProject project, String template, String message, String command) {
        TestProject.Ran ran = TestProject.cli(command, "-t", project.folder().resolve(template).toString());
        String err = ran.err().replace(project.folder() + "/", "");
        assertTrue(err.contains(message), err);
        assertEquals(1, err.split("error: ", -1).length - 1, err);
        assertFalse(err.contains("\tat "), err);
        assertEquals("", ran.out());
        assertEquals(1, ran.status());
    }
}
