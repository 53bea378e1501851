package samlocal.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.http.WebServer;

/**
 * Lambda's Runtime API (Lambda Developer Guide, "Using the Lambda runtime API", version 2018-06-01) for the process of
 * one execution environment, on a port of its own. The protocol has no authentication: requests need the unguessable id
 * of the current invocation, and those of web pages are rejected.
 */
final class RuntimeApi implements AutoCloseable {
    /** A header of our own bootstraps: what the runtime would have logged, in base64. */
    private static final String LOG = "Samlocal-Log";
    /** A header of our own bootstraps: the frames of an error if its body has none, in base64. */
    private static final String TRACE = "Samlocal-Trace";
    /** A header of our own bootstraps: the name of the module that could not be found, in base64. */
    private static final String MISSING = "Samlocal-Missing";
    /** A header of our own bootstraps: the output is complete up to a line with a zero and the request id. */
    private static final String MARKED = "Samlocal-Marked";
    /** A header of our own bootstraps: the error is why the streamed response breaks off after its last byte. */
    private static final String STREAMED = "Samlocal-Streamed";
    private static final String HEADER = "Lambda-Runtime-";
    private static final Pattern REPLY =
            Pattern.compile("/2018-06-01/runtime/invocation/([^/]+)/(response|error)");
    private static final Pattern UNSUPPORTED = Pattern.compile(
            "/(2020-01-01/extension|2020-08-15/logs|2022-07-01/telemetry)\\b.*");
    private final HttpServer server;
    private final ProcessOutput output;
    private final CompletableFuture<Void> initialized = new CompletableFuture<>();
    private volatile Pending current;
    /** The last invocation that the process got. */
    private Pending given;
    private boolean isAwaited;
    private Error end;
    private boolean isClosed;

    /** An invocation until the process responds. */
    private record Pending(Invocation invocation, AtomicReference<Throwable> cause,
            CompletableFuture<byte[]> answer) {
        Pending(Invocation invocation) {
            this(invocation, new AtomicReference<>(), new CompletableFuture<>());
        }

        boolean isRunning() {
            return !answer.isDone();
        }
    }

