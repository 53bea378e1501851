package samlocal.sam;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Scalar;
import samlocal.template.Template;
import samlocal.template.Value;

/** Derives the APIs of one stack and their routes as SAM's translator does. */
final class Apis {
    static final String REST = "AWS::Serverless::Api";
    static final String HTTP = "AWS::Serverless::HttpApi";
    static final String PLAIN_REST = "AWS::ApiGateway::RestApi";
    static final String PLAIN_HTTP = "AWS::ApiGatewayV2::Api";

    private final Stack stack;
    private final Problems problems;
    private final Backends backends;
    private final ResourceRoutes resourceRoutes;
    private final Map<String, ApiDraft> drafts = new LinkedHashMap<>();
    /** Checks of document methods that are empty until an event fills them. */
    private final List<Runnable> unfilled = new ArrayList<>();

    Apis(Stack stack) {
        this.stack = stack;
        this.problems = stack.problems();
        this.backends = new Backends(stack);
        this.resourceRoutes = new ResourceRoutes(stack, this, backends);
    }

    /** All routes in the order of the template. */
    List<Route> routes() {
        stack.each(this::api, REST, HTTP, PLAIN_REST, PLAIN_HTTP);
        new EventRoutes(stack, this, backends).read();
        unfilled.forEach(Runnable::run);
        resourceRoutes.read();
        return drafts.values().stream().flatMap(draft -> draft.routes().stream())
                .sorted(Comparator.comparing(route -> route.source().line())).toList();
    }

    /** The API of a logical id, or null. */
    ApiDraft draft(String id) {
        return drafts.get(id);
    }

    /** The payload format version that a route asks for, {@code 1.0} for REST APIs. */
    static String payload(Api api, Mapping written) {
        String version = Backends.anyCase(written, "PayloadFormatVersion");
        return api.isRest() ? "1.0" : version.isEmpty() ? "2.0" : version;
    }

    private void api(Stack.Resource resource) {
        Mapping properties = resource.properties();
        if (properties.text("ProtocolType").orElse("").equals("WEBSOCKET")) {
            problems.warn("API " + resource + " is skipped: WebSocket APIs are not supported", resource.place(), null);
            return;
        }
        boolean isRest = resource.is(REST, PLAIN_REST);
        checkDefinition(resource);
        Optional<Mapping> known = document(resource);
        ApiDraft draft = newDraft(resource.id(), isRest ? "rest" : "http", properties,
                known.orElse(Mapping.empty(properties.place())));
        boolean isFilled = resource.is(REST, HTTP) && draft.takesEvents();
        known.ifPresent(document -> OpenApi.operations(document, resource.toString(), isFilled, problems)
                .forEach(operation -> problems.attempt(() -> add(draft, operation))));
        if (resource.is(PLAIN_HTTP)) resourceRoutes.quickCreate(draft, resource);
    }

    private void checkDefinition(Stack.Resource resource) {
        Mapping properties = resource.properties();
        Value uri = properties.value("DefinitionUri").orElse(null);
        if (uri == null) return;
        if (resource.attributes().mapping("Properties").value("DefinitionBody").isPresent()) {
            throw Fault.project("API " + resource + " has both `DefinitionUri` and `DefinitionBody`", uri.place());
        }
        if (resource.is(REST) && properties.isTrue("MergeDefinitions")) {
            throw Fault.project("API " + resource + " cannot have `MergeDefinitions` with a `DefinitionUri`",
                    uri.place());
        }
    }

    /** A new API; its document provides the settings that the resource lacks. */
    ApiDraft newDraft(String id, String type, Mapping properties, Mapping document) {
        boolean isRest = type.equals("rest");
        Auth auth = new Auth(stack, isRest, properties, document);
        Mapping stage = stage(id).orElse(properties);
        String name = stage.string("StageName");
        Map<String, String> variables = new LinkedHashMap<>();
        Mapping.orEmpty(stage.value("Variables").or(() -> stage.value("StageVariables")).orElse(null)).entries()
                .forEach((key, value) -> variables.put(key, Value.text(value)));
        Value cors = properties.value("Cors").or(() -> properties.value("CorsConfiguration"))
                .or(() -> isRest ? Optional.empty() : document.value("x-amazon-apigateway-cors")).orElse(null);
        properties.value(type.equals("http") ? "CorsConfiguration" : "Cors")
                .ifPresent(written -> new CorsCheck(stack, type).check(written));
        Api api = new Api(stack.qualified(id), type, new Api.Stage(stack.aws(),
                name.isEmpty() ? isRest ? "Prod" : "$default" : name, variables),
                binaryMediaTypes(properties, document), CorsRules.of(isRest, cors == null ? null : cors.plain()),
                auth.ofPreflight(), isRest ? backends.responses(id, properties, document) : Map.of());
        ApiDraft draft = new ApiDraft(api, properties, auth, new Models(stack, properties, document));
        drafts.put(id, draft);
        return draft;
    }

