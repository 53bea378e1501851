import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

    @BeforeAll static void start() {
        assumeTrue(find("node").isPresent(), "no Node on the PATH");
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

    private static java.util.Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator)).map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable).findFirst();
    }

    private static String function(String id, String handler, String code, String more) {
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

    private static HttpResponse<String> call(TestProject project, String function, String event, String... headers) {
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

    // ---- Handlers ----------------------------------------------------------------------------------------------------

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

    // ---- Failures ----------------------------------------------------------------------------------------------------

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
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join());
    }

    // ---- Logs --------------------------------------------------------------------------------------------------------

    @Test void console_output_has_the_form_of_aws() {
        String log = log("log");
        assertTrue(log.endsWith("\n"), log);
        String line = project.console().lines().filter(each -> each.startsWith("log | ") && each.contains("caf\u00e9"))
                .findFirst().orElseThrow();
        assertTrue(line.matches("log \\| \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\t[0-9a-f-]{36}\tINFO\tcaf\u00e9 5 \\{ a: 1 \\}"),
                line);
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

    // ---- Reload, concurrency -----------------------------------------------------------------------------------------

    @Test void an_edit_counts_from_the_next_request() {
        try (TestProject edited = TestProject.of("template.yaml", "Resources:\n" + function("Fn", "a.handler", "src", ""),
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

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
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
        try (TestProject shared = TestProject.of("template.yaml", "Resources:\n" + function("Fn", "a.handler", "src", ""),
                "src/a.js", code).start()) {
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
        try (TestProject fresh = TestProject.of("template.yaml", "Resources:\n"
                + function("Fn", "app.count", "src", ""), "src/app.js", CODE).withLimits(4, true).start()) {
            assertEquals("1", call(fresh, "Fn", "{}").body());
            assertEquals("1", call(fresh, "Fn", "{}").body());
        }
    }

    // ---- Streaming ---------------------------------------------------------------------------------------------------

    private static final String STREAM = """
            import { existsSync } from 'fs';
            import { pipeline } from 'stream/promises';
            import { Readable } from 'stream';
            export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
              if (event.rawPath === '/early') throw new Error('early');
              if (event.rawPath === '/head') {
                stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201,
                  headers: { 'Content-Type': 'text/plain' } });
              }
              if (event.rawPath === '/pipe') return pipeline(Readable.from(['a', 'b']), stream);
              stream.write('first\\n');
              while (event.rawPath === '/wait' && !existsSync(process.env.GO)) {
                await new Promise(resolve => setTimeout(resolve, 5));
              }
              if (event.rawPath === '/late') throw new TypeError('late');
              if (event.rawPath === '/open') return;
              if (event.rawPath === '/big') for (let i = 0; i < 3000; i++) stream.write(Buffer.alloc(10000));
              stream.write({ json: true });
              stream.end('last');
            });
            """;

    @Test void a_response_is_streamed() throws IOException {
        TestProject streaming = TestProject.of("src/app.mjs", STREAM);
        String more = "Environment: {Variables: {GO: '" + streaming.path("go") + "'}}\n"
                + "      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}";
        try (streaming) {
            streaming.with("template.yaml", "Resources:\n" + function("Fn", "app.handler", "src", more)).start();
            HttpResponse<InputStream> response = stream(streaming, "/wait");
            BufferedReader lines = new BufferedReader(new InputStreamReader(response.body()));
            assertEquals("first", lines.readLine());
            streaming.write("go", "");
            assertEquals("{\"json\":true}last", lines.readLine());
            HttpResponse<String> head = streaming.get("/head");
            assertEquals(201, head.statusCode());
            assertEquals(List.of("text/plain"), head.headers().allValues("content-type"));
            assertEquals("first\n{\"json\":true}last", head.body());
            assertEquals("ab", streaming.get("/pipe").body());
            assertEquals(30_000_023, stream(streaming, "/big").body().readAllBytes().length);
            assertEquals(502, streaming.get("/early").statusCode());
            HttpResponse<InputStream> late = stream(streaming, "/late");
            assertThrows(IOException.class, () -> late.body().readAllBytes());
            assertTrue(streaming.console().contains("TypeError: late"), streaming.console());
            assertTrue(streaming.console().contains("|   if (event.rawPath === '/late')"), streaming.console());
            assertThrows(IOException.class, () -> stream(streaming, "/open").body().readAllBytes());
            assertEquals("ab", streaming.get("/pipe").body());
        }
    }

    private static HttpResponse<InputStream> stream(TestProject project, String path) {
        return project.send("GET", path, null, HttpResponse.BodyHandlers.ofInputStream());
    }

    // ---- Layers ------------------------------------------------------------------------------------------------------

    /** Lambda Developer Guide, "Working with layers for Node.js"; SAM also builds layers from their sources. */
    @Test void layers_have_packages_for_both_kinds_of_modules() {
        String layers = """
                  Built:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: layer}
                  Unbuilt:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: sources}
                    Metadata: {BuildMethod: nodejs20.x}
                """;
        String names = "Layers: [!Ref Built, !Ref Unbuilt]";
        try (TestProject layered = TestProject.of(
                "template.yaml", "Resources:\n" + layers + function("Common", "common.handler", "src", names)
                        + function("Module", "module.handler", "src", names),
                "src/common.js", "const own = require('/opt/nodejs/own');\n"
                        + "exports.handler = async () => [require('one'), require('two'), require('three'), own];",
                "src/module.mjs", "import one from 'one';\nimport { esm } from 'esm';\nimport own from"
                        + " '/opt/nodejs/own.js';\nexport const handler = async () => [one, esm, own];",
                "layer/nodejs/node_modules/one/index.js", "module.exports = 1;",
                "layer/nodejs/node20/node_modules/two/index.js", "module.exports = 2;",
                "layer/nodejs/node_modules/esm/package.json", "{\"exports\": {\"import\": \"./a.mjs\"}}",
                "layer/nodejs/node_modules/esm/a.mjs", "export const esm = 'esm';",
                "sources/package.json", "{}", "sources/own.js", "module.exports = 'own';",
                "sources/node_modules/three/index.js", "module.exports = 3;").start()) {
            assertEquals("[1,2,3,\"own\"]", call(layered, "Common", "{}").body());
            assertEquals("[1,\"esm\",\"own\"]", call(layered, "Module", "{}").body());
        }
    }

    // ---- esbuild -----------------------------------------------------------------------------------------------------

    private static Path esbuild;

    /** A folder with esbuild, which is installed once. */
    private static synchronized Path esbuild() throws IOException, InterruptedException {
        if (esbuild == null) {
            assumeTrue(find("npm").isPresent(), "no npm on the PATH");
            Path folder = Files.createTempDirectory("esbuild");
            Files.writeString(folder.resolve("package.json"), "{}");
            TestProject.Ran npm = TestProject.run(folder, Map.of(), "", "npm", "install", "--no-audit", "esbuild");
            assumeTrue(npm.status() == 0, "npm cannot install esbuild: " + npm.err());
            esbuild = folder;
        }
        return esbuild;
    }

    private static TestProject typeScript(String properties, String... pathsAndTexts) throws IOException,
            InterruptedException {
        TestProject made = TestProject.of(pathsAndTexts);
        Files.createSymbolicLink(made.path("node_modules"), esbuild().resolve("node_modules"));
        return made.with("package.json", "{}").with("template.yaml", "Resources:\n"
                + function("Fn", "app.handler", "src", "") + "    Metadata:\n      BuildMethod: esbuild\n"
                + "      BuildProperties: " + properties + "\n");
    }

    @Test void esbuild_bundles_what_the_template_says() throws Exception {
        try (TestProject made = typeScript("{EntryPoints: [handlers/app.ts], Loader: [.txt=text], Minify: false,"
                + " Format: esm, OutExtension: [.js=.mjs], MainFields: 'module,main', Target: es2022,"
                + " External: [outside], Banner: ['js=const banner = 7;'], Define: ['ANSWER=42']}",
                "src/handlers/app.ts", """
                import { twice } from '../../shared/twice';
                import text from './text.txt';
                import { outside } from 'outside';
                declare const banner: number;
                declare const ANSWER: number;
                export const handler = async (event: { value: number }): Promise<unknown> => {
                  if (event.value < 0) {
                    throw new RangeError(`negative: ${event.value}`);
                  }
                  return [twice(event.value), text, outside, banner, ANSWER];
                };
                """, "src/handlers/text.txt", "text", "shared/twice.ts", "export const twice = (x: number) => 2 * x;",
                "src/node_modules/outside/index.mjs", "export const outside = 'outside';",
                "src/node_modules/outside/package.json", "{\"exports\": \"./index.mjs\"}").start()) {
            assertEquals("[4,\"text\",\"outside\",7,42]", call(made, "Fn", "{\"value\": 2}").body());
            call(made, "Fn", "{\"value\": -1}");
            assertTrue(made.console().contains("8 |     throw new RangeError(`negative: ${event.value}`);"),
                    made.console());
            made.write("shared/twice.ts", "export const twice = (x: number) => 200 * x;");
            assertEquals("[400,\"text\",\"outside\",7,42]", call(made, "Fn", "{\"value\": 2}").body());
            made.write("src/handlers/app.ts", "export const handler = async () => {\n  return {{;\n}\n");
            made.get("/");
            HttpResponse<String> broken = call(made, "Fn", "{}");
            assertTrue(made.console().contains("app.ts:2:11"), broken.body() + made.console());
            assertEquals(List.of("node_modules", "package.json", "shared", "src", "template.yaml"),
                    names(made.folder()));
        }
    }

    @Test void a_bundle_is_common_js_and_minified_by_default() throws Exception {
        try (TestProject made = typeScript("{}", "src/app.ts", "import { missing } from 'nowhere';\n"
                + "export const handler = async () => missing;\n").start()) {
            call(made, "Fn", "{}");
            String console = made.console();
            assertTrue(console.contains("Could not resolve \"nowhere\"") && console.contains("app.ts:1:25")
                    && console.contains("`nowhere` is not installed: run `npm install nowhere` in "), console);
            made.write("src/app.ts", "export const handler = async function aLongName() {\n"
                    + "  return [typeof require, aLongName.name];\n}\n");
            assertEquals("[\"function\",\"\"]", call(made, "Fn", "{}").body().replaceAll("\"\\w\"]", "\"\"]"));
        }
    }

    @Test void type_script_without_esbuild_is_explained() {
        try (TestProject made = TestProject.of("template.yaml", "Resources:\n" + function("Fn", "app.handler", "src", ""),
                "src/app.ts", "export const handler = async () => 1;").start()) {
            call(made, "Fn", "{}");
            assertTrue(made.console().contains("app.ts` is TypeScript, which AWS's Node does not run")
                    && made.console().contains("set `BuildMethod: esbuild`"), made.console());
        }
    }

    // ---- check -------------------------------------------------------------------------------------------------------

    @Test void check_reports_handlers_that_do_not_exist() {
        String ts = function("bundled", "typed.handlr", "src", "") + "    Metadata: {BuildMethod: esbuild}\n";
        try (TestProject checked = TestProject.of("template.yaml", "Resources:\n"
                + function("good", "app.run", "src", "") + function("listed", "list.second", "src", "")
                + function("wrong", "app.rum", "src", "") + function("nowhere", "apt.run", "src", "")
                + function("none", "app", "src", "") + function("open", "open.anything", "src", "")
                + function("typed", "typed.handler", "src", ""),
                "src/app.js", "exports.run = async () => 1;\n// exports.rum = 1\n",
                "src/list.mjs", "const first = 1;\nexport { first as second };\n",
                "src/open.js", "module.exports = require('./app');", "src/typed.ts", "export const handler = 1;")) {
            String out = TestProject.cli("check", "-t", checked.path("template.yaml").toString()).out();
            for (String text : List.of("wrong: `" + checked.path("src/app.js") + "` does not export `rum`",
                    "did you mean `run`?", "nowhere: no module `apt` in " + checked.path("src"), "did you mean `app`?",
                    "none: `app` names no function", "typed: `" + checked.path("src/typed.ts") + "` is TypeScript")) {
                assertTrue(out.contains(text), text + "\n" + out);
            }
            for (String name : List.of("good", "listed", "open")) assertFalse(out.contains(name + ": "), out);
        }
    }
}
