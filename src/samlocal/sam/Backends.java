package samlocal.sam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.Value;

/** Reads integrations from SAM, OpenAPI documents and CloudFormation resources. */
final class Backends {
    /** The alias or version in the ARN of a function. */
    private static final Pattern QUALIFIED = Pattern.compile(":function:[^:/]+:([^:/]+)");
    private static final Pattern STAGE_VARIABLE = Pattern.compile("\\$\\{stageVariables\\.(\\w+)}");
    private static final Pattern SERVICE =
            Pattern.compile("arn:[\\w-]+:apigateway:[\\w-]*:(?!lambda:)([\\w.-]+):.*");
    private static final Pattern DIRECTIVE =
            Pattern.compile("#\\{?(set|if|elseif|else|end|foreach|macro|parse|include|define|break|stop)\\b");
    private static final Pattern REFERENCE = Pattern.compile("\\$!?\\{?(input|util)\\b[^\\s\"]*");
    private static final Set<String> RESPONSE_TYPES = Specification.of("names").get("gatewayResponses");

    private final Stack stack;

    Backends(Stack stack) {
        this.stack = stack;
    }

    /**
     * Reads an integration, if there is one.
     *
     * @param written the integration; its keys may begin with upper-case or lower-case letters
     * @param route names the route in messages
     */
    Optional<Backend> of(Api api, Mapping written, String route, Place place) {
        String type = anyCase(written, "IntegrationType").isEmpty() ? anyCase(written, "Type")
                : anyCase(written, "IntegrationType");
        String uri = anyCase(written, "IntegrationUri").isEmpty() ? anyCase(written, "Uri")
                : anyCase(written, "IntegrationUri");
        String service = Stream.of(anyCase(written, "IntegrationSubtype"), SERVICE.matcher(uri).replaceFirst("$1"))
                .filter(text -> !text.isEmpty() && !text.equals(uri)).findFirst().orElse("");
        Backend backend = switch (type.toUpperCase(Locale.ROOT)) {
            case "MOCK" -> mock(written);
            case "HTTP_PROXY", "HTTP" -> http(api, written, uri, type.equalsIgnoreCase("HTTP_PROXY"));
            case "AWS" -> new Backend.Unsupported("AWS integration of " + (service.isEmpty() ? "Lambda"
                    : service) + " with mapping templates");
            case "AWS_PROXY" -> service.isEmpty() ? null : new Backend.Unsupported("integration of " + service);
            case "" -> null;
            default -> new Backend.Unsupported("integration of type " + type);
        };
        boolean isFunction = backend == null && (type.isEmpty() ? !uri.isEmpty() : true);
        if (isFunction) return ofFunction(api, written, uri, route, place);
        return Optional.ofNullable(backend instanceof Backend.Unsupported unsupported
                ? unsupported(unsupported.reason(), route, place) : backend);
    }

    /** An unsupported integration, with a warning. */
    Backend unsupported(String reason, String route, Place place) {
        stack.problems().warn(route + " responds with 501: its " + reason + " is not supported", place,
                "supported are Lambda proxy, MOCK and HTTP integrations");
        return new Backend.Unsupported(reason);
    }

    private Optional<Backend> ofFunction(Api api, Mapping written, String uri, String route, Place place) {
        Optional<FunctionDefinition> function = function(uri, api.variables(), place);
        if (function.isPresent()) return Optional.of(lambda(api, function.get(), written, uri));
        stack.problems().warn(route + " responds with 502: its function is not in this template", place, null);
        return Optional.of(new Backend.Missing());
    }

    /** The function at a URI, which may contain stage variables. */
    Optional<FunctionDefinition> function(String uri, Map<String, String> variables, Place place) {
        return stack.functionNamed(STAGE_VARIABLE.matcher(uri).replaceAll(match ->
                Matcher.quoteReplacement(variables.getOrDefault(match.group(1), match.group()))), place);
    }

    /** A Lambda integration; {@code written} has the gateway's timeout and whether the response is streamed. */
    static Backend.Lambda lambda(Api api, FunctionDefinition function, Mapping written, String uri) {
        boolean isStreamed = api.isUrl() ? "RESPONSE_STREAM".equals(anyCase(written, "InvokeMode"))
                : api.isRest() && ("STREAM".equals(anyCase(written, "ResponseTransferMode"))
                || uri.endsWith("/response-streaming-invocations"));
        int millis = api.isUrl() || isStreamed && anyCase(written, "TimeoutInMillis").isEmpty() ? 0
                : timeout(api, written);
        Matcher qualified = QUALIFIED.matcher(uri);
        return new Backend.Lambda(function.id(), function.handler(), qualified.find() ? qualified.group(1) : "",
                api.isRest() ? tenant(written) : "", millis, isStreamed);
    }

