package samlocal.sam;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.template.Mapping;

/** An API whose routes are being collected from its OpenAPI document, events and resources. */
final class ApiDraft {
    private static final Pattern INNER_PROXY = Pattern.compile("\\{[^/{}]+\\+\\}/.*");

    private final Api api;
    private final Auth auth;
    private final Models models;
    private final Mapping properties;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, Route> claims = new LinkedHashMap<>();

    ApiDraft(Api api, Mapping properties, Auth auth, Models models) {
        this.api = api;
        this.auth = auth;
        this.models = models;
        this.properties = properties;
    }

    Api api() {
        return api;
    }

    Auth auth() {
        return auth;
    }

    Models models() {
        return models;
    }

    Collection<Route> routes() {
        return routes.values();
    }

    boolean hasDefinition() {
        return hasProperty("DefinitionBody") || hasProperty("DefinitionUri");
    }

    /** Whether a property is set; SAM ignores an empty map. */
    private boolean hasProperty(String property) {
        return properties.value(property).filter(value -> !(value instanceof Mapping map) || !map.entries().isEmpty())
                .isPresent();
    }

    /** Whether SAM adds routes of events: not to a document in a file, to a REST API's body only if it is merged. */
    boolean takesEvents() {
        boolean takesBody = !hasProperty("DefinitionBody") || properties.isTrue("MergeDefinitions") || !api.isRest();
        return !hasProperty("DefinitionUri") && takesBody;
    }

    boolean has(Route route) {
        return hasRoute(route.toString());
    }

    /** Whether it has a route, such as {@code GET /path}. */
    boolean hasRoute(String route) {
        return routes.containsKey(route);
    }

    /** Adds a route; it replaces one with the same method and path. */
    void add(Route route) {
        if (INNER_PROXY.matcher(route.path()).find()) {
            throw Fault.project("path `" + route.path() + "` continues after a greedy parameter", route.source(),
                    "`{name+}` can only be the last part of a path");
        }
        routes.put(route.toString(), route);
    }

    /** The route of an earlier event with the same method and path, or null. */
    Route claim(Route route) {
        return claims.putIfAbsent(route.toString(), route);
    }
}
