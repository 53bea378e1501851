package samlocal.template;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.files.LocalFiles;

/** The nested stacks of a template. Each is read on first use. */
public final class NestedStacks {
    private static final Set<String> TYPES = Set.of("AWS::Serverless::Application", "AWS::CloudFormation::Stack");
    private static final int DEEPEST = 16;
    /** How many stacks may wait for each other's outputs; fewer at deeper levels of nesting. */
    private static final int LONGEST_CHAIN = 64;

    private final Intrinsics parent;
    private final Mapping resources;
    private final Set<String> opening = new HashSet<>();
    private final Map<String, Optional<Intrinsics>> opened = new HashMap<>();

    NestedStacks(Intrinsics parent) {
        this.parent = parent;
        this.resources = parent.root().mapping("Resources");
    }

    /** The stack of a resource; empty if its template is not a local file. */
    Optional<Intrinsics> get(String id) {
        if (opened.containsKey(id)) return opened.get(id);
        if (!canBeOpened(id)) return Optional.empty();
        opening.add(id);
        Optional<Intrinsics> stack = parent.problems().tried(() -> open(id));
        opening.remove(id);
        opened.put(id, stack);
        return stack;
    }

    private boolean canBeOpened(String id) {
        Place place = resources.keys().get(id);
        if (opening.contains(id)) {
            parent.problems().refuse("nested stack `" + id + "` has a parameter that depends on its own outputs", place,
                    null);
            return false;
        }
        if (opening.size() < LONGEST_CHAIN / parent.site().above().size()) return true;
        parent.problems().warn("outputs of nested stack `" + id + "` are treated as unknown: too many stacks wait for "
                + "each other's outputs", place, null);
        return false;
    }

    private Intrinsics open(String id) {
        Mapping resource = resources.map(id);
        if (!TYPES.contains(resource.string("Type")) || parent.isLeftOut(resource)) return null;
        Mapping properties = Mapping.orEmpty(parent.resolve(resource.mapping("Properties")));
        Path template = template(properties, parent.site().folder()).filter(Files::isRegularFile).orElse(null);
        if (template == null) return null;
        Site site = parent.site();
        if (site.above().contains(template) || site.above().size() > DEEPEST) {
            throw Fault.project("nested stack `" + id + "` contains itself",
                    properties.get(locationKey(properties)).place());
        }
        if (!site.expansion().addStack(resources.keys().get(id))) return null;
        Map<String, Value> parameters = properties.map("Parameters").entries();
        Map<String, String> values = new HashMap<>();
        parameters.forEach((name, value) -> values.put(name, String.join(",", Value.texts(value))));
        Set<String> unknown = parameters.keySet().stream().filter(name -> isUnknown(parameters.get(name)))
                .collect(Collectors.toSet());
        return Intrinsics.of(site.nested(template, id, values, unknown), parent.problems());
    }

    private static boolean isUnknown(Value value) {
        return value instanceof Mapping || Value.items(value).stream().anyMatch(Mapping.class::isInstance);
    }

    /** The property of a nested stack with the location of its template. */
    public static String locationKey(Mapping properties) {
        return properties.value("Location").isPresent() ? "Location" : "TemplateURL";
    }

    /** The local template that the properties of a nested stack name. */
    public static Optional<Path> template(Mapping properties, Path folder) {
        String key = locationKey(properties);
        Value location = properties.get(key);
        return LocalFiles.find(folder, properties.string(key), location == null ? null : location.place());
    }
}
