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
import java.util.stream.Collectors;
import samlocal.base.Json;
import samlocal.sam.Checks;

/** Validates requests ("Request validation for REST APIs"). */
final class Validation {
    private static final int MOST_FAULTS = 3;

    private Validation() {
    }

    /** @throws Rejection if parameters or, after them, the body are invalid */
    static void check(Scope scope) throws Rejection {
        Checks checks = scope.route().declaration().checks();
        if (checks == null) return;
        List<String> missing = checks.parameters().stream()
                .filter(name -> scope.value("method.request." + name).isEmpty())
                .map(name -> name.replaceFirst("^\\w+\\.", "")).toList();
        if (!missing.isEmpty()) {
            throw new Rejection(Refusal.BAD_REQUEST_PARAMETERS, "Missing required request parameters: " + missing,
                    "missing: " + String.join(", ", missing), null);
        }
        String note = faultInBody(checks, scope);
        if (!note.isEmpty()) throw new Rejection(Refusal.BAD_REQUEST_BODY, note);
    }

    private static String faultInBody(Checks checks, Scope scope) {
        String schema = checks.schemas().get(scope.mediaType());
        byte[] body = scope.request().body();
        if (schema == null) return "";
        if (body.length == 0) return checks.isBodyRequired() ? "the body is missing" : "";
        return Json.faultIn(body).map(fault -> "the body is not JSON: " + fault)
                .orElseGet(() -> Schemas.faults(schema, new String(body, UTF_8)));
    }

    /** A separate class, so that the library is loaded only if a template has models. */
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
