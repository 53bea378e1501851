package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.Trace;
import samlocal.sam.Api;

/** The ids of a request that its function and its client see. */
public final class RequestIds {
    static final String TRACE = "X-Amzn-Trace-Id";

    private RequestIds() {
    }

    /** A random version 4 UUID, not cryptographically secure. */
    static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long first = random.nextLong() & ~0xF000L | 0x4000L;
        return new UUID(first, random.nextLong() & ~0L >>> 2 | 1L << 63).toString();
    }

    /** API Gateway's short id, eleven bytes in base64, derived from the request id. */
    static String shortened(String requestId) {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(requestId.replace("-", "").getBytes(UTF_8), 11));
    }

    /** The trace header of a request: its own, or one that the gateway adds. */
    public static String trace(Request request, String requestId) {
        return request.header(TRACE).orElseGet(() -> Trace.header(requestId, request.time()));
    }

    /** Adds the request id headers of each kind of API to a response. */
    static Response added(Response response, Api api, Request request, String requestId) {
        if (api.type().equals("http")) return response.with("apigw-requestid", shortened(requestId));
        Response named = response.with("x-amzn-RequestId", requestId);
        return !api.isRest() ? named : named.with("x-amz-apigw-id", shortened(requestId))
                .with(TRACE, trace(request, requestId));
    }
}
