package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.http.UrlDecoding;
import samlocal.report.Reply;
import samlocal.sam.Backend;

/**
 * MOCK and HTTP integrations ("Set up mock integrations in API Gateway", "HTTP integrations for REST APIs", "Create
 * HTTP proxy integrations for HTTP APIs").
 */
final class Direct {
    private static final int MOST_BYTES = 10 << 20;
    private static final Pattern STATUS = Pattern.compile("\"?statusCode\"?\\s*:\\s*\"?([2-5]\\d\\d)");
    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}+]+)\\+?}");
    /** Characters that clients may send although they are invalid in a URI. */
    private static final Pattern RAW = Pattern.compile("[\"<>\\\\^`{|}]|%(?![0-9A-Fa-f]{2})");
    /** Hop-by-hop headers (RFC 9110, section 7.6.1), and those that the HTTP client sets. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "content-length", "expect", "host",
            "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
            "upgrade");

    private HttpClient client;

    /** The response of a route without a function. */
    Reply reply(Scope scope) throws Rejection {
        Backend backend = scope.route().backend();
        if (backend instanceof Backend.Mock mock) return mock(mock, scope);
        if (backend instanceof Backend.Http http) return http(http, scope);
        if (backend instanceof Backend.Missing) {
            return Reply.of(Response.message(502, "No function defined for resource method"), "-",
                    "its function is not in this template");
        }
        String reason = scope.route() + " is not supported: " + ((Backend.Unsupported) backend).reason();
        return Reply.of(Response.message(501, reason), "-", reason);
    }

    private static Reply mock(Backend.Mock mock, Scope scope) throws Rejection {
        Matcher status = STATUS.matcher(rendered(mock.requests(), scope));
        if (!status.find()) throw new Rejection(Refusal.API_CONFIGURATION_ERROR, "the mock has no `statusCode`");
        return mapped(mock.answers(), new Response(Integer.parseInt(status.group(1)), Map.of(), new byte[0]), scope);
    }

    /** Renders the template for the request's type, else the one for JSON; without either, the body itself. */
    private static String rendered(Map<String, String> templates, Scope scope) {
        String template = templates.getOrDefault(scope.mediaType(), templates.get("application/json"));
        return template == null ? new String(scope.request().body(), UTF_8) : scope.render(template);
    }

    /** Maps with the first response whose pattern matches the status, else with the one without a pattern. */
    private static Reply mapped(List<Backend.Mapped> answers, Response got, Scope scope) throws Rejection {
        String status = String.valueOf(got.status());
        Backend.Mapped answer = answers.stream().filter(each -> each.pattern() != null
                && each.pattern().matcher(status).matches()).findFirst()
                .or(() -> answers.stream().filter(each -> each.pattern() == null).findFirst())
                .orElseThrow(() -> new Rejection(Refusal.API_CONFIGURATION_ERROR,
                        "no integration response for " + status));
        Map.Entry<String, String> template = answer.templates().entrySet().stream().findFirst().orElse(null);
        Response response = template == null ? Response.of(answer.status(), "application/json", "").with(got.body())
                : Response.of(answer.status(), template.getKey(), scope.render(template.getValue()));
        for (Map.Entry<String, String> parameter : answer.parameters().entrySet()) {
            String name = parameter.getKey().replaceFirst("^method\\.response\\.(multivalue)?header\\.", "");
            String value = scope.value(parameter.getValue(), got);
            if (!value.isEmpty()) response = response.with(name, value);
        }
        return Reply.of(response, "-", "");
    }

    private Reply http(Backend.Http http, Scope scope) throws Rejection {
        try {
            HttpResponse<InputStream> answer = client().send(request(http, scope),
                    HttpResponse.BodyHandlers.ofInputStream());
            Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers().map());
            headers.keySet().removeIf(name -> name.startsWith(":") || isOfConnection(name));
            Response got = new Response(answer.statusCode(), headers, bounded(answer.body()));
            return http.isProxy() ? Reply.of(got, "-", "") : mapped(http.answers(), got, scope);
        } catch (HttpTimeoutException e) {
            throw new Rejection(Refusal.INTEGRATION_TIMEOUT, "no response within " + http.timeoutMillis() + " ms");
        } catch (IOException e) {
            throw new Rejection(Refusal.INTEGRATION_UNREACHABLE, http.uri() + ": " + Fault.reason(e));
        } catch (IllegalArgumentException e) {
            throw new Rejection(Refusal.INTEGRATION_FAILURE, http.uri() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            throw Fault.project("the server is shutting down");
        }
    }

    private synchronized HttpClient client() {
        if (client == null) client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client;
    }

    private static byte[] bounded(InputStream stream) throws IOException {
        try (stream) {
            byte[] body = stream.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) throw new IOException("the response is larger than 10 MB");
            return body;
        }
    }

    private static boolean isOfConnection(String header) {
        return OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    private static HttpRequest request(Backend.Http http, Scope scope) {
        Request request = scope.request();
        byte[] body = http.isProxy() || http.requests().isEmpty() ? request.body()
                : rendered(http.requests(), scope).getBytes(UTF_8);
        HttpRequest.Builder sent = HttpRequest.newBuilder(URI.create(UrlDecoding.encoded(address(http, scope), RAW)))
                .timeout(Duration.ofMillis(http.timeoutMillis()))
                .method(http.method().equals("ANY") ? request.method() : http.method(), body.length == 0
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        headers(http, scope).forEach((name, values) -> values.forEach(value -> sent.header(name, value)));
        return sent.build();
    }

    private static Map<String, List<String>> headers(Backend.Http http, Scope scope) {
        Map<String, List<String>> headers = scope.request().headers(name ->
                http.isProxy() || name.equalsIgnoreCase("Content-Type"));
        put(http, "header", headers, scope);
        headers.keySet().removeIf(Direct::isOfConnection);
        return headers;
    }

    /** Applies the mappings of a part of the request: {@code integration.request.x.NAME}, {@code append:x.NAME}. */
    private static void put(Backend.Http http, String part, Map<String, List<String>> values, Scope scope) {
        http.parameters().forEach((target, source) -> {
            Matcher named = Pattern.compile("(integration\\.request\\.|append:|overwrite:|remove:)" + part
                    + "\\.(.+)").matcher(target);
            if (!named.matches()) return;
            if (!named.group(1).equals("append:")) values.remove(named.group(2));
            if (named.group(1).equals("remove:")) return;
            values.computeIfAbsent(named.group(2), name -> new ArrayList<>()).add(scope.value(source));
        });
    }

    private static String address(Backend.Http http, Scope scope) {
        Map<String, List<String>> path = new HashMap<>();
        scope.match().parameters().forEach((name, value) -> path.put(name, new ArrayList<>(List.of(value))));
        put(http, "path", path, scope);
        String address = VARIABLE.matcher(http.uri()).replaceAll(variable -> Matcher.quoteReplacement(
                String.join("", path.getOrDefault(variable.group(1), List.of("")))));
        String other = http.parameters().get("overwrite:path");
        if (other != null) {
            address = address.replaceFirst("^(\\w+://[^/]*).*", "$1") + scope.value(other);
        }
        String query = query(http, scope);
        return query.isEmpty() ? address : address + (address.contains("?") ? "&" : "?") + query;
    }

    private static String query(Backend.Http http, Scope scope) {
        String sent = scope.request().query();
        boolean isAsSent = http.isProxy() && http.parameters().keySet().stream()
                .noneMatch(name -> name.contains("querystring."));
        if (isAsSent) return sent == null ? "" : sent;
        Map<String, List<String>> values = http.isProxy() ? scope.request().queryValues()
                : new LinkedHashMap<>();
        put(http, "querystring", values, scope);
        return values.entrySet().stream().flatMap(each -> each.getValue().stream().map(value ->
                URLEncoder.encode(each.getKey(), UTF_8) + "=" + URLEncoder.encode(value, UTF_8)))
                .collect(Collectors.joining("&"));
    }
}