    /** A request that is rejected. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String type;

        Refused(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }
    }

    /** @param output of the process */
    RuntimeApi(Executor threads, ProcessOutput output) {
        this.output = output;
        try {
            server = WebServer.jdk(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw Fault.project("cannot open a port for the process of a function: " + Fault.reason(e));
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** Host and port, the value of {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits until the runtime asks for its first invocation; throws its error if initialization fails. */
    void awaitInit() throws Throwable {
        result(initialized);
    }

    /** Passes an invocation to the process and waits for its response. */
    byte[] invoke(Invocation invocation) throws Throwable {
        Pending pending = new Pending(invocation);
        synchronized (this) {
            if (end != null) throw end;
            current = pending;
            notifyAll();
        }
        return result(pending.answer());
    }

    private static <T> T result(CompletableFuture<T> future) throws Throwable {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    /** Ends initialization or the current invocation, because the process has ended. */
    synchronized void fail(Error fault) {
        end = fault;
        initialized.completeExceptionally(fault);
        if (current != null) current.answer().completeExceptionally(fault);
    }

    @Override public void close() {
        server.stop(0);
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
    }

    // ---- Requests ------------------------------------------------------------------------------------------------

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                route(exchange);
            } catch (Refused refused) {
                send(exchange, refused.status, Json.write(Json.object(
                        "errorMessage", refused.getMessage(), "errorType", refused.type)).getBytes(UTF_8));
            } catch (InterruptedException e) {
                return; // the server is shutting down
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException, Refused, InterruptedException {
        Headers headers = exchange.getRequestHeaders();
        boolean isForeign = headers.containsKey("Origin") || !address().equals(headers.getFirst("Host"));
        if (isForeign) throw new Refused(403, "Forbidden", "only the runtime of the function may use this API");
        String path = exchange.getRequestURI().getPath();
        Matcher reply = REPLY.matcher(path);
        if (path.equals("/2018-06-01/runtime/invocation/next")) next(exchange);
        else if (path.equals("/2018-06-01/runtime/init/error")) initError(exchange);
        else if (reply.matches() && reply.group(2).equals("error")) error(exchange, reply.group(1));
        else if (reply.matches()) response(exchange, reply.group(1));
        else throw unknown(path);
    }

    private Refused unknown(String path) {
        if (!UNSUPPORTED.matcher(path).matches()) return new Refused(404, "NotFound", "404 page not found");
        String message = "extensions and the telemetry API are not supported here: " + path;
        output.note(message);
        return new Refused(403, "Extension.NotSupported", message);
    }

    private void next(HttpExchange exchange) throws IOException, Refused, InterruptedException {
        Invocation invocation = awaitInvocation();
        if (invocation == null) return; // closed
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set(HEADER + "Aws-Request-Id", invocation.requestId());
        headers.set(HEADER + "Deadline-Ms", String.valueOf(invocation.deadline()));
        headers.set(HEADER + "Invoked-Function-Arn", invocation.functionArn());
        headers.set(HEADER + "Trace-Id", invocation.headers().trace());
        boolean mayBeIdle = invocation.deadline() - System.currentTimeMillis() > WebServer.IDLE_SECONDS * 1000L / 2;
        if (mayBeIdle) headers.set("Connection", "close"); // some clients do not expect that it is closed meanwhile
        setIfKnown(headers, "Client-Context", invocation.headers().clientContext());
        setIfKnown(headers, "Aws-Tenant-Id", invocation.headers().tenant());
        send(exchange, 200, invocation.event());
    }

    /**
     * Waits for an invocation; null when closed. Only one request may wait, and each invocation is given once, because
     * any program on this machine can ask.
     */
    private synchronized Invocation awaitInvocation() throws Refused, InterruptedException {
        if (isAwaited || given != null && given.isRunning()) {
            throw new Refused(403, "InvalidStateTransition", "the runtime already waits for an invocation, or has not"
                    + " responded to the last one");
        }
        initialized.complete(null);
        isAwaited = true;
        try {
            while (!isClosed && (current == null || current == given)) wait();
            given = current;
            return isClosed ? null : current.invocation();
        } finally {
            isAwaited = false;
        }
    }

    /** Sets a header in UTF-8, of which the server writes a byte for each character; line breaks become spaces. */
    private static void setIfKnown(Headers headers, String name, String value) {
        if (value == null) return;
        headers.set(HEADER + name, new String(value.getBytes(UTF_8), ISO_8859_1).replaceAll("[\r\n]", " "));
    }

    private void initError(HttpExchange exchange) throws IOException, Refused {
        if (initialized.isDone()) throw new Refused(403, "InvalidStateTransition", "initialization is over");
        initialized.completeExceptionally(reported(exchange, ""));
        accept(exchange);
    }

    private void error(HttpExchange exchange, String id) throws IOException, Refused {
        Pending pending = pending(id);
        ReportedError error = reported(exchange, id);
        if (exchange.getRequestHeaders().containsKey(STREAMED)) pending.cause().set(error);
        else pending.answer().completeExceptionally(error);
        accept(exchange);
    }

    private ReportedError reported(HttpExchange exchange, String id) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        byte[] body = exchange.getRequestBody().readNBytes(Invocation.MOST_BYTES);
        awaitOutput(exchange, id);
        return ReportedError.of(body, headers.getFirst(HEADER + "Function-Error-Type"), new ReportedError.Details(
                decoded(headers.getFirst(LOG)), decoded(headers.getFirst(TRACE)), decoded(headers.getFirst(MISSING))));
    }

    private static String decoded(String header) {
        try {
            return header == null ? "" : new String(Base64.getDecoder().decode(header), UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // not from one of our own bootstraps
        }
    }

    private void response(HttpExchange exchange, String id) throws IOException, Refused {
        Pending pending = pending(id);
        String mode = exchange.getRequestHeaders().getFirst(HEADER + "Function-Response-Mode");
        if (mode != null && !mode.equals("streaming")) {
            pending.answer().completeExceptionally(new RuntimeFault("Runtime.InvalidResponseModeHeader",
                    "the header Lambda-Runtime-Function-Response-Mode is `" + mode + "`, not `streaming`"));
            throw new Refused(400, "InvalidFunctionResponseMode", "Invalid function response mode");
        }
        OutputStream stream = pending.invocation().stream();
        if (mode != null && stream != null) {
            stream(exchange, pending, stream);
        } else {
            byte[] body = body(exchange, pending);
            if (body.length > Invocation.MOST_BYTES) tooLarge(exchange, pending);
            awaitOutput(exchange, id);
            if (stream == null) pending.answer().complete(body);
            else {
                stream.write(body);
                pending.answer().complete(new byte[0]);
            }
        }
        accept(exchange);
    }

    private byte[] body(HttpExchange exchange, Pending pending) throws IOException {
        try {
            return exchange.getRequestBody().readNBytes(Invocation.MOST_BYTES + 1);
        } catch (IOException e) {
            throw brokenOff(pending, e);
        }
    }

    private static void tooLarge(HttpExchange exchange, Pending pending) throws IOException, Refused {
        long size = Invocation.MOST_BYTES + 1 + exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        pending.answer().completeExceptionally(Invocation.tooLarge(size));
        throw new Refused(413, "RequestEntityTooLarge",
                "Exceeded maximum allowed payload size (" + Invocation.MOST_BYTES + " bytes).");
    }

    private IOException brokenOff(Pending pending, IOException exception) {
        Throwable cause = pending.cause().get();
        String message = "the streamed response ended with an error";
        if (cause == null) output.note(message + "; samlocal cannot read its details, which are in HTTP trailers");
        pending.answer().completeExceptionally(cause != null ? cause
                : new RuntimeFault("Runtime.StreamError", message));
        return exception;
    }

    /** Passes parts of a response on while they arrive. The JDK's server cannot read trailers, in which errors are. */
    private void stream(HttpExchange exchange, Pending pending, OutputStream stream) throws IOException {
        InputStream body = exchange.getRequestBody();
        byte[] part = new byte[1 << 16];
        try {
            for (int count = read(body, part, pending); count >= 0; count = read(body, part, pending)) {
                stream.write(part, 0, count);
                stream.flush();
            }
        } catch (IOException e) { // of the stream, or the request has failed and the invocation with it
            pending.answer().completeExceptionally(new RuntimeFault("Runtime.StreamError", e.getMessage()));
            throw e;
        }
        awaitOutput(exchange, pending.invocation().requestId());
        pending.answer().complete(new byte[0]);
    }

    private int read(InputStream body, byte[] part, Pending pending) throws IOException {
        try {
            return body.read(part);
        } catch (IOException e) {
            throw brokenOff(pending, e);
        }
    }

    private Pending pending(String id) throws Refused {
        Pending pending = current;
        boolean isCurrent = pending != null && pending.isRunning() && pending.invocation().requestId().equals(id);
        if (isCurrent) return pending;
        throw new Refused(400, "InvalidRequestID", "Invalid request ID");
    }

    /** The log of an invocation ends before its response. */
    private void awaitOutput(HttpExchange exchange, String id) {
        if (exchange.getRequestHeaders().containsKey(MARKED)) output.awaitMark(id);
    }

    private static void accept(HttpExchange exchange) throws IOException {
        send(exchange, 202, "{\"status\":\"OK\"}\n".getBytes(UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }
}
