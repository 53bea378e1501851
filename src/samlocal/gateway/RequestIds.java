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

/** The ids by which a request is known to its function and its client. */
public final class RequestIds {
    static final String TRACE = "X-Amzn-Trace-Id";

    private RequestIds() {
    }

    /** A request's id: a UUID of version 4 that is random, and no secret. */
    static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long first = random.nextLong() & ~0xF000L | 0x4000L;
        return new UUID(first, random.nextLong() & ~0L >>> 2 | 1L << 63).toString();
    }

    /** API Gateway's second kind of id, eleven bytes in base64, made of the first. */
    static String shortened(String requestId) {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(requestId.replace("-", "").getBytes(UTF_8), 11));
    }

    /** The header of the trace that a request belongs to: its own, or one that the gateway adds. */
    public static String trace(Request request, String requestId) {
        return request.header(TRACE).orElseGet(() -> Trace.header(requestId, request.time()));
    }

    /** A response with the headers by which each kind of API names the request. */
    static Response added(Response response, Api api, Request request, String requestId) {
        if (api.type().equals("http")) return response.with("apigw-requestid", shortened(requestId));
        Response named = response.with("x-amzn-RequestId", requestId);
        return !api.isRest() ? named : named.with("x-amz-apigw-id", shortened(requestId))
                .with(TRACE, trace(request, requestId));
    }
}
