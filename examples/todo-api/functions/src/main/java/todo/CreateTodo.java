package todo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Map;
import todo.shared.Json;
import todo.shared.Todos;

/** POST /todos with {"title": "..."}. */
public class CreateTodo implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
    private static final int MAX_TITLE_LENGTH = Integer.parseInt(System.getenv("MAX_TITLE_LENGTH"));

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        Map<String, String> fields;
        try {
            fields = Json.strings(event.getBody());
        } catch (IllegalArgumentException e) {
            return Answer.error(400, "the body must be a JSON object");
        }
        String title = fields.getOrDefault("title", "").strip();
        if (title.isEmpty()) return Answer.error(422, "title is missing");
        if (title.length() > MAX_TITLE_LENGTH) return Answer.error(422, "title has more than " + MAX_TITLE_LENGTH + " characters");
        return Answer.json(201, Todos.add(title).toJson());
    }
}
