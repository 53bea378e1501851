package samlocal.lambda;

import java.io.OutputStream;

/**
 * A request for an invocation.
 *
 * @param event in JSON
 * @param qualifier of the alias or version that is invoked, empty for the function itself
 * @param trace header of the trace that it belongs to, empty for one of its own
 * @param clientContext in JSON, or null
 * @param isDirect whether it came by Lambda's own API, whose callers see the platform's lines in the log
 * @param stream where the answer is to be written bit by bit, or null
 */
public record Call(String requestId, byte[] event, String qualifier, String trace, String clientContext,
        boolean isDirect, OutputStream stream) {
    /** By Lambda's own API. */
    public Call(String requestId, byte[] event, String trace, String clientContext) {
        this(requestId, event, "", trace, clientContext, true, null);
    }

    /** By the gateway. */
    public Call(String requestId, byte[] event, String trace) {
        this(requestId, event, "", trace, null, false, null);
    }

    public Call to(OutputStream other) {
        return new Call(requestId, event, qualifier, trace, clientContext, isDirect, other);
    }

    /** The same by an alias or version. */
    public Call at(String other) {
        return new Call(requestId, event, other, trace, clientContext, isDirect, stream);
    }

    /** What the context calls the function, by the function's own ARN. */
    String invokedArn(String arn) {
        return qualifier.isEmpty() ? arn : arn + ":" + qualifier;
    }
}
