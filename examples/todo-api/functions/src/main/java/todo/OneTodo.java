package todo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.Optional;
import todo.shared.Todo;
import todo.shared.Todos;

/** GET and DELETE /todos/{id}, PUT /todos/{id}/done. */
public class OneTodo implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        String id = event.getPathParameters().get("id");
        if (!id.matches("\\d{1,9}")) return Answer.error(400, "an id is a number");
        Optional<Todo> todo = Todos.find(Integer.parseInt(id));
        if (todo.isEmpty()) return Answer.error(404, "there is no todo " + id);
        switch (event.getHttpMethod()) {
            case "PUT":
                Todos.replace(todo.get().finished());
                return Answer.json(200, todo.get().finished().toJson());
            case "DELETE":
                Todos.remove(todo.get().id());
                return new APIGatewayProxyResponseEvent().withStatusCode(204);
            default:
                return Answer.json(200, todo.get().toJson());
        }
    }
}
