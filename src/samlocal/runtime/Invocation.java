package samlocal.runtime;

import java.io.OutputStream;

/**
 * One request to a runtime: {@code deadline} in milliseconds since 1970, {@code trace} as a header,
 * {@code clientContext} in JSON or null, {@code stream} for an answer that goes on its way bit by bit, or null.
 */
public record Invocation(String requestId, byte[] event, long deadline, String functionArn, String trace,
        String clientContext, OutputStream stream) {
    /** Of an event, and of an answer ("Lambda quotas"). */
    public static final int MOST_BYTES = (6 << 20) + 100;
}
