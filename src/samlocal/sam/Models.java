package samlocal.sam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.Value;

/**
 * Request validation of one REST API: SAM's RequestModel and RequestParameters, an OpenAPI document's
 * "x-amazon-apigateway-request-validator", RequestValidator and Model of CloudFormation.
 */
final class Models {
    private static final String VALIDATOR = "x-amazon-apigateway-request-validator";
    private static final Pattern NAMED =
            Pattern.compile("(?:method\\.request\\.)?((?:header|querystring|path)\\..+)");

    /** Which of the two a validator looks at. */
    private record Scrutiny(boolean parameters, boolean body) {
        static final Scrutiny NONE = new Scrutiny(false, false);
    }

    private final Stack stack;
    private final Mapping properties;
    private final Mapping document;

    Models(Stack stack, Mapping properties, Mapping document) {
        this.stack = stack;
        this.properties = properties;
        this.document = document;
    }

    private static Mapping mapping(Mapping within, String key) {
        return within.value(key).orElse(null) instanceof Mapping map ? map : Mapping.empty(within.place());
    }

    private static String text(Mapping within, String key) {
        return Intrinsics.text(within.entries().get(key));
    }

    private static boolean isTrue(Mapping within, String key) {
        return text(within, key).equals("true");
    }

    private static Checks orNull(List<String> parameters, Map<String, String> schemas, boolean isBodyRequired) {
        return parameters.isEmpty() && schemas.isEmpty() ? null : new Checks(parameters, schemas, isBodyRequired);
    }

    /** What a SAM event asks for, or null. */
    Checks ofEvent(Mapping event) {
        Mapping wanted = mapping(event, "RequestModel");
        List<String> parameters = new ArrayList<>();
        if (isTrue(wanted, "ValidateParameters") && event.value("RequestParameters").orElse(null)
                instanceof Sequence list) {
            list.items().forEach(item -> {
                if (!(item instanceof Mapping map)) return; // a name alone is not required
                map.entries().forEach((name, value) -> {
                    if (value instanceof Mapping rules && isTrue(rules, "Required")) add(name, parameters);
                });
            });
        }
        Map<String, String> schemas = new LinkedHashMap<>();
        if (isTrue(wanted, "ValidateBody")) {
            schemas.put("application/json", model(text(wanted, "Model"), wanted.place()));
        }
        return orNull(parameters, schemas, isTrue(wanted, "Required"));
    }

    private static void add(String name, List<String> parameters) {
        Matcher named = NAMED.matcher(name);
        if (named.matches()) parameters.add(named.group(1));
    }

    private String model(String name, Place place) {
        Mapping models = mapping(properties, "Models");
        Value model = models.value(name).orElse(null);
        if (model == null) {
            throw Fault.project("model `" + name + "` is not defined", place,
                    Nearest.to(name, models.entries().keySet()).map(near -> "did you mean `" + near + "`?")
                    .orElse(null));
        }
        return schema(model, models);
    }

    /** A schema in which references to the others are known. */
    private static String schema(Value schema, Mapping definitions) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("allOf", List.of(schema.plain()));
        all.put("definitions", definitions.plain());
        return Json.write(all).replaceAll("https://apigateway\\.amazonaws\\.com/restapis/[^/\"]+/models/",
                "#/definitions/");
    }

    /** What an OpenAPI operation asks for, or null. */
    Checks ofOperation(Mapping operation) {
        Scrutiny scrutiny = scrutiny(operation);
        List<String> parameters = new ArrayList<>();
        Map<String, String> schemas = new LinkedHashMap<>();
        boolean isBodyRequired = false;
        List<Value> written = operation.value("parameters").orElse(null) instanceof Sequence list ? list.items()
                : List.of();
        for (Value value : written) {
            if (!(resolved(value) instanceof Mapping parameter)) continue;
            String where = text(parameter, "in");
            if (where.equals("body") && scrutiny.body()) {
                parameter.value("schema").ifPresent(schema -> schemas.put("application/json", ofDocument(schema)));
                isBodyRequired = isTrue(parameter, "required");
            }
            String name = (where.equals("query") ? "querystring" : where) + "." + text(parameter, "name");
            if (scrutiny.parameters() && isTrue(parameter, "required")) add(name, parameters);
        }
        Mapping body = mapping(operation, "requestBody");
        if (scrutiny.body()) {
            mapping(body, "content").entries().forEach((type, value) -> {
                if (!(value instanceof Mapping content)) return;
                content.value("schema").ifPresent(schema -> schemas.put(type, ofDocument(schema)));
            });
        }
        return orNull(parameters, schemas, isBodyRequired || isTrue(body, "required"));
    }

    private Scrutiny scrutiny(Mapping operation) {
        String name = text(operation, VALIDATOR).isEmpty() ? text(document, VALIDATOR) : text(operation, VALIDATOR);
        if (name.isEmpty()) return Scrutiny.NONE;
        Mapping validators = mapping(document, VALIDATOR + "s");
        if (validators.value(name).isEmpty()) {
            throw Fault.project("request validator `" + name + "` is not defined", operation.place(),
                    Nearest.to(name, validators.entries().keySet()).map(near -> "did you mean `" + near + "`?")
                    .orElse(null));
        }
        Mapping validator = mapping(validators, name);
        return new Scrutiny(isTrue(validator, "validateRequestParameters"),
                isTrue(validator, "validateRequestBody"));
    }

    /** A parameter may be a reference to one that all operations share. */
    private Value resolved(Value value) {
        String reference = value instanceof Mapping map ? text(map, "$ref") : "";
        Value found = document;
        if (!reference.startsWith("#/")) return value;
        for (String step : reference.substring(2).split("/")) {
            found = found instanceof Mapping map ? map.entries().get(step) : null;
        }
        return found;
    }

    private String ofDocument(Value schema) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("allOf", List.of(schema.plain()));
        Stream.of("definitions", "components").forEach(key ->
                document.value(key).ifPresent(value -> all.put(key, value.plain())));
        return Json.write(all);
    }

    /** What a plain method asks for, or null. */
    Checks ofResource(Mapping method) {
        Stack.Resource resource = stack.resources().get(text(method, "RequestValidatorId"));
        if (resource == null) return null;
        List<String> parameters = new ArrayList<>();
        if (isTrue(resource.properties(), "ValidateRequestParameters")) {
            mapping(method, "RequestParameters").entries().forEach((name, required) -> {
                if (Intrinsics.text(required).equals("true")) add(name, parameters);
            });
        }
        Map<String, String> schemas = new LinkedHashMap<>();
        if (isTrue(resource.properties(), "ValidateRequestBody")) {
            mapping(method, "RequestModels").entries().forEach((type, name) -> {
                Stack.Resource model = stack.resources().get(Intrinsics.text(name));
                if (model == null) return; // such as the Empty that each API has
                model.properties().value("Schema").ifPresent(schema ->
                        schemas.put(type, schema(schema, Mapping.empty(null))));
            });
        }
        return orNull(parameters, schemas, !schemas.isEmpty());
    }
}
