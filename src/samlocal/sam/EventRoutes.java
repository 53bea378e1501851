package samlocal.sam;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Scalar;
import samlocal.template.TemplateParameters;
import samlocal.template.Value;

/** The routes that the events of SAM's functions and state machines declare. */
record EventRoutes(Stack stack, Apis apis, Backends backends) {
    /** Types of events, and the properties that SAM requires. */
    private static final Map<String, Set<String>> TYPES = Specification.of("events");

    /** An event of an API, with its properties resolved and as written; {@code where} describes it in messages. */
    private record Claim(Stack.Resource resource, String where, boolean isRest, Mapping properties, Mapping written) {
        Fault fault(String message, Place place, String hint) {
            return Fault.project(where + ": " + message, place, hint);
        }
    }

    void read() {
        stack.each(this::events, Stack.FUNCTION, "AWS::Serverless::StateMachine");
    }

    private Problems problems() {
        return stack.problems();
    }

    private void events(Stack.Resource resource) {
        Value events = resource.properties().value("Events").orElse(null);
        if (events == null) return;
        if (!(events instanceof Mapping map)) {
            throw Fault.project("`Events` of " + resource + " must be a map", events.place());
        }
        map.entries().forEach((name, value) -> problems().attempt(() -> event(resource, name, value)));
    }

    private void event(Stack.Resource resource, String name, Value value) {
        String where = resource + ", event `" + name + "`";
        Mapping event = Mapping.orEmpty(value);
        String type = event.string("Type");
        boolean isFunction = resource.is(Stack.FUNCTION);
        if (isFunction && !TYPES.containsKey(type)) {
            throw Fault.project(where + ": `" + type + "` is not an event type",
                    event.value("Type").orElse(value).place(), Nearest.hint(type, TYPES.keySet()));
        }
        if (!isFunction && !type.equals("Api")) return;
        Value properties = event.value("Properties").orElse(Mapping.empty(event.place()));
        if (!(properties instanceof Mapping map)) {
            throw Fault.project(where + ": `Properties` must be a map", properties.place());
        }
        Mapping asWritten = resource.written().map("Events").map(name);
        Mapping written = asWritten.get("Properties") instanceof Mapping found ? found : map;
        TYPES.get(type).stream().filter(key -> !written.entries().containsKey(key)).forEach(key ->
                problems().refuse(where + ": `" + key + "` is required", properties.place(), near(key, written)));
        if (!type.equals("Api") && !type.equals("HttpApi")) return;
        claim(new Claim(resource, where, type.equals("Api"), map, written));
    }

    private static String near(String key, Mapping properties) {
        return Nearest.to(key, properties.entries().keySet())
                .map(near -> "is `" + near + "` a misspelling of it?").orElse(null);
    }

