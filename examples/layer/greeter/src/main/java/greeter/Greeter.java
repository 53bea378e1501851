package greeter;

import java.util.Map;
import words.Words;

/** Uses a class of its layer. */
public class Greeter {
    public Map<String, Object> handle(Map<String, Object> event) {
        return Map.of("statusCode", 200, "body", Words.greeting());
    }
}