    /** The source of the tenant ID ("Invoking Lambda functions with tenant isolation"); only REST APIs can send one. */
    private static String tenant(Mapping written) {
        return texts(valueOf(written, "RequestParameters")).entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase("integration.request.header.X-Amz-Tenant-Id"))
                .map(Map.Entry::getValue).findFirst().orElse("");
    }

    private static int timeout(Api api, Mapping written) {
        String millis = anyCase(written, "TimeoutInMillis");
        return millis.matches("[1-9]\\d{0,6}") ? Integer.parseInt(millis)
                : api.isRest() ? Backend.REST_MILLIS : Backend.HTTP_MILLIS;
    }

    /** A setting whose name begins with an upper-case letter in CloudFormation and a lower-case letter in OpenAPI. */
    static String anyCase(Mapping written, String name) {
        return Value.text(valueOf(written, name));
    }

    private static Value valueOf(Mapping written, String name) {
        return written.anyCase(name).orElse(null);
    }

    static Map<String, String> texts(Value value) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (value instanceof Mapping map) map.entries().forEach((key, text) -> texts.put(key, textOf(text)));
        return texts;
    }

    /** The text of a mapping template, which may be written as a string or as the JSON that it produces. */
    private static String textOf(Value value) {
        return value instanceof Scalar ? Value.text(value) : Json.write(value.plain());
    }

    private static Backend mock(Mapping written) {
        Map<String, String> requests = texts(valueOf(written, "RequestTemplates"));
        List<Backend.Mapped> answers = answers(written);
        return orUnsupported(new Backend.Mock(requests, answers), requests, answers);
    }

    private static Backend http(Api api, Mapping written, String uri, boolean isProxy) {
        Map<String, String> requests = isProxy ? Map.of() : texts(valueOf(written, "RequestTemplates"));
        List<Backend.Mapped> answers = isProxy ? List.of() : answers(written);
        String method = Stream.of(anyCase(written, "IntegrationHttpMethod"), anyCase(written, "IntegrationMethod"),
                anyCase(written, "HttpMethod")).filter(text -> !text.isEmpty()).findFirst().orElse("ANY");
        return orUnsupported(new Backend.Http(isProxy, method.toUpperCase(Locale.ROOT), uri,
                texts(valueOf(written, "RequestParameters")), requests, answers, timeout(api, written)), requests,
                answers);
    }

    /** Integration responses: a map by pattern in OpenAPI, a list in CloudFormation. */
    private static List<Backend.Mapped> answers(Mapping written) {
        List<Backend.Mapped> answers = new ArrayList<>();
        if (valueOf(written, "Responses") instanceof Mapping map) {
            map.entries().forEach((pattern, value) -> {
                if (value instanceof Mapping answer) answers.add(mapped(pattern, answer));
            });
        } else if (valueOf(written, "IntegrationResponses") instanceof Sequence list) {
            list.items().forEach(value -> {
                if (!(value instanceof Mapping answer)) return;
                answers.add(mapped(anyCase(answer, "SelectionPattern"), answer));
            });
        }
        return answers;
    }

    private static Backend.Mapped mapped(String pattern, Mapping answer) {
        boolean isDefault = pattern.isEmpty() || pattern.equals("default");
        String status = anyCase(answer, "StatusCode");
        try {
            return new Backend.Mapped(isDefault ? null : Pattern.compile(pattern),
                    status.matches("[2-5]\\d\\d") ? Integer.parseInt(status) : 200,
                    texts(valueOf(answer, "ResponseParameters")), texts(valueOf(answer, "ResponseTemplates")));
        } catch (PatternSyntaxException e) {
            throw Fault.project("`" + pattern + "` is not a valid regular expression: " + e.getDescription(),
                    answer.place());
        }
    }

    private static Backend orUnsupported(Backend backend, Map<String, String> requests,
            List<Backend.Mapped> answers) {
        return Stream.concat(requests.values().stream(), answers.stream().flatMap(answer ->
                answer.templates().values().stream())).flatMap(template -> unsupported(template).stream())
                .findFirst().<Backend>map(part -> new Backend.Unsupported("mapping template with `" + part + "`"))
                .orElse(backend);
    }

    /** The first part of a mapping template that is not a supported reference. */
    private static Optional<String> unsupported(String template) {
        Matcher directive = DIRECTIVE.matcher(template);
        if (directive.find()) return Optional.of(directive.group());
        return REFERENCE.matcher(template).results().filter(reference -> !Backend.REFERENCE.matcher(template)
                .region(reference.start(), template.length()).lookingAt()).map(MatchResult::group).findFirst();
    }

    /** The gateway responses of an API, by type: from SAM, its document, and separate resources. */
    Map<String, GatewayResponse> responses(String api, Mapping properties, Mapping document) {
        Map<String, GatewayResponse> all = new LinkedHashMap<>();
        Stream.of(document.get("x-amazon-apigateway-gateway-responses"),
                properties.get("GatewayResponses")).forEach(written -> {
                    if (!(written instanceof Mapping map)) return;
                    map.entries().forEach((type, value) -> put(type, value, all));
                });
        stack.resources().values().stream().filter(each -> each.is("AWS::ApiGateway::GatewayResponse"))
                .map(Stack.Resource::properties)
                .filter(each -> each.string("RestApiId").equals(api))
                .forEach(each -> put(each.string("ResponseType"), each, all));
        return all;
    }

    private static void put(String type, Value value, Map<String, GatewayResponse> all) {
        if (!(value instanceof Mapping written) || Intrinsics.isUnknown(value)) return;
        if (!RESPONSE_TYPES.contains(type)) {
            throw Fault.project("`" + type + "` is not a gateway response type", written.place(),
                    Nearest.hint(type, RESPONSE_TYPES));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        Map<String, String> parameters = texts(valueOf(written, "ResponseParameters"));
        parameters.forEach((name, source) -> {
            if (name.startsWith("gatewayresponse.header.")) headers.put(name.substring(23), source);
        });
        if (valueOf(written, "ResponseParameters") instanceof Mapping map) {
            headers.putAll(texts(map.get("Headers")));
        }
        String status = anyCase(written, "StatusCode");
        all.put(type, new GatewayResponse(status.matches("[1-5]\\d\\d") ? Integer.parseInt(status) : 0, headers,
                texts(valueOf(written, "ResponseTemplates"))));
    }
}
