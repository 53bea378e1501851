package samlocal.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.sam.Api;
import samlocal.sam.AuthorizerRules;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;

/** Warnings at startup. */
public final class StartWarnings {
    private StartWarnings() {
    }

    /** Warnings about behavior that a user may not expect. */
    static List<Problem> of(Project project, Config config, boolean isReachableFromElsewhere) {
        List<Problem> warnings = new ArrayList<>();
        project.functions().stream().filter(function -> function.unsupportedReason() != null).forEach(function ->
                warnings.add(new Problem("`" + function.id() + "` " + function.unsupportedReason(), null, null)));
        warnings.addAll(tooNew(project.functions()));
        if (config.rules().authorizes()) {
            project.routes().stream().flatMap(route -> unchecked(route, config).stream()).distinct()
                    .forEach(warnings::add);
        }
        if (config.rules().origin() != null) {
            String configured = project.routes().stream().map(Route::api).filter(api -> api.cors() != null)
                    .map(Api::id).distinct().sorted().collect(Collectors.joining(", "));
            if (!configured.isEmpty()) warnings.add(new Problem("`--cors` does not apply to APIs whose CORS is"
                    + " configured in the template: " + configured, null, null));
        }
        if (isReachableFromElsewhere) {
            String message = exposed(config) + " reachable from other machines on " + config.host();
            warnings.add(new Problem(message, null, null));
        }
        return warnings;
    }

    /** Warnings about behavior that a user may not expect from an invoked function. */
    static List<Problem> of(Project project, FunctionDefinition invoked) {
        return Stream.of(tooNew(List.of(invoked)), project.remarksOn(invoked)).flatMap(List::stream).toList();
    }

    private static String exposed(Config config) {
        String lambda = "the Lambda API, which runs any function and shows its environment variables,";
        if (!config.servesApis()) return lambda + " is";
        return config.front().exposure().ofLambda() ? "the APIs and " + lambda + " are" : "the APIs are";
    }

    private static Optional<Problem> unchecked(Route route, Config config) {
        AuthorizerRules rules = route.guard().authorizer();
        if (rules == null) return Optional.empty();
        String of = " of " + route.api().id();
        return switch (rules.kind()) {
            case IAM -> Optional.of(new Problem("IAM" + of + " is not checked: all requests are allowed", null, null));
            case JWT, POOL -> !config.rules().keySets().isEmpty() ? Optional.empty() : Optional.of(new Problem(
                    "tokens for " + rules.name() + of + " are not verified", null,
                    "verify them with `--jwks FILE`"));
            default -> Optional.empty();
        };
    }

    /** Warnings about functions whose Runtime is newer than this JVM; the hint works for any kind of installation. */
    public static List<Problem> tooNew(List<FunctionDefinition> functions) {
        Map<Integer, List<String>> byRelease = functions.stream().filter(FunctionDefinition::isTooNew)
                .collect(Collectors.groupingBy(FunctionDefinition::release, TreeMap::new,
                        Collectors.mapping(FunctionDefinition::id, Collectors.toList())));
        return byRelease.entrySet().stream().map(each -> tooNew(each.getKey(), each.getValue())).toList();
    }

    private static Problem tooNew(int wanted, List<String> ids) {
        String message = String.join(", ", ids) + (ids.size() == 1 ? " needs" : " need") + " Java " + wanted
                + ", but samlocal runs on Java " + Runtime.version().feature();
        return new Problem(message, null,
                "set JAVA_HOME to a JDK " + wanted + ", or start samlocal with jbang --java " + wanted);
    }
}
