package samlocal.template;

import java.util.List;
import samlocal.base.Place;

/** A part of the template. */
public sealed interface Value permits Scalar, Sequence, Mapping {
    Place place();

    /** The JSON value: {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} or null. */
    Object plain();

    /**
     * The text of a scalar as CloudFormation passes it on: as written, booleans in lower case; empty for lists, maps
     * and null.
     */
    static String text(Value value) {
        if (!(value instanceof Scalar scalar) || scalar.plain() == null) return "";
        return scalar.plain() instanceof Boolean ? scalar.plain().toString() : scalar.text();
    }

    /** The items of a list; empty for anything else and for null. */
    static List<Value> items(Value value) {
        return value instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** The texts of the items of a list, or the text of a scalar. */
    static List<String> texts(Value value) {
        if (value instanceof Sequence list) return list.items().stream().map(Value::text).toList();
        return text(value).isEmpty() ? List.of() : List.of(text(value));
    }
}
