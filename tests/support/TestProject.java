import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A SAM project in a temporary folder, served on a free port, with a client and the console output. */
final class TestProject implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path folder;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private ServerLocal.LambdaFunction.Limits limits = new ServerLocal.LambdaFunction.Limits(4, false);
    private ServerLocal.Integration.Rules rules = new ServerLocal.Integration.Rules(true, false, null);
    private Path variables;
    private Map<String, Path> layers = Map.of();
    private ServerLocal.Config.Front front = ServerLocal.Config.Front.PLAIN;
    private ServerLocal.Config.Functions functions = ServerLocal.Config.Functions.ALL;
    private ServerLocal.Terminal terminal =
            new ServerLocal.Terminal(false, true, ServerLocal.Terminal.UNBOUNDED, false);
    private boolean isJson;
    private boolean isQuiet;
    private ServerLocal.Console console;
    private ServerLocal.DevServer server;
    private Thread follower;

    private TestProject(Path folder) {
        this.folder = folder;
    }

    /** A project with these files: path, text, path, text. */
    static TestProject of(String... pathsAndTexts) {
        try {
            TestProject project = new TestProject(Files.createTempDirectory("samlocal test "));
            for (int i = 0; i < pathsAndTexts.length; i += 2) project.write(pathsAndTexts[i], pathsAndTexts[i + 1]);
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A running project with one function {@code Fn} from {@code src}, behind ANY /{proxy+} and ANY /. */
    static TestProject serving(String handler, String... pathsAndTexts) {
        return of(pathsAndTexts).with("template.yaml", function("Fn", handler, "src", "/{proxy+}")).start();
    }

    /** A template with one function behind one path and any method. */
    static String function(String id, String handler, String code, String path) {
        return """
                Resources:
                  %s:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: %s
                      CodeUri: %s
                      Runtime: java17
                      Events:
                        Any: {Type: Api, Properties: {Path: '%s', Method: any}}
                """.formatted(id, handler, code, path);
    }

    /** A handler class that returns a Java expression as body; {@code event} and {@code context} are in scope. */
    static String handler(String name, String expression) {
        return """
                import com.amazonaws.services.lambda.runtime.Context;
                import java.util.*;
                public class %s {
                    public Map<String, Object> handle(Map<String, Object> event, Context context) throws Throwable {
                        Map<String, Object> answer = new HashMap<>();
                        answer.put("statusCode", 200);
                        answer.put("body", String.valueOf(%s));
                        return answer;
                    }
                }
                """.formatted(name, expression);
    }

    TestProject with(String path, String text) {
        write(path, text);
        return this;
    }

    Path folder() {
        return folder;
    }

    Path path(String path) {
        return folder.resolve(path);
    }

    void write(String path, String text) {
        try {
            Files.createDirectories(path(path).getParent());
            Files.writeString(path(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestProject start() {
        return start("template.yaml");
    }

    TestProject start(String template) {
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        console = new ServerLocal.Console(stream, stream, terminal, isJson, isQuiet);
        ServerLocal.Config config = new ServerLocal.Config(
                new ServerLocal.Config.Inputs(path(template), Map.of(), variables, layers),
                ServerLocal.Config.Address.LOOPBACK, limits, rules, true, front, functions);
        server = new ServerLocal.DevServer(config, console).start();
        return this;
    }

    /** Starts reading and compiling saved files in the background, as the command does. */
    TestProject following() {
        follower = new Thread(server::follow, "follow");
        follower.setDaemon(true);
        follower.start();
        return this;
    }

    /** Waits until the console output since {@code start} contains a text; returns that output. */
    String awaitConsole(int start, String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String output = console().substring(start);
        while (!output.contains(text)) {
            if (System.nanoTime() > end) throw new AssertionError("not printed: " + text + "\n" + output);
            Thread.onSpinWait();
            output = console().substring(start);
        }
        return output;
    }

    /** Sets the contents of layers that the template does not have, by their ARNs. */
    TestProject withLayers(Map<String, Path> contents) {
        layers = contents;
        return this;
    }

    /** Sets a file of environment variables. */
    TestProject withVariables(String file) {
        variables = path(file);
        return this;
    }

    /** Sets the console: a terminal, {@code --log json} or {@code --quiet}. */
    TestProject withScreen(ServerLocal.Terminal other, boolean inJson, boolean quiet) {
        terminal = other;
        isJson = inJson;
        isQuiet = quiet;
        return this;
    }

    /** Sets {@code --strict} or {@code --cors}. */
    TestProject withRules(boolean strict, String origin) {
        rules = new ServerLocal.Integration.Rules(true, strict, origin);
        return this;
    }

    /** Sets static files or HTTPS. */
    TestProject withFront(ServerLocal.Config.Front other) {
        front = other;
        return this;
    }

    /** Sets which functions run and how. */
    TestProject withFunctions(ServerLocal.Config.Functions other) {
        functions = other;
        return this;
    }

    /** Sets key sets for tokens and API keys. */
    TestProject withKeys(List<Path> keySets, List<String> apiKeys) {
        rules = new ServerLocal.Integration.Rules(true, false, null, keySets, apiKeys);
        return this;
    }

    /** Sets the limits of execution environments; the default is four warm ones per function. */
    TestProject withLimits(int environments, boolean fresh) {
        limits = new ServerLocal.LambdaFunction.Limits(environments, fresh);
        return this;
    }

    /** Sets the limit of the init phase; the default is ten seconds. */
    TestProject withInitPhase(Duration limit) {
        limits = new ServerLocal.LambdaFunction.Limits(limits.environments(), limits.fresh(), limit, limits.idle());
        return this;
    }

    /** Sets the time after which an idle environment may end; the default is five minutes. */
    TestProject withIdle(Duration limit) {
        limits = new ServerLocal.LambdaFunction.Limits(limits.environments(), limits.fresh(), limits.initPhase(),
                limit);
        return this;
    }

    int port() {
        return server.port();
    }

    /** The console output so far. */
    String console() {
        if (console != null) console.flush();
        return printed.toString(StandardCharsets.UTF_8);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    /** The body of a GET that must succeed. */
    String body(String path) {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body() + "\n" + console());
        }
        return response.body();
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                HttpResponse.BodyHandlers.ofString(), headers);
    }

    <T> HttpResponse<T> send(String method, String path, byte[] body, HttpResponse.BodyHandler<T> handler,
            String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        try {
            return CLIENT.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The response to a raw request as Latin-1; the connection must end with it. */
    String raw(String request) {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Output, error output and exit status of a command in a separate process. */
    record Ran(String out, String err, int status) {
    }

    /** Runs the command line in this process. */
    static Ran cli(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ServerLocal.Cli.run(arguments, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ran(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }

    /** Runs a program in a folder with environment variables and waits for its end. */
    static Ran run(Path folder, Map<String, String> environment, String input, String... command) throws IOException,
            InterruptedException {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        int status = process.waitFor();
        return new Ran(Files.readString(out), Files.readString(err), status);
    }

    @Override public void close() {
        if (follower != null) follower.interrupt();
        if (server != null) server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
            for (Path file : all) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
