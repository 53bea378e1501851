package samlocal.sam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Mapping;
import samlocal.template.Value;

/**
 * Request validation of one REST API, from SAM's RequestModel and RequestParameters, an OpenAPI document's
 * "x-amazon-apigateway-request-validator", or CloudFormation's RequestValidator and Model. A route without validation
 * has null instead of {@link Checks}.
 */
record Models(Stack stack, Mapping properties, Mapping document) {
    private static final String VALIDATOR = "x-amazon-apigateway-request-validator";
    private static final Pattern NAMED =
            Pattern.compile("(?:method\\.request\\.)?((?:header|querystring|path)\\..+)");

    /** Collects the requirements of one route. */
    private static final class Draft {
        private final List<String> parameters = new ArrayList<>();
        private final Map<String, String> schemas = new LinkedHashMap<>();

        void require(String name) {
            Matcher named = NAMED.matcher(name);
            if (named.matches()) parameters.add(named.group(1));
        }

        Checks checks(boolean isBodyRequired) {
            return parameters.isEmpty() && schemas.isEmpty() ? null : new Checks(parameters, schemas, isBodyRequired);
        }
    }

    /** The checks of a SAM event. */
    Checks ofEvent(Mapping event) {
        Mapping wanted = event.map("RequestModel");
        Draft draft = new Draft();
        if (wanted.isTrue("ValidateParameters")) {
            // A name alone, without a map, is not required.
            Value.items(event.get("RequestParameters")).forEach(item -> Mapping.orEmpty(item).entries()
                    .forEach((name, rules) -> {
                        if (Mapping.orEmpty(rules).isTrue("Required")) draft.require(name);
                    }));
        }
        if (wanted.isTrue("ValidateBody")) {
            Mapping models = properties.map("Models");
            String name = wanted.string("Model");
            Value model = defined("model", name, models, wanted.place());
            draft.schemas.put("application/json", schema(model, Map.of("definitions", models.plain())));
        }
        return draft.checks(wanted.isTrue("Required"));
    }

    private static Value defined(String what, String name, Mapping all, Place place) {
        return all.value(name).orElseThrow(() -> Fault.project(what + " `" + name + "` is not defined", place,
                Nearest.hint(name, all.entries().keySet())));
    }

    /** A schema with the definitions that it can refer to. */
    private static String schema(Value schema, Map<String, Object> definitions) {
        Map<String, Object> all = new LinkedHashMap<>(definitions);
        all.put("allOf", List.of(schema.plain()));
        return Json.write(all).replaceAll("https://apigateway\\.amazonaws\\.com/restapis/[^/\"]+/models/",
                "#/definitions/");
    }

    /** The checks of an OpenAPI operation. */
    Checks ofOperation(Mapping operation) {
        String name = operation.string(VALIDATOR).isEmpty() ? document.string(VALIDATOR) : operation.string(VALIDATOR);
        if (name.isEmpty()) return null;
        Mapping validator = Mapping.orEmpty(defined("request validator", name, document.map(VALIDATOR + "s"),
                operation.place()));
        Draft draft = new Draft();
        boolean isBodyRequired = operation.map("requestBody").isTrue("required");
        for (Value value : Value.items(operation.get("parameters"))) {
            Mapping parameter = Mapping.orEmpty(referenced(value));
            boolean isRequired = parameter.isTrue("required");
            String where = parameter.string("in");
            if (where.equals("body") && validator.isTrue("validateRequestBody")) {
                addSchema(draft, "application/json", parameter);
                isBodyRequired |= isRequired;
            } else if (isRequired && validator.isTrue("validateRequestParameters")) {
                draft.require((where.equals("query") ? "querystring" : where) + "." + parameter.string("name"));
            }
        }
        if (validator.isTrue("validateRequestBody")) {
            operation.map("requestBody").map("content").entries().forEach((type, content) ->
                    addSchema(draft, type, Mapping.orEmpty(content)));
        }
        return draft.checks(isBodyRequired);
    }

    private void addSchema(Draft draft, String type, Mapping holder) {
        Map<String, Value> definitions = new LinkedHashMap<>(document.entries());
        definitions.keySet().retainAll(Set.of("definitions", "components"));
        @SuppressWarnings("unchecked")
        Map<String, Object> plain = (Map<String, Object>) document.with(definitions).plain();
        holder.value("schema").ifPresent(schema -> draft.schemas.put(type, schema(schema, plain)));
    }

    /** Resolves a reference to a shared parameter. */
    private Value referenced(Value value) {
        String reference = Mapping.orEmpty(value).string("$ref");
        if (!reference.startsWith("#/")) return value;
        Value found = document;
        for (String step : reference.substring(2).split("/")) found = Mapping.orEmpty(found).get(step);
        return found;
    }

    /** The checks of a CloudFormation method. */
    Checks ofResource(Mapping method) {
        Stack.Resource validator = stack.resources().get(method.string("RequestValidatorId"));
        if (validator == null) return null;
        Draft draft = new Draft();
        if (validator.properties().isTrue("ValidateRequestParameters")) {
            Mapping parameters = method.map("RequestParameters");
            parameters.entries().keySet().stream().filter(parameters::isTrue).forEach(draft::require);
        }
        if (validator.properties().isTrue("ValidateRequestBody")) {
            method.map("RequestModels").entries().forEach((type, name) -> {
                Stack.Resource model = stack.resources().get(Value.text(name));
                if (model == null) return; // such as Empty, which every API has
                model.properties().value("Schema").ifPresent(schema -> draft.schemas.put(type,
                        schema(schema, Map.of("definitions", Map.of()))));
            });
        }
        return draft.checks(!draft.schemas.isEmpty());
    }
}
