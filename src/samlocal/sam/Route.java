package samlocal.sam;

import java.util.Optional;
import samlocal.base.Place;
import samlocal.base.Problem;

/**
 * One method and path of an API.
 *
 * @param method in capitals, {@code ANY} for any
 * @param path with {@code {parameters}}, {@code $default} for all that no other route takes
 * @param backend what answers
 * @param payload payload format version, {@code 1.0} or {@code 2.0}
 * @param guard who may call it
 */
public record Route(Api api, String method, String path, Backend backend, String payload, Guard guard,
        Declaration declaration) {
    /**
     * What else is declared for a route.
     *
     * @param operation OperationName or operationId, or null
     * @param checks what requests must have, or null
     * @param source where it is declared
     */
    public record Declaration(String operation, Checks checks, Place source) {
    }

    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";

    public Place source() {
        return declaration.source();
    }

    /** The logical id of the function behind it, {@code -} if there is none. */
    public String function() {
        return backend instanceof Backend.Lambda lambda ? lambda.function() : "-";
    }

    /** The function's handler, or what is there in its place. */
    public String handler() {
        return backend.toString();
    }

    /** What is told of a handler that takes a type of AWS's events other than this route's; there is no place. */
    public Optional<Problem> misfit(String eventType) {
        String fitting = payload.equals("1.0") ? "APIGatewayProxyRequestEvent" : "APIGatewayV2HTTPEvent";
        String taken = eventType.replace(EVENTS, "");
        if (!eventType.startsWith(EVENTS) || taken.equals(fitting)) return Optional.empty();
        String other = api.isRest() || api.isUrl() || !taken.equals("APIGatewayProxyRequestEvent") ? ""
                : ", or set `PayloadFormatVersion: '1.0'` where the route is declared";
        return Optional.of(new Problem("takes " + taken + ", but " + this + " sends format " + payload, null,
                "take " + fitting + other));
    }

    /** The same route with other callers. */
    public Route withGuard(Guard other) {
        return new Route(api, method, path, backend, payload, other, declaration);
    }

    /** The same route with another payload format version. */
    public Route withPayload(String version) {
        return new Route(api, method, path, backend, version, guard, declaration);
    }

    @Override public String toString() {
        return method + " " + path;
    }
}
