package samlocal.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import samlocal.base.Fault;
import samlocal.base.Place;

/** Expands {@code Fn::ForEach} (CloudFormation User Guide, "Fn::ForEach"). */
record ForEach(Intrinsics scope) {
    /** The value with its loops expanded; {@code bound} has the variables of the enclosing loops. */
    Value expand(Value value, Map<String, String> bound) {
        if (value instanceof Scalar scalar) {
            String text = expand(scalar.text(), bound);
            return text.equals(scalar.text()) ? scalar : Scalar.ofText(text, scalar.place());
        }
        if (value instanceof Sequence list) {
            return new Sequence(list.items().stream().map(item -> expand(item, bound)).toList(), list.place());
        }
        Mapping mapping = (Mapping) value;
        String name = mapping.entries().size() == 1 ? mapping.string("Ref") : "";
        if (bound.containsKey(name)) return Scalar.ofText(bound.get(name), mapping.place());
        Entries entries = new Entries();
        addAll(entries, mapping, bound);
        return entries.mapping(mapping.place());
    }

    private static String expand(String text, Map<String, String> bound) {
        String result = text;
        for (Map.Entry<String, String> entry : bound.entrySet()) {
            result = result.replace("${" + entry.getKey() + "}", entry.getValue())
                    .replace("&{" + entry.getKey() + "}", entry.getValue().replaceAll("[^A-Za-z0-9]", ""));
        }
        return result;
    }

    /** The entries of an expanded map. */
    private record Entries(Map<String, Value> values, Map<String, Place> keys) {
        Entries() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        void add(String key, Value value, Place place) {
            if (values.put(key, value) != null) throw Fault.project("key `" + key + "` is generated twice", place);
            keys.put(key, place);
        }

        Mapping mapping(Place place) {
            return new Mapping(values, keys, place);
        }
    }

    private void addAll(Entries entries, Mapping written, Map<String, String> bound) {
        written.entries().forEach((key, value) -> {
            Place place = written.keys().get(key);
            if (key.startsWith("Fn::ForEach::")) addLoop(entries, key, value, place, bound);
            else entries.add(expand(key, bound), expand(value, bound), place);
        });
    }

    private void addLoop(Entries entries, String key, Value argument, Place place, Map<String, String> bound) {
        List<Value> parts = Value.items(argument);
        boolean isWellFormed = parts.size() == 3 && parts.get(0) instanceof Scalar && parts.get(2) instanceof Mapping;
        if (!isWellFormed) throw Fault.project("`" + key + "` takes a name, a list and a map", place);
        if (!(scope.resolve(expand(parts.get(1), bound)) instanceof Sequence list)) {
            throw Fault.project("the list of `" + key + "` is known only after a deployment", parts.get(1).place(),
                    scope.missingIn(parts.get(1)).map(TemplateParameters::adviceFor).orElse(null));
        }
        for (String item : Value.texts(list)) {
            Map<String, String> inner = new LinkedHashMap<>(bound);
            inner.put(Value.text(parts.get(0)), item);
            scope.site().expansion().addEntry(place);
            addAll(entries, (Mapping) parts.get(2), inner);
        }
    }
}
