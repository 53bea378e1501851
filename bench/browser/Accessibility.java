import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks every view of the inspector with axe (https://github.com/dequelabs/axe-core), in light and dark. */
final class Accessibility {
    private static final String AXE = "axe-core-4.10.3";
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 60}}
            Resources:
              Shop: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Orders::handle
                  Events:
                    Any: {Type: Api, Properties: {Path: '/orders/{id}', Method: any, RestApiId: !Ref Shop}}
                    Q: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:123456789012:orders'}}
            """;
    private static final String ORDERS = """
            import java.util.*;
            public class Orders {
                public Map<String, Object> handle(Map<String, Object> event) throws Exception {
                    System.out.println("asked for " + event.get("path"));
                    if ("/orders/slow".equals(event.get("path"))) Thread.sleep(20_000);
                    if ("POST".equals(event.get("httpMethod"))) throw new IllegalStateException("no stock");
                    return Map.of("statusCode", 200, "isBase64Encoded", false,
                            "body", "{\\"total\\": 19.90, \\"time\\": " + System.nanoTime() + "}");
                }
            }
            """;
    private static final List<String> VIEWS = List.of("", "#requests/1", "#requests/3", "#requests/PENDING",
            "#requests/9999", "#edit/3", "#diff/1/2", "#invoke/Orders", "#call/Shop%20ANY%20%2Forders%2F%7Bid%7D");

    private Accessibility() {
    }

    /** Prints what axe finds; returns whether that is nothing. */
    static boolean check(Path browser) throws Exception {
        String axe = Files.readString(script());
        boolean isGood = true;
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/Orders.java", ORDERS,
                "events/order.json", "{}").start(); Chromium page = new Chromium(browser)) {
            project.get("/orders/1");
            project.get("/orders/1");
            project.send("POST", "/orders/1", "{\"item\": \"red hat\"}");
            for (String scheme : List.of("light", "dark")) {
                page.prefer(scheme);
                for (int width : new int[] {1280, 400}) {
                    page.resize(width, 800);
                    isGood &= check(page, project, axe, scheme + ", " + width + " pixels, ");
                }
            }
            return isGood;
        }
    }

    /** Checks each view with each of its tabs, and the list of keys. */
    private static boolean check(Chromium page, TestProject project, String axe, String setting) {
        Thread slow = new Thread(() -> project.get("/orders/slow"));
        slow.setDaemon(true);
        slow.setUncaughtExceptionHandler((thread, error) -> { }); // the server ends before it answers
        slow.start();
        page.open("about:blank");
        page.open("http://127.0.0.1:" + project.port() + "/_samlocal/");
        page.until("document.querySelector('.live') && document.querySelector('#rows tr[data-state^=pending]')");
        page.eval(axe + ";0");
        Object pending = page.eval("document.querySelector('#rows tr[data-state^=pending]').dataset.number");
        boolean isGood = true;
        for (String each : VIEWS) {
            String view = each.replace("PENDING", pending.toString());
            page.eval("location.hash = '" + view + "'");
            page.until(view.isEmpty() ? "document.querySelector('#panel').hidden"
                    : "document.querySelector('#panel').dataset.view == '" + view + "'");
            isGood &= report(page, setting + view);
            long tabs = (Long) page.eval("document.querySelectorAll('[role=tab]').length");
            for (int i = 1; i < tabs; i++) {
                page.eval("document.querySelectorAll('[role=tab]')[" + i + "].click()");
                isGood &= report(page, setting + view + ", tab " + (i + 1));
            }
        }
        page.eval("document.querySelector('#help').click()");
        return isGood & report(page, setting + "keys");
    }

    private static boolean report(Chromium page, String where) {
        List<?> violations = (List<?>) page.eval("axe.run(document, {resultTypes: ['violations']}).then(result => "
                + "result.violations.map(each => ({rule: each.id, help: each.help, "
                + "where: each.nodes.map(node => node.html.slice(0, 200))})))");
        violations.forEach(each -> System.out.println("WRONG  " + where + "  " + each));
        if (violations.isEmpty()) System.out.println("ok     " + where);
        return violations.isEmpty();
    }

    /** Axe, which npm downloads once into the user's cache. */
    private static Path script() throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "samlocal", "bench", AXE);
        Path script = folder.resolve("package").resolve("axe.min.js");
        if (Files.exists(script)) return script;
        Files.createDirectories(folder);
        run(folder, "npm", "pack", "--silent", AXE.replaceFirst("-(?=\\d)", "@"));
        run(folder, "tar", "-xzf", AXE + ".tgz");
        return script;
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor();
        if (status != 0) throw new IOException(String.join(" ", command) + " failed with status " + status);
    }
}
