package samlocal.sam;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The integration of a route ("Choose an API Gateway API integration type"). */
public sealed interface Backend
        permits Backend.Lambda, Backend.Mock, Backend.Http, Backend.Unsupported, Backend.Missing {
    /** API Gateway's maximum integration timeout in milliseconds, "Amazon API Gateway quotas". */
    int REST_MILLIS = 29_000;
    int HTTP_MILLIS = 30_000;
    /** The references in mapping templates that are supported. */
    Pattern REFERENCE = Pattern.compile("\\$!?(?<open>\\{)?(?:(?<whole>input\\.body)|"
            + "input\\.(?<function>json|params)\\(['\"](?<argument>[^'\"]*)['\"]\\)|"
            + "(?<scope>context|stageVariables)\\.(?<name>\\w+(?:\\.\\w+)*))(?<close>})?");

    /**
     * A Lambda proxy integration.
     *
     * @param qualifier the alias or version that is invoked, or empty
     * @param tenant the source of the tenant ID, such as {@code method.request.header.x}, or empty
     * @param timeoutMillis how long the gateway waits for a response; 0 if only the function's timeout applies
     * @param isStreamed whether the response is streamed to the client
     */
    record Lambda(String function, String handler, String qualifier, String tenant, int timeoutMillis,
            boolean isStreamed) implements Backend {
        /** The same integration with another alias. */
        Lambda at(String alias) {
            return new Lambda(function, handler, alias, tenant, timeoutMillis, isStreamed);
        }

        @Override public String toString() {
            return handler;
        }
    }

    /**
     * An integration response.
     *
     * @param pattern the statuses that it applies to, null for all others
     * @param parameters the response headers and the sources of their values
     * @param templates mapping templates by media type
     */
    record Mapped(Pattern pattern, int status, Map<String, String> parameters, Map<String, String> templates) {
    }

    /** A mock integration: the gateway itself responds. */
    record Mock(Map<String, String> requests, List<Mapped> answers) implements Backend {
        @Override public String toString() {
            return "MOCK";
        }
    }

    /**
     * An HTTP integration.
     *
     * @param isProxy whether request and response are passed on unchanged
     * @param method {@code ANY} for the method of the request
     * @param parameters parts of the request to send, and the sources of their values
     */
    record Http(boolean isProxy, String method, String uri, Map<String, String> parameters,
            Map<String, String> requests, List<Mapped> answers, int timeoutMillis) implements Backend {
        @Override public String toString() {
            return (isProxy ? "HTTP_PROXY " : "HTTP ") + uri;
        }
    }

    /** A function that is not in this template. */
    record Missing() implements Backend {
        @Override public String toString() {
            return "no function in this template";
        }
    }

    /** An unsupported integration; requests are rejected with a message that names it. */
    record Unsupported(String reason) implements Backend {
        @Override public String toString() {
            return "not supported: " + reason;
        }
    }
}
