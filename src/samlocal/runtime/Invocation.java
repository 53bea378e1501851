package samlocal.runtime;

import java.io.OutputStream;

/**
 * One request to a runtime: {@code deadline} in milliseconds since 1970, {@code stream} for an answer that is
 * streamed, or null.
 */
public record Invocation(String requestId, byte[] event, long deadline, String functionArn, Headers headers,
        OutputStream stream) {
    /** Of an event, and of an answer ("Lambda quotas"). */
    public static final int MOST_BYTES = (6 << 20) + 100;

    /**
     * What the headers of Invoke say besides the event (Lambda API Reference, "Invoke").
     *
     * @param trace {@code X-Amzn-Trace-Id}, empty for a trace of its own
     * @param clientContext {@code X-Amz-Client-Context} in JSON, or null
     * @param tenant {@code X-Amz-Tenant-Id}, or null
     */
    public record Headers(String trace, String clientContext, String tenant) {
    }
}