    /** An unsupported kind of API; its routes are not served. */
    ApiDraft unserved(String id, boolean isRest, Mapping properties) {
        Mapping none = Mapping.empty(null);
        Api api = new Api(id, "", new Api.Stage(stack.aws(), "", Map.of()), List.of(), null, Guard.OPEN, Map.of());
        return new ApiDraft(api, properties, new Auth(stack, isRest, properties, none),
                new Models(stack, properties, none));
    }

    static String implicitId(boolean isRest) {
        return isRest ? "ServerlessRestApi" : "ServerlessHttpApi";
    }

    /** The API that SAM generates for events that name none; it replaces a resource with the same id. */
    ApiDraft implicit(boolean isRest) {
        ApiDraft draft = drafts.get(implicitId(isRest));
        if (draft != null && !draft.hasDefinition()) return draft;
        Mapping properties = Mapping.orEmpty(stack.intrinsics().resolve(stack.globals().ofImplicit(isRest)));
        return newDraft(implicitId(isRest), isRest ? "rest" : "http", properties, Mapping.empty(properties.place()));
    }

    /** The stage of a CloudFormation API is a separate resource, or part of its deployment. */
    private Optional<Mapping> stage(String api) {
        return Stream.of("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Deployment")
                .flatMap(type -> stack.resources().values().stream().filter(resource -> resource.is(type)))
                .map(Stack.Resource::properties)
                .filter(stage -> Stream.of("RestApiId", "ApiId").anyMatch(key ->
                        stage.string(key).equals(api))
                        && !stage.string("StageName").isEmpty()).findFirst();
    }

    /** The types in the template and the document; the template writes a slash as {@code ~1}. */
    private static List<String> binaryMediaTypes(Mapping properties, Mapping document) {
        return Stream.of(properties.value("BinaryMediaTypes"),
                document.value("x-amazon-apigateway-binary-media-types")).flatMap(Optional::stream)
                .flatMap(types -> Value.items(types).stream())
                .map(item -> Value.text(item).replace("~1", "/")).distinct().toList();
    }

    /** The OpenAPI document of an API, in the template or in a local file, as {@code sam package} finds it. */
    private Optional<Mapping> document(Stack.Resource resource) {
        Mapping properties = resource.properties();
        boolean isSam = resource.is(REST, HTTP);
        Value body = properties.value(isSam ? "DefinitionBody" : "Body").orElse(null);
        if (body instanceof Mapping document) {
            if (isSam) requireVersion(resource, document);
            return Optional.of(document);
        }
        Value uri = properties.value(isSam ? "DefinitionUri" : "BodyS3Location").orElse(null);
        if (uri == null) return Optional.empty();
        Optional<Path> file = stack.file(uri).filter(path -> uri instanceof Scalar).map(stack::dependsOn);
        if (file.filter(Files::isRegularFile).isPresent()) return Optional.of(Template.read(file.get()).root());
        String reason = file.map(path -> "no file `" + Place.display(path) + "`")
                .orElse("its definition is not a local file");
        problems.warn("API " + resource + " has no routes: " + reason, uri.place(), null);
        return Optional.empty();
    }

    /** SAM, {@code open_api.py} and {@code swagger.py}, {@code is_valid}; the version may be in an included file. */
    private void requireVersion(Stack.Resource resource, Mapping document) {
        boolean isOpen = document.entries().isEmpty() || document.entries().keySet().stream()
                .anyMatch(key -> key.equals("openapi") || key.equals("swagger") || key.startsWith("Fn::"));
        if (isOpen) return;
        problems.refuse("`DefinitionBody` of API " + resource + " has neither `openapi` nor `swagger`",
                document.place(), "begin it with `openapi: 3.0.1`");
    }

    private void add(ApiDraft draft, OpenApi.Operation operation) {
        Api api = draft.api();
        Mapping written = operation.written();
        if (written == null) unfilled.add(() -> requireFilled(draft, operation));
        else backends.of(api, operation.integration(), operation.method() + " " + operation.path(), operation.place())
                .ifPresent(backend -> draft.add(new Route(api, operation.method(), operation.path(), backend,
                        payload(api, operation.integration()), draft.auth().ofOperation(written),
                        new Route.Declaration(operation.operationId(),
                                api.isRest() ? draft.models().ofOperation(written) : null, operation.place()))));
    }

    private void requireFilled(ApiDraft draft, OpenApi.Operation operation) {
        if (draft.hasRoute(operation.method() + " " + operation.path())) return;
        problems.error("API `" + draft.api().name() + "`: method `" + operation.method() + "` of path `"
                + operation.path() + "` is empty, and no event fills it", operation.place(), null);
    }
}
