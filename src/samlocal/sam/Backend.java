package samlocal.sam;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What answers a route ("Choose an API Gateway API integration type"). */
public sealed interface Backend
        permits Backend.Lambda, Backend.Mock, Backend.Http, Backend.Unsupported, Backend.Missing {
    /** API Gateway's longest wait in milliseconds, "Amazon API Gateway quotas". */
    int REST_MILLIS = 29_000;
    int HTTP_MILLIS = 30_000;
    /** What a mapping template may refer to here. */
    Pattern REFERENCE = Pattern.compile("\\$!?(?<open>\\{)?(?:(?<whole>input\\.body)|"
            + "input\\.(?<function>json|params)\\(['\"](?<argument>[^'\"]*)['\"]\\)|"
            + "(?<scope>context|stageVariables)\\.(?<name>\\w+(?:\\.\\w+)*))(?<close>})?");

    /**
     * A function as proxy.
     *
     * @param qualifier of the alias or version that is invoked, or an empty text
     * @param tenant where the tenant ID comes from, such as {@code method.request.header.x}, or an empty text
     * @param timeoutMillis for which the gateway waits for an answer, 0 for as long as the function may take
     * @param isStreamed whether the client sees what the function writes at once
     */
    record Lambda(String function, String handler, String qualifier, String tenant, int timeoutMillis,
            boolean isStreamed) implements Backend {
        /** The same by another alias. */
        Lambda at(String alias) {
            return new Lambda(function, handler, alias, tenant, timeoutMillis, isStreamed);
        }

        @Override public String toString() {
            return handler;
        }
    }

    /**
     * One way to answer.
     *
     * @param pattern of the statuses that it is for, null for all others
     * @param parameters the answer's headers and where they come from
     * @param templates by media type
     */
    record Mapped(Pattern pattern, int status, Map<String, String> parameters, Map<String, String> templates) {
    }

    /** The gateway itself, by templates. */
    record Mock(Map<String, String> requests, List<Mapped> answers) implements Backend {
        @Override public String toString() {
            return "MOCK";
        }
    }

    /**
     * Another server.
     *
     * @param isProxy whether request and answer are passed on as they are
     * @param method {@code ANY} for the request's
     * @param parameters what is put into the request there, and where it comes from
     */
    record Http(boolean isProxy, String method, String uri, Map<String, String> parameters,
            Map<String, String> requests, List<Mapped> answers, int timeoutMillis) implements Backend {
        @Override public String toString() {
            return (isProxy ? "HTTP_PROXY " : "HTTP ") + uri;
        }
    }

    /** A function that is none of this template's. */
    record Missing() implements Backend {
        @Override public String toString() {
            return "no function of this template";
        }
    }

    /** What cannot be served here, and is refused by name. */
    record Unsupported(String reason) implements Backend {
        @Override public String toString() {
            return "not served: " + reason;
        }
    }
}
