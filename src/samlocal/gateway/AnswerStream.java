package samlocal.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import samlocal.http.Body;
import samlocal.http.Kept;

/**
 * Carries a streamed response from a running function to its client ("Response streaming for Lambda functions"): the
 * handler's thread writes, the request's thread reads. Bytes are sent when the handler flushes or a buffer is full; a
 * handler that is faster than its client blocks.
 */
final class AnswerStream extends OutputStream {
    private static final int CHUNK = 8 << 10;
    private static final int MOST_CHUNKS = 64;
    /** "Lambda quotas": the size of a streamed response. */
    private static final long MOST_BYTES = 200L << 20;

    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long written;
    private boolean isEnded;
    private boolean isWhole;

    @Override public void write(int character) throws IOException {
        write(new byte[] {(byte) character}, 0, 1);
    }

    @Override public synchronized void write(byte[] part, int offset, int length) throws IOException {
        written += length;
        if (written > MOST_BYTES) throw new IOException("a streamed response is limited to 200 MB");
        pending.write(part, offset, length);
        if (pending.size() >= CHUNK) flush();
    }

    @Override public synchronized void flush() throws IOException {
        while (chunks.size() >= MOST_CHUNKS && !isEnded) await();
        if (pending.size() > 0 && !isEnded) chunks.add(pending.toByteArray());
        pending.reset();
        notifyAll();
    }

    private synchronized void await() throws InterruptedIOException {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
    }

    /** Ends the stream for both sides; unflushed bytes are sent only if the response is complete. */
    synchronized void end(boolean whole) {
        if (isEnded) return;
        if (whole && pending.size() > 0) chunks.add(pending.toByteArray());
        isWhole = whole;
        isEnded = true;
        notifyAll();
    }

    /** The client has disconnected: further bytes are dropped. */
    synchronized void leave() {
        isEnded = true;
        chunks.clear();
        notifyAll();
    }

    /** The next flushed chunk, null at the end. */
    private synchronized byte[] next() throws IOException {
        while (chunks.isEmpty() && !isEnded) await();
        notifyAll();
        return chunks.poll();
    }

    private synchronized boolean isBroken() {
        return isEnded && !isWhole;
    }

    /** Reads enough bytes to decide whether the response has a head; that of a function URL may have none. */
    byte[] start(boolean hasHead) {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        try {
            for (byte[] chunk = next(); chunk != null; chunk = next()) {
                start.write(chunk);
                if (!ProxyResponse.mayBeHead(start.toByteArray(), hasHead)) break;
            }
        } catch (IOException e) {
            return start.toByteArray(); // the server ends
        }
        return start.toByteArray();
    }

    /** The content: the bytes already read and the rest of the stream. */
    Body body(byte[] first) {
        return new Body() {
            private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
            private volatile long length;

            @Override public long length() {
                return -1;
            }

            @Override public Kept kept() {
                return new Kept(kept.toByteArray(), length);
            }

            @Override public void writeTo(OutputStream client) throws IOException {
                try {
                    for (byte[] chunk = first; chunk != null; chunk = next()) {
                        kept.write(chunk, 0, Math.min(chunk.length, Kept.MOST - kept.size()));
                        length += chunk.length;
                        client.write(chunk);
                        client.flush();
                    }
                    if (isBroken()) throw new IOException("the function failed");
                } finally {
                    leave();
                }
            }
        };
    }
}
