package samlocal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import samlocal.base.Json;

/** A response to a client. */
public record Response(int status, Map<String, List<String>> headers, Body body) {
    public Response(int status, Map<String, List<String>> headers, byte[] body) {
        this(status, headers, Body.of(body));
    }

    public static Response of(int status, String contentType, String body) {
        return new Response(status, Map.of("Content-Type", List.of(contentType)), body.getBytes(UTF_8));
    }

    public static Response json(int status, Object body) {
        return of(status, "application/json", Json.write(body) + "\n");
    }

    /** A response with a JSON message, as the gateway sends it. */
    public static Response message(int status, String message) {
        return of(status, "application/json", Json.write(Map.of("message", message)));
    }

    public Response with(int other) {
        return new Response(other, headers, body);
    }

    public Response with(Body other) {
        return new Response(status, headers, other);
    }

    public Response with(String header, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        more.put(header, List.of(value));
        return new Response(status, more, body);
    }

    /** The values of a header; names are case-insensitive. */
    public Optional<List<String>> header(String name) {
        return headers.entrySet().stream().filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue).findFirst();
    }

    /** RFC 9110: some statuses have no body, even if the handler returns one. */
    boolean mayHaveBody() {
        return status >= 200 && status != 204 && status != 304;
    }

    /** The size of all header names and values. */
    public int headerBytes() {
        return headers.entrySet().stream().mapToInt(header -> header.getValue().stream()
                .mapToInt(value -> header.getKey().length() + value.length()).sum()).sum();
    }

    /** The name of a header that cannot be sent, because the name is invalid or a value has control characters. */
    public Optional<String> malformedHeader() {
        return headers.entrySet().stream().filter(header -> !HeaderSyntax.isName(header.getKey())
                || header.getValue().stream().anyMatch(HeaderSyntax::hasControl)).map(Map.Entry::getKey).findFirst();
    }
}
