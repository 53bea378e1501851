package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import samlocal.base.Json;
import samlocal.sam.Checks;

/**
 * What is wrong with a request ("Request validation for REST APIs"), and in which words the gateway says so.
 *
 * @param note what exactly, for the console
 */
record Validation(Refusal refusal, String message, String note) {
    private static final int MOST_FAULTS = 3;

    /** The first thing that is wrong, parameters before the body. */
    static Optional<Validation> of(Scope scope) {
        Checks checks = scope.route().checks();
        return checks == null ? Optional.empty() : ofParameters(checks, scope).or(() -> ofBody(checks, scope));
    }

    private static Optional<Validation> ofParameters(Checks checks, Scope scope) {
        List<String> missing = checks.parameters().stream()
                .filter(name -> scope.value("method.request." + name, Map.of()).isEmpty())
                .map(name -> name.replaceFirst("^\\w+\\.", "")).toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(new Validation(Refusal.BAD_REQUEST_PARAMETERS,
                "Missing required request parameters: " + missing, "missing: " + String.join(", ", missing)));
    }

    private static Optional<Validation> ofBody(Checks checks, Scope scope) {
        String type = scope.request().header("Content-Type").orElse("application/json").replaceFirst("\\s*;.*", "");
        String schema = checks.schemas().get(type);
        if (schema == null) return Optional.empty();
        byte[] body = scope.request().body();
        String note = body.length == 0 ? checks.isBodyRequired() ? "no body" : ""
                : Json.faultIn(body).map(fault -> "no JSON: " + fault)
                .orElseGet(() -> Schemas.faults(schema, new String(body, UTF_8)));
        return note.isEmpty() ? Optional.empty()
                : Optional.of(new Validation(Refusal.BAD_REQUEST_BODY, "Invalid request body", note));
    }

    /** Kept apart, so that the library is only loaded where a template has models. */
    private static final class Schemas {
        private static final URI SCHEMA = URI.create("urn:samlocal:model");
        private static final JacksonNode.Factory NODES = new JacksonNode.Factory(JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());

        private Schemas() {
        }

        static String faults(String schema, String body) {
            try {
                Validator validator = new ValidatorFactory().withDefaultDialect(new Dialects.Draft4Dialect())
                        .withDialect(new Dialects.Draft4Dialect()).withDisabledSchemaValidation(true)
                        .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                        .withJsonNodeFactory(NODES).createValidator();
                validator.registerSchema(SCHEMA, schema);
                Validator.Result result = validator.validate(SCHEMA, body);
                return result.isValid() ? "" : result.getErrors().stream().limit(MOST_FAULTS).map(error ->
                        (error.getInstanceLocation().isEmpty() ? "the body" : error.getInstanceLocation()) + ": "
                        + error.getError()).collect(Collectors.joining("; "));
            } catch (RuntimeException e) {
                return "the model cannot be used: " + e.getMessage();
            }
        }
    }
}
