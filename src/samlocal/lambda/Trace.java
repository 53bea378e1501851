package samlocal.lambda;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Headers that identify the trace of a request (AWS X-Ray Developer Guide, "Tracing header"). */
public final class Trace {
    private static final Pattern ROOT = Pattern.compile("Root=[^;]+");

    private Trace() {
    }

    /** A header for a request without one; the request id is a UUID. */
    public static String header(String requestId, Instant time) {
        return "Root=1-" + Long.toHexString(time.getEpochSecond()) + "-"
                + requestId.replace("-", "").substring(0, 24);
    }

    /** The header for the invoked function: sampled only if the request's header says so. */
    static String within(String header, String requestId) {
        Matcher root = ROOT.matcher(header);
        return (root.find() ? root.group() : header(requestId, Instant.now()))
                + ";Parent=" + requestId.replace("-", "").substring(16)
                + (header.contains("Sampled=1") ? ";Sampled=1" : ";Sampled=0");
    }
}
