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
 * Between a function and its client while it still runs ("Response streaming for Lambda functions"): the handler's
 * thread writes, the request's thread reads. What is written goes on its way when it is flushed, or fills a buffer;
 * a handler that is faster than its client waits for it.
 */
final class AnswerStream extends OutputStream {
    private static final int CHUNK = 8 << 10;
    private static final int MOST_CHUNKS = 64;
    /** "Lambda quotas": the size of a streamed answer. */
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

    /** Ends it for both sides; only if the answer is whole, what was not flushed is part of it. */
    synchronized void end(boolean whole) {
        if (isEnded) return;
        if (whole && pending.size() > 0) chunks.add(pending.toByteArray());
        isWhole = whole;
        isEnded = true;
        notifyAll();
    }

    /** The client is gone: what is still written is dropped. */
    synchronized void leave() {
        isEnded = true;
        chunks.clear();
        notifyAll();
    }

    /** What has been flushed, null at the end. */
    private synchronized byte[] next() throws IOException {
        while (chunks.isEmpty() && !isEnded) await();
        notifyAll();
        return chunks.poll();
    }

    private synchronized boolean isBroken() {
        return isEnded && !isWhole;
    }

    /** What is first, as much of it as shows whether it has a head; a function URL's may have none. */
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

    /** The rest, behind what was read of it already. */
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
