package samlocal.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known about the sender of a request.
 *
 * @param authorizer the event's {@code authorizer}, or null
 * @param identity additions to the event's {@code identity}, in format 1.0
 * @param key the API key that a Lambda authorizer names, or null
 * @param note for the console, may be empty
 */
record Caller(Map<String, Object> authorizer, Map<String, Object> identity, String key, String note) {
    static final Caller NOBODY = new Caller(null, Map.of(), null, "");

    /** A caller with the context of an authorizer. */
    static Caller of(Map<String, Object> authorizer) {
        return new Caller(authorizer, Map.of(), null, "");
    }

    /** Adds the request's API key, which a REST API passes to its function. */
    Caller withKey(String value) {
        Map<String, Object> all = new LinkedHashMap<>(identity);
        all.put("apiKey", value);
        all.put("apiKeyId", "local");
        return new Caller(authorizer, all, value, note);
    }
}
