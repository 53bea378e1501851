package samlocal.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Wraps the JDK's HTTP server, with TLS if there is a certificate, and converts its exchanges to requests and
 * responses. A pool thread per exchange calls the handler and writes the response. A client that sends slowly is
 * disconnected after 15 minutes; one that does not read blocks only its thread.
 */
public final class WebServer implements AutoCloseable {
    /** Handles one request; it sends exactly one response. */
    public interface Handler {
        /** @throws IOException if the client is gone or the response is incomplete; the connection is then closed */
        void handle(Request request, Client client) throws IOException;
    }

    /** Receives the response to a request. */
    public interface Client {
        /** @throws IOException if the client is gone or the body is incomplete */
        void send(Response response) throws IOException;
    }

    /** How many connections the system queues while the server is busy. */
    private static final int BACKLOG = 1_024;
    private static final int NO_BODY = -1;
    private static final int UNKNOWN_LENGTH = 0;
    /** How much is read of an oversized body: a client that is cut off while sending does not see the response. */
    private static final int MOST_DRAINED_BYTES = 64 << 20;
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?]*(.*)");

    /** The time after which idle connections are closed. */
    public static final int IDLE_SECONDS = 60;
    /** The longest time in which a request arrives; a function's streamed response is one, of at most 15 minutes. */
    private static final int MOST_SECONDS = 905;

    static { // read by the JDK's server when its classes load
        Map.of("sun.net.httpserver.nodelay", "true",
                "sun.net.httpserver.maxReqTime", String.valueOf(MOST_SECONDS),
                "sun.net.httpserver.idleInterval", String.valueOf(IDLE_SECONDS),
                "sun.net.httpserver.maxIdleConnections", "5000",
                "sun.net.httpserver.maxReqHeaders", "1000",
                "sun.net.httpserver.maxReqHeaderSize", String.valueOf(1280 << 10),
                "jdk.httpserver.maxConnections", "5000").forEach(System.getProperties()::putIfAbsent);
    }

    private final HttpServer server;
    private final String scheme;
    private final int mostBytes;
    private final Executor threads;
    private final Consumer<Throwable> faults;

    /**
     * Opens a port; clients wait until {@link #start}.
     *
     * @param tls null for plain HTTP
     * @param mostBytes the maximum size of a request body; one more byte is kept of a longer one
     * @param threads an unbounded pool: each exchange blocks a thread
     * @param faults receives unexpected exceptions of the handler
     * @throws IOException if the address is in use or does not belong to this machine
     */
    public WebServer(InetSocketAddress address, SSLContext tls, int mostBytes, Executor threads,
            Consumer<Throwable> faults) throws IOException {
        this.mostBytes = mostBytes;
        this.threads = threads;
        this.faults = faults;
        scheme = tls == null ? "http" : "https";
        if (tls == null) {
            server = jdk(address);
        } else {
            HttpsServer secure = HttpsServer.create(address, BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
    }

    /** The JDK's server for plain HTTP, with the settings of this program. */
    public static HttpServer jdk(InetSocketAddress address) throws IOException {
        return HttpServer.create(address, BACKLOG);
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Handles every request from now on. */
    public void start(Handler handler) {
        server.createContext("/", exchange -> serve(exchange, handler));
        server.setExecutor(threads);
        server.start();
    }

    /** Closes all connections and frees the port. */
    @Override public void close() {
        server.stop(0);
    }

    /** After an exception the JDK closes the connection, so clients notice that the response is incomplete. */
    private void serve(HttpExchange exchange, Handler handler) throws IOException {
        try {
            Request request = request(exchange);
            Client client = response -> send(response, exchange);
            if (isWellFormed(request)) handler.handle(request, client);
            else client.send(Response.message(400, "Bad Request"));
        } catch (RuntimeException | Error error) {
            faults.accept(error);
            throw new IOException(error);
        }
    }

    private static boolean isWellFormed(Request request) {
        return request.path().startsWith("/")
                && request.headers().stream().noneMatch(header -> HeaderSyntax.hasControl(header.getValue()));
    }

    // ---- Requests ------------------------------------------------------------------------------------------------

    private Request request(HttpExchange exchange) throws IOException {
        Request.Connection connection = new Request.Connection(scheme, exchange.getProtocol(),
                exchange.getRemoteAddress().getAddress().getHostAddress(), exchange.getLocalAddress().getPort());
        return Request.of(exchange.getRequestMethod(), target(exchange.getRequestURI().toString()),
                headers(exchange.getRequestHeaders()), body(exchange.getRequestBody()), Instant.now(), connection);
    }

    /**
     * Path and query as sent, including two leading slashes, after which the JDK's URI expects a host. Characters
     * beyond ASCII are percent-encoded. A text without a slash is not a target.
     */
    private static String target(String sent) {
        Matcher absolute = ABSOLUTE.matcher(sent);
        String local = sent.startsWith("/") || !absolute.matches() ? sent
                : absolute.group(1).startsWith("/") ? absolute.group(1) : "/" + absolute.group(1);
        return local.indexOf('#') >= 0 ? "" : UrlDecoding.encoded(local, NOT_ASCII);
    }

    /** The headers, sorted by name, because the JDK does not keep the order in which they were sent. */
    private static List<Map.Entry<String, String>> headers(Headers sent) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, List<String>> header : sent.entrySet()) {
            String title = HeaderSyntax.titleCase(header.getKey());
            for (String value : header.getValue()) headers.add(Map.entry(title, value));
        }
        headers.sort(Map.Entry.comparingByKey());
        return headers;
    }

    private byte[] body(InputStream in) throws IOException {
        try {
            byte[] body = in.readNBytes(mostBytes + 1);
            if (body.length <= mostBytes) return body;
            byte[] rest = new byte[1 << 16];
            long drained = 0;
            for (int count = 0; count >= 0 && drained < MOST_DRAINED_BYTES; drained += count) count = in.read(rest);
            return body;
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("a chunk's size is out of range", e); // the JDK does not check it
        }
    }

    // ---- Responses -----------------------------------------------------------------------------------------------

    private static void send(Response response, HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        response.headers().forEach((name, values) ->
                values.forEach(value -> headers.add(name, HeaderSyntax.sendable(value))));
        boolean hasBody = response.mayHaveBody() && !exchange.getRequestMethod().equals("HEAD");
        long length = response.body().length();
        if (!hasBody || length == 0) {
            boolean isHead = !hasBody && response.mayHaveBody();
            if (isHead && length >= 0) headers.set("Content-Length", String.valueOf(length));
            exchange.sendResponseHeaders(response.status(), NO_BODY);
            if (length < 0) response.body().writeTo(OutputStream.nullOutputStream());
        } else {
            exchange.sendResponseHeaders(response.status(), length < 0 ? UNKNOWN_LENGTH : length);
            response.body().writeTo(exchange.getResponseBody());
        }
        exchange.close();
    }
}
