import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Node functions. The rules are those of AWS's client, aws/aws-lambda-nodejs-runtime-interface-client. */
class NodeTest {
    private static final String CODE = """
            exports.echo = async event => ({ event });
            exports.callback = (event, context, callback) => setTimeout(() => callback(null, 'later'), 5);
            exports.error = (event, context, callback) => callback('wrong');
            exports.waits = (event, context, callback) => {
              let text = 'first';
              setTimeout(() => { text += ' last'; result.text = text; }, 20);
              const result = { text };
              callback(null, result);
            };
            exports.hurries = (event, context, callback) => {
              context.callbackWaitsForEmptyEventLoop = false;
              const result = { text: 'first' };
              setInterval(() => { result.text = 'never'; }, 10000);
              callback(null, result);
            };
            exports.succeed = (event, context) => context.succeed(1);
            exports.fail = (event, context) => context.fail(new TypeError('failed'));
            exports.nothing = () => 'ignored';
            exports.pending = async () => await new Promise(() => {});
            exports.circular = async () => { const a = {}; a.a = a; return a; };
            exports.nested = { deeper: { run: async () => 'nested' } };
            exports.notFunction = 5;
            exports.context = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(),
              trace: process.env._X_AMZN_TRACE_ID, folder: process.cwd() === __dirname });
            exports.thrown = async () => {
              const missing = null;
              return missing.field;
            };
            exports.rejected = async () => {
              Promise.reject(new Error('lost'));
              await new Promise(resolve => setTimeout(resolve, 10000));
            };
            exports.uncaught = async () => {
              setImmediate(() => { throw new RangeError('far'); });
              await new Promise(resolve => setTimeout(resolve, 10000));
            };
            exports.exit = async () => process.exit(3);
            exports.loop = async () => {
              console.log(`pid=${process.pid}`);
              for (;;) { }
            };
            exports.big = async event => 'x'.repeat(event.size);
            exports.log = async () => {
              console.log('caf\\u00e9 %d', 5, { a: 1 });
              console.debug('fine');
              console.error(new Error('logged').message);
              process.stdout.write('x'.repeat(200000) + 'END\\n');
              return 'z\\u00fcrich \\ud83d\\ude00';
            };
            let count = 0;
            exports.count = async () => ++count;
            """;
    private static final List<String> HANDLERS = CODE.lines().filter(line -> line.startsWith("exports."))
            .map(line -> line.substring(8, line.indexOf(' '))).toList();
    private static TestProject project;

    static void assumeNode() {
        assumeTrue(find("node").isPresent(), "no Node on the PATH");
    }

    @BeforeAll static void start() {
        assumeNode();
        StringBuilder template = new StringBuilder("Resources:\n");
        HANDLERS.forEach(name -> template.append(function(name, "app." + name, "src", "")));
        template.append(function("deep", "app.nested.deeper.run", "src", ""))
                .append(function("es", "es/main.handler", "src", ""))
                .append(function("mjs", "other.handler", "src", ""))
                .append(function("cjs", "common.handler", "src", ""))
                .append(function("absent", "ap.echo", "src", ""))
                .append(function("undefinedName", "app.ecko", "src", ""))
                .append(function("malformed", "../src/app.echo", "src", ""))
                .append(function("syntax", "broken.handler", "src", ""))
                .append(function("moduleSyntax", "brokenmodule.handler", "src", ""))
                .append(function("package", "imports.handler", "src", ""))
                .append(function("modulePackage", "importsmodule.handler", "src", ""))
                .append(function("initError", "init.handler", "src", ""))
                .append(function("future", "app.callback", "src", "").replace("nodejs20.x", "nodejs24.x"))
                .append(function("json", "app.log", "src",
                        "LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}"))
                .append(function("inline", "index.handler", "src", "").replace("CodeUri: src",
                        "InlineCode: 'exports.handler = async () => __filename.split(\"/\").pop()'"));
        project = TestProject.of("template.yaml", template.toString(), "src/app.js", CODE,
                "src/es/package.json", "{\"type\": \"module\"}",
                "src/es/main.js", "const text = await Promise.resolve('module');\n"
                        + "export const handler = async () => text;\n",
                "src/other.mjs", "export const handler = async () => import.meta.url.slice(-9);",
                "src/common.cjs", "exports.handler = async () => require('./app').echo(1);",
                "src/broken.js", "exports.handler = async () => {\n  return {{;\n};\n",
                "src/brokenmodule.mjs", "export const a = 1;\nexport const handler = async () => ];\n",
                "src/imports.js", "require('left-pad/x');", "src/importsmodule.mjs", "import '@aws-sdk/client-s3';",
                "src/init.js", "throw new Error('at the start');",
                "src/package.json", "{\"dependencies\": {\"left-pad\": \"1\"}}", "src/yarn.lock", "").start();
    }

