import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Python functions. The expected values are those of AWS's client (awslambdaric 4.0, {@code bootstrap.py},
 * {@code lambda_context.py}, {@code lambda_runtime_log_utils.py}, {@code lambda_runtime_marshaller.py}).
 */
class PythonTest {
    /** The runtime that this machine's Python has, such as python3.12. */
    private static String runtime;
    private static String python;

    @BeforeAll static void find() {
        List<String> answer = python();
        assumeTrue(!answer.isEmpty(), "no python3 on the path");
        runtime = answer.get(0);
        python = answer.get(1);
    }

    /** Skips a test where python3 is missing. */
    static void assumePython() {
        assumeTrue(!python().isEmpty(), "no python3 on the path");
    }

    /** The runtime and the path of this machine's Python; empty if it has none. */
    private static List<String> python() {
        try {
            return TestProject.run(Path.of("").toAbsolutePath(), Map.of(), "", "python3", "-c", "import sys;"
                    + " print('python%d.%d' % sys.version_info[:2], sys.executable, sep='\\n')").out().lines().toList();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A running project: the function {@code Fn} with {@code src/app.py} behind any path. */
    private static TestProject serving(String code, String... pathsAndTexts) {
        return project("app.handler", "", code, pathsAndTexts).start();
    }

    /** @param more properties, separated by line breaks */
    private static TestProject project(String handler, String more, String code, String... pathsAndTexts) {
        return TestProject.of(pathsAndTexts).with("src/app.py", code).with("template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: %s
                      CodeUri: src
                      Runtime: %s
                      Events:
                        Any: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}
                """.formatted(handler, runtime) + more.indent(6));
    }

    /** A handler that returns an expression as body. */
    private static String returning(String expression) {
        return "import json, os, sys\ndef handler(event, context):\n    return {'statusCode': 200, 'body': str("
                + expression + ")}\n";
    }

    private static HttpResponse<String> invoke(TestProject project, String event, String... headers) {
        List<String> all = new ArrayList<>(List.of("X-Amz-Log-Type", "Tail"));
        all.addAll(List.of(headers));
        return project.send("POST", "/2015-03-31/functions/Fn/invocations", event, all.toArray(String[]::new));
    }

    private static String log(HttpResponse<String> response) {
        return new String(Base64.getDecoder().decode(response.headers().firstValue("X-Amz-Log-Result").orElseThrow()),
                UTF_8);
    }

    private static void assertContains(String part, String text) {
        assertTrue(text.contains(part), () -> "expected: " + part + "\nin: " + text);
    }

    // ---- Handlers ------------------------------------------------------------------------------------------------

    @Test void an_edit_of_the_handler_or_a_module_is_live() {
        try (TestProject project = serving("import words\n" + returning("words.HELLO"), "src/words.py", "HELLO = 'hi'\n")) {
            assertEquals("hi", project.body("/x"));
            project.write("src/words.py", "HELLO = 'bye'\n");
            assertEquals("bye", project.body("/x"));
            project.write("src/app.py", returning("'new'"));
            assertEquals("new", project.body("/x"));
        }
    }

    @Test void a_handler_is_in_a_package_or_folder() {
        for (String handler : List.of("pkg.web.api.handler", "pkg/web/api.handler")) {
            try (TestProject project = project(handler, "", "", "src/pkg/__init__.py", "", "src/pkg/web/__init__.py", "",
                    "src/pkg/web/api.py", "from ..names import NAME\n" + returning("NAME + __name__"),
                    "src/pkg/names.py", "NAME = 'in '\n").start()) {
                assertEquals("in pkg.web.api", project.body("/x"));
            }
        }
    }

    @Test void the_code_is_in_the_template() {
        try (TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: index.handler
                      Runtime: %s
                      InlineCode: |
                        def handler(event, context):
                            return {'statusCode': 200, 'body': 'inline'}
                      Events:
                        Any: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}
                """.formatted(runtime)).start()) {
            assertEquals("inline", project.body("/x"));
        }
    }

