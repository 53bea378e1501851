///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS -XX:+IgnoreUnrecognizedVMOptions -Xlog:cds=off -Xlog:cds+dynamic=off
//DESCRIPTION Requests per second of samlocal and of a bare JDK server with the same response, and their ratio

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Run from the checkout: {@code ./jbang bench/Throughput.java [connections [seconds]]}. Both servers are separate
 * processes with the same JVM and flags; the client is wrk if installed, else one with blocking sockets.
 */
public class Throughput {
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 5;
    private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("bare")) {
            serveBare(arguments[1], arguments[2]);
            return;
        }
        int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
        try (Server samlocal = Server.samlocal(); Server bare = Server.bareWithAnswerOf(samlocal)) {
            compare(samlocal, bare, connections, seconds);
        }
    }

    private static void compare(Server samlocal, Server bare, int connections, int seconds) throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            double a = samlocal.rate(connections, seconds);
            double b = bare.rate(connections, seconds);
            System.out.printf("%-8s samlocal %8.0f/s   bare %8.0f/s   ratio %.2f%n", round < 0 ? "warm-up" : "round "
                    + (round + 1), a, b, a / b);
            if (round >= 0) {
                ours.add(a);
                theirs.add(b);
            }
        }
        System.out.printf("%d connections, medians: samlocal %.0f/s, bare JDK server %.0f/s, ratio %.2f (Java %s, %s)%n", connections,
                median(ours), median(theirs), median(ours) / median(theirs), System.getProperty("java.version"), wrk()
                ? "wrk" : "own client");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** The same response from a bare JDK server. */
    private static void serveBare(String contentType, String body) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", contentType);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static boolean wrk() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "wrk")));
    }

    private record Server(Process process, String url) implements AutoCloseable {
        static Server samlocal() throws IOException {
            return start("./jbang", "ServerLocal.java", "--template", "examples/hello-world/template.yaml", "--port",
                    "0");
        }

        static Server bareWithAnswerOf(Server other) throws Exception {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(other.url + "/hello")).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the example answers " + answer.statusCode());
            }
            String type = answer.headers().firstValue("content-type").orElseThrow();
            return start("./jbang", "bench/Throughput.java", "bare", type, answer.body());
        }

        private static Server start(String... command) throws IOException {
            Path out = Files.createTempFile("bench", "");
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(out.toFile()).start();
            for (int i = 0; i < 600 && process.isAlive(); i++) {
                Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(Files.readString(out));
                if (url.find()) return new Server(process, url.group());
                sleep(100);
            }
            process.destroy();
            throw new IllegalStateException("did not start: " + Files.readString(out));
        }

        private static void sleep(int millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        double rate(int connections, int seconds) throws Exception {
            return wrk() ? rateByWrk(connections, seconds) : rateBySockets(connections, seconds);
        }

        private double rateByWrk(int connections, int seconds) throws IOException {
            Process wrk = new ProcessBuilder("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", url + "/hello")
                    .start();
            try (BufferedReader out = new BufferedReader(new InputStreamReader(wrk.getInputStream()))) {
                String text = String.join("\n", out.lines().toList());
                Matcher rate = WRK_RATE.matcher(text);
                if (!rate.find() || text.contains("Non-2xx")) throw new IllegalStateException(text);
                return Double.parseDouble(rate.group(1));
            }
        }

        private double rateBySockets(int connections, int seconds) throws Exception {
            ExecutorService clients = Executors.newFixedThreadPool(connections);
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            List<Callable<Long>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) all.add(() -> requests(end));
            long sum = 0;
            for (Future<Long> requests : clients.invokeAll(all)) sum += requests.get();
            clients.shutdown();
            return (double) sum / seconds;
        }

        /** One connection, one request after the other; all responses have the length of the first. */
        private long requests(long end) throws IOException {
            URI uri = URI.create(url);
            byte[] request = ("GET /hello HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                long count = 0;
                int length = 0;
                byte[] buffer = new byte[8192];
                InputStream in = socket.getInputStream();
                while (System.nanoTime() < end) {
                    socket.getOutputStream().write(request);
                    if (length == 0) length = first(in, buffer);
                    else if (in.readNBytes(buffer, 0, length) < length) throw new IOException("closed");
                    if (buffer[9] != '2') {
                        throw new IOException(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                    }
                    count++;
                }
                return count;
            }
        }

        private static int first(InputStream in, byte[] buffer) throws IOException {
            int length = 0;
            while (true) {
                length += in.read(buffer, length, buffer.length - length);
                String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                Matcher header = Pattern.compile("(?i)content-length: (\\d+)\r\n").matcher(text);
                int end = text.indexOf("\r\n\r\n") + 4;
                if (end > 3 && header.find() && length >= end + Integer.parseInt(header.group(1))) return length;
            }
        }

        @Override public void close() {
            process.destroy();
        }
    }
}
