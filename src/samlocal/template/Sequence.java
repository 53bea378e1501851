package samlocal.template;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import samlocal.base.Place;

/** A list. */
public record Sequence(List<Value> items, Place place) implements Value {
    @Override public Object plain() {
        return items.stream().map(Value::plain).collect(Collectors.toCollection(ArrayList::new));
    }
}
