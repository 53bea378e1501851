package samlocal.lambda;

import java.io.OutputStream;
import samlocal.runtime.Invocation;

/**
 * A request for an invocation.
 * @param event as JSON
 * @param qualifier the invoked alias or version, empty for the function itself
 * @param isDirect whether it came from the Lambda API, whose callers see the platform's log lines
 * @param stream receives a streamed response, or null
 */
public record Call(String requestId, byte[] event, String qualifier, Invocation.Headers headers, boolean isDirect,
        OutputStream stream) {
    /** A call of the Lambda API. */
    public Call(String requestId, byte[] event, Invocation.Headers headers) {
        this(requestId, event, "", headers, true, null);
    }

    /** A call of the gateway. */
    public Call(String requestId, byte[] event, String trace, String tenant) {
        this(requestId, event, "", new Invocation.Headers(trace, null, tenant), false, null);
    }

    public Call to(OutputStream other) {
        return new Call(requestId, event, qualifier, headers, isDirect, other);
    }

    /** The same call with an alias or version. */
    public Call at(String other) {
        return new Call(requestId, event, other, headers, isDirect, stream);
    }

    /** The invoked function ARN of the context; {@code arn} is the function's. */
    String invokedArn(String arn) {
        return qualifier.isEmpty() ? arn : arn + ":" + qualifier;
    }

    /** The headers for the runtime, with a trace that continues the request's. */
    Invocation.Headers within() {
        return new Invocation.Headers(Trace.within(headers.trace(), requestId), headers.clientContext(),
                headers.tenant());
    }
}
