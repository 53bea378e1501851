package todo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Map;
import java.util.stream.Collectors;
import todo.shared.Todo;
import todo.shared.Todos;

/** GET /todos, or GET /todos?done=true for those that are finished. */
public class ListTodos implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        Map<String, String> query = event.getQueryStringParameters();
        String done = query == null ? null : query.get("done");
        if (done != null && !done.matches("true|false")) return Answer.error(400, "done must be true or false");
        return Answer.json(200, Todos.all().stream()
                .filter(todo -> done == null || todo.done() == Boolean.parseBoolean(done))
                .map(Todo::toJson).collect(Collectors.joining(", ", "[", "]")));
    }
}
