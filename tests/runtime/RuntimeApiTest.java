import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Lambda's Runtime API, asked by a program of the function's own (Lambda Developer Guide, "Using the Lambda runtime
 * API"; statuses: AWS's runtime interface emulator, {@code internal/lambda/rapi}).
 */
class RuntimeApiTest {
    /** A runtime in a few lines: {@code call} returns status, headers and body; {@code serve} answers invocations. */
    private static final String RUNTIME = """
            #!/usr/bin/env python3
            import http.client, json, os, signal, socket, subprocess, sys, time
            API = os.environ["AWS_LAMBDA_RUNTIME_API"]
            def call(method, path, body=None, headers={}, connection=None):
                connection = connection or http.client.HTTPConnection(API)
                connection.request(method, path if path.startswith("/") else "/2018-06-01/runtime/" + path, body, headers)
                response = connection.getresponse()
                return response.status, dict(response.getheaders()), response.read()
            def serve(handle):
                while True:
                    status, headers, event = call("GET", "invocation/next")
                    request_id = headers["Lambda-runtime-aws-request-id"]
                    answer = handle(request_id, headers, json.loads(event))
                    if answer is not None: call("POST", f"invocation/{request_id}/response", json.dumps(answer))
            """;
    private TestProject project;

    @BeforeAll static void requirePython() {
        PythonTest.assumePython();
    }

    @AfterEach void stop() {
        if (project != null) project.close();
    }

    /** Serves a function whose bootstrap has this body. */
    private TestProject serve(String properties, String body) throws IOException {
        return prepare(properties, body).start();
    }

    private TestProject prepare(String properties, String body) throws IOException {
        project = TestProject.of("fn/bootstrap", RUNTIME + body, "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: own.handler
                      CodeUri: fn
                      Runtime: provided.al2023
                      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
                      Events:
                        Any: {Type: HttpApi, Properties: {Path: '/{proxy+}', Method: any}}
                """ + properties.indent(6));
        executable();
        return project;
    }

    private void executable() throws IOException {
        Files.setPosixFilePermissions(project.path("fn/bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private HttpResponse<String> invoke(String event, String... headers) {
        return project.send("POST", "/2015-03-31/functions/Fn/invocations", event, headers);
    }

    @Test void an_invocation_has_the_headers_of_lambda() throws IOException {
        serve("", """
                serve(lambda request_id, headers, event: {"event": event, "headers": {
                    name.lower(): value for name, value in headers.items()}, "now": time.time() * 1000})
                """);
        String context = "{\n\"custom\":{\"a\":\"b\"}}";
        Map<?, ?> answer = json(invoke("{\"x\": 1}", "X-Amz-Client-Context",
                Base64.getEncoder().encodeToString(context.getBytes(StandardCharsets.UTF_8))).body());
        assertEquals(Map.of("x", 1L), answer.get("event"));
        Map<?, ?> headers = (Map<?, ?>) answer.get("headers");
        assertEquals("application/json", headers.get("content-type"));
        assertEquals("arn:aws:lambda:us-east-1:123456789012:function:Fn",
                headers.get("lambda-runtime-invoked-function-arn"));
        assertEquals(context.replace('\n', ' '), headers.get("lambda-runtime-client-context"));
        assertTrue(String.valueOf(headers.get("lambda-runtime-trace-id")).startsWith("Root=1-"), answer.toString());
        double left = Double.parseDouble(String.valueOf(headers.get("lambda-runtime-deadline-ms")))
                - Double.parseDouble(String.valueOf(answer.get("now")));
        assertTrue(left > 0 && left <= 3000, "the default timeout is three seconds: " + left);
    }

    private static Map<?, ?> json(String text) throws IOException {
        return (Map<?, ?>) ServerLocal.Json.read(text);
    }

    @Test void the_environment_is_that_of_lambda() throws IOException {
        serve("Environment: {Variables: {OWN: value}}", """
                serve(lambda request_id, headers, event: {**os.environ, "pwd": os.getcwd()})
                """);
        Map<?, ?> answer = json(invoke("{}").body());
        assertEquals(project.path("fn").toRealPath().toString(), answer.get("pwd"));
        assertEquals(project.path("fn").toString(), answer.get("LAMBDA_TASK_ROOT"));
        assertEquals("own.handler", answer.get("_HANDLER"));
        assertEquals("value", answer.get("OWN"));
        assertEquals("128", answer.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        assertEquals("/aws/lambda/Fn", answer.get("AWS_LAMBDA_LOG_GROUP_NAME"));
        assertFalse(answer.containsKey("AWS_LAMBDA_MAX_CONCURRENCY"), answer.toString());
        assertFalse(answer.containsKey("AWS_EXECUTION_ENV"), "not defined for OS-only runtimes");
    }

    @Test void wrong_requests_get_the_statuses_of_lambda() throws IOException {
        serve("", """
                def handle(request_id, headers, event):
                    seen = {}
                    def see(name, *request):
                        status, headers, body = call(*request)
                        seen[name] = [status, json.loads(body).get("errorType") if body.startswith(b"{") else ""]
                    own = f"invocation/{request_id}/"
                    see("another id", "POST", "invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response", "1")
                    see("init error", "POST", "init/error", "{}")
                    see("page", "POST", own + "response", "1", {"Origin": "https://example.com"})
                    see("rebound", "POST", own + "response", "1", {"Host": "example.com"})
                    see("extension", "POST", "/2020-01-01/extension/register", "{}")
                    see("telemetry", "PUT", "/2022-07-01/telemetry", "{}")
                    see("unknown", "GET", "/2018-06-01/else")
                    see("response", "POST", own + "response", json.dumps(seen))
                    print("second", call("POST", own + "response", "2")[0], flush=True)
                serve(handle)
                """);
        assertEquals(Map.of("another id", List.of(400L, "InvalidRequestID"),
                "init error", List.of(403L, "InvalidStateTransition"),
                "page", List.of(403L, "Forbidden"), "rebound", List.of(403L, "Forbidden"),
                "extension", List.of(403L, "Extension.NotSupported"),
                "telemetry", List.of(403L, "Extension.NotSupported"), "unknown", List.of(404L, "NotFound")),
                json(invoke("{}").body()));
        String console = project.awaitConsole(0, "second 400");
        assertTrue(console.contains("extensions and the telemetry API are not supported here: /2020-01-01/extension"),
                console);
    }

    @Test void only_one_request_may_wait_for_an_invocation() throws IOException {
        serve("", """
                import threading
                results = []
                threads = [threading.Thread(target=lambda: results.append(call("GET", "invocation/next")))
                           for _ in range(2)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                results.append(call("GET", "invocation/next"))
                request_id = [headers for status, headers, body in results if status == 200][0]["Lambda-runtime-aws-request-id"]
                statuses = sorted(status for status, headers, body in results)
                call("POST", f"invocation/{request_id}/response", json.dumps(statuses))
                signal.pause()
                """);
        assertEquals("[200, 403, 403]", invoke("{}").body());
    }

    @Test void processes_beyond_the_first_end_after_they_have_been_idle() throws Exception {
        prepare("", """
                folder = os.environ["FOLDER"]
                def handle(request_id, headers, event):
                    open(os.path.join(folder, str(os.getpid())), "w").close()
                    while len(os.listdir(folder)) < 2: time.sleep(0.01)
                    return os.getpid()
                serve(handle)
                """).write("template.yaml", Files.readString(project.path("template.yaml"))
                + "      Environment: {Variables: {FOLDER: '" + Files.createDirectory(project.path("pids")) + "'}}\n");
        project.withIdle(Duration.ZERO).start().following();
        CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> Long.parseLong(invoke("1").body()));
        List<Long> pids = List.of(Long.parseLong(invoke("1").body()), other.get(20, TimeUnit.SECONDS));
        CompletableFuture.anyOf(pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream())
                .map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new)).get(20, TimeUnit.SECONDS);
        assertTrue(pids.contains(Long.parseLong(invoke("1").body())), "the one that was used last remains");
    }

    @Test void errors_are_passed_on_as_reported() throws IOException {
        serve("", """
                def handle(request_id, headers, event):
                    call("POST", f"invocation/{request_id}/error", event["body"], {
                        "Lambda-Runtime-Function-Error-Type": "Own.Type", "Samlocal-Log": "not base64",
                        "Lambda-Runtime-Function-XRay-Error-Cause": "x" * event["cause"]})
                serve(handle)
                """);
        String error = "{\"errorMessage\":\"no\",\"errorType\":\"Bad\",\"stackTrace\":[\"  File \\\"x.py\\\"\"],\"more\":1}";
        HttpResponse<String> response = invoke(ServerLocal.Json.write(Map.of("body", error, "cause", 1 << 20)));
        assertEquals("Unhandled", response.headers().firstValue("X-Amz-Function-Error").orElse(""));
        assertEquals(error, response.body());
        assertEquals("{\"errorMessage\":\"plain\",\"errorType\":\"Own.Type\"}",
                invoke("{\"body\": \"plain\", \"cause\": 1}").body());
        assertTrue(project.console().contains("Bad: no"), project.console());
        assertEquals(500, project.get("/x").statusCode());
    }

    @Test void a_large_response_is_an_error() throws IOException {
        serve("", """
                def handle(request_id, headers, event):
                    status = call("POST", f"invocation/{request_id}/response", b"x" * event)[0]
                    print("status", status, flush=True)
                serve(handle)
                """);
        assertEquals(6291556, invoke("6291556").body().length());
        Map<?, ?> error = json(invoke("6291557").body());
        assertEquals("Function.ResponseSizeTooLarge", error.get("errorType"));
        project.awaitConsole(0, "status 413");
    }

    @Test void an_init_error_is_the_response_to_the_invocation() throws IOException {
        serve("", """
                call("POST", "init/error", '{"errorMessage":"no database","errorType":"Init.Failed"}')
                sys.exit(1)
                """);
        assertEquals("{\"errorMessage\":\"no database\",\"errorType\":\"Init.Failed\"}", invoke("{}").body());
        assertTrue(project.console().contains("Init.Failed: no database"), project.console());
    }

    @Test void a_process_that_ends_is_an_error_and_the_next_request_starts_another() throws IOException {
        serve("", """
                print("started", os.getpid(), flush=True)
                if os.path.exists("broken"): sys.exit(3)
                def handle(request_id, headers, event):
                    if event == "exit": print("last\\0words", flush=True); os._exit(7)
                    if event == "good": os._exit(0)
                    if event == "kill": os.kill(os.getpid(), signal.SIGKILL)
                    return "fine"
                serve(handle)
                """);
        assertExit("exit status 7", invoke("\"exit\""));
        assertTrue(project.console().contains("words"), project.console());
        assertExit("signal: killed", invoke("\"kill\""));
        String good = invoke("\"good\"").body();
        assertTrue(good.endsWith("Error: Runtime exited without providing a reason\",\"errorType\":\"Runtime.ExitError\"}"),
                good);
        assertEquals("\"fine\"", invoke("1").body());
        project.write("fn/broken", "");
        assertExit("exit status 3", invoke("1"));
    }

    private static void assertExit(String reason, HttpResponse<String> response) {
        assertTrue(response.body().matches("\\{\"errorMessage\":\"RequestId: \\S+ Error: Runtime exited with error: "
                + reason + "\",\"errorType\":\"Runtime.ExitError\"}"), response.body());
    }

    @Test void a_process_that_ends_while_idle_is_replaced() throws IOException {
        serve("", """
                import threading
                def handle(request_id, headers, event):
                    if event == "later": threading.Timer(0.05, lambda: os._exit(1)).start()
                    return os.getpid()
                serve(handle)
                """);
        long first = Long.parseLong(invoke("\"later\"").body());
        ProcessHandle.of(first).ifPresent(process -> process.onExit().join());
        HttpResponse<String> next = invoke("1");
        assertTrue(next.headers().firstValue("X-Amz-Function-Error").isEmpty()
                || next.body().contains("Runtime.ExitError"), next.body());
        assertTrue(Long.parseLong(invoke("1").body()) != first);
    }

    @Test void a_timeout_kills_the_process_and_its_children() throws Exception {
        serve("Timeout: 1", """
                def handle(request_id, headers, event):
                    child = subprocess.Popen(["sleep", "600"])
                    with open("/dev/stdout", "w") as out: print("pids", os.getpid(), child.pid, file=out, flush=True)
                    while True: pass
                serve(handle)
                """);
        HttpResponse<String> response = invoke("{}");
        assertTrue(response.body().contains("Task timed out after 1.00 seconds"), response.body());
        assertGone(project.awaitConsole(0, "pids").lines().filter(line -> line.contains("pids")).findFirst()
                .orElseThrow().replaceFirst(".*pids ", "").split(" "));
    }

    private static void assertGone(String... pids) throws Exception {
        for (String pid : pids) {
            ProcessHandle process = ProcessHandle.of(Long.parseLong(pid.strip())).orElse(null);
            if (process != null) process.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    @Test void a_timeout_covers_initialization_after_ten_seconds() throws IOException {
        project = TestProject.of("fn/bootstrap", RUNTIME + """
                print("starting", flush=True)
                time.sleep(600)
                """, "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: x, CodeUri: fn, Runtime: provided.al2023, Timeout: 1}
                """).withInitPhase(Duration.ofMillis(300));
        executable();
        project.start();
        assertTrue(invoke("{}").body().contains("Task timed out after 1.00 seconds"));
        assertTrue(project.console().contains("initialization took longer than 300 ms"), project.console());
    }

    @Test void parts_of_a_stream_arrive_while_the_function_runs() throws IOException {
        serve("", """
                def handle(request_id, headers, event):
                    connection = http.client.HTTPConnection(API)
                    def parts():
                        yield b'{"statusCode": 201, "headers": {"Content-Type": "text/plain"}}' + bytes(8) + b"first\\n"
                        while not os.path.exists("go"): time.sleep(0.01)
                        yield b"last"
                        if event["rawPath"] == "/broken": connection.sock.shutdown(socket.SHUT_RDWR)
                    connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", parts(),
                            {"Lambda-Runtime-Function-Response-Mode": "streaming"}, encode_chunked=True)
                    connection.getresponse().read()
                def safely(*arguments):
                    try: handle(*arguments)
                    except OSError: pass
                serve(safely)
                """);
        HttpResponse<InputStream> response = url("/good");
        assertEquals(201, response.statusCode());
        assertEquals("text/plain", response.headers().firstValue("content-type").orElse(""));
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.body()));
        assertEquals("first", lines.readLine());
        project.write("fn/go", "");
        assertEquals("last", lines.readLine());
        HttpResponse<InputStream> broken = url("/broken");
        assertThrows(IOException.class, () -> broken.body().readAllBytes());
        project.awaitConsole(0, "the streamed response ended with an error");
    }

    /** "Lambda quotas": a streamed response has at most 200 MB. */
    @Test void a_stream_that_is_too_large_breaks_off() throws IOException {
        serve("Timeout: 60", """
                def handle(request_id, headers, event):
                    connection = http.client.HTTPConnection(API)
                    connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response",
                            (bytes([120]) * (1 << 20) for i in range(201)),
                            {"Lambda-Runtime-Function-Response-Mode": "streaming"}, encode_chunked=True)
                    connection.getresponse().read()
                def safely(*arguments):
                    try: handle(*arguments)
                    except OSError: pass
                serve(safely)
                """);
        HttpResponse<InputStream> large = url("/");
        assertThrows(IOException.class, () -> large.body().transferTo(OutputStream.nullOutputStream()));
        project.awaitConsole(0, "a streamed response is limited to 200 MB");
        assertFalse(project.console().contains("HTTP trailers"), project.console());
    }

    private HttpResponse<InputStream> url(String path) {
        return project.send("GET", "/@Fn" + path, null, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** The JDK's server closes idle connections, which a client may notice only when it sends the response. */
    @Test void a_long_invocation_does_not_use_an_idle_connection() throws IOException {
        NodeTest.assumeNode();
        serve("Timeout: 100", """
                serve(lambda request_id, headers, event: headers.get("Connection"))
                """);
        assertEquals("\"close\"", invoke("{}").body());
        project.close();
        String function = """
                  %s:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: a.handler, CodeUri: src, Runtime: %s, Timeout: 100}
                """;
        project = TestProject.of("src/a.js", "exports.handler = async event => event;", "src/a.py",
                "def handler(event, context): return event", "template.yaml",
                "Resources:\n" + function.formatted("Py", "python3.11") + function.formatted("Js", "nodejs20.x")).start();
        for (String name : List.of("Py", "Js")) {
            for (int i = 0; i < 3; i++) assertEquals(String.valueOf(i), invokeOf(name, String.valueOf(i)).body());
        }
    }

    @Test void an_edit_is_started_before_a_request_needs_it() throws IOException {
        project = TestProject.of("src/a.py", "print('started 1', flush=True)\ndef handler(event, context): return 1",
                "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: a.handler, CodeUri: src, Runtime: python3.11}
                """).start().following();
        assertEquals("1", invoke("{}").body());
        project.write("src/a.py", "print('started 2', flush=True)\ndef handler(event, context): return 2");
        String output = project.awaitConsole(0, "started 2");
        assertTrue(output.contains("reloaded 1 file for Fn"), output);
        assertEquals("2", invoke("{}").body());
        project.write("src/a.py", "def handler(event, context) return 3");
        project.awaitConsole(0, "Runtime.UserCodeSyntaxError");
    }

    @Test void a_missing_bootstrap_is_reported_with_the_command_that_builds_it() {
        project = TestProject.of("fn/main.go", "package main", "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: x, CodeUri: fn, Runtime: provided.al2023}
                """).start();
        HttpResponse<String> response = invoke("{}");
        assertEquals(500, response.statusCode());
        assertTrue(project.console().contains("Fn has no `bootstrap` in "), project.console());
        assertTrue(project.console().contains("help: build it: sam build Fn"), project.console());
        TestProject.Ran checked = TestProject.cli("check", "-t", project.path("template.yaml").toString());
        assertTrue(checked.out().contains("Fn: no `bootstrap` in "), checked.out());
        assertEquals(1, checked.status());
    }

    @Test void the_output_of_sam_build_is_used() throws IOException {
        project = TestProject.of("fn/main.go", "package main", ".aws-sam/build/Fn/bootstrap", RUNTIME + """
                serve(lambda request_id, headers, event: os.getcwd())
                """, "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: x, CodeUri: fn, Runtime: provided.al2023}
                """);
        Path built = project.path(".aws-sam/build/Fn");
        Files.setPosixFilePermissions(built.resolve("bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
        project.start();
        assertEquals("\"" + built.toRealPath() + "\"", invoke("{}").body());
        project.write(".aws-sam/build/Fn/bootstrap", RUNTIME + "serve(lambda request_id, headers, event: 'built again')");
        assertEquals("\"built again\"", invoke("{}").body());
    }

    @Test void a_bootstrap_that_may_not_be_executed_is_explained() throws IOException {
        prepare("", "");
        Files.setPosixFilePermissions(project.path("fn/bootstrap"), PosixFilePermissions.fromString("rw-r--r--"));
        project.start();
        assertEquals(500, invoke("{}").statusCode());
        assertTrue(project.console().contains("help: run: chmod +x "), project.console());
    }

    @Test void no_process_outlives_the_server() throws Exception {
        serve("", """
                child = subprocess.Popen(["sleep", "600"])
                serve(lambda request_id, headers, event: f"{os.getpid()} {child.pid}")
                """);
        String[] pids = invoke("{}").body().replace("\"", "").split(" ");
        project.close();
        project = null;
        assertGone(pids);
    }

    /** The thread of a request may still be starting a process when the server ends. */
    @Test void a_process_that_starts_while_the_server_ends_is_killed() throws Exception {
        ServerLocal.Processes processes = new ServerLocal.Processes();
        processes.close();
        ServerLocal.ProcessRuntime late = new ServerLocal.ProcessRuntime(new ServerLocal.Interpreter.Launch(
                List.of("sleep", "600"), Map.of(), Path.of("").toAbsolutePath()), false, error -> Optional.empty(),
                processes);
        Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());
        Thread starting = new Thread(() -> assertThrows(InterruptedException.class, () ->
                late.start(Map.of("PATH", System.getenv("PATH")), OutputStream.nullOutputStream(), null)));
        starting.start();
        while (starting.isAlive() && starting.getState() != Thread.State.WAITING) Thread.onSpinWait();
        for (ProcessHandle child : ProcessHandle.current().children().filter(each -> !before.contains(each)).toList()) {
            child.onExit().get(20, TimeUnit.SECONDS);
        }
        starting.interrupt();
        starting.join();
        late.close();
    }

    @Test void no_process_outlives_a_server_that_is_killed() throws Exception {
        project = TestProject.of("fn/bootstrap", RUNTIME + """
                child = subprocess.Popen(["sleep", "600"])
                print("pids", os.getpid(), child.pid, flush=True)
                while True: pass
                """, "template.yaml", """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: x, CodeUri: fn, Runtime: provided.al2023, Timeout: 600}
                """);
        executable();
        Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
                System.getProperty("java.class.path"), "ServerLocal", "invoke", "Fn", "-t",
                project.path("template.yaml").toString()).redirectErrorStream(true).start();
        String printed = new BufferedReader(new InputStreamReader(server.getInputStream())).lines()
                .filter(line -> line.contains("pids")).findFirst().orElseThrow();
        server.destroyForcibly();
        assertGone(printed.replaceFirst(".*pids ", "").split(" "));
    }

    /** AWS's client for Java gives the same responses in a process of its own as the handler in this JVM. */
    @Test void the_client_of_aws_for_java_runs_unchanged() throws Exception {
        String classPath = OracleTest.classPath();
        project = TestProject.of("java/App.java", """
                import com.amazonaws.services.lambda.runtime.Context;
                import java.util.Map;
                public class App {
                    public Object handle(Map<String, Object> event, Context context) {
                        if (event.containsKey("fail")) throw new IllegalStateException("failed");
                        if (event.containsKey("large")) return "x".repeat(7_000_000);
                        return new java.util.TreeMap<>(Map.of("event", event, "name", context.getFunctionName(), "arn",
                                context.getInvokedFunctionArn(), "hasTime", context.getRemainingTimeInMillis() > 0));
                    }
                }
                """, "client/bootstrap", """
                #!/bin/sh
                exec '%s' -cp '%s' com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
                """.formatted(Path.of(System.getProperty("java.home"), "bin/java"), classPath), "template.yaml", """
                Resources:
                  Java:
                    Type: AWS::Serverless::Function
                    Properties: {FunctionName: f, Handler: 'App::handle', CodeUri: java, Runtime: java17, Timeout: 60}
                  Client:
                    Type: AWS::Serverless::Function
                    Properties: {FunctionName: f, Handler: 'App::handle', CodeUri: client, Runtime: provided.al2023,
                                 Timeout: 60}
                """);
        Files.setPosixFilePermissions(project.path("client/bootstrap"), PosixFilePermissions.fromString("rwxr-xr-x"));
        javac(project.path("java/App.java"), project.path("client"), classPath);
        project.start();
        for (String event : List.of("{}", "{\"a\":[1,2.50,\"\u00e9\ud83d\ude00\"]}", "{\"fail\":1}",
                "{\"large\":1}")) {
            HttpResponse<String> expected = invokeOf("Client", event);
            HttpResponse<String> actual = invokeOf("Java", event);
            assertEquals(expected.body(), actual.body());
            assertEquals(expected.headers().firstValue("X-Amz-Function-Error"),
                    actual.headers().firstValue("X-Amz-Function-Error"));
        }
    }

    private HttpResponse<String> invokeOf(String function, String event) {
        return project.send("POST", "/2015-03-31/functions/" + function + "/invocations", event);
    }

    private static void javac(Path source, Path target, String classPath) {
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", target.toString(),
                "-cp", classPath, source.toString()));
    }
}
