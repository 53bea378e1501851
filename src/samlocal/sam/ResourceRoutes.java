package samlocal.sam;

import java.util.Locale;
import java.util.Map;
import samlocal.base.Fault;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Value;

/** The routes of CloudFormation resources and function URLs. */
record ResourceRoutes(Stack stack, Apis apis, Backends backends) {
    /** Ends the recursion for a resource that is its own parent. */
    private static final int DEEPEST_PATH = 32;

    void read() {
        stack.each(this::restMethod, "AWS::ApiGateway::Method");
        stack.each(this::httpRoute, "AWS::ApiGatewayV2::Route");
        stack.each(this::functionUrl, Stack.FUNCTION, "AWS::Lambda::Url");
        stack.each(this::authorizer, "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer");
    }

    /** Checks an authorizer even if no route uses it. */
    private void authorizer(Stack.Resource resource) {
        Mapping properties = resource.properties();
        ApiDraft draft = apis.draft(properties.value("ApiId").or(() -> properties.value("RestApiId"))
                .map(Value::text).orElse(""));
        if (draft != null) draft.auth().checkResource(resource);
    }

    private void restMethod(Stack.Resource resource) {
        Mapping properties = resource.properties();
        ApiDraft draft = apis.draft(properties.string("RestApiId"));
        if (draft == null) return;
        String method = properties.string("HttpMethod").toUpperCase(Locale.ROOT);
        String path = path(properties.string("ResourceId"), 0);
        backends.of(draft.api(), properties.mapping("Integration"), method + " " + path, resource.place())
                .ifPresent(backend -> draft.add(new Route(draft.api(), method, path, backend, "1.0",
                        draft.auth().ofResource(properties), new Route.Declaration(
                                properties.value("OperationName").map(Value::text).orElse(null),
                                draft.models().ofResource(properties), resource.place()))));
    }

    /** Resources of a REST API form its paths, from parent to child. */
    private String path(String resourceId, int depth) {
        Stack.Resource resource = stack.resources().get(resourceId);
        if (resource == null || depth > DEEPEST_PATH) return "/";
        String parent = path(resource.properties().string("ParentId"), depth + 1);
        return (parent.equals("/") ? "" : parent) + "/" + resource.properties().string("PathPart");
    }

    private void httpRoute(Stack.Resource resource) {
        Mapping properties = resource.properties();
        ApiDraft draft = apis.draft(properties.string("ApiId"));
        if (draft == null) return;
        String key = properties.string("RouteKey");
        if (!key.equals("$default") && !key.matches("[A-Za-z]+ /\\S*")) {
            throw Fault.project("route " + resource + " has no `RouteKey` such as `GET /path` or `$default`",
                    resource.place());
        }
        Stack.Resource integration = stack.resources().get(
                properties.string("Target").replaceFirst("^integrations/", ""));
        if (integration == null || !integration.is("AWS::ApiGatewayV2::Integration")) return;
        addRoute(draft, key, integration.properties(), resource);
    }

    /** Adds the only route of an HTTP API with a Target ("Quick create"). */
    void quickCreate(ApiDraft draft, Stack.Resource resource) {
        Value target = resource.properties().get("Target");
        if (Value.text(target).isEmpty()) return;
        boolean isAddress = Value.text(target).matches("(?i)https?://.*");
        Value type = Scalar.ofText(isAddress ? "HTTP_PROXY" : "AWS_PROXY", null);
        Mapping integration = new Mapping(Map.of("IntegrationUri", target, "IntegrationType", type), Map.of(),
                target.place());
        String key = resource.properties().string("RouteKey");
        addRoute(draft, key.isEmpty() ? "$default" : key, integration, resource);
    }

    private void addRoute(ApiDraft draft, String key, Mapping integration, Stack.Resource resource) {
        String method = key.equals("$default") ? "ANY" : key.replaceFirst(" .*", "").toUpperCase(Locale.ROOT);
        backends.of(draft.api(), integration, key, resource.place()).ifPresent(backend -> draft.add(new Route(
                draft.api(), method, key.replaceFirst("^.* ", ""), backend, Apis.payload(draft.api(), integration),
                draft.auth().ofResource(resource.properties()),
                new Route.Declaration(null, null, resource.place()))));
    }

    /** A function URL is an API with one route. */
    private void functionUrl(Stack.Resource resource) {
        boolean isOwn = resource.is(Stack.FUNCTION);
        Value url = isOwn ? resource.properties().get("FunctionUrlConfig") : resource.properties();
        if (!(url instanceof Mapping config)) return;
        String name = isOwn ? resource.id() : config.string("TargetFunctionArn");
        String alias = isOwn ? resource.properties().string("AutoPublishAlias") : config.string("Qualifier");
        if (isOwn && config.value("AuthType").isEmpty()) {
            stack.problems().refuse("function URL of " + resource + " has no `AuthType`", url.place(),
                    "set it to `NONE` or `AWS_IAM`");
        }
        backends.function(name, Map.of(), url.place()).ifPresentOrElse(function -> {
            ApiDraft draft = apis.newDraft(isOwn ? resource.id() + "Url" : resource.id(), "url", config,
                    Mapping.empty(config.place()));
            Backend.Lambda backend = Backends.lambda(draft.api(), function, config, name);
            draft.add(new Route(draft.api(), "ANY", "$default", alias.isEmpty() ? backend : backend.at(alias),
                    "2.0", Auth.ofUrl(config), new Route.Declaration(null, null, url.place())));
        }, () -> stack.problems().warn("function URL " + resource
                + " is skipped: its function is not in this template", url.place(), null));
    }
}
