package samlocal.http;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came.
 *
 * @param path in ASCII, with percent-encoding; characters that no URI has may stand in it as they were sent
 * @param query the same, null if there is none
 * @param headers with their names in title case; a repeated header has an entry for each value
 * @param port that it came in on
 * @param scheme {@code http} or {@code https}
 */
public record Request(String method, String path, String query, String protocol,
        List<Map.Entry<String, String>> headers, byte[] body, String sourceIp, int port, Instant time, String scheme) {
    Request(String method, String path, String query, String protocol, List<Map.Entry<String, String>> headers,
            byte[] body, String sourceIp, int port, Instant time) {
        this(method, path, query, protocol, headers, body, sourceIp, port, time, "http");
    }

    /** The same request to another path. */
    public Request at(String other) {
        return new Request(method, other, query, protocol, headers, body, sourceIp, port, time, scheme);
    }

    public Request with(byte[] content) {
        return new Request(method, path, query, protocol, headers, content, sourceIp, port, time, scheme);
    }

    /** The last value of a header, by its name in any case. */
    public Optional<String> header(String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).getKey().equalsIgnoreCase(name)) return Optional.of(headers.get(i).getValue());
        }
        return Optional.empty();
    }

    /** All values of all query parameters, decoded. */
    public Map<String, List<String>> queryValues() {
        return UrlDecoding.query(query, "&");
    }

    /** The last value of a query parameter, decoded. */
    public Optional<String> queryValue(String name) {
        return Optional.ofNullable(queryValues().get(name)).map(values -> values.get(values.size() - 1));
    }
}
