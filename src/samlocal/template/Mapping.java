package samlocal.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.base.Place;

/** A map in the order of the file; {@code keys} has the place of each key. */
public record Mapping(Map<String, Value> entries, Map<String, Place> keys, Place place) implements Value {
    static Mapping of(String key, Value value, Place place) {
        return new Mapping(Map.of(key, value), Map.of(key, place), place);
    }

    public static Mapping empty(Place place) {
        return new Mapping(Map.of(), Map.of(), place);
    }

    @Override public Object plain() {
        Map<String, Object> plain = new LinkedHashMap<>();
        entries.forEach((key, value) -> plain.put(key, value.plain()));
        return plain;
    }

    /** The value under a key, if it is there and not null. */
    public Optional<Value> value(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> value.plain() != null);
    }

    /** The map under a key, an empty one if it is missing; anything else there is a fault. */
    public Mapping mapping(String key) {
        return value(key).map(value -> asMapping(key, value)).orElseGet(() -> empty(place));
    }

    /** The text under a key as it was written; a list or map there is a fault. */
    public Optional<String> text(String key) {
        return value(key).map(value -> asScalar(key, value).text());
    }

    private static Mapping asMapping(String key, Value value) {
        if (value instanceof Mapping mapping) return mapping;
        throw Fault.project("`" + key + "` must be a map", value.place());
    }

    private static Scalar asScalar(String key, Value value) {
        if (value instanceof Scalar scalar) return scalar;
        throw Fault.project("`" + key + "` must be a text", value.place());
    }

    /** The only entry, where there is just one: this may be an intrinsic function such as {@code {Ref: X}}. */
    public Optional<Map.Entry<String, Value>> singleEntry() {
        return entries.size() == 1 ? entries.entrySet().stream().findFirst() : Optional.empty();
    }
}
