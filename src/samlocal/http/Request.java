package samlocal.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A request as the client sent it.
 *
 * @param path percent-encoded ASCII; may have characters that are invalid in URIs, as sent
 * @param query like {@code path}, null if there is none
 * @param headers names in title case; a repeated header has an entry for each value
 */
public record Request(String method, String path, String query, List<Map.Entry<String, String>> headers, byte[] body,
        Instant time, Connection connection) {
    /**
     * The connection of a request.
     *
     * @param scheme {@code http} or {@code https}
     * @param protocol {@code HTTP/1.1} or {@code HTTP/1.0}
     * @param sourceIp the client's address
     * @param port the server's port
     */
    public record Connection(String scheme, String protocol, String sourceIp, int port) {
    }

    /** A request with path and query in one string. */
    public static Request of(String method, String target, List<Map.Entry<String, String>> headers, byte[] body,
            Instant time, Connection connection) {
        int query = target.indexOf('?');
        return new Request(method, query < 0 ? target : target.substring(0, query),
                query < 0 ? null : target.substring(query + 1), headers, body, time, connection);
    }

    /** The scheme, host and port that the client uses for this server. */
    String origin() {
        return connection.scheme() + "://" + header("Host").orElse("");
    }

    /** The same request with another path. */
    public Request at(String other) {
        return new Request(method, other, query, headers, body, time, connection);
    }

    public Request with(byte[] content) {
        return new Request(method, path, query, headers, content, time, connection);
    }

    /** The headers whose names pass the test, with all their values, in a case-insensitive map. */
    public Map<String, List<String>> headers(Predicate<String> passes) {
        Map<String, List<String>> passed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.stream().filter(header -> passes.test(header.getKey())).forEach(header ->
                passed.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue()));
        return passed;
    }

    /** All values of a header; its name is case-insensitive. */
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>(1);
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) values.add(header.getValue());
        }
        return values;
    }

    /** The last value of a header; its name is case-insensitive. */
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
