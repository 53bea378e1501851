package samlocal.gateway;

import java.util.List;
import java.util.Map;
import samlocal.base.Json;
import samlocal.http.Response;
import samlocal.sam.Api;

/**
 * The reasons for a gateway response, and the response of each kind of API: REST APIs have gateway response types
 * ("Gateway response types for API Gateway") and the error type in a header; HTTP APIs and function URLs have shorter
 * messages.
 */
public enum Refusal {
    MISSING_AUTHENTICATION_TOKEN(403, "Missing Authentication Token", "MissingAuthenticationToken", 404,
            "Not Found"),
    UNAUTHORIZED(401, "Unauthorized", "Unauthorized", 401, "Unauthorized"),
    EXPIRED_TOKEN(401, "The incoming token has expired", "Unauthorized", 401, "Unauthorized"),
    ACCESS_DENIED(403, "User is not authorized to access this resource", "AccessDenied", 403, "Forbidden"),
    EXPLICITLY_DENIED(403, "User is not authorized to access this resource with an explicit deny", "AccessDenied",
            403, "Forbidden"),
    INVALID_API_KEY(403, "Forbidden", "Forbidden", 403, "Forbidden"),
    AUTHORIZER_CONFIGURATION_ERROR(500, null, "AuthorizerConfiguration", 500, "Internal Server Error"),
    BAD_REQUEST_BODY(400, "Invalid request body", "BadRequest", 400, "Bad Request"),
    BAD_REQUEST_PARAMETERS(400, "Missing required request parameters", "BadRequest", 400, "Bad Request"),
    API_CONFIGURATION_ERROR(500, "Internal server error", "InternalServerError", 500, "Internal Server Error"),
    REQUEST_TOO_LARGE(413, "Request Too Long", "RequestTooLarge", 413, "Request Entity Too Large"),
    INTEGRATION_TIMEOUT(504, "Endpoint request timed out", "InternalServerError", 503, "Service Unavailable"),
    /** An HTTP integration whose server cannot be reached. */
    INTEGRATION_UNREACHABLE(504, "Network error communicating with endpoint", "InternalServerError", 503,
            "Service Unavailable"),
    INTEGRATION_FAILURE(502, "Internal server error", "InternalServerError", 500, "Internal Server Error");

    private final int restStatus;
    private final String restMessage;
    private final String errorType;
    private final int httpStatus;
    private final String httpMessage;

    Refusal(int restStatus, String restMessage, String errorType, int httpStatus, String httpMessage) {
        this.restStatus = restStatus;
        this.restMessage = restMessage;
        this.errorType = errorType + "Exception";
        this.httpStatus = httpStatus;
        this.httpMessage = httpMessage;
    }

    /** The default response of an API. */
    Response of(Api api, String message) {
        return api.isRest() ? ofRest(message) : api.isUrl() ? ofUrl() : ofHttp();
    }

    String message() {
        return restMessage;
    }

    /** The gateway response types that apply, the most specific first. */
    List<String> types() {
        return List.of(this == EXPLICITLY_DENIED ? "ACCESS_DENIED" : name(),
                restStatus < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
    }

    /** The response of any REST API. */
    Response ofRest() {
        return ofRest(restMessage);
    }

    private Response ofRest(String message) {
        boolean isDenial = this == ACCESS_DENIED || this == EXPLICITLY_DENIED;
        String body = Json.write(Json.object(isDenial ? "Message" : "message", message));
        return Response.of(restStatus, "application/json", body).with("x-amzn-ErrorType", errorType);
    }

    /** The response of any HTTP API. */
    Response ofHttp() {
        return Response.message(httpStatus, httpMessage);
    }

    /** Function URLs respond like HTTP APIs, except for failures of the function: 502 with plain text. */
    private Response ofUrl() {
        return switch (this) {
            case INTEGRATION_FAILURE, INTEGRATION_TIMEOUT ->
                    Response.of(502, "application/json", "Internal Server Error");
            case ACCESS_DENIED, UNAUTHORIZED -> Response.json(403, Map.of("Message", "Forbidden"))
                    .with("x-amzn-ErrorType", "AccessDeniedException");
            default -> ofHttp();
        };
    }
}
