package samlocal.template;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The values of references to resources that SAM generates. */
final class GeneratedResources {
    /** The version under which functions count as published. */
    static final String FIRST_VERSION = "1";
    private static final String REST_API = "ServerlessRestApi";
    private static final String HTTP_API = "ServerlessHttpApi";
    private final Intrinsics scope;

    GeneratedResources(Intrinsics scope) {
        this.scope = scope;
    }

    /**
     * The value of a generated resource, by a property of the resource that it belongs to, such as {@code Api.Stage}
     * (SAM Developer Guide, "Referencing generated resources"), or by the id of a stage.
     */
    Optional<String> find(String name) {
        String[] parts = name.split("\\.", 2);
        if (parts.length < 2) {
            return Stream.concat(Stream.of(REST_API, HTTP_API), resources().entries().keySet().stream())
                    .filter(id -> name.startsWith(id) && name.endsWith("Stage"))
                    .filter(id -> !resources().entries().containsKey(name))
                    .flatMap(id -> find(id + ".Stage").stream()).findFirst();
        }
        String id = parts[0];
        String owner = id.replaceFirst("Url$", "");
        boolean isUrl = !owner.equals(id) && samType(owner).equals("Function")
                && scope.root().map("Resources").map(owner).map("Properties").get("FunctionUrlConfig") != null;
        if (isUrl) return value("AWS::Lambda::Url", parts[1], id);
        Supplier<String> arn = () -> scope.site().aws().functionArn(scope.functionName(id));
        return switch (samType(id) + "." + parts[1]) {
            case "Function.Alias", "Function.Alias.AliasArn" ->
                    Optional.of(setting(id, "AutoPublishAlias").map(alias -> arn.get() + ":" + alias).orElseGet(arn));
            case "Function.Version", "Function.Version.FunctionArn" -> Optional.of(arn.get() + ":" + FIRST_VERSION);
            case "Function.Version.Version" -> Optional.of(FIRST_VERSION);
            case "Function.DestinationTopic" -> Optional.of(scope.site().aws().arn("sns", id + parts[1]));
            case "Function.DestinationQueue" -> value("AWS::SQS::Queue", "Ref", id + parts[1]);
            case "HttpApi.ApiEndpoint" -> value("AWS::Serverless::HttpApi", parts[1], id);
            case "Api.Stage" -> Optional.of(setting(id, "StageName").orElse("Prod"));
            case "HttpApi.Stage" -> Optional.of(setting(id, "StageName").orElse("$default"));
            case "WebSocketApi.Stage" -> Optional.of(setting(id, "StageName").orElse("default"));
            case "Api.DomainName", "HttpApi.DomainName", "WebSocketApi.DomainName" -> domain(id);
            case "Api.DomainNameV2" -> domain(id).map(domain ->
                    scope.site().aws().arn("apigateway", "/domainnames/" + domain));
            case "Api.Deployment", "Api.UsagePlan", "Api.UsagePlanKey", "Api.ApiKey" -> Optional.of(id + parts[1]);
            default -> Optional.empty();
        };
    }

    private Optional<String> value(String type, String attribute, String id) {
        return ResourceValues.find(type, attribute, id, property -> Optional.empty(), scope.site().aws());
    }

    private Optional<String> domain(String id) {
        Value name = resources().map(id).map("Properties").map("Domain").get("DomainName");
        return known(name);
    }

    /** The type of a resource, or of an API that SAM generates, without {@code AWS::Serverless::}. */
    private String samType(String id) {
        return id.equals(REST_API) ? "Api" : id.equals(HTTP_API) ? "HttpApi"
                : scope.typeOf(id).replaceFirst("^AWS::Serverless::", "");
    }

    /** A property of a resource, or else of the Globals for its type. */
    private Optional<String> setting(String id, String name) {
        return scope.property(id, name).or(() -> known(scope.root().map("Globals").map(samType(id)).get(name)));
    }

    private Optional<String> known(Value written) {
        return Optional.ofNullable(written).map(scope::resolve).map(Value::text).filter(text -> !text.isEmpty());
    }

    private Mapping resources() {
        return scope.root().map("Resources");
    }
}
