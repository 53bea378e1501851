package samlocal.sam;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.Template;
import samlocal.template.Value;

/** Derives the routes of one stack as SAM's translator does, from events, OpenAPI documents and plain resources. */
final class Apis {
    private static final String REST = "AWS::Serverless::Api";
    private static final String HTTP = "AWS::Serverless::HttpApi";
    private static final String PLAIN_REST = "AWS::ApiGateway::RestApi";
    private static final String PLAIN_HTTP = "AWS::ApiGatewayV2::Api";
    /** Types of events, and the properties that SAM requires. */
    private static final Map<String, Set<String>> EVENTS = Specification.of("events");

    /** A static value, or where a value comes from. */
    private static final Pattern MAPPED =
            Pattern.compile("(?s)'.*'|(integration|stageVariables|context)\\..*");

    /** An API with the routes of its own document, and those that events claim. */
    private static final class Draft {
        private final Api api;
        private final Auth auth;
        private final Models models;
        private final boolean hasBody;
        private final boolean hasUri;
        private final boolean merges;
        private final Map<String, Route> routes = new LinkedHashMap<>();
        private final Map<String, Place> claims = new HashMap<>();

        Draft(Api api, Mapping properties, Auth auth, Models models) {
            this.api = api;
            this.auth = auth;
            this.models = models;
            this.hasBody = properties.value("DefinitionBody").isPresent();
            this.hasUri = properties.value("DefinitionUri").isPresent();
            this.merges = properties.isTrue("MergeDefinitions");
        }

        boolean isRest() {
            return api.isRest();
        }

        /** Whether SAM adds an event's route: not to a file, to a REST API's body only where it is merged. */
        boolean takesEvents() {
            return !hasUri && (!hasBody || merges || !isRest());
        }
    }

    private final Stack stack;
    private final Intrinsics intrinsics;
    private final Problems problems;
    private final Backends backends;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    Apis(Stack stack) {
        this.backends = new Backends(stack);
        this.stack = stack;
        this.intrinsics = stack.intrinsics();
        this.problems = stack.problems();
    }

    /** All routes in the order of the template. */
    List<Route> routes() {
        stack.each(this::api, REST, HTTP, PLAIN_REST, PLAIN_HTTP);
        stack.each(this::events, Stack.FUNCTION, "AWS::Serverless::StateMachine");
        stack.each(this::restMethod, "AWS::ApiGateway::Method");
        stack.each(this::httpRoute, "AWS::ApiGatewayV2::Route");
        stack.each(this::functionUrl, Stack.FUNCTION, "AWS::Lambda::Url");
        return drafts.values().stream().flatMap(draft -> draft.routes.values().stream())
                .sorted(Comparator.comparing(route -> route.source().line())).toList();
    }

    private void api(Stack.Resource resource) {
        Mapping properties = resource.properties();
        if (properties.text("ProtocolType").orElse("").equals("WEBSOCKET")) {
            problems.warn("API " + resource + " is left out: WebSockets are not served", resource.place(), null);
            return;
        }
        boolean isRest = resource.is(REST, PLAIN_REST);
        checkDefinition(resource);
        Optional<Mapping> known = document(resource);
        Draft draft = draft(resource.id(), isRest ? "rest" : "http", properties,
                known.orElse(Mapping.empty(properties.place())));
        known.ifPresent(document -> OpenApi.operations(document, resource.toString(), problems)
                .forEach(operation -> problems.attempt(() -> add(draft, operation))));
        if (resource.is(PLAIN_HTTP)) quickCreate(draft, resource);
    }

    private void checkDefinition(Stack.Resource resource) {
        Mapping properties = resource.properties();
        Value uri = properties.value("DefinitionUri").orElse(null);
        if (uri == null) return;
        boolean hasBody = resource.attributes().mapping("Properties").value("DefinitionBody").isPresent();
        if (hasBody) {
            throw Fault.project("API " + resource + " has both `DefinitionUri` and `DefinitionBody`", uri.place());
        }
        if (resource.is(REST) && properties.isTrue("MergeDefinitions")) {
            throw Fault.project("API " + resource + " cannot have `MergeDefinitions` with a `DefinitionUri`",
                    uri.place());
        }
    }

    private Draft draft(String id, String type, Mapping properties) {
        return draft(id, type, properties, Mapping.empty(properties.place()));
    }

