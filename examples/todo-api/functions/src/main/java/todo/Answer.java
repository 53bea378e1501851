package todo;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Map;
import todo.shared.Json;

/** The answers of this API. */
final class Answer {
    private Answer() {
    }

    static APIGatewayProxyResponseEvent json(int status, String body) {
        return new APIGatewayProxyResponseEvent().withStatusCode(status)
                .withHeaders(Map.of("Content-Type", "application/json")).withBody(body);
    }

    static APIGatewayProxyResponseEvent error(int status, String message) {
        return json(status, "{\"error\": " + Json.quote(message) + "}");
    }
}
