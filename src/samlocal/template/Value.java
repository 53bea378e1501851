package samlocal.template;

import java.util.List;
import samlocal.base.Place;

/** A part of the template. */
public sealed interface Value permits Scalar, Sequence, Mapping {
    Place place();

    /** As JSON takes it: {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} or null. */
    Object plain();

    /**
     * A scalar as CloudFormation passes it on: as written, booleans in lower case; an empty text for lists, maps and
     * null.
     */
    static String text(Value value) {
        if (!(value instanceof Scalar scalar) || scalar.plain() == null) return "";
        return scalar.plain() instanceof Boolean ? scalar.plain().toString() : scalar.text();
    }

    /** The items of a list, none for anything else or null. */
    static List<Value> items(Value value) {
        return value instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** The texts of a list, or of a scalar as the only one. */
    static List<String> texts(Value value) {
        if (value instanceof Sequence list) return list.items().stream().map(Value::text).toList();
        return text(value).isEmpty() ? List.of() : List.of(text(value));
    }
}
