package samlocal.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import samlocal.base.Fault;
import samlocal.base.Place;

/** A map in the order of the file; {@code keys} holds the place of each key. */
public record Mapping(Map<String, Value> entries, Map<String, Place> keys, Place place) implements Value {
    static Mapping of(String key, Value value, Place place) {
        return new Mapping(Map.of(key, value), Map.of(key, place), place);
    }

    public static Mapping empty(Place place) {
        return new Mapping(Map.of(), Map.of(), place);
    }

    /** The value if it is a map, else an empty one. */
    public static Mapping orEmpty(Value value) {
        return value instanceof Mapping mapping ? mapping : empty(value == null ? null : value.place());
    }

    /** The same map with other entries. */
    public Mapping with(Map<String, Value> others) {
        return new Mapping(others, keys, place);
    }

    /** The same map with another value under a key that it has. */
    public Mapping with(String key, Value value) {
        Map<String, Value> changed = new LinkedHashMap<>(entries);
        changed.put(key, value);
        return with(changed);
    }

    @Override public Object plain() {
        Map<String, Object> plain = new LinkedHashMap<>();
        entries.forEach((key, value) -> plain.put(key, value.plain()));
        return plain;
    }

    /** The value under a key, or null. */
    public Value get(String key) {
        return entries.get(key);
    }

    /** The value under a key, if it is present and not null. */
    public Optional<Value> value(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> value.plain() != null);
    }

    /** The value under a key whose first letter may be in lower or upper case. */
    public Optional<Value> anyCase(String key) {
        char first = key.charAt(0);
        char other = Character.isUpperCase(first) ? Character.toLowerCase(first) : Character.toUpperCase(first);
        return value(key).or(() -> value(other + key.substring(1)));
    }

    /** The map under a key; empty if the value is missing or not a map. */
    public Mapping map(String key) {
        return entries.get(key) instanceof Mapping mapping ? mapping : empty(place);
    }

    /** The map under a key, empty if missing; throws a {@link Fault} if the value is not a map. */
    public Mapping mapping(String key) {
        Value value = value(key).orElse(null);
        if (value == null || value instanceof Mapping) return map(key);
        throw Fault.project("`" + key + "` must be a map", value.place());
    }

    /** The text under a key as written; throws a {@link Fault} if the value is a list or map. */
    public Optional<String> text(String key) {
        Value value = value(key).orElse(null);
        if (value == null || value instanceof Scalar) return Optional.ofNullable((Scalar) value).map(Scalar::text);
        throw Fault.project("`" + key + "` must be a string", value.place());
    }

    /** The text under a key as CloudFormation passes it on; empty if missing. */
    public String string(String key) {
        return Value.text(entries.get(key));
    }

    public boolean isTrue(String key) {
        return string(key).equals("true");
    }

    /** The entry of a map with exactly one, which may be an intrinsic function such as {@code {Ref: X}}. */
    public Optional<Map.Entry<String, Value>> singleEntry() {
        return entries.size() == 1 ? entries.entrySet().stream().findFirst() : Optional.empty();
    }
}
