///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Checks CORS from a page of another site, and the inspector's accessibility, in a headless Chromium
//SOURCES ../ServerLocal.java
//SOURCES ../tests/support/TestProject.java
//SOURCES ../tests/support/Chromium.java
//SOURCES browser/Accessibility.java

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Run from the checkout: {@code ./jbang bench/Browser.java [chromium]}. A page at http://site.localhost fetches from
 * APIs at http://NAME.localhost; what the browser lets it read is compared with each API's CORS rules. Then each view
 * of the inspector is checked with axe. Not part of the tests: it needs a Chromium, by default the one on the path, and
 * npm, which downloads axe.
 */
public class Browser {
    /** A fetch: its API, its options, and whether the page must be able to read the response. */
    private record Row(String api, String path, String options, String expected) {
    }

    private static final String BLOCKED = "blocked";
    private static final List<Row> ROWS = List.of(
            new Row("Open", "/x", "{}", "own GET"),
            new Row("Open", "/x", "{method: 'PUT', headers: {'X-Tag': '1'}}", "own PUT"),
            new Row("Open", "/x", "{method: 'DELETE'}", BLOCKED),
            new Row("Open", "/mute", "{}", BLOCKED),
            new Row("Http", "/x", "{}", "mute GET"),
            new Row("Http", "/x", "{method: 'PUT', headers: {'X-Tag': '1'}}", "mute PUT"),
            new Row("Http", "/x", "{method: 'PUT', headers: {'X-Other': '1'}}", BLOCKED),
            new Row("Http", "/x", "{credentials: 'include'}", "mute GET"),
            new Row("Closed", "/x", "{}", BLOCKED),
            new Row("Closed", "/x", "{method: 'PUT'}", BLOCKED),
            new Row("Url", "/any", "{method: 'PATCH', headers: {'Content-Type': 'application/json'}}", "mute PATCH"));

    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17}}
            Resources:
              Open: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Cors:
                {AllowOrigin: "'*'", AllowMethods: "'GET,PUT'", AllowHeaders: "'X-Tag'"}}}
              Http: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: ['%1$s'],
                AllowMethods: [GET, PUT], AllowHeaders: [x-tag], AllowCredentials: true}}}
              Closed: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration:
                {AllowOrigins: ['https://elsewhere.example'], AllowMethods: ['*']}}}
              Own:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Own::handle
                  Events: {A: {Type: Api, Properties: {Path: /x, Method: any, RestApiId: !Ref Open}}}
              Url:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Mute::handle
                  FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ['*'], AllowMethods: ['*'],
                    AllowHeaders: [content-type]}}
                  Events:
                    A: {Type: Api, Properties: {Path: /mute, Method: any, RestApiId: !Ref Open}}
                    B: {Type: HttpApi, Properties: {Path: /x, Method: any, ApiId: !Ref Http}}
                    C: {Type: HttpApi, Properties: {Path: /x, Method: any, ApiId: !Ref Closed}}
            """;

    public static void main(String[] arguments) throws Exception {
        String browser = arguments.length > 0 ? arguments[0]
                : Chromium.find().orElseThrow(() -> new IOException("no Chromium on the path")).toString();
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String origin = "http://site.localhost:" + site.getAddress().getPort();
        String method = "(event.containsKey(\"rawPath\") ? ((Map<?, ?>) ((Map<?, ?>) event.get(\"requestContext\"))"
                + ".get(\"http\")).get(\"method\") : event.get(\"httpMethod\"))";
        String own = TestProject.handler("Own", "\"own \" + " + method).replace("answer.put(\"statusCode\"",
                "answer.put(\"headers\", Map.of(\"Access-Control-Allow-Origin\", \"*\"));\nanswer.put(\"statusCode\"");
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE.formatted(origin), "src/Own.java", own,
                "src/Mute.java", TestProject.handler("Mute", "\"mute \" + " + method)).start()) {
            byte[] page = page(project.port()).getBytes(StandardCharsets.UTF_8);
            site.createContext("/", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            site.start();
            boolean isGood = report(results(browser, origin)) & Accessibility.check(Path.of(browser));
            System.exit(isGood ? 0 : 1);
        } finally {
            site.stop(0);
        }
    }

    /** Fetches one row after the other and writes each result to a line. */
    private static String page(int port) {
        String fetches = ROWS.stream().map(row -> "['http://" + row.api().toLowerCase() + ".localhost:" + port
                + row.path() + "', " + row.options() + "]").collect(Collectors.joining(",\n"));
        return """
                <!doctype html><meta charset="utf-8"><pre id="out"></pre><script>
                (async () => {
                  for (const [url, options] of [%s]) {
                    let text;
                    try { text = await (await fetch(url, options)).text() } catch (error) { text = '%s' }
                    document.getElementById('out').append('[' + text + ']\\n')
                  }
                  document.getElementById('out').append('done')
                })()
                </script>
                """.formatted(fetches, BLOCKED);
    }

    private static List<String> results(String browser, String origin) throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("samlocal browser ");
        Path dom = profile.resolve("dom.html");
        Process process = new ProcessBuilder(browser, "--headless", "--no-sandbox", "--disable-gpu",
                "--user-data-dir=" + profile, "--virtual-time-budget=60000", "--dump-dom", origin + "/")
                .redirectOutput(dom.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) process.destroyForcibly();
        String text = Files.readString(dom).replaceFirst("(?s)<script.*", "");
        Matcher lines = Pattern.compile("\\[([^\\]\n]*)]\n").matcher(text);
        List<String> results = new ArrayList<>();
        while (lines.find()) results.add(lines.group(1));
        return results;
    }

    private static boolean report(List<String> results) {
        boolean isGood = results.size() == ROWS.size();
        if (!isGood) System.out.println("the page read " + results.size() + " answers of " + ROWS.size());
        for (int i = 0; i < Math.min(ROWS.size(), results.size()); i++) {
            Row row = ROWS.get(i);
            boolean fits = results.get(i).equals(row.expected());
            System.out.printf("%-6s %-7s %-6s %-70s %s%n", fits ? "ok" : "WRONG", row.api(), row.path(), row.options(),
                    results.get(i));
            isGood &= fits;
        }
        return isGood;
    }
}
