import java.util.List;
import java.util.Map;

/** Lets the holder of one password in; an HTTP API asks it before it calls a function. */
public class Authorizer {
    @SuppressWarnings("unchecked")
    public Map<String, Object> handle(Map<String, Object> event) {
        List<String> identity = (List<String>) event.get("identitySource");
        return Map.of("isAuthorized", identity.contains("open sesame"), "context", Map.of("name", "Ali Baba"));
    }
}