    @AfterAll static void stop() {
        if (project != null) project.close();
    }

    static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable).findFirst();
    }

    static String function(String id, String handler, String code, String more) {
        return """
                  %s:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: %s
                      CodeUri: %s
                      Runtime: nodejs20.x
                      Timeout: %d
                      %s
                """.formatted(id, handler, code, id.equals("loop") ? 1 : 20, more).indent(0);
    }

    /** A template with a function {@code Fn} in {@code src}. */
    static String one(String handler) {
        return "Resources:\n" + function("Fn", handler, "src", "");
    }

    static HttpResponse<String> call(TestProject project, String function, String event, String... headers) {
        return project.send("POST", "/2015-03-31/functions/" + function + "/invocations", event, headers);
    }

    private static String result(String function) {
        HttpResponse<String> response = call(project, function, "{}");
        assertTrue(response.headers().firstValue("X-Amz-Function-Error").isEmpty(), response.body());
        return response.body();
    }

    /** Calls a function that fails; returns error type and message. */
    private static String failure(String function) throws IOException {
        HttpResponse<String> response = call(project, function, "{}");
        assertTrue(response.headers().firstValue("X-Amz-Function-Error").isPresent(), response.body());
        Map<?, ?> error = (Map<?, ?>) ServerLocal.Json.read(response.body());
        return error.get("errorType") + ": " + error.get("errorMessage");
    }

    private static String log(String function) {
        HttpResponse<String> response = call(project, function, "{}", "X-Amz-Log-Type", "Tail");
        return new String(Base64.getDecoder().decode(response.headers().firstValue("X-Amz-Log-Result").orElseThrow()),
                StandardCharsets.UTF_8);
    }

    // ---- Handlers --------------------------------------------------------------------------------------------------

    @Test void handlers_of_all_kinds_respond() {
        assertEquals("{\"event\":{}}", result("echo"));
        assertEquals("\"later\"", result("callback"));
        assertEquals("1", result("succeed"));
        assertEquals("null", result("nothing"));
        assertEquals("\"nested\"", result("deep"));
        assertEquals("\"module\"", result("es"));
        assertEquals("\"other.mjs\"", result("mjs"));
        assertEquals("{\"event\":1}", result("cjs"));
        assertEquals("\"index.js\"", result("inline"));
        assertEquals("\"z\u00fcrich \ud83d\ude00\"", result("log"));
    }

    @Test void a_callback_waits_for_the_event_loop_unless_it_must_not() {
        assertEquals("{\"text\":\"first last\"}", result("waits"));
        assertEquals("{\"text\":\"first\"}", result("hurries"));
        assertEquals("{\"text\":\"first\"}", result("hurries"));
    }

    @Test void the_context_has_all_attributes() throws IOException {
        HttpResponse<String> response = call(project, "context", "{}", "X-Amz-Client-Context",
                Base64.getEncoder().encodeToString("{\"custom\":{\"a\":1}}".getBytes()),
                "X-Amzn-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1");
        Map<?, ?> context = (Map<?, ?>) ServerLocal.Json.read(response.body());
        assertEquals("context", context.get("functionName"));
        assertEquals("$LATEST", context.get("functionVersion"));
        assertEquals("128", context.get("memoryLimitInMB"));
        assertEquals("/aws/lambda/context", context.get("logGroupName"));
        assertTrue(context.get("logStreamName").toString().contains("[$LATEST]"));
        assertEquals("arn:aws:lambda:us-east-1:123456789012:function:context", context.get("invokedFunctionArn"));
        assertEquals(response.headers().firstValue("x-amzn-RequestId").orElseThrow(), context.get("awsRequestId"));
        assertEquals(Map.of("custom", Map.of("a", 1L)), context.get("clientContext"));
        assertEquals(true, context.get("callbackWaitsForEmptyEventLoop"));
        assertEquals(true, context.get("folder"));
        assertTrue(context.get("trace").toString().startsWith("Root=1-5bef4de7"), response.body());
        long left = ((Number) context.get("left")).longValue();
        assertTrue(left > 0 && left <= 20_000, response.body());
    }

    @Test void a_response_may_have_6_mb_and_not_more() throws IOException {
        assertEquals((6 << 20) + 2, call(project, "big", "{\"size\": " + (6 << 20) + "}").body().length());
        String error = call(project, "big", "{\"size\": " + ((6 << 20) + 200) + "}").body();
        assertTrue(error.contains("exceeded maximum allowed payload size"), error);
        assertEquals(3, call(project, "big", "{\"size\": 1}").body().length());
    }

    // ---- Failures --------------------------------------------------------------------------------------------------

    @Test void errors_of_handlers_are_reported_as_on_aws() throws IOException {
        assertEquals("string: wrong", failure("error"));
        assertEquals("TypeError: failed", failure("fail"));
        assertEquals("TypeError: Cannot read properties of null (reading 'field')", failure("thrown"));
        assertEquals("Error: Unable to stringify response body", failure("circular"));
        assertTrue(failure("pending").startsWith("Runtime.NodeJsExit: "));
        assertEquals("Runtime.UnhandledPromiseRejection: Error: lost", failure("rejected"));
        assertEquals("RangeError: far", failure("uncaught"));
        assertTrue(failure("exit").matches("Runtime.ExitError: RequestId: \\S+ Error: Runtime exited with error: exit"
                + " status 3"));
        String json = call(project, "thrown", "{}").body();
        assertTrue(json.contains("app.js:"), json);
        assertFalse(json.contains("bootstrap"), json);
    }

    @Test void errors_of_initialization_are_reported_as_on_aws() throws IOException {
        assertTrue(failure("absent").startsWith("Runtime.ImportModuleError: Error: Cannot find module 'ap'"));
        assertEquals("Runtime.HandlerNotFound: app.ecko is undefined or not exported", failure("undefinedName"));
        assertEquals("Runtime.HandlerNotFound: app.notFunction is not a function", failure("notFunction"));
        assertTrue(failure("malformed").startsWith("Runtime.MalformedHandlerName: '../src/app.echo' is not a valid"));
        assertEquals("Error: at the start", failure("initError"));
        assertTrue(failure("syntax").startsWith("Runtime.UserCodeSyntaxError: SyntaxError: "));
        assertTrue(failure("moduleSyntax").startsWith("Runtime.UserCodeSyntaxError: SyntaxError: "));
        assertTrue(failure("package").startsWith("Runtime.ImportModuleError: Error: Cannot find module 'left-pad/x'"));
        assertTrue(failure("modulePackage").startsWith("Error: Cannot find package '@aws-sdk/client-s3'"));
        assertTrue(failure("future").startsWith("Runtime.CallbackHandlerDeprecated: "));
    }

    @Test void failures_show_the_source_and_what_to_do() throws IOException {
        for (String name : List.of("thrown", "rejected", "syntax", "moduleSyntax", "package", "modulePackage",
                "absent")) failure(name);
        String console = project.console();
        int line = (int) CODE.lines().takeWhile(each -> !each.contains("missing.field")).count() + 1;
        for (String text : List.of(line + " |   return missing.field;", "|   Promise.reject(new Error('lost'));",
                "2 |   return {{;", "brokenmodule.mjs:2", "did you mean `app`?",
                "help: `left-pad` is not installed: run `yarn install` in ", "help: `@aws-sdk/client-s3` is not"
                + " installed: run `yarn add @aws-sdk/client-s3` in ", "on AWS the runtime includes it")) {
            assertTrue(console.contains(text), text + "\n" + console);
        }
    }

    @Test void an_endless_loop_times_out_and_its_process_ends() throws IOException {
        assertTrue(failure("loop").startsWith("Sandbox.Timedout: "));
        String console = project.console();
        int start = console.indexOf("pid=") + 4;
        long pid = Long.parseLong(console.substring(start, console.indexOf('\n', start)).strip());
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().orTimeout(20, TimeUnit.SECONDS)
                .join());
    }

    // ---- Logs ------------------------------------------------------------------------------------------------------

    @Test void console_output_has_the_form_of_aws() {
        String log = log("log");
        assertTrue(log.endsWith("\n"), log);
        String line = project.console().lines().filter(each -> each.startsWith("log | ") && each.contains("caf\u00e9"))
                .findFirst().orElseThrow();
        assertTrue(line.matches("log \\| \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\t[0-9a-f-]{36}\tINFO\t"
                + "caf\u00e9 5 \\{ a: 1 \\}"), line);
        assertTrue(project.console().contains("\tDEBUG\tfine"));
        assertTrue(project.console().contains("\tERROR\tlogged"));
        assertTrue(log.contains("xEND"), "the log ends before the response");
    }

    @Test void json_logs_have_levels() {
        log("json");
        assertTrue(project.console().contains("\"level\":\"INFO\",\"requestId\":\""), project.console());
        assertTrue(project.console().contains("\"message\":\"caf\u00e9 5 { a: 1 }\"}"), project.console());
        assertFalse(project.console().contains("\"message\":\"fine\""), project.console());
    }

    @Test void the_log_of_a_failure_is_that_of_aws() {
        String log = log("thrown");
        assertTrue(log.matches("(?s).*Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\\{\"errorType\":\"TypeError\",.*"
                + "\"stack\":\\[\"TypeError: Cannot read.*"), log);
        assertFalse(project.console().contains("Invoke Error"), project.console());
        assertTrue(log("initError").contains("\tundefined\tERROR\tUncaught Exception \t{\"errorType\":\"Error\""));
    }

    // ---- Reload, concurrency ---------------------------------------------------------------------------------------

    @Test void an_edit_counts_from_the_next_request() {
        try (TestProject edited = TestProject.of("template.yaml", one("a.handler"),
                "src/a.js", "exports.handler = async () => require('./b');", "src/b.js", "module.exports = 'old';")
                .start()) {
            assertEquals("\"old\"", call(edited, "Fn", "{}").body());
            edited.write("src/b.js", "module.exports = 'new';");
            assertEquals("\"new\"", call(edited, "Fn", "{}").body());
            edited.write("src/b.js", "module.exports = ;");
            assertTrue(call(edited, "Fn", "{}").body().contains("\"SyntaxError\""));
            edited.write("src/b.js", "module.exports = 'mended';");
            assertEquals("\"mended\"", call(edited, "Fn", "{}").body());
            assertEquals(List.of("src", "template.yaml"), names(edited.folder()));
            assertEquals(List.of("a.js", "b.js"), names(edited.path("src")));
        }
    }

    static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test void concurrent_requests_have_environments_of_their_own() throws IOException {
        String code = """
                const fs = require('fs');
                exports.handler = async event => {
                  fs.writeFileSync(event.mine, '');
                  while (!fs.existsSync(event.other)) await new Promise(resolve => setTimeout(resolve, 5));
                  return process.pid;
                };
                """;
        try (TestProject shared = TestProject.of("template.yaml", one("a.handler"), "src/a.js", code).start()) {
            Path files = Files.createTempDirectory("node");
            List<CompletableFuture<String>> calls = Stream.of("one two", "two one").map(each -> each.split(" "))
                    .map(pair -> CompletableFuture.supplyAsync(() -> call(shared, "Fn", "{\"mine\": \""
                            + files.resolve(pair[0]) + "\", \"other\": \"" + files.resolve(pair[1]) + "\"}").body()))
                    .toList();
            List<String> pids = calls.stream().map(CompletableFuture::join).distinct().toList();
            assertEquals(2, pids.size(), pids.toString());
        }
    }

    @Test void environments_are_warm_unless_requests_get_fresh_ones() {
        assertEquals("1", result("count"));
        assertEquals("2", result("count"));
        try (TestProject fresh = TestProject.of("template.yaml", one("app.count"), "src/app.js", CODE)
                .withLimits(4, true).start()) {
            assertEquals("1", call(fresh, "Fn", "{}").body());
            assertEquals("1", call(fresh, "Fn", "{}").body());
        }
    }
}
