package samlocal.sam;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Value;

/** Reads OpenAPI 2 and 3 as API Gateway does (API Gateway Developer Guide, "OpenAPI extensions"). */
final class OpenApi {
    /**
     * An operation and its integration, which is an empty map if there is none.
     *
     * @param written the operation; null if a SAM event must fill it
     */
    record Operation(String method, String path, Mapping written, Mapping integration, String operationId,
            Place place) {
    }

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch",
            "x-amazon-apigateway-any-method");
    private static final Set<String> OF_ALL_METHODS = Set.of("parameters", "summary", "description", "servers");

    private OpenApi() {
    }

    /**
     * All operations of a document.
     *
     * @param api names the API in messages
     * @param isFilled whether methods may be empty because events fill them
     */
    static List<Operation> operations(Mapping document, String api, boolean isFilled, Problems problems) {
        List<Operation> operations = new ArrayList<>();
        Value paths = document.value("paths").orElse(null);
        if (!(paths instanceof Mapping map)) return operations;
        map.entries().forEach((path, item) -> problems.attempt(() -> {
            if (!(item instanceof Mapping methods)) {
                throw Fault.project("API " + api + ": path `" + path + "` must be a map", place(item, map, path));
            }
            if (!Intrinsics.isUnknown(methods)) operations.addAll(ofPath(path, methods, api, isFilled));
        }));
        return operations;
    }

    private static Place place(Value item, Mapping within, String key) {
        return item.place() != null ? item.place() : within.keys().get(key);
    }

    private static List<Operation> ofPath(String path, Mapping methods, String api, boolean isFilled) {
        List<Operation> operations = new ArrayList<>();
        methods.entries().forEach((key, value) -> {
            boolean isExtension = key.startsWith("x-") && !METHODS.contains(key.toLowerCase(Locale.ROOT));
            if (OF_ALL_METHODS.contains(key) || isExtension) return;
            boolean isKnown = METHODS.contains(key.toLowerCase(Locale.ROOT));
            if (isKnown && isFilled && value.plain() == null) {
                operations.add(new Operation(method(key), path, null, null, null, methods.keys().get(key)));
                return;
            }
            if (!(value instanceof Mapping operation)) {
                throw Fault.project("API " + api + ": method `" + key + "` of path `" + path + "` must be a map",
                        place(value, methods, key));
            }
            if (isKnown) operations.add(operation(path, key, operation, methods.keys().get(key)));
        });
        return operations;
    }

    private static Operation operation(String path, String key, Mapping operation, Place place) {
        Value integration = operation.get("x-amazon-apigateway-integration");
        String operationId = operation.string("operationId");
        return new Operation(method(key), path, operation,
                integration instanceof Mapping map ? map : Mapping.empty(place),
                operationId.isEmpty() ? null : operationId, place);
    }

    private static String method(String key) {
        return key.equalsIgnoreCase("x-amazon-apigateway-any-method") ? "ANY" : key.toUpperCase(Locale.ROOT);
    }
}
