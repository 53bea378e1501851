package samlocal.sam;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import samlocal.base.Nearest;

/** Resource types: the syntax of all, and the names of those of common services. */
final class Types {
    /** CloudFormation CLI User Guide, "Resource type schema"; CloudFormation User Guide, "Custom resources". */
    private static final Pattern FORM = Pattern.compile(
            "Custom::[\\w@-]{1,60}|[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2}(::MODULE)?");
    /** The names of types by service. */
    private static final Map<String, Set<String>> NAMES = Specification.of("types");

    private Types() {
    }

    /** Whether a type exists, as far as samlocal knows. */
    static boolean isKnown(String type) {
        if (!FORM.matcher(type).matches()) return false;
        String[] parts = type.split("::");
        if (!parts[0].equalsIgnoreCase("AWS")) return true;
        Set<String> names = NAMES.get(parts[1]);
        return parts[0].equals("AWS") && (names == null ? service(parts[1]).isEmpty() : names.contains(parts[2]));
    }

    /** The type that was most likely meant. */
    static Optional<String> nearest(String type) {
        String[] parts = type.split("[^A-Za-z0-9]+");
        if (parts.length < 3) return Optional.empty();
        return service(parts[1]).flatMap(service -> Nearest.to(parts[2], NAMES.get(service))
                .map(name -> "AWS::" + service + "::" + name));
    }

    /** The service with this name or a misspelling of it; a name that ends with a service's name is another service. */
    private static Optional<String> service(String name) {
        return Nearest.to(name, NAMES.keySet()).filter(near -> name.equals(near) || !name.endsWith(near));
    }
}
