package samlocal.sam;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Sequence;
import samlocal.template.Value;

/** Merges the Globals section into resources (SAM Developer Guide, "Globals section of the AWS SAM template"). */
final class Globals {
    /** The supported properties by section. */
    static final Map<String, Set<String>> SECTIONS = Specification.of("globals");

    private final Mapping globals;
    private final Problems problems;

    /** Reads the section and reports its errors. */
    Globals(Mapping root, Problems problems) {
        this.problems = problems;
        Value section = root.get("Globals");
        if (section != null && !(section instanceof Mapping)) {
            problems.error("`Globals` must be a map", root.keys().get("Globals"), null);
        }
        this.globals = section instanceof Mapping map ? map : Mapping.empty(root.place());
        globals.entries().forEach((name, value) -> problems.attempt(() -> check(name, value)));
    }

    private void check(String name, Value section) {
        Set<String> allowed = SECTIONS.get(name);
        Place place = globals.keys().get(name);
        if (allowed == null) {
            throw Fault.project("`" + name + "` is not supported in `Globals`", place, hint(name, SECTIONS.keySet()));
        }
        if (!(section instanceof Mapping properties)) {
            throw Fault.project("`" + name + "` in `Globals` must be a map", place);
        }
        properties.entries().keySet().stream().filter(key -> !allowed.contains(key)).forEach(key ->
                problems.error("`" + key + "` is not a supported property of `" + name + "` in `Globals`",
                        properties.keys().get(key), hint(key, allowed)));
    }

    private static String hint(String name, Set<String> allowed) {
        return Nearest.hint(name, allowed, "supported are " + String.join(", ", new TreeSet<>(allowed)));
    }

    /** The properties of a resource merged with the Globals for its type, except those in its IgnoreGlobals. */
    Mapping merge(String id, String type, Mapping resource) {
        Mapping own = resource.mapping("Properties");
        Value ignored = resource.value("IgnoreGlobals").orElse(null);
        if (!type.startsWith(Schema.SAM) || Value.text(ignored).equals("*")) return own;
        Mapping section = globals.map(type.substring(Schema.SAM.length()));
        Map<String, Value> used = new LinkedHashMap<>(section.entries());
        for (Value name : Value.items(ignored)) {
            String property = Value.text(name);
            used.remove(property);
            if (!section.entries().containsKey(property)) {
                throw Fault.project("`IgnoreGlobals` of resource `" + id + "` names `" + property
                        + "`, which is not in `Globals`", name.place());
            }
        }
        return merge(section.with(used), own);
    }

    /** The properties of an API that SAM generates. */
    Mapping ofImplicit(boolean isRest) {
        Mapping section = globals.map(isRest ? "Api" : "HttpApi");
        Map<String, Value> used = new LinkedHashMap<>(section.entries());
        used.remove("DefinitionUri");
        return section.with(used);
    }

    /** Merges maps key by key and concatenates lists; for anything else, the resource's own value is used. */
    private static Mapping merge(Mapping global, Mapping own) {
        Map<String, Value> merged = new LinkedHashMap<>(global.entries());
        own.entries().forEach((key, value) -> merged.merge(key, value, Globals::merge));
        return own.with(merged);
    }

    private static Value merge(Value global, Value own) {
        boolean isFunction = isFunction(global) || isFunction(own);
        if (!isFunction && global instanceof Mapping a && own instanceof Mapping b) return merge(a, b);
        if (!(global instanceof Sequence a) || !(own instanceof Sequence b)) return own;
        return new Sequence(Stream.concat(a.items().stream(), b.items().stream()).toList(), b.place());
    }

    private static boolean isFunction(Value value) {
        return Intrinsics.isUnknown(value) || value instanceof Mapping mapping && mapping.entries().size() == 1
                && mapping.get("Condition") != null;
    }
}
