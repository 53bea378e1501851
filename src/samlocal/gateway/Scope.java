package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.http.Body;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.Call;
import samlocal.sam.Api;
import samlocal.sam.Backend;
import samlocal.sam.GatewayResponse;
import samlocal.sam.Route;

/**
 * A request in an API, with the values that mappings refer to (API Gateway Developer Guide, "Parameter mapping",
 * "Mapping template variables"; of mapping templates only plain references).
 */
record Scope(Request request, Router.Match match, String requestId, Caller caller, Map<String, Object> error) {
    private static final Pattern BRACES = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern STEP = Pattern.compile("\\.(\\w+)|\\['([^']*)']|\\[(\\d+)]");
    private static final Pattern INDEX = Pattern.compile("\\d{1,9}");
    private static final Response NO_ANSWER = new Response(0, Map.of(), new byte[0]);

    Scope(Request request, Router.Match match, String requestId) {
        this(request, match, requestId, Caller.NOBODY, Map.of());
    }

    /** Creates a scope with a new request id. */
    static Scope of(Request request, Router.Match match) {
        return new Scope(request, match, RequestIds.random());
    }

    /** The same request with an identified caller. */
    Scope by(Caller other) {
        return new Scope(request, match, requestId, other, error);
    }

    Route route() {
        return match.route();
    }

    Api api() {
        return match.route().api();
    }

    String function() {
        return match.route().function();
    }

    /** The call of an authorizer's function. */
    Call call(byte[] event) {
        return new Call(requestId, event, RequestIds.trace(request, requestId), null);
    }

    /** The call of the route's function. */
    Call call(byte[] event, Backend.Lambda backend) {
        String tenant = value(backend.tenant());
        return new Call(requestId, event, RequestIds.trace(request, requestId), tenant.isEmpty() ? null : tenant)
                .at(backend.qualifier());
    }

    boolean isRest() {
        return api().isRest();
    }

    /** Whether the route's events and results have payload format 1.0. */
    boolean isFirstVersion() {
        return route().payload().equals("1.0");
    }

    /** The media type of the request's body, JSON if it has no Content-Type. */
    String mediaType() {
        return request.header("Content-Type").orElse("application/json").replaceFirst("\\s*;.*", "");
    }

    /** The request as an event in a payload format, as plain values. */
    Map<String, Object> event(String payload) {
        return new Events(request, route().withPayload(payload), match.parameters(), requestId).event();
    }

    Response response(Refusal refusal) {
        return response(refusal, refusal.message());
    }

    /** A gateway response, which a REST API may customize in its GatewayResponses. */
    Response response(Refusal refusal, String message) {
        Response usual = refusal.of(api(), message);
        GatewayResponse own = own(refusal);
        if (own == null) return usual;
        Scope failed = new Scope(request, match, requestId, caller, Json.object(
                "message", message,
                "messageString", Json.write(message),
                "responseType", refusal.types().get(0)));
        Response headed = failed.headed(own.status() == 0 ? usual : usual.with(own.status()), refusal);
        return own.templates().entrySet().stream().findFirst().map(template -> headed
                .with("Content-Type", template.getKey())
                .with(Body.of(failed.render(template.getValue()).getBytes(UTF_8)))).orElse(headed);
    }

    /** Adds the headers that the API configures for this kind of gateway response. */
    Response headed(Response response, Refusal refusal) {
        GatewayResponse own = own(refusal);
        if (own == null) return response;
        Response headed = response;
        for (Map.Entry<String, String> header : own.headers().entrySet()) {
            String value = value(header.getValue());
            if (!value.isEmpty()) headed = headed.with(header.getKey(), value);
        }
        return headed;
    }

    private GatewayResponse own(Refusal refusal) {
        return refusal.types().stream().map(api().responses()::get).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The value of a mapping such as {@code method.request.header.X}, {@code $context.stage}, {@code 'fixed'}. */
    String value(String mapping) {
        return value(mapping, NO_ANSWER);
    }

    /** The value of a mapping in which {@code integration.response} refers to {@code answer}. */
    String value(String mapping, Response answer) {
        boolean isFixed = mapping.length() > 1 && mapping.startsWith("'") && mapping.endsWith("'");
        if (isFixed) return mapping.substring(1, mapping.length() - 1);
        if (BRACES.matcher(mapping).find()) {
            return BRACES.matcher(mapping).replaceAll(part ->
                    Matcher.quoteReplacement(value("$" + part.group(1), answer)));
        }
        String bare = mapping.replaceFirst("^\\$", "").replaceFirst("^method\\.", "");
        String[] parts = bare.split("\\.", 3);
        String rest = bare.replaceFirst("^[^.]*\\.", "");
        return switch (parts[0]) {
            case "request" -> parts.length < 3 ? request.path() : ofRequest(parts[1], parts[2]);
            case "context" -> text(step(context(), rest.split("\\.")));
            case "stageVariables" -> route().api().variables().getOrDefault(rest, "");
            case "integration" -> answer.header(parts[parts.length - 1].replaceFirst("^\\w*header\\.", ""))
                    .map(values -> values.get(0)).orElse("");
            default -> mapping;
        };
    }

    private String ofRequest(String where, String name) {
        return switch (where) {
            case "header", "multivalueheader" -> request.header(name).orElse("");
            case "querystring", "multivaluequerystring" -> request.queryValue(name).orElse("");
            case "path" -> match.parameters().getOrDefault(name, "");
            default -> "";
        };
    }

    private Map<String, Object> context() {
        Map<String, Object> context = Events.object(event("2.0"), "requestContext");
        context.putAll(Events.object(event("1.0"), "requestContext"));
        if (caller.authorizer() != null) context.put("authorizer", caller.authorizer());
        context.put("error", error);
        return context;
    }

    private static Object step(Object value, String... names) {
        Object reached = value;
        for (String name : names) {
            reached = reached instanceof Map<?, ?> map ? map.get(name)
                    : reached instanceof List<?> list && INDEX.matcher(name).matches()
                    && Integer.parseInt(name) < list.size() ? list.get(Integer.parseInt(name)) : null;
        }
        return reached;
    }

    private static String text(Object value) {
        return value == null ? "" : value instanceof String text ? text : Json.write(value);
    }

    /** Renders a template by replacing its references. */
    String render(String template) {
        Matcher reference = Backend.REFERENCE.matcher(template);
        StringBuilder text = new StringBuilder();
        while (reference.find()) {
            boolean isClosed = reference.group("open") == null && reference.group("close") != null;
            reference.appendReplacement(text, Matcher.quoteReplacement(referred(reference) + (isClosed ? "}" : "")));
        }
        return reference.appendTail(text).toString();
    }

    private String referred(Matcher reference) {
        if (reference.group("whole") != null) return new String(request.body(), UTF_8);
        String scope = reference.group("scope");
        if (scope != null) return value(scope + "." + reference.group("name"));
        String argument = reference.group("argument");
        return reference.group("function").equals("json") ? json(argument)
                : Stream.of("path", "querystring", "header").map(where -> ofRequest(where, argument))
                .filter(value -> !value.isEmpty()).findFirst().orElse("");
    }

    /** The part of the body at a path such as {@code $.a.b[0]}, as JSON. */
    private String json(String path) {
        try {
            String[] names = STEP.matcher(path).results().map(step -> Stream.of(1, 2, 3).map(step::group)
                    .filter(Objects::nonNull).findFirst().orElseThrow()).toArray(String[]::new);
            Object value = step(Json.read(new String(request.body(), UTF_8)), names);
            return value == null ? "" : Json.write(value);
        } catch (IOException e) {
            return "";
        }
    }
}
