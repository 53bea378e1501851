import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Behavior of connections; malformed HTTP is handled by the JDK. */
class SocketsTest {
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.serving("App::handle", "src/App.java",
                TestProject.handler("App", "event.get(\"httpMethod\") + \" \" + event.get(\"path\") + \";\""));
        project.body("/warm");
    }

    @AfterAll static void stop() {
        project.close();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", project.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(Socket socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) throw new IOException("closed after: " + head);
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** One response with a Content-Length; the connection stays open. */
    private static String read(Socket socket) throws IOException {
        String head = head(socket);
        String length = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length: ")).findFirst().orElseThrow()
                .substring(16);
        return head + new String(socket.getInputStream().readNBytes(Integer.parseInt(length)), StandardCharsets.ISO_8859_1);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    @Test void connections_support_keep_alive_and_pipelining() throws IOException {
        try (Socket socket = connect()) {
            write(socket, get("/one"));
            assertTrue(read(socket).endsWith("GET /one;"));
            write(socket, get("/two") + "POST /three HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" + get("/four"));
            assertTrue(read(socket).endsWith("GET /two;"));
            assertTrue(read(socket).endsWith("POST /three;"));
            assertTrue(read(socket).endsWith("GET /four;"));
        }
    }

    @Test void http_1_0_keep_alive_is_opt_in() throws IOException {
        assertTrue(project.raw("GET /old HTTP/1.0\r\n\r\n").endsWith("GET /old;"));
        try (Socket socket = connect()) {
            for (int i = 0; i < 2; i++) {
                write(socket, "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertTrue(read(socket).endsWith("GET /old;"));
            }
        }
    }

    @Test void a_half_closed_connection_still_gets_its_response() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            socket.shutdownOutput();
            assertTrue(new String(socket.getInputStream().readAllBytes()).endsWith("POST /half;"));
        }
    }

    @Test void a_client_that_disconnects_is_not_reported() throws Exception {
        int before = project.console().length();
        for (String sent : List.of("", "GE", "GET /x HTTP/1.1\r\nHo", "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhi",
                "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
            try (Socket socket = connect()) {
                write(socket, sent);
                socket.setSoLinger(true, 0);
            }
        }
        assertEquals("GET /after;", project.body("/after"));
        String output = project.console().substring(before);
        // reports of an earlier test's concurrent requests may still arrive
        assertEquals(1, output.lines().filter(line -> !line.contains("/slow")).count(), output);
    }

    @Test void a_client_that_disconnects_is_forgotten() throws Exception {
        int before = connections();
        for (int i = 0; i < 50; i++) {
            try (Socket socket = connect()) {
                write(socket, get("/gone"));
            }
        }
        await(() -> project.console().split("/gone", -1).length > 50);
        await(() -> connections() - before <= 10);
    }

    private static void await(Callable<Boolean> state) throws Exception {
        for (int tries = 0; !state.call(); tries++) {
            assertTrue(tries < 200, "20 s");
            Thread.sleep(100);
        }
    }

    /** The number of connections that the server holds, counted on the heap. */
    private static int connections() throws Exception {
        Object histogram = ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return histogram.toString().lines().filter(line -> line.contains(" sun.net.httpserver.HttpConnection "))
                .map(line -> line.strip().split("\\s+")[1]).mapToInt(Integer::parseInt).findFirst().orElse(0);
    }

    @Test void hundreds_of_connections_are_kept() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 400; i++) {
                sockets.add(connect());
                write(sockets.get(i), get("/x"));
                read(sockets.get(i));
            }
            for (Socket socket : sockets) {
                write(socket, get("/again"));
                assertTrue(read(socket).endsWith("GET /again;"));
            }
        } finally {
            for (Socket socket : sockets) socket.close();
        }
    }

    @Test void slow_clients_do_not_block_others() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                slow.add(connect());
                write(slow.get(i), i % 2 == 0 ? "GET /slow HTTP/1.1\r\nHost: localhost\r\nX: " : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
            }
            long started = System.nanoTime();
            assertEquals("GET /quick;", project.body("/quick"));
            assertTrue(System.nanoTime() - started < 3_000_000_000L);
            write(slow.get(0), "y\r\n\r\n");
            assertTrue(read(slow.get(0)).endsWith("GET /slow;"));
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    @Test void a_request_over_the_gateways_limit_is_rejected() throws IOException {
        assertRejected(414, "Request-URI Too Long", get("/" + "x".repeat(8_000)));
        assertRejected(414, "Request-URI Too Long", get("/?" + "x".repeat(8_000)));
        assertRejected(431, "Request Header Fields Too Large", get("/x").replace("\r\n\r\n", "\r\nA: "
                + "x".repeat(5_000) + "\r\nA: " + "y".repeat(5_300) + "\r\n\r\n"));
        assertTrue(project.console().contains("over 8000 characters"), project.console());
        assertTrue(project.console().contains("headers over 10240 bytes"), project.console());
        try (Socket socket = connect()) {
            write(socket, get("/x").replace("\r\n\r\n", "\r\nA: " + "x".repeat(10_000) + "\r\n\r\n"));
            assertTrue(read(socket).endsWith("GET /x;"));
        }
    }

    private static void assertRejected(int status, String message, String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            String answer = read(socket);
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.endsWith("{\"message\":\"" + message + "\"}"), answer);
        }
    }

    @Test void malformed_requests_are_rejected_and_the_server_continues() {
        for (String request : List.of("GARBAGE\r\n\r\n", "GET /\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n",
                "GET /a#b HTTP/1.1\r\n\r\n", "GET /x?a={|} HTTP/1.1\r\n\r\n", "GET /x HTTP/1.1\r\nA : b\r\n\r\n")) {
            assertTrue(project.raw(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400"), request);
        }
        for (String fields : List.of("Content-Length: -1", "Content-Length: x",
                "Content-Length: 1\r\nTransfer-Encoding: chunked")) {
            assertTrue(whole("POST /x HTTP/1.1\r\n" + fields + "\r\n\r\n1").startsWith("HTTP/1.1 400"), fields);
        }
        assertTrue(whole("POST /x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n").startsWith("HTTP/1.1 501"));
        for (String request : List.of("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nhello",
                "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhello",
                "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhello")) {
            assertEquals("", whole(request), request);
        }
        assertFalse(project.console().contains("internal error: "), project.console());
        assertEquals("GET /after;", project.body("/after"));
    }

    /** The response after the client has closed its output. */
    private static String whole(String request) {
        try (Socket socket = connect()) {
            write(socket, request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test void paths_arrive_as_they_were_sent() {
        assertTrue(whole("GET http://example.com/x HTTP/1.1\r\nHost: localhost\r\n\r\n").endsWith("GET /x;"));
        assertTrue(whole("GET /caf\u00c3\u00a9 HTTP/1.1\r\nHost: localhost\r\n\r\n").endsWith("GET /caf%C3%A9;"));
        assertTrue(whole("GET //a/x HTTP/1.1\r\nHost: localhost\r\n\r\n").endsWith(project.body("//a/x")));
        assertTrue(project.body("//a/x").endsWith("/a/x;"), project.body("//a/x"));
    }

    /** 20 MB is twice API Gateway's limit; a client that is cut off while sending would miss the response. */
    @Test void a_body_that_is_too_large_gets_a_response() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /large HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (20 << 20) + "\r\n\r\n");
            socket.getOutputStream().write(new byte[20 << 20]);
            assertTrue(read(socket).startsWith("HTTP/1.1 413"));
        }
    }

    @Test void head_has_a_length_but_no_body() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(both.matches("(?is)HTTP/1.1 200 .*content-length: 8\r\n\r\nHTTP/1.1 200 .*GET /y;"), both);
        }
    }

    @Test void expect_continue_is_answered() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /asked HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertTrue(head(socket).startsWith("HTTP/1.1 100 Continue\r\n"));
            write(socket, "hi");
            assertTrue(read(socket).endsWith("POST /asked;"));
        }
    }

    @Test void listening_beyond_this_machine_is_a_warning() throws IOException {
        for (String host : List.of("127.0.0.1", "0.0.0.0")) {
            try (ServerLocal.Gateway gateway = new ServerLocal.Gateway(() -> null,
                    new ServerLocal.Integration.Rules(true, false, null), new ServerLocal.StaticFiles(null), null,
                    ServerLocal.Config.Exposure.LOCAL,
                    new ServerLocal.Report(new ServerLocal.Console(System.out, System.out, "never")))) {
                gateway.bind(new ServerLocal.Config.Address(host, 0));
                assertEquals(host.equals("0.0.0.0"), gateway.isReachableFromElsewhere());
            }
        }
    }

    /** Responds to each request with a body. */
    private static ServerLocal.WebServer server(ServerLocal.Body body) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ServerLocal.WebServer server = new ServerLocal.WebServer(address, null, 1_000, Executors.newCachedThreadPool(),
                error -> {
                    throw new AssertionError(error);
                });
        server.start((request, client) -> client.send(new ServerLocal.Response(200, Map.of(), body)));
        return server;
    }

    @Test void a_client_that_does_not_read_does_not_block_others() throws Exception {
        try (ServerLocal.WebServer server = server(ServerLocal.Body.of(new byte[20 << 20]));
                Socket deaf = new Socket("127.0.0.1", server.address().getPort());
                Socket other = new Socket("127.0.0.1", server.address().getPort())) {
            write(deaf, get("/deaf"));
            write(other, get("/other").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertTrue(other.getInputStream().readAllBytes().length > 20 << 20);
        }
    }

    @Test void an_interrupted_response_is_not_taken_for_a_complete_one() throws Exception {
        for (long length : new long[] {-1, 10}) {
            ServerLocal.Body broken = new ServerLocal.Body() {
                @Override public long length() {
                    return length;
                }

                @Override public void writeTo(OutputStream client) throws IOException {
                    client.write(new byte[5]);
                    client.flush();
                    throw new IOException("broken");
                }
            };
            try (ServerLocal.WebServer server = server(broken);
                    Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
                write(socket, get("/broken"));
                String answer = new String(socket.getInputStream().readAllBytes());
                assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
                assertFalse(answer.endsWith("0\r\n\r\n"), answer);
            }
        }
    }
}
