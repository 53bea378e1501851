package samlocal.http;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server of HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), over TLS where it is given a certificate. Each connection has
 * a thread, which reads a request, has it answered, and waits for the next one. What is no request gets a 4xx or
 * 5xx in JSON and ends its connection. So does a client that is slower than a limit, which holds for a request as a
 * whole, for each piece of an answer, and between requests.
 */
public final class HttpServer implements AutoCloseable {
    /** Answers requests. */
    public interface Handler {
        /** @throws IOException if the client is gone, or its answer cannot be made whole: the connection ends */
        void handle(Request request, ResponseWriter client) throws IOException;
    }

    /** Clients that may come at the same moment. */
    private static final int BACKLOG = 1_024;
    private static final int MOST_CONNECTIONS = 5_000;

    private final ServerSocket listening = new ServerSocket();
    private final SSLContext tls;
    private final int mostBytes;
    private final long patience;
    private final Executor threads;
    private final Consumer<Throwable> faults;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /**
     * Opens a port, where clients have to wait until {@link #start}.
     *
     * @param tls null for plain http
     * @param mostBytes of a request's content; of more, one byte more is read
     * @param patience with slow clients
     * @param faults takes what is thrown by mistake
     */
    public HttpServer(InetSocketAddress address, SSLContext tls, int mostBytes, Duration patience, Executor threads,
            Consumer<Throwable> faults) throws IOException {
        this.tls = tls;
        this.mostBytes = mostBytes;
        this.patience = patience.toNanos();
        this.threads = threads;
        this.faults = faults;
        try {
            listening.bind(address, BACKLOG);
        } catch (IOException e) {
            listening.close();
            throw e;
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** Answers all that come from now on. */
    public void start(Handler handler) {
        begin("accept", () -> accept(handler));
        begin("patience", this::watch);
    }

    private static void begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Handler handler) {
        while (!listening.isClosed()) {
            try {
                take(listening.accept(), handler);
            } catch (Throwable error) { // no memory, threads or file handles are left: not for ever, perhaps
                pause(10);
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.yield(); // there is nobody who means it
        }
    }

    private void take(Socket socket, Handler handler) throws IOException {
        if (connections.size() >= MOST_CONNECTIONS) endLongestIdle();
        try {
            socket.setTcpNoDelay(true);
            Connection connection = new Connection(socket, handler);
            connections.add(connection);
            if (listening.isClosed()) throw new SocketException("closed meanwhile");
            threads.execute(connection);
        } catch (Throwable error) {
            connections.removeIf(each -> each.socket == socket);
            socket.close();
            throw error;
        }
    }

    private void endLongestIdle() {
        connections.stream().filter(each -> each.isIdle).min(Comparator.comparingLong(each -> each.deadline))
                .ifPresent(Connection::end);
    }

    private void watch() {
        while (!listening.isClosed()) {
            pause(Math.max(10, Math.min(1_000, patience / 4_000_000)));
            try {
                connections.forEach(Connection::endIfLate);
            } catch (OutOfMemoryError error) {
                continue; // it is somebody else's
            }
        }
    }

    /** Ends listening and all connections, so that another server can have the port. */
    @Override public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            faults.accept(e);
        }
        connections.forEach(Connection::end);
    }

    /** A client, until it or the server has had enough. */
    private final class Connection implements Runnable {
        private static final long FOR_EVER = Long.MAX_VALUE / 2;
        /** What a TLS connection begins with (RFC 8446, section 5.1). */
        private static final byte HANDSHAKE = 22;
        private final Socket socket;
        private final Handler handler;
        private volatile long deadline = System.nanoTime() + patience;
        private volatile boolean isIdle;

        Connection(Socket socket, Handler handler) {
            this.socket = socket;
            this.handler = handler;
        }

        private void limit(long nanos) {
            deadline = System.nanoTime() + nanos;
        }

        private void endIfLate() {
            if (System.nanoTime() - deadline > 0) end();
        }

        /** From any thread: whatever waits for this client fails. */
        void end() {
            try {
                socket.close();
            } catch (IOException e) {
                return; // it is of no use any more all the same
            }
        }

        @Override public void run() {
            try (socket; Socket stream = tls == null ? socket : secured()) {
                RequestReader reader = new RequestReader(stream.getInputStream(), mostBytes);
                ResponseWriter writer = new ResponseWriter(limited(stream.getOutputStream()));
                while (serve(reader, writer)) reader.shrink();
                linger(stream);
            } catch (IOException e) {
                return; // the client is gone, or has to be
            } catch (Throwable error) {
                faults.accept(error);
            } finally {
                connections.remove(this);
            }
        }

        /** TLS upon the socket: to close this one waits for its writes, to close that one ends them. */
        private Socket secured() throws IOException {
            int first = socket.getInputStream().read();
            if (first != HANDSHAKE) {
                if (first >= 0) refusePlain();
                throw new EOFException();
            }
            InputStream consumed = new ByteArrayInputStream(new byte[] {HANDSHAKE});
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, consumed, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            return secure;
        }

        private void refusePlain() throws IOException {
            ResponseWriter plain = new ResponseWriter(limited(socket.getOutputStream()));
            plain.begin("", false, false);
            plain.send(Response.message(400, "this port takes https, and this is http"));
            linger(socket);
        }

        /** Each piece must be taken in time; between pieces, an answer may take its time. */
        private OutputStream limited(OutputStream client) {
            return new OutputStream() {
                @Override public void write(int character) throws IOException {
                    write(new byte[] {(byte) character}, 0, 1);
                }

                @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                    for (int done = 0; done < length; done += ResponseWriter.PIECE) {
                        limit(patience);
                        client.write(bytes, offset + done, Math.min(ResponseWriter.PIECE, length - done));
                    }
                    limit(FOR_EVER);
                }
            };
        }

        /** One request; tells whether there may be another. */
        private boolean serve(RequestReader reader, ResponseWriter writer) throws IOException {
            limit(patience);
            isIdle = true;
            boolean hasMore = reader.awaits();
            isIdle = false;
            if (!hasMore) return false;
            limit(patience);
            try {
                RequestReader.Head head = reader.head();
                writer.begin(head.method(), head.isOld(), head.isKept());
                if (head.isToContinue()) writer.goOn();
                limit(patience);
                byte[] body = reader.body(head);
                if (body.length > mostBytes) writer.endAfterwards();
                limit(FOR_EVER);
                handler.handle(request(head, body), writer);
            } catch (RequestReader.Refused refused) {
                writer.begin("", false, false);
                writer.send(Response.message(refused.status(), refused.getMessage()));
            }
            return writer.isKept();
        }

        private Request request(RequestReader.Head head, byte[] body) {
            return new Request(head.method(), head.path(), head.query(), head.protocol(), head.headers(), body,
                    socket.getInetAddress().getHostAddress(), socket.getLocalPort(), Instant.now(),
                    tls == null ? "http" : "https");
        }

        /** Reads on for a moment: a close with unread bytes is a reset, which may cost the client its answer. */
        private void linger(Socket stream) throws IOException {
            limit(patience);
            stream.shutdownOutput();
            stream.setSoTimeout(1_000);
            InputStream in = stream.getInputStream();
            byte[] unread = new byte[ResponseWriter.PIECE];
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (in.read(unread) >= 0 && System.nanoTime() < until) Thread.onSpinWait();
        }
    }
}
