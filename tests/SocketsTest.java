import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients do to their connections. */
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

    /** One answer with its length told; the connection stays. */
    private static String read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) throw new IOException("closed after: " + head);
            head.write(next);
        }
        String length = head.toString(StandardCharsets.ISO_8859_1).lines()
                .filter(line -> line.startsWith("Content-length: ")).findFirst().orElseThrow().substring(16);
        return head + new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.ISO_8859_1);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    @Test void a_connection_is_kept_and_takes_requests_in_advance() throws IOException {
        try (Socket socket = connect()) {
            write(socket, get("/one"));
            assertTrue(read(socket).endsWith("GET /one;"));
            write(socket, get("/two") + "POST /three HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" + get("/four"));
            assertTrue(read(socket).endsWith("GET /two;"));
            assertTrue(read(socket).endsWith("POST /three;"));
            assertTrue(read(socket).endsWith("GET /four;"));
        }
    }

    @Test void an_old_client_keeps_its_connection_only_if_it_asks() throws IOException {
        assertTrue(project.raw("GET /old HTTP/1.0\r\n\r\n").endsWith("GET /old;"));
        try (Socket socket = connect()) {
            for (int i = 0; i < 2; i++) {
                write(socket, "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertTrue(read(socket).endsWith("GET /old;"));
            }
        }
    }

    @Test void a_client_that_has_said_all_still_gets_its_answer() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /half HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
            socket.shutdownOutput();
            assertTrue(new String(socket.getInputStream().readAllBytes()).endsWith("POST /half;"));
        }
    }

    @Test void a_client_that_leaves_is_not_spoken_of() throws Exception {
        int before = project.console().length();
        for (String sent : List.of("", "GE", "GET /x HTTP/1.1\r\nHo", "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhi",
                "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) {
            try (Socket socket = connect()) {
                write(socket, sent);
                socket.setSoLinger(true, 0);
            }
        }
        assertEquals("GET /after;", project.body("/after"));
        String said = project.console().substring(before);
        assertEquals(1, said.lines().count(), said);
    }

    @Test void a_client_that_leaves_before_its_answer_is_forgotten() throws Exception {
        int before = connections();
        for (int i = 0; i < 50; i++) {
            try (Socket socket = connect()) {
                write(socket, "GET /gone HTTP/1.1\r\nHost: x\r\nA: b");
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

    /** Those that the JDK's server holds, open or not, counted on the heap. */
    private static int connections() throws Exception {
        Object histogram = ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return histogram.toString().lines().filter(line -> line.contains(" sun.net.httpserver.HttpConnection "))
                .map(line -> line.strip().split("\\s+")[1]).mapToInt(Integer::parseInt).findFirst().orElse(0);
    }

    @Test void more_connections_are_kept_than_the_jdk_would() throws IOException {
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

    @Test void slow_clients_keep_nobody_waiting() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                slow.add(connect());
                write(slow.get(i), i % 2 == 0 ? "GET /slow HTTP/1.1\r\nX: " : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n");
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

    @Test void a_request_longer_than_the_gateways_is_refused() throws IOException {
        assertRefused(414, "Request-URI Too Long", get("/" + "x".repeat(8_000)));
        assertRefused(414, "Request-URI Too Long", get("/?" + "x".repeat(8_000)));
        assertRefused(431, "Request Header Fields Too Large", get("/x").replace("\r\n\r\n", "\r\nA: "
                + "x".repeat(5_000) + "\r\nA: " + "y".repeat(5_300) + "\r\n\r\n"));
        assertRefused(400, "Bad Request", get("/x").replace("GET", "G\u001b[2JT"));
        assertFalse(project.console().contains("\u001b"), project.console());
        assertTrue(project.console().contains("over 8000 characters"), project.console());
        assertTrue(project.console().contains("headers over 10240 bytes"), project.console());
        try (Socket socket = connect()) {
            write(socket, get("/x").replace("\r\n\r\n", "\r\nA: " + "x".repeat(10_000) + "\r\n\r\n"));
            assertTrue(read(socket).endsWith("GET /x;"));
        }
        try (Socket socket = connect()) {
            assertThrows(IOException.class, () -> {
                write(socket, "GET /x HTTP/1.1\r\nA: " + "x".repeat(1 << 20));
                read(socket);
            });
        }
    }

    private static void assertRefused(int status, String message, String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            String answer = read(socket);
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.endsWith("{\"message\":\"" + message + "\"}"), answer);
        }
    }

    @Test void what_the_jdk_turns_away_is_a_4xx_or_501() {
        for (String request : List.of("GARBAGE\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n", "GET /x HTTP/1.1\r\nnocolon\r\n\r\n",
                "POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n")) {
            String answer = project.raw(request);
            assertTrue(answer.matches("(?s)HTTP/1\\.1 (4\\d\\d|501) .*Connection: close.*"), request + answer);
        }
        assertEquals("", project.raw("CONNECT host:443 HTTP/1.1\r\n\r\n"));
        for (String size : List.of("zz", "-1", "ffffffff", "7fffffffffffffff")) {
            assertEquals("", project.raw("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + size
                    + "\r\nhello\r\n0\r\n\r\n"), size);
        }
    }

    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            write(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test void who_listens_beyond_this_machine_is_warned() throws IOException {
        for (String host : List.of("127.0.0.1", "0.0.0.0")) {
            try (ServerLocal.Gateway gateway = new ServerLocal.Gateway(() -> null,
                    new ServerLocal.Integration.Rules(true, false, null), new ServerLocal.StaticFiles(null), null,
                    new ServerLocal.Report(new ServerLocal.Console(System.out, System.out, "never")))) {
                gateway.listen(host, 0);
                assertTrue(raw(gateway.port(), "GARBAGE\r\n\r\n").startsWith("HTTP/1.1 400"));
                assertEquals(host.equals("0.0.0.0"), gateway.isReachableFromElsewhere());
            }
        }
    }

    @Test void a_client_that_takes_nothing_is_let_go() throws Exception {
        try (ServerLocal.Outlet outlet = new ServerLocal.Outlet(Duration.ofMillis(200));
                ServerSocketChannel server = ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel channel = server.accept()) {
            assertThrows(ClosedByInterruptException.class, () -> {
                try (ServerLocal.Outlet.Writing writing = outlet.open()) {
                    writing.to(Channels.newOutputStream(channel)).write(new byte[64 << 20]);
                }
            });
            assertFalse(Thread.currentThread().isInterrupted());
            assertTrue(client.isOpen());
        }
    }

    @Test void a_client_that_takes_little_at_a_time_gets_all() throws Exception {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override public void write(int b) {
                throw new AssertionError("in pieces");
            }

            @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                taken.write(bytes, offset, length);
            }
        };
        try (ServerLocal.Outlet outlet = new ServerLocal.Outlet(Duration.ofMillis(400));
                ServerLocal.Outlet.Writing writing = outlet.open()) {
            writing.to(slow).write(new byte[200_000]);
        }
        assertEquals(200_000, taken.size());
    }
}
