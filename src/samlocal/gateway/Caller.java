package samlocal.gateway;

import java.util.Map;

/**
 * What is known of who sends a request.
 *
 * @param authorizer the event's {@code authorizer}, or null
 * @param identity more for the event's {@code identity}, in format 1.0
 */
record Caller(Map<String, Object> authorizer, Map<String, Object> identity) {
    static final Caller NOBODY = new Caller(null, Map.of());
}