    /** What the API's own document says besides its operations counts where the resource is silent. */
    private Draft draft(String id, String type, Mapping properties, Mapping document) {
        boolean isRest = type.equals("rest");
        Auth auth = new Auth(stack, isRest, properties, document);
        Mapping stage = stage(id).orElse(properties);
        String name = stage.string("StageName");
        Value variables = stage.value("Variables").or(() -> stage.value("StageVariables")).orElse(null);
        Object cors = plain(properties, "Cors", "CorsConfiguration");
        properties.value(type.equals("http") ? "CorsConfiguration" : "Cors").ifPresent(written -> {
            checkCorsKeys(isRest, written);
            if (isRest) checkQuotes(written);
        });
        Api api = new Api(stack.qualified(id), type,
                new Api.Stage(stack.aws(), name.isEmpty() ? isRest ? "Prod" : "$default" : name, texts(variables)),
                binaryMediaTypes(properties, document), CorsRules.of(isRest,
                cors != null || isRest ? cors : plain(document, "x-amazon-apigateway-cors")),
                auth.ofPreflight(), isRest ? backends.responses(id, properties, document) : Map.of());
        Draft draft = new Draft(api, properties, auth, new Models(stack, properties, document));
        drafts.put(id, draft);
        return draft;
    }

    /** SAM and CloudFormation refuse others. */
    private void checkCorsKeys(boolean isRest, Value cors) {
        if (!(cors instanceof Mapping map) || Intrinsics.isUnknown(cors)) return;
        Set<String> known = isRest ? CorsRules.REST_KEYS : CorsRules.KEYS;
        map.entries().keySet().stream().filter(key -> !known.contains(key)).forEach(key ->
                problems.error("`" + key + "` is no part of CORS here", map.keys().get(key), Nearest.hint(key, known, "known are " + String.join(", ", new TreeSet<>(known)))));
    }

    /**
     * A REST API's values become mapping expressions ("Amazon API Gateway API request and response data mapping
     * reference"): static ones have single quotes of their own, without which the API cannot be deployed.
     */
    private void checkQuotes(Value cors) {
        if (cors instanceof Mapping map && !Intrinsics.isUnknown(cors)) {
            map.entries().forEach((key, value) -> {
                if (CorsRules.REST_KEYS.contains(key) && !key.equals("AllowCredentials")) checkQuotes(value);
            });
            return;
        }
        String text = cors instanceof Sequence list ? list.items().stream().map(Value::text)
                .collect(Collectors.joining(",")) : Value.text(cors);
        boolean isGood = Intrinsics.isUnknown(cors) || intrinsics.hasNoValue(text)
                || cors instanceof Scalar && MAPPED.matcher(text).matches();
        if (!isGood) {
            problems.refuse("CORS of a REST API needs quotes within quotes: API Gateway does not take `" + text
                    + "`", cors.place(), "write \"'" + text + "'\"");
        }
    }

    /** The stage of a plain API is a resource of its own, or part of its deployment. */
    private Optional<Mapping> stage(String api) {
        return Stream.of("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Deployment")
                .flatMap(type -> stack.resources().values().stream().filter(resource -> resource.is(type)))
                .map(Stack.Resource::properties)
                .filter(stage -> Stream.of("RestApiId", "ApiId").anyMatch(key ->
                        stage.string(key).equals(api))
                        && !stage.string("StageName").isEmpty()).findFirst();
    }

