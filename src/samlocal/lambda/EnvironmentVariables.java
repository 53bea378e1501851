package samlocal.lambda;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import samlocal.runtime.LambdaSystem;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.RuntimeFamily;

/** The environment variables of a function. */
public final class EnvironmentVariables {
    /** Variables of the shell that are passed on, besides those that the template declares. */
    private static final Set<String> PASSED = Set.of("AWS_ACCOUNT_ID", "AWS_PROFILE", "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE", "PATH");

    private EnvironmentVariables() {
    }

    /**
     * All variables of the function's process (Lambda Developer Guide, "Defined runtime environment variables"). As
     * with {@code sam local}, the shell's value of a variable that the template declares overrides the template's; a
     * file's value overrides both.
     *
     * <p>{@code AWS_ACCOUNT_ID} is passed on only if the user has set it, since the SDKs build endpoints from it.
     * {@code sam local} always sets it. {@link LambdaSystem} adds {@code LAMBDA_TASK_ROOT} when a handler reads it.
     */
    public static Map<String, String> of(FunctionDefinition definition, Credentials credentials) {
        Map<String, String> variables = new TreeMap<>(defined(definition));
        variables.putAll(credentials.variables());
        definition.environment().forEach((name, value) -> variables.put(name, shell(name, value)));
        variables.putAll(definition.overrides());
        return Collections.unmodifiableMap(variables);
    }

    private static Map<String, String> defined(FunctionDefinition definition) {
        String region = definition.aws().region();
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_SAM_LOCAL", "true");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", definition.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(definition.memoryMegabytes()));
        variables.put("AWS_LAMBDA_FUNCTION_TIMEOUT", String.valueOf(definition.timeoutSeconds()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + definition.name());
        variables.putAll(definition.logging());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        if (definition.family() != RuntimeFamily.PROVIDED) {
            variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_"
                    + (definition.runtime().isEmpty() ? "java" : definition.runtime()));
        }
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        variables.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
        variables.put("_HANDLER", definition.handler());
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        System.getenv().forEach((name, value) -> {
            if (PASSED.contains(name) || name.startsWith("AWS_ENDPOINT_URL")) variables.put(name, value);
        });
        return variables;
    }

    private static String shell(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
    }

    private static String logStream() {
        String day = DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC).format(Instant.now());
        return day + "/[$LATEST]" + UUID.randomUUID().toString().replace("-", "");
    }
}
