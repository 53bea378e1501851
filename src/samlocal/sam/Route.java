package samlocal.sam;

import java.util.Optional;
import samlocal.base.Place;
import samlocal.base.Problem;

/**
 * One method and path of an API.
 *
 * @param method in upper case, {@code ANY} for any
 * @param path with {@code {parameters}}; {@code $default} matches what no other route matches
 * @param backend its integration
 * @param payload payload format version, {@code 1.0} or {@code 2.0}
 * @param guard who may call it
 */
public record Route(Api api, String method, String path, Backend backend, String payload, Guard guard,
        Declaration declaration) {
    /**
     * The declaration of a route.
     *
     * @param operation OperationName or operationId, or null
     * @param checks the request validation, or null
     * @param source where it is declared
     */
    public record Declaration(String operation, Checks checks, Place source) {
    }

    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";

    public Place source() {
        return declaration.source();
    }

    /** The logical id of its function, {@code -} if it has none. */
    public String function() {
        return backend instanceof Backend.Lambda lambda ? lambda.function() : "-";
    }

    /** The function's handler, or a description of the integration. */
    public String handler() {
        return backend.toString();
    }

    /** A problem, without a place, if the handler's parameter is an AWS event type that does not fit this route. */
    public Optional<Problem> misfit(String eventType) {
        String fitting = payload.equals("1.0") ? "APIGatewayProxyRequestEvent" : "APIGatewayV2HTTPEvent";
        String taken = eventType.replace(EVENTS, "");
        if (!eventType.startsWith(EVENTS) || taken.equals(fitting)) return Optional.empty();
        String other = api.isRest() || api.isUrl() || !taken.equals("APIGatewayProxyRequestEvent") ? ""
                : ", or set `PayloadFormatVersion: '1.0'` where the route is declared";
        return Optional.of(new Problem("takes " + taken + ", but " + this + " sends format " + payload, null,
                "take " + fitting + other));
    }

    /** The same route with another guard. */
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
