package samlocal.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.base.Place;

/**
 * Adds the entries of included files to the sections of a template (CloudFormation Template Reference, "AWS::Include
 * transform"): for a {@code Fn::Transform} key of a section, or an entry of the top-level {@code Transform}, whose file
 * may have whole sections. Includes at deeper levels are handled by {@link Intrinsics}.
 */
final class Includes {
    private static final String KEY = "Fn::Transform";
    private static final List<String> SECTIONS = List.of("Resources", "Mappings", "Conditions", "Outputs");
    private final Intrinsics scope;
    private final Mapping root;

    Includes(Intrinsics scope) {
        this.scope = scope;
        this.root = scope.root();
    }

    /** The expanded template; the same object if it includes nothing. */
    Mapping expand() {
        Mapping whole = root;
        for (Value transform : ofTemplate().toList()) {
            Mapping snippet = Mapping.orEmpty(scope.snippet(transform));
            for (Map.Entry<String, Value> section : snippet.entries().entrySet()) {
                Mapping known = whole.map(section.getKey());
                whole = whole.with(section.getKey(), known.entries().isEmpty() ? section.getValue()
                        : merged(known, Mapping.orEmpty(section.getValue())));
            }
        }
        for (String section : SECTIONS) {
            Mapping written = whole.map(section);
            if (written.get(KEY) == null) continue;
            Map<String, Value> own = new LinkedHashMap<>(written.entries());
            own.remove(KEY);
            whole = whole.with(section, merged(written.with(own), Mapping.orEmpty(scope.snippet(written.get(KEY)))));
        }
        return whole;
    }

    private Stream<Value> ofTemplate() {
        Value transform = root.get("Transform");
        return (transform instanceof Sequence list ? list.items().stream() : Stream.ofNullable(transform))
                .filter(each -> each instanceof Mapping call && call.string("Name").equals("AWS::Include"));
    }

    /** Entries of the template take precedence over those of the file. */
    private static Mapping merged(Mapping own, Mapping included) {
        Map<String, Value> entries = new LinkedHashMap<>(own.entries());
        included.entries().forEach(entries::putIfAbsent);
        Map<String, Place> keys = new LinkedHashMap<>(own.keys());
        included.keys().forEach(keys::putIfAbsent);
        return new Mapping(entries, keys, own.place());
    }
}