    @Test void code_and_layers_are_archives() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Words:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: words.zip}
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: app.handler
                      CodeUri: app.zip
                      Runtime: %s
                      Layers: [!Ref Words]
                      Events:
                        Any: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}
                """.formatted(runtime))) {
            Files.write(project.path("app.zip"), zip("app.py", "import words\n" + returning("words.A")));
            Files.write(project.path("words.zip"), zip("python/words.py", "A = 'zipped'"));
            assertEquals("zipped", project.start().body("/x"));
        }
    }

    private static byte[] zip(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Lambda Developer Guide, "Working with layers for Python Lambda functions", "Adding layers to functions". */
    @Test void layers_are_on_the_path_and_the_last_one_replaces_files_of_those_before() {
        try (TestProject project = TestProject.of("src/app.py", "import one, two, three, words\n"
                + returning("[one.A, two.A, three.A, words.A]"),
                "first/python/one.py", "A = 1", "first/python/words.py", "A = 'first'",
                "second/python/lib/" + runtime + "/site-packages/two.py", "A = 2", "second/python/words.py", "A = 'second'",
                "sources/three.py", "A = 3", "template.yaml", """
                Resources:
                  First: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: first}}
                  Second: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: second}}
                  Third:
                    Type: AWS::Serverless::LayerVersion
                    Metadata: {BuildMethod: %1$s}
                    Properties: {ContentUri: sources}
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: app.handler
                      CodeUri: src
                      Runtime: %1$s
                      Layers: [!Ref First, !Ref Second, !Ref Third]
                      Events:
                        Any: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}
                """.formatted(runtime)).start()) {
            assertEquals("[1, 2, 3, 'second']", project.body("/x"));
            project.write("sources/three.py", "A = 33");
            assertEquals("[1, 2, 33, 'second']", project.body("/x"));
        }
    }

    @Test void nothing_is_written_to_the_project() throws Exception {
        try (TestProject project = serving("import words\n" + returning("words.A"), "src/words.py", "A = 1\n")) {
            Map<String, Long> before = files(project.folder());
            assertEquals("1", project.body("/x"));
            assertEquals(before, files(project.folder()));
        }
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> all = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.toList()) {
                all.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file).toMillis());
            }
        }
        return all;
    }

    // ---- Context -------------------------------------------------------------------------------------------------

    @Test void the_context_has_the_attributes_of_awss_client() {
        try (TestProject project = project("app.handler", "MemorySize: 256\nFunctionName: named", """
                import os
                def handler(event, context):
                    client = context.client_context
                    return {"id": context.aws_request_id, "group": context.log_group_name,
                        "stream": context.log_stream_name == os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
                        "name": context.function_name, "memory": context.memory_limit_in_mb,
                        "version": context.function_version, "arn": context.invoked_function_arn,
                        "custom": client.custom, "env": client.env, "title": client.client.app_title,
                        "others": [client.client.installation_id, client.client.app_version_name,
                            client.client.app_version_code, client.client.app_package_name],
                        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
                        "tenant": context.tenant_id, "time": 2000 < context.get_remaining_time_in_millis() <= 3000,
                        "text": repr(context), "client": repr(client),
                        "trace": os.environ["_X_AMZN_TRACE_ID"][:7]}
                """).start()) {
            String json = "{\"custom\": {\"a\": \"\u20ac\"}, \"env\": {\"b\": 1}, \"client\": {\"app_title\": \"T\"}}";
            String body = invoke(project, "{}", "X-Amz-Client-Context",
                    Base64.getEncoder().encodeToString(json.getBytes(UTF_8))).body();
            String id = body.substring(8, 44);
            String arn = "arn:aws:lambda:us-east-1:123456789012:function:named";
            String client = "ClientContext([custom={'a': '\u20ac'},env={'b': 1},client=Client([installation_id=None,"
                    + "app_title=T,app_version_name=None,app_version_code=None,app_package_name=None])])";
            assertContains("\"group\": \"/aws/lambda/named\", \"stream\": true, \"name\": \"named\", \"memory\": \"256\","
                    + " \"version\": \"$LATEST\", \"arn\": \"" + arn, body);
            assertContains("\"env\": {\"b\": 1}, \"title\": \"T\", \"others\": [null, null, null, null],"
                    + " \"identity\": [null, null], \"tenant\": null, \"time\": true, ", body);
            assertContains("LambdaContext([aws_request_id=" + id + ",log_group_name=/aws/lambda/named,", body);
            assertContains("function_name=named,memory_limit_in_mb=256,function_version=$LATEST,invoked_function_arn="
                    + arn, body);
            assertContains("identity=CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None]),"
                    + "tenant_id=None])", body);
            assertContains(client, body.replace("\\u20ac", "\u20ac"));
            assertContains("\"trace\": \"Root=1-\"", body);
        }
    }

    @Test void a_tenant_is_in_the_context() {
        try (TestProject project = project("app.handler", "TenancyConfig: {TenantIsolationMode: PER_TENANT}",
                "def handler(event, context):\n    return context.tenant_id\n").start()) {
            assertEquals("\"blue\"", invoke(project, "{}", "X-Amz-Tenant-Id", "blue").body());
        }
    }

    // ---- JSON ----------------------------------------------------------------------------------------------------

    @Test void values_are_encoded_as_by_awss_runtime() {
        try (TestProject project = serving("""
                import decimal, collections
                Point = collections.namedtuple("Point", "x y")
                def handler(event, context):
                    return {
                        "decimals": [decimal.Decimal(text) for text in ["1.10", "1", "1E+3", "123456789012345678901.5"]],
                        "tuple": (1, 2), "point": [Point(1, decimal.Decimal("2.50"))], "bytes": [b"ab"],
                        "keys": {2: "a", True: "b", None: "c"},
                        "number": event["number"]}[event["what"]]
                """)) {
            assertEquals("[1.10, 1, 1E+3, 123456789012345678901.5]", invoke(project, "{\"what\": \"decimals\","
                    + "\"number\": 0}").body());
            assertEquals("[1, 2]", invoke(project, "{\"what\": \"tuple\", \"number\": 0}").body());
            assertEquals("[{\"x\": 1, \"y\": 2.50}]", invoke(project, "{\"what\": \"point\", \"number\": 0}").body());
            assertEquals("[\"ab\"]", invoke(project, "{\"what\": \"bytes\", \"number\": 0}").body());
            assertEquals("{\"2\": \"a\", \"true\": \"b\", \"null\": \"c\"}",
                    invoke(project, "{\"what\": \"keys\", \"number\": 0}").body());
            assertEquals("12345678901234567890", invoke(project, "{\"what\": \"number\","
                    + " \"number\": 12345678901234567890}").body());
        }
    }

    /** Since python3.12 the response is not escaped. */
    @Test void unicode_passes_through_events_responses_and_the_log() {
        for (String version : List.of("python3.11", "python3.13")) {
            try (TestProject project = project("app.handler", "", """
                    def handler(event, context):
                        print("printed", event)
                        return event
                    """)) {
                String text = "\u00e4\u20ac\ud83d\ude00";
                project.write("template.yaml", template(project).replace(runtime, version));
                HttpResponse<String> response = invoke(project.start(), "\"" + text + "\"");
                assertEquals(version.endsWith("11") ? "\"\\u00e4\\u20ac\\ud83d\\ude00\"" : "\"" + text + "\"",
                        response.body());
                assertContains("printed " + text + "\n", log(response));
            }
        }
    }

    private static String template(TestProject project) {
        try {
            return Files.readString(project.path("template.yaml"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test void a_response_that_is_not_json_is_an_error() {
        try (TestProject project = serving("def handler(event, context):\n    return {1, 2}\n")) {
            HttpResponse<String> response = invoke(project, "{}");
            assertContains("{\"errorMessage\": \"Unable to marshal response: Object of type set is not JSON"
                    + " serializable\", \"errorType\": \"Runtime.MarshalError\", \"requestId\": \"", response.body());
            assertContains("\"stackTrace\": []}", response.body());
        }
    }

    @Test void bytes_are_the_response_itself() {
        try (TestProject project = serving("def handler(event, context):\n    return b'[1,  2]'\n")) {
            assertEquals("[1,  2]", invoke(project, "{}").body());
        }
    }

    @Test void a_response_is_up_to_6_mb_large() {
        try (TestProject project = serving("def handler(event, context):\n    return 'x' * event\n")) {
            assertEquals(6 << 20, invoke(project, String.valueOf((6 << 20) - 2)).body().length());
            assertContains("\"errorType\":\"Function.ResponseSizeTooLarge\"", invoke(project, "7000000").body());
            assertEquals("\"xx\"", invoke(project, "2").body(), project.console());
        }
    }

    // ---- Errors --------------------------------------------------------------------------------------------------

    @Test void an_exception_has_its_own_frames() {
        try (TestProject project = serving("""
                def handler(event, context):
                    return inner()

                def inner():
                    raise ValueError("on purpose")
                """)) {
            HttpResponse<String> response = invoke(project, "{}");
            String file = project.path("src/app.py").toString();
            String trace = "[\"  File \\\"" + file + "\\\", line 2, in handler\\n    return inner()\\n\", \"  File \\\""
                    + file + "\\\", line 5, in inner\\n    raise ValueError(\\\"on purpose\\\")\\n\"]";
            assertContains("{\"errorMessage\": \"on purpose\", \"errorType\": \"ValueError\", \"requestId\": \"",
                    response.body());
            assertContains("\"stackTrace\": " + trace + "}", response.body());
            assertContains("[ERROR] ValueError: on purpose\nTraceback (most recent call last):\n\u00a0\u00a0File \"" + file
                    + "\", line 2, in handler\n\u00a0\u00a0\u00a0\u00a0return inner()\n", log(response));
            assertEquals(502, project.get("/x").statusCode());
            String console = project.awaitConsole(0, "at inner(");
            assertContains("ValueError: on purpose\n", console);
        }
    }

    @Test void initialization_fails_with_awss_errors() {
        assertInitError("import this_module_is_missing\n", "app.handler",
                "{\"errorMessage\": \"Unable to import module 'app': No module named 'this_module_is_missing'\","
                + " \"errorType\": \"Runtime.ImportModuleError\", \"requestId\": \"\", \"stackTrace\": []}",
                "src/app.py:1");
        assertInitError("\ndef handler(:\n", "app.handler", "\"errorType\": \"Runtime.UserCodeSyntaxError\"",
                "src/app.py:2");
        assertInitError("def handlr(event, context): pass\n", "app.handler",
                "{\"errorMessage\": \"Handler 'handler' missing on module 'app'\", \"errorType\":"
                + " \"Runtime.HandlerNotFound\"", "help: did you mean `app.handlr`?");
        assertInitError("def lambda_handler(event, context): pass\n", "app", "{\"errorMessage\": \"Bad handler 'app': not enough values to unpack (expected 2,"
                + " got 1)\", \"errorType\": \"Runtime.MalformedHandlerName\"", "help: did you mean `app.lambda_handler`?");
        assertInitError("", "time.sleep", "{\"errorMessage\": \"Cannot use built-in module time as a handler module\","
                + " \"errorType\": \"Runtime.BuiltInModuleConflict\"", "Runtime.BuiltInModuleConflict");
        assertInitError("raise KeyError('k')\n", "app.handler", "{\"errorMessage\": \"'k'\", \"errorType\":"
                + " \"KeyError\"", "src/app.py:1");
        assertInitError("", "nowhere.handler", "\"errorType\": \"Runtime.ImportModuleError\"",
                "Unable to import module 'nowhere': No module named 'nowhere'");
    }

    private static void assertInitError(String code, String handler, String json, String shown) {
        try (TestProject project = project(handler, "", code).start()) {
            String body = invoke(project, "{}").body();
            assertContains(json, body);
            assertEquals(502, project.get("/x").statusCode());
            assertContains(shown, project.awaitConsole(0, shown).replace(project.folder() + "/", ""));
        }
    }

    @Test void a_syntax_error_is_shown_with_its_line() {
        try (TestProject project = serving("def handler(event, context):\n    retrn 1\n")) {
            assertEquals(502, project.get("/x").statusCode());
            assertContains("2 |     retrn 1\n", project.awaitConsole(0, "retrn 1\n"));
        }
    }

    @Test void an_unusable_handler_is_shown_in_the_template() {
        for (String handler : List.of("app.handlr", "nowhere.handler", "app", "sys.exit")) {
            try (TestProject project = project(handler, "", "def handler(event, context): pass\n").start()) {
                assertEquals(502, project.get("/x").statusCode());
                project.awaitConsole(0, "5 |       Handler: " + handler + "\n");
            }
        }
    }

    @Test void a_handler_with_the_wrong_parameters_is_shown() {
        try (TestProject project = serving("\n\ndef handler(event):\n    pass\n")) {
            assertContains("handler() takes 1 positional argument but 2 were given", invoke(project, "{}").body());
            assertEquals(502, project.get("/x").statusCode());
            project.awaitConsole(0, "3 | def handler(event):");
        }
    }

    @Test void a_missing_module_is_to_be_installed_from_the_nearest_requirements() {
        String code = "def handler(event, context):\n    import some_package.part\n";
        try (TestProject project = project("app.handler", "", code, "requirements.txt", "other\n", "src/requirements.txt",
                "requests\nsome-package>=2\n", ".venv/x", "").start()) {
            assertEquals(502, project.get("/x").statusCode());
            String printed = project.awaitConsole(0, "-m pip install -r");
            assertContains("-m pip install -r '" + project.path("src/requirements.txt") + "'\n", printed);
        }
        try (TestProject project = serving(code)) {
            assertEquals(502, project.get("/x").statusCode());
            project.awaitConsole(0, "-m pip install some_package\n");
        }
    }

    // ---- Process -------------------------------------------------------------------------------------------------

    @Test void an_exit_ends_the_process_and_the_next_request_starts_another() {
        try (TestProject project = serving("""
                import os, signal, sys
                def handler(event, context):
                    print("before")
                    if event == 1: sys.exit()
                    if event == 2: sys.exit(3)
                    if event == 3: os.kill(os.getpid(), signal.SIGKILL)
                    return "alive"
                """)) {
            assertContains("Runtime exited without providing a reason\",\"errorType\":\"Runtime.ExitError\"",
                    invoke(project, "1").body());
            HttpResponse<String> three = invoke(project, "2");
            assertContains("Error: Runtime exited with error: exit status 3", three.body());
            assertContains("before\n", log(three));
            assertContains("Error: Runtime exited with error: signal: killed", invoke(project, "3").body());
            assertEquals("\"alive\"", invoke(project, "4").body());
        }
    }

    @Test void a_timeout_ends_the_process() throws Exception {
        try (TestProject project = project("app.handler", "Timeout: 1", """
                import os
                def handler(event, context):
                    with open(event, "w") as file: file.write(str(os.getpid()))
                    while True: pass
                """).start()) {
            Path file = project.path("pid");
            assertContains("Task timed out after 1.00 seconds", invoke(project, "\"" + file + "\"").body());
            ProcessHandle.of(Long.parseLong(Files.readString(file))).ifPresent(process -> process.onExit().join());
        }
    }

    @Test void the_log_has_all_output_in_its_order() {
        try (TestProject project = serving("""
                import logging, os, sys
                logging.getLogger().setLevel("INFO")
                def handler(event, context):
                    print("one")
                    print("two", file=sys.stderr)
                    logging.info("three %s", 3)
                    logging.debug("hidden")
                    context.log("four")
                    os.write(1, b"five\\n")
                    sys.stdout.close()
                    logging.getLogger("mine").warning("six")
                    sys.stdout = None
                    logging.error("seven")
                """)) {
            for (int i = 0; i < 2; i++) {
                String log = log(invoke(project, "{}"));
                String id = log.substring("START RequestId: ".length(), "START RequestId: ".length() + 36);
                String plain = log.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "TIME");
                String all = "[INFO]\tTIME\t" + id + "\tthree 3\nfour\nfive\n[WARNING]\tTIME\t" + id
                        + "\tsix\n[ERROR]\tTIME\t" + id + "\tseven\nEND RequestId: ";
                assertContains(i == 0 ? "one\ntwo\n" + all : "ValueError", i == 0 ? plain : "ValueError");
            }
        }
    }

    /** Lambda Developer Guide, "Log and monitor Python Lambda functions". */
    @Test void the_log_is_json_with_a_level() {
        try (TestProject project = project("app.handler",
                "LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG}", """
                import logging
                def handler(event, context):
                    logging.getLogger("mine").debug("\u20ac %d", 1, extra={"order": 7})
                    try:
                        1 / 0
                    except ZeroDivisionError:
                        logging.exception("failed")
                    raise KeyError("k")
                """).start()) {
            String log = log(invoke(project, "{}")).replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME");
            assertContains("{\"timestamp\": \"TIME\", \"level\": \"DEBUG\", \"message\": \"\u20ac 1\", \"logger\": \"mine\","
                    + " \"requestId\": \"", log);
            assertContains("\"order\": 7}\n", log);
            assertContains("\"level\": \"ERROR\", \"message\": \"failed\", \"logger\": \"root\", \"stackTrace\": [\"  File ",
                    log);
            assertContains("\"errorType\": \"ZeroDivisionError\", \"errorMessage\": \"division by zero\"", log);
            assertContains("\"location\": \"" + project.path("src/app.py") + ":handler:7\"", log);
            assertContains("{\"timestamp\": \"TIME\", \"log_level\": \"ERROR\", \"errorMessage\": \"'k'\", \"errorType\":"
                    + " \"KeyError\"", log);
        }
    }

    /** On AWS the root logger has a handler before the code is loaded, so that basicConfig has no effect. */
    @Test void the_root_logger_has_one_handler() {
        try (TestProject project = serving("import logging\nlogging.basicConfig(level=logging.DEBUG)\n"
                + returning("[len(logging.getLogger().handlers), logging.getLogger().level]"))) {
            assertEquals("[1, 30]", project.body("/x"));
        }
    }

    @Test void requests_run_in_processes_of_their_own_at_the_same_time() throws Exception {
        try (TestProject project = serving("""
                import os
                def handler(event, context):
                    mine, other = event
                    open(mine, "w").close()
                    while not os.path.exists(other): pass
                    return os.getpid()
                """)) {
            String a = project.path("a").toString();
            String b = project.path("b").toString();
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() ->
                    invoke(project, "[\"" + a + "\", \"" + b + "\"]").body());
            String second = invoke(project, "[\"" + b + "\", \"" + a + "\"]").body();
            assertTrue(second.matches("\\d+") && first.get().matches("\\d+"), first.get() + second);
            assertFalse(second.equals(first.get()), second);
        }
    }

    @Test void a_warm_process_keeps_its_state_and_a_fresh_one_has_none() {
        String code = "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return count\n";
        try (TestProject project = serving(code)) {
            assertEquals("12", invoke(project, "{}").body() + invoke(project, "{}").body());
        }
        try (TestProject project = project("app.handler", "", code).withLimits(4, true).start()) {
            assertEquals("11", invoke(project, "{}").body() + invoke(project, "{}").body());
        }
    }

    @Test void all_functions_of_a_module_are_found() {
        assertEquals(List.of("first", "second", "third"), ServerLocal.PythonModule.of("""
                class A:
                    def inner(self): pass
                def first(event, context):
                    return 1

                async def second(event, context): pass
                def third(
                    event,
                ):
                    def nested(): pass
                """).functions());
    }

    @Test void long_modules_are_read() {
        assertTrue(ServerLocal.PythonModule.of("import a,\\\n" + "  b,\\\n".repeat(100_000) + "  c\nclass A:\n"
                + "    x = 1\n".repeat(100_000) + "def last(): pass\n").names().containsAll(List.of("c", "A", "last")));
    }

    // ---- Interpreter ---------------------------------------------------------------------------------------------

    @Test void the_virtual_environment_of_the_project_is_used() throws Exception {
        try (TestProject project = project("app.handler", "", returning("sys.prefix"))) {
            TestProject.run(project.folder(), Map.of(), "", python, "-m", "venv", "--without-pip", ".venv");
            assertEquals(project.path(".venv").toString(), project.start().body("/x"));
        }
    }

    @Test void an_interpreter_may_print_warnings() throws Exception {
        try (TestProject project = project("app.handler", "", returning("1"))) {
            project.write(".venv/bin/python", "#!/bin/sh\necho a warning >&2\nexec '" + python + "' \"$@\"\n");
            Files.setPosixFilePermissions(project.path(".venv/bin/python"), PosixFilePermissions.fromString("rwxr-xr-x"));
            assertEquals("1", project.start().body("/x"));
        }
    }

    @Test void debugging_without_debugpy_says_how_to_install_it() throws Exception {
        try (TestProject project = project("app.handler", "", returning("1"))) {
            TestProject.run(project.folder(), Map.of(), "", python, "-m", "venv", "--without-pip", ".venv");
            TestProject.Ran ran = TestProject.cli("invoke", "-t", project.path("template.yaml").toString(), "-d", "5999");
            assertEquals(1, ran.status());
            assertContains("error: debugging needs debugpy\nhelp: install it: '" + project.path(".venv"), ran.err());
        }
    }

    @Test void another_version_is_noted_once() {
        String other = runtime.equals("python3.9") ? "python3.10" : "python3.9";
        try (TestProject project = project("app.handler", "", returning("1"))) {
            project.write("template.yaml", template(project).replace(runtime, other));
            assertEquals("1", project.start().body("/x"));
            project.write("src/app.py", returning("2")); // of the same size, perhaps in the same second
            assertEquals("2", project.body("/x"));
            String printed = project.awaitConsole(0, "runs on Python ");
            assertContains(", on AWS on " + other, printed);
            assertEquals(2, printed.split("runs on Python ", -1).length, printed);
        }
    }

    // ---- check ---------------------------------------------------------------------------------------------------

    @Test void check_finds_the_handler_in_the_text() {
        assertChecked("def handler(event, context): pass", "app.handler", "ok");
        assertChecked("if True:\n    async def handler(e, c):\n        pass", "app.handler", "ok");
        assertChecked("app = 1\nhandler: object = app", "app.handler", "ok");
        assertChecked("from x import (a,  # first\n    b as handler)", "app.handler", "ok");
        assertChecked("from x import *", "app.handler", "ok");
        assertChecked("def lambda_handlr(e, c):\n    handler = 1\n    return handler\n", "app.lambda_handler",
                "`lambda_handler` is not defined in ");
        assertChecked("def lambda_handlr(e, c): pass", "app.lambda_handler", "did you mean `app.lambda_handlr`?");
        assertChecked("class A:\n    def handler(self): pass\n", "app.handler", "`handler` is not defined in ");
        assertChecked("\"\"\"\ndef handler(e, c)\n\"\"\"\n# handler = 1\n", "app.handler", "`handler` is not defined in ");
        assertChecked("", "src.app.handler", "did you mean `app.handler`?");
        assertChecked("", "ap.handler", "`ap.py` is not in ");
        assertChecked("", "handler", "`handler` does not name a module and a function");
        assertChecked("", "pathlib.Path", "ok");
        assertChecked("x = 1\ndef handler(event:, context): pass", "app.handler", "app.py:2 cannot be parsed: ");
    }

    private static void assertChecked(String code, String handler, String expected) {
        try (TestProject project = project(handler, "", code)) {
            TestProject.Ran ran = TestProject.cli("check", "-t", project.path("template.yaml").toString());
            assertEquals(expected.equals("ok") ? 0 : 1, ran.status(), ran.out() + ran.err());
            assertContains(expected, ran.out() + ran.err());
            if (ran.status() != 0) assertContains("template.yaml:5:", ran.out() + ran.err());
        }
    }
}
