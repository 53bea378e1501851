///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Malformed and endless requests, web pages of other sites, projects that are traps
//SOURCES Traps.java
//SOURCES ../ServerLocal.java
//SOURCES ../tests/support/Chromium.java

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Run from the checkout: {@code ./jbang bench/Hostile.java [requests [clients [seed]]]}. With 0 clients, malformed
 * requests, web pages and {@link Traps} only. Prints the latency of other clients for each kind of client, and the
 * server's live heap and threads before and after. Fails on a response that is neither 2xx, 3xx, 4xx nor 501, on slow
 * clients that stay connected, and on a stack trace on the console.
 */
public class Hostile {
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: localhost\r\n";
    private static final String POST = "POST /hello HTTP/1.1\r\nHost: localhost\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|^Exception in|internal error: ");
    private final Process server;
    private final Path console;
    private final int port;

    private Hostile(Process server, Path console, int port) {
        this.server = server;
        this.console = console;
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int clients = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
        boolean isGood;
        Hostile hostile = start();
        try {
            hostile.others("nobody else");
            hostile.state("at first");
            isGood = hostile.malformed(requests, new Random(seed));
            hostile.state("after malformed requests");
            if (clients > 0) isGood &= hostile.clients(clients);
            isGood &= hostile.webPages();
            hostile.state("at last");
            boolean hasTrace = TRACE.matcher(Files.readString(hostile.console)).find();
            System.out.println(hasTrace ? "a stack trace: " + hostile.console : "no stack trace");
            isGood &= !hasTrace;
        } finally {
            hostile.server.destroy();
        }
        isGood &= new Traps().isSafe();
        System.exit(isGood ? 0 : 1);
    }

    private boolean clients(int count) throws Exception {
        idle(count);
        boolean isGood = stubborn(count, "slow in their header", GET + "X: ", 120);
        isGood &= stubborn(count, "slow in their body", POST + "Content-Length: 1000\r\n\r\n", 120);
        return isGood & stubborn(count, "reading no answer", "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", 0);
    }

    /** Requests in a real browser from a page of another site, and from one with a rebound name. */
    private boolean webPages() throws Exception {
        if (Chromium.find().isEmpty()) {
            System.out.println("web pages: skipped, no Chromium on the path");
            return true;
        }
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        site.start();
        String own = "http://127.0.0.1:" + port;
        String invoke = "/2015-03-31/functions/HelloFunction/invocations";
        long before = Files.readString(console).lines().count();
        boolean isGood = true;
        try (Chromium browser = new Chromium(Chromium.find().get())) {
            for (String page : List.of("http://127.0.0.1:" + site.getAddress().getPort() + "/",
                    "http://evil.example:" + site.getAddress().getPort() + "/")) {
                browser.open(page);
                for (String path : List.of(invoke, "/_samlocal/api/replay", "/_samlocal/")) {
                    browser.eval("fetch('" + own + path + "', {method: 'POST', mode: 'no-cors', body: '{}'}).catch(() => 1).then(() => 1)");
                }
            }
            browser.open("http://rebound.example:" + port + "/hello");
            for (String path : List.of("/hello", "/2015-03-31/functions/HelloFunction", "/_samlocal/")) {
                Object status = browser.eval("fetch('" + path + "').then(response => String(response.status))");
                System.out.println("a rebound name gets " + status + " for " + path);
                isGood &= "403".equals(status);
            }
        } finally {
            site.stop(0);
        }
        String output = String.join("\n", Files.readString(console).lines().skip(before).toList());
        boolean hasRun = output.contains(" 200 ");
        System.out.println(hasRun ? "a page of another site ran a function:\n" + output : "no page of another site ran anything");
        return isGood & !hasRun;
    }

    private static Hostile start() throws Exception {
        Path console = Files.createTempFile("hostile", ".log");
        Path folder = Files.createTempDirectory("hostile");
        try (RandomAccessFile large = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            large.setLength(100 << 20);
        }
        Process process = new ProcessBuilder("./jbang", "ServerLocal.java", "--template",
                "examples/hello-world/template.yaml", "--port", "0", "--static-dir", folder.toString())
                .redirectErrorStream(true).redirectOutput(console.toFile()).start();
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)").matcher(Files.readString(console));
            if (url.find()) return new Hostile(process, console, Integer.parseInt(url.group(1)));
            Thread.sleep(100);
        }
        process.destroy();
        throw new IllegalStateException("did not start: " + Files.readString(console));
    }

    /** The latency of other clients meanwhile: maximum and median. */
    private void others(String meanwhile) throws Exception {
        List<Long> millis = new ArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 50; i++) {
            long started = System.nanoTime();
            HttpResponse<String> response = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                    + "/hello")).timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) throw new IllegalStateException("others get " + response.statusCode());
            millis.add((System.nanoTime() - started) / 1_000_000);
        }
        millis.sort(null);
        System.out.printf("%-34s others wait %d ms, at most %d ms%n", meanwhile, millis.get(25), millis.get(49));
    }

    /** Live heap after a full collection and number of threads, from jcmd. */
    private void state(String when) throws Exception {
        String[] histogram = jcmd("GC.class_histogram").strip().split("\n");
        String[] total = histogram[histogram.length - 1].strip().split("\\s+");
        long threads = jcmd("Thread.print").lines().filter(line -> line.startsWith("\"")).count();
        System.out.printf("%-34s heap %.1f MB, %d threads%n", when, Long.parseLong(total[2]) / 1e6, threads);
    }

    private String jcmd(String command) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(server.pid()), command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private boolean malformed(int count, Random random) throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        boolean isGood = true;
        for (int i = 0; i < count; i++) {
            byte[] request = request(random).getBytes(StandardCharsets.ISO_8859_1);
            String answer = answer(request, random.nextInt(4) == 0);
            answers.merge(answer, 1, Integer::sum);
            if (answer.matches("[234]..|501|closed")) continue;
            isGood = false;
            System.out.println(answer + ": " + new String(request, 0, Math.min(200, request.length),
                    StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?"));
        }
        System.out.println(count + " malformed requests: " + answers);
        return isGood;
    }

    /** The status, {@code closed}, or {@code silent} if there was no response in time. */
    private String answer(byte[] request, boolean reset) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            if (reset) socket.setSoLinger(true, 0);
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                Matcher status = STATUS.matcher(new String(socket.getInputStream().readNBytes(12),
                        StandardCharsets.ISO_8859_1));
                return status.find() ? status.group(1) : "closed";
            } catch (SocketTimeoutException e) {
                return "silent";
            } catch (IOException e) {
                return "closed";
            }
        }
    }

    private static String request(Random random) {
        String end = "\r\n\r\n";
        return switch (random.nextInt(14)) {
            case 0 -> noise(random, 1 + random.nextInt(300)) + end;
            case 1 -> noise(random, 3) + " /" + noise(random, 20) + " HTTP/1.1" + end;
            case 2 -> "GET /" + pick(random, "%", "%zz", "%0", "%00", "\0", "%ff%fe", "\\..\\", "{}|^`", "//", "..")
                    + noise(random, 4) + " HTTP/1.1" + end;
            case 3 -> "GET /" + "x".repeat(random.nextInt(100_000)) + " HTTP/1.1" + end;
            case 4 -> GET + "A: b\r\n".repeat(random.nextInt(20_000)) + "\r\n";
            case 5 -> GET + "A: " + "x".repeat(random.nextInt(200_000)) + end;
            case 6 -> GET + manyHeaders(random.nextInt(3_000)) + "\r\n";
            case 7 -> POST + "Content-Length: " + pick(random, "-1", "x", "", "1e9", "0x10",
                    "9223372036854775807", "99999999999999999999", "5, 5", "+5", "5 5") + end + "hello";
            case 8 -> POST + "Transfer-Encoding: " + pick(random, "chunked", "gzip", "x",
                    "Chunked, chunked", "chunked\r\nContent-Length: 3") + end + pick(random, "zz", "-1", "ffffffff",
                    "7fffffffffffffff", "5;" + "x".repeat(random.nextInt(9_000)), "") + "\r\nhello\r\n0\r\n\r\n";
            case 9 -> pick(random, "OPTIONS *", "CONNECT a:1", "GET mailto:a", "GET a", "GET http://", "GET ://",
                    "PRI *", "GET http://[::1", "GET http:///hello", "GET ?") + " HTTP/1.1" + end;
            case 10 -> "GET /hello " + noise(random, 12) + end;
            case 11 -> GET + noise(random, 30) + "\r\n" + noise(random, 30) + end;
            case 12 -> "\r\n".repeat(random.nextInt(5_000)) + noise(random, 5);
            default -> "GET /2015-03-31/functions/" + noise(random, 20) + "/invocations HTTP/1.1" + end;
        };
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static String manyHeaders(int count) {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < count; i++) headers.append('H').append(i).append(": x\r\n");
        return headers.toString();
    }

    private static String noise(Random random, int length) {
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.append((char) (random.nextInt(3) == 0 ? random.nextInt(256) : ' ' + random.nextInt(95)));
        }
        return noise.toString();
    }

    /** Clients that keep their connections open after a response. */
    private void idle(int count) throws Exception {
        List<Socket> sockets = connect(count, GET + "\r\n");
        for (Socket socket : sockets) firstOf(socket);
        Thread.sleep(1_000);
        int open = 0;
        for (Socket socket : sockets) {
            socket.getOutputStream().write((GET + "\r\n").getBytes());
            if (firstOf(socket) == 'H') open++;
        }
        others(open + " of " + count + " idle connections kept");
        state("with them");
        for (Socket socket : sockets) socket.close();
    }

    /** The first byte of a response, whose rest is skipped; -1 if the connection is closed. */
    private static int firstOf(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            InputStream in = socket.getInputStream();
            int first = in.read();
            Thread.sleep(1);
            in.skip(in.available());
            return first;
        } catch (IOException | InterruptedException e) {
            return -1;
        }
    }

    private List<Socket> connect(int count, String text) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            socket.getOutputStream().write(text.getBytes());
            sockets.add(socket);
        }
        return sockets;
    }

    /**
     * Clients that send a byte per second, never finish their request, and do not read.
     *
     * @param patience seconds within which the server must close all connections; 0 if it need not
     */
    private boolean stubborn(int count, String kind, String beginning, int patience) throws Exception {
        List<Socket> sockets = connect(count, beginning);
        others(count + " " + kind);
        state("with them");
        long started = System.nanoTime();
        List<Socket> open = new ArrayList<>(sockets);
        while (!open.isEmpty() && System.nanoTime() - started < patience * 1_000_000_000L) {
            open.removeIf(Hostile::isClosed);
            Thread.sleep(1_000);
        }
        System.out.printf("%d of them open after %d s%n", open.size(), (System.nanoTime() - started) / 1_000_000_000);
        for (Socket socket : sockets) socket.close();
        Thread.sleep(2_000);
        others("after them");
        return patience == 0 || open.isEmpty();
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