    private void claim(Claim claim) {
        Optional<ApiDraft> target = problems().tried(() -> target(claim));
        String path = text(claim, "Path");
        String method = text(claim, "Method").toUpperCase(Locale.ROOT);
        if (method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD")) method = "ANY";
        boolean isWhole = !claim.isRest() && path.isEmpty() && method.isEmpty()
                || require(claim, "Path", path) & require(claim, "Method", method);
        if (target.isEmpty() || !isWhole) return;
        ApiDraft draft = target.get();
        boolean isDefault = path.isEmpty() || path.equals("$default") && !claim.isRest();
        Route route = route(draft, isDefault ? "ANY" : method, isDefault ? defaultPath(draft) : path, claim);
        Route first = draft.claim(route);
        if (first != null) {
            throw claim.fault("method `" + route.method() + "` of path `" + route.path() + "` is defined twice",
                    route.source(), "the first is on line " + first.source().line());
        }
        if (draft.takesEvents()) {
            if (draft.api().isRest() || !draft.has(route)) draft.add(route);
        } else if (!draft.has(route)) {
            problems().warn(claim.where() + " has no effect: the API's own definition applies and does not have "
                    + route, route.source(), "add it there, or set `MergeDefinitions: true` on the API");
        }
    }

    /** SAM writes the default route with a slash if the API fails on warnings. */
    private String defaultPath(ApiDraft draft) {
        Stack.Resource api = stack.resources().get(draft.api().id());
        return api != null && api.properties().isTrue("FailOnWarnings") ? "/$default" : "$default";
    }

    private Route route(ApiDraft draft, String method, String path, Claim claim) {
        Api api = draft.api();
        Mapping properties = claim.properties();
        Place place = properties.value("Path").map(Value::place).orElse(properties.place());
        Backend backend = !claim.resource().is(Stack.FUNCTION)
                ? backends.unsupported("integration of Step Functions", method + " " + path, place)
                : stack.functionNamed(claim.resource().id(), place)
                .<Backend>map(function -> Backends.lambda(api, function, properties, "")
                        .at(claim.resource().properties().string("AutoPublishAlias")))
                .orElse(new Backend.Lambda(claim.resource().id(), "", "", "", 0, false));
        Guard guard = draft.auth().ofEvent(properties.map("Auth"));
        return new Route(api, method, path, backend, Apis.payload(api, properties), guard, new Route.Declaration(
                properties.value("OperationName").map(Value::text).orElse(null),
                api.isRest() ? draft.models().ofEvent(properties) : null, place));
    }

    private String text(Claim claim, String key) {
        Value written = claim.written().value(key).orElse(null);
        if (written == null) return "";
        Intrinsics intrinsics = stack.intrinsics();
        boolean isText = written instanceof Scalar scalar ? scalar.plain() instanceof String
                : intrinsics.isExtended() && claim.properties().get(key) instanceof Scalar;
        if (!isText) {
            throw claim.fault("`" + key + "` must be a string", written.place(), Intrinsics.isUnknown(written)
                    ? "SAM accepts a function here with `Transform: AWS::LanguageExtensions`" : null);
        }
        intrinsics.missingIn(written).ifPresent(parameter -> {
            throw claim.fault("`" + key + "` needs a value for parameter `" + parameter + "`", written.place(),
                    TemplateParameters.adviceFor(parameter));
        });
        return claim.properties().string(key);
    }

    private boolean require(Claim claim, String key, String text) {
        if (!text.isEmpty()) return true;
        Mapping properties = claim.properties();
        Value empty = properties.get(key);
        String problem = claim.where() + ": `" + key + "` ";
        if (empty != null) problems().error(problem + "has no value", empty.place(), null);
        else problems().error(problem + "is required", properties.place(), near(key, properties));
        return false;
    }

    /** The API that an event names, or the implicit one of its kind. */
    private ApiDraft target(Claim claim) {
        String key = claim.isRest() ? "RestApiId" : "ApiId";
        Value written = claim.written().value(key).orElse(null);
        if (written == null) return apis.implicit(claim.isRest());
        Value known = claim.properties().value(key).orElse(written);
        if (!(known instanceof Scalar)) throw claim.fault("`" + key + "` must be a string", written.place(), null);
        String id = Value.text(known);
        String type = claim.isRest() ? Apis.REST : Apis.HTTP;
        Stack.Resource api = stack.resources().get(id);
        boolean isImplicit = id.equals(Apis.implicitId(claim.isRest()));
        if (api == null && isImplicit) return apis.implicit(claim.isRest());
        if (!isImplicit && (api == null || !api.is(type, Apis.PLAIN_REST, Apis.PLAIN_HTTP))) {
            List<String> ids = stack.resources().values().stream().filter(resource -> resource.is(type))
                    .map(Stack.Resource::id).toList();
            throw claim.fault("`" + key + "` must be the id of an " + type + " of this template; `" + id
                    + "` is not one", written.place(), Nearest.hint(id, ids));
        }
        ApiDraft draft = apis.draft(id);
        return draft != null && api.is(type) ? draft : apis.unserved(id, claim.isRest(), api.properties());
    }
}
