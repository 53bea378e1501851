import java.util.Map;

/** Answers with what its authorizer has found out. */
public class Account {
    public Map<String, Object> handle(Map<String, Object> event) {
        Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
        Object authorizer = context.get("authorizer");
        return Map.of("statusCode", 200, "body", authorizer == null ? "no authorizer" : String.valueOf(authorizer));
    }
}