    private static Map<String, String> texts(Value variables) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (variables instanceof Mapping map) {
            map.entries().forEach((name, value) -> texts.put(name, Value.text(value)));
        }
        return texts;
    }

    /** Those of the template and its document; in a template a slash is written as {@code ~1}. */
    private static List<String> binaryMediaTypes(Mapping properties, Mapping document) {
        return Stream.of(properties.value("BinaryMediaTypes"),
                document.value("x-amazon-apigateway-binary-media-types")).flatMap(Optional::stream)
                .flatMap(types -> types instanceof Sequence list ? list.items().stream() : Stream.empty())
                .map(item -> Value.text(item).replace("~1", "/")).distinct().toList();
    }

    private static Object plain(Mapping properties, String... keys) {
        return Arrays.stream(keys).flatMap(key -> properties.value(key).stream()).findFirst().map(Value::plain)
                .orElse(null);
    }

    private Optional<Mapping> document(Stack.Resource resource) {
        Mapping properties = resource.properties();
        Value body = properties.value(resource.is(REST, HTTP) ? "DefinitionBody" : "Body").orElse(null);
        if (body instanceof Mapping document) return Optional.of(document);
        Value uri = properties.value("DefinitionUri").orElse(null);
        if (uri == null) return Optional.empty();
        String path = Value.text(uri);
        boolean isLocal = !path.isEmpty() && !path.contains("://")
                && Files.isRegularFile(stack.folder().resolve(path));
        if (isLocal) return Optional.of(Template.read(stack.dependsOn(stack.folder().resolve(path).normalize())).root());
        problems.warn("API " + resource + " has no routes: its definition is not a file here", uri.place(), null);
        return Optional.empty();
    }

    private void add(Draft draft, OpenApi.Operation operation) {
        Mapping integration = operation.integration();
        String payload = integration.string("payloadFormatVersion");
        backends.of(draft.api, integration, operation.method() + " " + operation.path(), operation.place())
                .ifPresent(backend -> add(draft, new Route(draft.api, operation.method(), operation.path(), backend,
                        draft.isRest() ? "1.0" : payload.isEmpty() ? "2.0" : payload, operation.operationId(),
                        draft.auth.ofOperation(operation.written()), draft.isRest()
                        ? draft.models.ofOperation(operation.written()) : null, operation.place())));
    }

    private static final Pattern INNER_PROXY = Pattern.compile("\\{[^/{}]+\\+}/.*");

    private static void add(Draft draft, Route route) {
        if (INNER_PROXY.matcher(route.path()).find()) {
            throw Fault.project("path `" + route.path() + "` goes on after a greedy parameter", route.source(),
                    "`{name+}` can only be the last part of a path");
        }
        draft.routes.put(route.toString(), route);
    }

    private void events(Stack.Resource resource) {
        Value events = resource.properties().value("Events").orElse(null);
        if (events == null) return;
        if (!(events instanceof Mapping map)) {
            throw Fault.project("`Events` of " + resource + " must be a map", events.place());
        }
        boolean isFunction = resource.is(Stack.FUNCTION);
        map.entries().forEach((name, value) -> problems.attempt(() -> event(resource, name, value, isFunction)));
    }

    private void event(Stack.Resource resource, String name, Value value, boolean isFunction) {
        String where = resource + ", event `" + name + "`";
        Mapping event = value instanceof Mapping map ? map : Mapping.empty(value.place());
        String type = event.string("Type");
        if (isFunction && !EVENTS.containsKey(type)) {
            throw Fault.project(where + ": `" + type + "` is no type of event", event.value("Type")
                    .map(Value::place)
                    .orElse(value.place()), Nearest.hint(type, EVENTS.keySet()));
        }
        if (!isFunction && !type.equals("Api")) return;
        Value properties = event.value("Properties").orElse(Mapping.empty(event.place()));
        if (!(properties instanceof Mapping map)) {
            throw Fault.project(where + ": `Properties` must be a map", properties.place());
        }
        Mapping written = written(resource, name, map);
        EVENTS.get(type).stream().filter(key -> !written.entries().containsKey(key)).forEach(key ->
                problems.refuse(where + ": `" + key + "` is required", properties.place(), near(key, written)));
        if (!type.equals("Api") && !type.equals("HttpApi")) return;
        claim(resource, new Claim(where, type.equals("Api"), map, written));
    }

    private static String near(String key, Mapping properties) {
        return Nearest.to(key, properties.entries().keySet()).map(near -> "there is `" + near + "`").orElse(null);
    }

    private static Mapping written(Stack.Resource resource, String event, Mapping otherwise) {
        Value events = resource.written().get("Events");
        Value one = events instanceof Mapping map ? map.get(event) : null;
        Value properties = one instanceof Mapping map ? map.get("Properties") : null;
        return properties instanceof Mapping map ? map : otherwise;
    }

    /** What an event asks for, with its values known and as written. */
    private record Claim(String where, boolean isRest, Mapping properties, Mapping written) {
    }

    private void claim(Stack.Resource resource, Claim claim) {
        Optional<Draft> target = problems.tried(() -> target(claim));
        String path = text(claim, "Path");
        String method = text(claim, "Method").toUpperCase(Locale.ROOT);
        if (method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD")) method = "ANY";
        Place place = claim.properties().value("Path").map(Value::place).orElse(claim.properties().place());
        boolean isWhole = !claim.isRest() && path.isEmpty() && method.isEmpty()
                || require(claim, "Path", path) & require(claim, "Method", method);
        if (target.isEmpty() || !isWhole) return;
        Draft draft = target.get();
        boolean isDefault = path.isEmpty() || path.equals("$default") && !claim.isRest();
        Route route = route(draft, isDefault ? "ANY" : method, isDefault ? defaultPath(draft) : path, resource,
                claim, place);
        Place first = draft.claims.putIfAbsent(route.toString(), place);
        if (first != null) {
            throw Fault.project(claim.where() + ": method `" + route.method() + "` of path `" + route.path()
                    + "` is defined"
                    + " twice", place, "the first is in line " + first.line());
        }
        take(draft, claim, route);
    }

    /** SAM writes the default route with a slash where the API fails on warnings. */
    private String defaultPath(Draft draft) {
        Stack.Resource api = stack.resources().get(draft.api.id());
        boolean fails = api != null && api.properties().isTrue("FailOnWarnings");
        return fails ? "/$default" : "$default";
    }

    private void take(Draft draft, Claim claim, Route route) {
        boolean isTaken = !draft.isRest() && draft.routes.containsKey(route.toString());
        if (draft.takesEvents()) {
            if (!isTaken) add(draft, route);
        } else if (!draft.routes.containsKey(route.toString())) {
            problems.warn(claim.where() + " has no effect: the API's own definition counts, and does not have "
                    + route, route.source(), "add it there, or set `MergeDefinitions: true` on the API");
        }
    }

    private Route route(Draft draft, String method, String path, Stack.Resource resource, Claim claim,
            Place place) {
        Backend backend = !resource.is(Stack.FUNCTION) ? backends.unsupported("integration of Step Functions",
                method + " " + path, place) : stack.functionNamed(resource.id())
                .<Backend>map(function -> Backends.lambda(draft.api, function, claim.properties(), ""))
                .orElse(new Backend.Lambda(resource.id(), "", 0, false));
        String payload = claim.properties().string("PayloadFormatVersion");
        String operation = claim.properties().string("OperationName");
        String version = payload.isEmpty() ? "2.0" : payload;
        Mapping own = claim.properties().value("Auth").orElse(null) instanceof Mapping map ? map
                : Mapping.empty(place);
        return new Route(draft.api, method, path, backend, draft.isRest() ? "1.0" : version,
                operation.isEmpty() ? null : operation, draft.auth.ofEvent(own),
                draft.isRest() ? draft.models.ofEvent(claim.properties()) : null, place);
    }

    private String text(Claim claim, String key) {
        Value written = claim.written().value(key).orElse(null);
        if (written == null) return "";
        boolean isText = written instanceof Scalar || intrinsics.isExtended() && claim.properties().value(key)
                .orElse(null) instanceof Scalar;
        if (!isText) {
            throw Fault.project(claim.where() + ": `" + key + "` must be a text", written.place(),
                    Intrinsics.isUnknown(written)
                    ? "SAM takes a function here with `Transform: AWS::LanguageExtensions`"
                    : null);
        }
        intrinsics.missingIn(written).ifPresent(parameter -> {
            throw Fault.project(claim.where() + ": `" + key + "` needs a value for parameter `" + parameter + "`",
                    written.place(), Intrinsics.adviceFor(parameter));
        });
        return claim.properties().string(key);
    }

    private boolean require(Claim claim, String key, String text) {
        if (!text.isEmpty()) return true;
        Mapping properties = claim.properties();
        boolean isWritten = properties.entries().containsKey(key);
        problems.error(claim.where() + ": `" + key + "` " + (isWritten ? "has no value" : "is required"),
                isWritten ? properties.get(key).place() : properties.place(),
                isWritten ? null : near(key, properties));
        return false;
    }

    /** The API that an event names, or the implicit one of its kind. */
    private Draft target(Claim claim) {
        String key = claim.isRest() ? "RestApiId" : "ApiId";
        Value written = claim.written().value(key).orElse(null);
        if (written == null) return implicit(claim.isRest());
        Value known = claim.properties().value(key).orElse(written);
        if (!(known instanceof Scalar)) {
            throw Fault.project(claim.where() + ": `" + key + "` must be a text", written.place());
        }
        String id = Value.text(known);
        Stack.Resource api = stack.resources().get(id);
        boolean isPlain = api != null && api.is(PLAIN_REST, PLAIN_HTTP);
        boolean fits = api != null && api.is(claim.isRest() ? REST : HTTP) || isPlain
                || id.equals(implicitId(claim.isRest()));
        if (!fits) throw noSuchApi(claim, key, id, written.place());
        if (api == null) return implicit(claim.isRest());
        Draft draft = drafts.get(id);
        return isPlain || draft == null
                ? new Draft(new Api(id, "", new Api.Stage(stack.aws(), "", Map.of()), List.of(), null,
                        Guard.OPEN, Map.of()), api.properties(),
                        new Auth(stack, claim.isRest(), api.properties(), Mapping.empty(null)),
                        new Models(stack, api.properties(), Mapping.empty(null))) : draft;
    }

    private Fault noSuchApi(Claim claim, String key, String id, Place place) {
        String type = claim.isRest() ? REST : HTTP;
        List<String> ids = stack.resources().values().stream().filter(resource -> resource.is(type))
                .map(Stack.Resource::id).toList();
        return Fault.project(claim.where() + ": `" + key + "` must be the id of an " + type
                + " of this template, `" + id + "` is not",
                place, Nearest.hint(id, ids));
    }

    private static String implicitId(boolean isRest) {
        return isRest ? "ServerlessRestApi" : "ServerlessHttpApi";
    }

    /** What SAM generates for events that name no API; it overwrites a resource of that id. */
    private Draft implicit(boolean isRest) {
        String id = implicitId(isRest);
        Draft draft = drafts.get(id);
        boolean isImplicit = draft != null && !draft.hasBody && !draft.hasUri;
        return isImplicit ? draft : draft(id, isRest ? "rest" : "http", intrinsics.resolve(
                stack.globals().ofImplicit(isRest)) instanceof Mapping map ? map : Mapping.empty(null));
    }

    /** Resources of a REST API form its paths, from parent to child. */
    private void restMethod(Stack.Resource resource) {
        Mapping properties = resource.properties();
        Draft draft = drafts.get(properties.string("RestApiId"));
        if (draft == null) return;
        String method = properties.string("HttpMethod").toUpperCase(Locale.ROOT);
        String operation = properties.string("OperationName");
        String path = path(properties.string("ResourceId"), 0);
        backends.of(draft.api, properties.mapping("Integration"), method + " " + path, resource.place())
                .ifPresent(backend -> add(draft, new Route(draft.api, method, path, backend, "1.0",
                        operation.isEmpty() ? null : operation, draft.auth.ofResource(properties),
                        draft.models.ofResource(properties), resource.place())));
    }

    private String path(String resourceId, int depth) {
        Stack.Resource resource = stack.resources().get(resourceId);
        if (resource == null || depth > 32) return "/";
        String parent = path(resource.properties().string("ParentId"), depth + 1);
        return (parent.equals("/") ? "" : parent) + "/"
                + resource.properties().string("PathPart");
    }

    private void httpRoute(Stack.Resource resource) {
        Mapping properties = resource.properties();
        Draft draft = drafts.get(properties.string("ApiId"));
        String key = properties.string("RouteKey");
        if (draft == null) return;
        if (!key.equals("$default") && !key.matches("[A-Za-z]+ /\\S*")) {
            throw Fault.project("route " + resource + " has no `RouteKey` such as `GET /path` or `$default`",
                    resource.place());
        }
        Stack.Resource integration = stack.resources().get(
                properties.string("Target").replaceFirst("^integrations/", ""));
        if (integration == null || !integration.is("AWS::ApiGatewayV2::Integration")) return;
        integrated(draft, key, integration.properties(), resource);
    }

    private void quickCreate(Draft draft, Stack.Resource resource) {
        Mapping properties = resource.properties();
        String key = properties.string("RouteKey");
        Value target = properties.get("Target");
        if (Value.text(target).isEmpty()) return;
        boolean isAddress = Value.text(target).matches("(?i)https?://.*");
        Map<String, Value> written = Map.of("IntegrationUri", target, "IntegrationType",
                new Scalar(isAddress ? "HTTP_PROXY" : "AWS_PROXY", isAddress ? "HTTP_PROXY" : "AWS_PROXY", null));
        integrated(draft, key.isEmpty() ? "$default" : key, new Mapping(written, Map.of(), target.place()),
                resource);
    }

    private void integrated(Draft draft, String key, Mapping written, Stack.Resource resource) {
        String method = key.equals("$default") ? "ANY" : key.replaceFirst(" .*", "").toUpperCase(Locale.ROOT);
        String payload = written.string("PayloadFormatVersion");
        backends.of(draft.api, written, key, resource.place()).ifPresent(backend -> add(draft, new Route(draft.api,
                method, key.replaceFirst("^.* ", ""), backend, payload.isEmpty() ? "2.0" : payload, null,
                draft.auth.ofResource(resource.properties()), resource.place())));
    }

    /** A function's own address is an API with one route. */
    private void functionUrl(Stack.Resource resource) {
        boolean isOwn = resource.is(Stack.FUNCTION);
        Value url = isOwn ? resource.properties().value("FunctionUrlConfig").orElse(null) : resource.properties();
        if (!(url instanceof Mapping config)) return;
        String name = isOwn ? resource.id() : config.string("TargetFunctionArn");
        backends.function(name, Map.of()).ifPresent(function -> {
            Draft draft = draft(isOwn ? resource.id() + "Url" : resource.id(), "url", config);
            add(draft, new Route(draft.api, "ANY", "$default", Backends.lambda(draft.api, function, config, ""),
                    "2.0", null,
                    Auth.ofUrl(config), url.place()));
        });
    }
}
