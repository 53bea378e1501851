import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Malicious projects: an archive that unpacks to 400 MB, pipes instead of files, a handler that prints endlessly to a
 * terminal that does not read. The server must still respond, and SIGTERM must end it within 2 s.
 */
class Traps {
    private static final String TEMPLATE = """
            Globals: {Function: {Runtime: java17, Timeout: 900}}
            Resources:
              Ok: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::ok', CodeUri: src,
                Events: {E: {Type: Api, Properties: {Path: /ok, Method: get}}}}}
              Noise: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::noise', CodeUri: src,
                Events: {E: {Type: Api, Properties: {Path: /noise, Method: get}}}}}
              Loop: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::loop', CodeUri: src,
                Events: {E: {Type: Api, Properties: {Path: /loop, Method: get}}}}}
              Zip: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::ok', CodeUri: bomb.zip,
                Events: {E: {Type: Api, Properties: {Path: /zip, Method: get}}}}}
              Pipe: {Type: AWS::Serverless::Application, Properties: {Location: pipe.yaml}}
            """;
    private static final String HANDLER = """
            import java.util.Map;
            public class App {
                public Map<String, Object> ok() { return Map.of("statusCode", 200, "body", "ok"); }
                public Map<String, Object> noise() {
                    for (int i = 0; i < 200_000; i++) System.out.println("a line of the function " + i);
                    return ok();
                }
                public Map<String, Object> loop() { while (true) Thread.onSpinWait(); }
            }
            """;
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
    private static final int MAX_END_MILLIS = 2_000;

    private final Path folder = Files.createTempDirectory("traps");
    private final HttpClient client = HttpClient.newHttpClient();

    Traps() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("src/App.java"), HANDLER);
        Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
        for (String pipe : List.of("pipe.yaml", "src/Pipe.java", "src/data.txt", "src/pom.xml", "samconfig.toml")) {
            new ProcessBuilder("mkfifo", folder.resolve(pipe).toString()).inheritIO().start().waitFor();
        }
        byte[] zeros = new byte[1 << 20];
        try (OutputStream file = Files.newOutputStream(folder.resolve("bomb.zip"));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("data.bin"));
            for (int i = 0; i < 400; i++) zip.write(zeros);
        }
    }

    /** Whether the server survives all of them; prints a line for each. */
    boolean isSafe() throws Exception {
        boolean isGood = ends("idle", server -> true);
        isGood &= ends("an archive of 400 MB", server -> !status(server, "/zip").equals("200"));
        isGood &= ends("a function that never ends", server -> {
            CompletableFuture<String> running = CompletableFuture.supplyAsync(() -> status(server, "/loop"));
            return status(server, "/ok").equals("200") && !running.isDone();
        });
        return isGood & ends("an output that nobody reads", server -> status(server, "/noise").equals("200"));
    }

    private interface Trap {
        boolean isSurvived(String url) throws Exception;
    }

    /** Starts a server whose output is read up to its address only. */
    private boolean ends(String state, Trap trap) throws Exception {
        Process server = new ProcessBuilder("./jbang", "ServerLocal.java", "--template",
                folder.resolve("template.yaml").toString(), "--port", "0").redirectErrorStream(true).start();
        try {
            String url = address(server);
            boolean isGood = trap.isSurvived(url) && status(url, "/ok").equals("200");
            long started = System.nanoTime();
            server.destroy();
            boolean hasEnded = server.waitFor(10, TimeUnit.SECONDS);
            long millis = (System.nanoTime() - started) / 1_000_000;
            System.out.printf("%-34s %s, SIGTERM ends it in %d ms%n", state, isGood ? "others are answered" : "FAILED",
                    millis);
            return isGood && hasEnded && millis <= MAX_END_MILLIS;
        } finally {
            server.destroyForcibly();
        }
    }

    private static String address(Process server) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[256];
        for (int count = 0; count >= 0; count = server.getInputStream().read(some)) {
            text.append(new String(some, 0, count, StandardCharsets.UTF_8));
            Matcher address = ADDRESS.matcher(text);
            if (address.find() && address.end() < text.length()) return address.group();
        }
        throw new IllegalStateException("did not start: " + text);
    }

    private String status(String url, String path) {
        try {
            return String.valueOf(client.send(HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString()).statusCode());
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }
}
