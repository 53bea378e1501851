import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A load generator with blocking sockets and persistent connections, one request after the other on each. */
record Load(double perSecond, long[] nanos) {
    /** Runs for some seconds; any status but 200 is a failure. */
    static Load of(String url, int connections, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        List<Callable<long[]>> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) clients.add(() -> ask(url, end, answer -> { }));
        long[] all = {};
        try {
            for (Future<long[]> client : threads.invokeAll(clients)) all = joined(all, client.get());
        } finally {
            threads.shutdownNow();
        }
        Arrays.sort(all);
        return new Load(all.length / seconds, all);
    }

    /** A percentile of the latency in microseconds. */
    double micros(double share) {
        return nanos[(int) Math.min(nanos.length - 1, nanos.length * share)] / 1e3;
    }

    private static long[] joined(long[] first, long[] second) {
        long[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Sends requests over one connection until a time, reconnecting if the server closes it; returns latencies. */
    static long[] ask(String url, long end, Consumer<String> answers) throws IOException {
        URI uri = URI.create(url);
        byte[] request = ("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        long[] nanos = new long[1024];
        int count = 0;
        byte[] buffer = new byte[1 << 16];
        Socket socket = null;
        try {
            while (System.nanoTime() < end) {
                long started = System.nanoTime();
                if (socket == null) socket = connected(uri);
                socket.getOutputStream().write(request);
                int length = read(socket.getInputStream(), buffer);
                if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
                nanos[count++] = System.nanoTime() - started;
                String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                if (!text.startsWith(" 200 ", 8)) throw new IOException(text);
                answers.accept(text.substring(text.indexOf("\r\n\r\n") + 4));
                if (text.startsWith("HTTP/1.0") || text.contains("Connection: close")) {
                    socket.close();
                    socket = null;
                }
            }
        } finally {
            if (socket != null) socket.close();
        }
        return Arrays.copyOf(nanos, count);
    }

    private static Socket connected(URI uri) throws IOException {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Reads a response with a Content-Length; returns its length with the head. */
    private static int read(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        int whole = Integer.MAX_VALUE;
        while (length < whole) {
            int part = in.read(buffer, length, buffer.length - length);
            if (part < 0) throw new IOException("the connection was closed");
            length += part;
            if (whole == Integer.MAX_VALUE) whole = whole(buffer, length);
        }
        return length;
    }

    private static int whole(byte[] buffer, int length) throws IOException {
        for (int i = 3; i < length; i++) {
            if (buffer[i] != '\n' || buffer[i - 1] != '\r' || buffer[i - 2] != '\n') continue;
            String head = new String(buffer, 0, i, StandardCharsets.ISO_8859_1).toLowerCase();
            int field = head.indexOf("content-length:");
            if (field < 0) throw new IOException("no Content-Length: " + head);
            return i + 1 + Integer.parseInt(head.substring(field + 15, head.indexOf('\r', field)).strip());
        }
        return Integer.MAX_VALUE;
    }
}
