package samlocal.lambda;

import java.io.OutputStream;
import samlocal.runtime.Invocation;

/**
 * A request for an invocation.
 *
 * @param event in JSON
 * @param qualifier of the alias or version that is invoked, empty for the function itself
 * @param isDirect whether it came by Lambda's own API, whose callers see the platform's lines in the log
 * @param stream where the answer is to be streamed, or null
 */
public record Call(String requestId, byte[] event, String qualifier, Invocation.Headers headers, boolean isDirect,
        OutputStream stream) {
    /** By Lambda's own API. */
    public Call(String requestId, byte[] event, Invocation.Headers headers) {
        this(requestId, event, "", headers, true, null);
    }

    /** By the gateway. */
    public Call(String requestId, byte[] event, String trace, String tenant) {
        this(requestId, event, "", new Invocation.Headers(trace, null, tenant), false, null);
    }

    public Call to(OutputStream other) {
        return new Call(requestId, event, qualifier, headers, isDirect, other);
    }

    /** The same by an alias or version. */
    public Call at(String other) {
        return new Call(requestId, event, other, headers, isDirect, stream);
    }

    /** What the context calls the function, by the function's own ARN. */
    String invokedArn(String arn) {
        return qualifier.isEmpty() ? arn : arn + ":" + qualifier;
    }

    /** The headers for the runtime, whose trace continues that of the request. */
    Invocation.Headers within() {
        return new Invocation.Headers(Trace.within(headers.trace(), requestId), headers.clientContext(),
                headers.tenant());
    }
}
