package samlocal.sam;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Mapping;
import samlocal.template.Problems;
import samlocal.template.Sequence;
import samlocal.template.Value;

/** Merges the Globals section into resources (SAM Developer Guide, "Globals section of the AWS SAM template"). */
final class Globals {
    /** Section to the properties that it may have. */
    static final Map<String, Set<String>> SECTIONS = Specification.of("globals");

    private final Mapping globals;
    private final Problems problems;

    /** Reads the section; what is wrong in it is noted. */
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
            throw Fault.project("`" + name + "` is not supported in `Globals`", place,
                    Nearest.hint(name, SECTIONS.keySet(), "supported are " + String.join(", ", new TreeSet<>(SECTIONS.keySet()))));
        }
        if (!(section instanceof Mapping properties)) {
            throw Fault.project("`" + name + "` in `Globals` must be a map", place);
        }
        properties.entries().keySet().stream().filter(key -> !allowed.contains(key)).forEach(key ->
                problems.error("`" + key + "` is not a supported property of `" + name + "` in `Globals`",
                        properties.keys().get(key), Nearest.hint(key, allowed, "supported are " + String.join(", ", new TreeSet<>(allowed)))));
    }

    /** A resource's properties with those of its kind's Globals, less what it wants to ignore. */
    Mapping merge(String id, String type, Mapping resource) {
        Mapping own = resource.mapping("Properties");
        Mapping section = type.startsWith("AWS::Serverless::")
                ? section(type.substring("AWS::Serverless::".length())) : null;
        Value ignored = resource.value("IgnoreGlobals").orElse(null);
        if (section == null || "*".equals(Value.text(ignored))) return own;
        Map<String, Value> used = new LinkedHashMap<>(section.entries());
        if (ignored instanceof Sequence names) names.items().forEach(name -> ignore(id, name, section, used));
        return merge(new Mapping(used, section.keys(), section.place()), own);
    }

    /** What an API that SAM generates has. */
    Mapping ofImplicit(boolean isRest) {
        Mapping section = section(isRest ? "Api" : "HttpApi");
        Map<String, Value> used = new LinkedHashMap<>(section.entries());
        used.remove("DefinitionUri");
        return new Mapping(used, section.keys(), section.place());
    }

    private Mapping section(String kind) {
        return globals.get(kind) instanceof Mapping section ? section : Mapping.empty(globals.place());
    }

    private static void ignore(String id, Value name, Mapping section, Map<String, Value> used) {
        String property = Value.text(name);
        if (used.remove(property) == null && !section.entries().containsKey(property)) {
            throw Fault.project("`IgnoreGlobals` of resource `" + id + "` names `" + property
                    + "`, which Globals do not have",
                    name.place());
        }
    }

    /** Maps key by key, lists joined; of all else, intrinsic functions among it, the resource's own. */
    private static Mapping merge(Mapping global, Mapping own) {
        Map<String, Value> merged = new LinkedHashMap<>(global.entries());
        own.entries().forEach((key, value) -> merged.merge(key, value, Globals::merge));
        return new Mapping(merged, own.keys(), own.place());
    }

    private static Value merge(Value global, Value own) {
        boolean isFunction = isFunction(global) || isFunction(own);
        if (!isFunction && global instanceof Mapping a && own instanceof Mapping b) return merge(a, b);
        if (!(global instanceof Sequence a) || !(own instanceof Sequence b)) return own;
        return new Sequence(Stream.concat(a.items().stream(), b.items().stream()).toList(), b.place());
    }

    private static boolean isFunction(Value value) {
        return value instanceof Mapping mapping && mapping.singleEntry()
                .filter(entry -> entry.getKey().equals("Ref")
                || entry.getKey().equals("Condition") || entry.getKey().startsWith("Fn::")).isPresent();
    }
}
