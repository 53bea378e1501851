package samlocal.runtime;

import java.io.OutputStream;

/**
 * A request to a runtime. {@code deadline} is in milliseconds since 1970; {@code stream} receives a streamed response,
 * or is null.
 */
public record Invocation(String requestId, byte[] event, long deadline, String functionArn, Headers headers,
        OutputStream stream) {
    /** The limit of an event and of a response ("Lambda quotas"). */
    public static final int MOST_BYTES = (6 << 20) + 100;

    /** The failure of a response of {@code size} bytes. */
    public static RuntimeFault tooLarge(long size) {
        return new RuntimeFault("Function.ResponseSizeTooLarge", "Response payload size (" + size
                + " bytes) exceeded maximum allowed payload size (" + MOST_BYTES + " bytes).");
    }

    /**
     * The headers of Invoke (Lambda API Reference, "Invoke").
     *
     * @param trace {@code X-Amzn-Trace-Id}, empty for a new trace
     * @param clientContext {@code X-Amz-Client-Context} as JSON, or null
     * @param tenant {@code X-Amz-Tenant-Id}, or null
     */
    public record Headers(String trace, String clientContext, String tenant) {
    }
}
