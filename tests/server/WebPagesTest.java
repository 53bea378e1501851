import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Web pages of other sites and other machines cannot do anything that the template does not allow. */
class WebPagesTest {
    private static final String INVOKE = "/2015-03-31/functions/Fn/invocations";
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "event.get(\"httpMethod\") + \" \" + event.get(\"path\") + \";\""));
        project.body("/warm");
    }

    @AfterAll static void stop() {
        project.close();
    }

    private static int status(TestProject of, String request, String... headers) {
        String answer = of.raw(request + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                + (headers.length > 0 ? "\r\n" : "") + "Connection: close\r\n\r\n");
        return Integer.parseInt(answer.split(" ")[1]);
    }

    @Test void names_that_can_be_rebound_are_rejected_everywhere() {
        for (String path : List.of("/x", "/2015-03-31/functions", INVOKE)) {
            for (String host : List.of("evil.example", "evil.example:3000", "127.0.0.1.evil.example",
                    "localhost.evil.example", "notlocalhost", "EVIL.example")) {
                assertEquals(403, status(project, "GET " + path, "Host: " + host), host + path);
            }
        }
        assertTrue(project.raw("GET /x HTTP/1.1\r\nHost: evil.example:3000\r\nConnection: close\r\n\r\n")
                .contains("--allow-host evil.example`"));
        for (String host : List.of("localhost", "LOCALHOST:3000", "shop.localhost:3000", "127.0.0.1", "192.168.1.7:3000",
                "[::1]:3000", "localhost.:3000")) {
            assertEquals(200, status(project, "GET /x", "Host: " + host), host);
        }
    }

    @Test void a_request_has_one_host() {
        assertEquals(400, status(project, "GET /x"));
        assertEquals(400, status(project, "GET /x", "Host: localhost", "Host: localhost"));
        assertEquals(400, status(project, "GET /x", "Host: "));
        assertEquals(200, Integer.parseInt(project.raw("GET /x HTTP/1.0\r\n\r\n").split(" ")[1]));
    }

    @Test void allowed_host_names_are_served() {
        var exposure = new ServerLocal.Config.Exposure(ServerLocal.AllowedHosts.of(List.of("My.Example")), false);
        try (TestProject open = TestProject.of("src/App.java", TestProject.handler("App", "\"ok\""))
                .with("template.yaml", TestProject.function("Fn", "App::handle", "src", "/{proxy+}"))
                .withFront(new ServerLocal.Config.Front(null, false, null, null, ServerLocal.Inspector.BESIDE, exposure))
                .start()) {
            assertEquals(200, status(open, "GET /x", "Host: my.example:3000"));
            assertEquals(403, status(open, "GET /x", "Host: other.example"));
        }
    }

    @Test void pages_of_other_sites_do_not_reach_lambdas_api() {
        for (String header : List.of("Origin: https://evil.example", "Origin: null", "Origin: http://localhost:5173",
                "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site")) {
            assertEquals(403, status(project, "POST " + INVOKE, "Host: localhost", header), header);
            assertEquals(403, status(project, "GET /2015-03-31/functions/Fn", "Host: localhost", header), header);
        }
        assertEquals(200, status(project, "POST " + INVOKE, "Host: localhost:3001"));
        assertEquals(200, status(project, "POST " + INVOKE, "Host: localhost:3001", "Origin: http://localhost:3001",
                "Sec-Fetch-Site: same-origin"));
        assertEquals(200, status(project, "GET /x", "Host: localhost", "Origin: https://evil.example"),
                "an API's CORS is a matter of its template");
    }

    @Test void a_long_path_is_rejected_by_the_lambda_api_too() {
        assertEquals(414, status(project, "GET /2015-03-31/functions/" + "x".repeat(200_000), "Host: localhost"));
    }

    /** A page of another site in a real browser; its server is also on this machine, at another port and name. */
    @Test void browsers_cannot_run_functions() throws Exception {
        assumeTrue(Chromium.find().isPresent(), "no Chromium on the path");
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>evil</title>".getBytes();
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        site.start();
        try (Chromium browser = new Chromium(Chromium.find().get())) {
            String before = project.console();
            String own = "http://127.0.0.1:" + project.port();
            for (String from : List.of("http://127.0.0.1:", "http://evil.example:")) {
                browser.open(from + site.getAddress().getPort() + "/");
                browser.eval("fetch('" + own + INVOKE + "', {method: 'POST', mode: 'no-cors', body: '{}'}).then(() => 1)");
            }
            browser.open("http://rebound.example:" + project.port() + "/x");
            assertTrue(String.valueOf(browser.eval("document.body.innerText")).contains("is not allowed"));
            assertEquals("403", browser.eval("fetch('" + INVOKE + "', {method: 'POST', body: '{}'})"
                    + ".then(response => String(response.status))"));
            String output = project.console().substring(before.length());
            assertEquals(2, output.split("from another site", -1).length - 1, output);
            assertFalse(output.contains(" 200 "), output);
        } finally {
            site.stop(0);
        }
    }
}
