package samlocal.dependencies;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Resource;
import samlocal.files.Cache;

/**
 * A library that a build file names.
 *
 * @param scope a Maven scope, {@code processor}, {@code platform}, or {@code managed} if it only sets a version
 * @param version empty if a platform manages it
 * @param exclusions excluded dependencies, as {@code group:name}, either of which may be {@code *}
 * @param place where it is declared, null if unknown
 */
public record Library(String scope, String group, String name, String version, String classifier,
        List<String> exclusions, Place place) {
    /** A version of Lombok that runs on every Java version up to 25. */
    public static final String LOMBOK = "org.projectlombok:lombok:1.18.42";
    private static final Set<String> NOT_ON_CLASS_PATH = Set.of("platform", "processor", "managed");

    Library(String scope, String group, String name, String version) {
        this(scope, group, name, version, "", List.of(), null);
    }

    /** Parses {@code group:name:version}, with an optional {@code :classifier} or {@code @pom} for a platform. */
    static Optional<Library> of(String coordinates) {
        String[] parts = coordinates.replaceFirst("@\\w+$", "").split(":");
        if (parts.length < 2 || parts.length > 4 || Stream.of(parts).anyMatch(String::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(new Library(coordinates.endsWith("@pom") ? "platform" : "compile", parts[0], parts[1],
                parts.length > 2 ? parts[2] : "", parts.length == 4 ? parts[3] : "", List.of(), null));
    }

    Library at(String otherVersion) {
        return new Library(scope, group, name, otherVersion, classifier, exclusions, place);
    }

    Library in(String otherScope) {
        return new Library(otherScope, group, name, version, classifier, exclusions, place);
    }

    Library without(List<String> others) {
        return new Library(scope, group, name, version, classifier,
                Stream.concat(exclusions.stream(), others.stream()).distinct().toList(), place);
    }

    Library namedAt(Place otherPlace) {
        return new Library(scope, group, name, version, classifier, exclusions, otherPlace);
    }

    /** A pom that depends on the libraries, each on its own line, with additional repositories. */
    static String pom(List<Library> libraries, List<String> repositories) {
        return Resource.text(Library.class, "libraries.xml").formatted(
                lines(repositories, url -> "<repository>" + element("id", Cache.hash(url)) + element("url", url)
                        + "</repository>"),
                lines(in(libraries, "platform"), each -> each.dependency("<type>pom</type><scope>import</scope>")),
                lines(in(libraries, "managed"), each -> each.dependency("")),
                lines(libraries.stream().filter(each -> !NOT_ON_CLASS_PATH.contains(each.scope)
                        && !each.isBeaten(libraries)).toList(), each -> each.dependency(element("scope", each.scope))),
                lines(in(libraries, "processor"), each -> "<path>" + each.elements() + "</path>"));
    }

    private static <T> String lines(List<T> items, Function<T, String> line) {
        return items.stream().map(line).collect(Collectors.joining("\n"));
    }

    private static List<Library> in(List<Library> libraries, String scope) {
        return libraries.stream().filter(each -> each.scope.equals(scope)).toList();
    }

    /** Maven uses the last of two scopes for the same library, but Gradle uses both. */
    private boolean isBeaten(List<Library> libraries) {
        return !scope.equals("compile") && libraries.stream().anyMatch(each -> each.scope().equals("compile")
                && each.group().equals(group) && each.name().equals(name));
    }

    /** Whether a line of the pom declares this library. */
    boolean isIn(String line) {
        return line.contains(elements());
    }

    private String dependency(String more) {
        return "<dependency>" + elements() + excluded() + more + "</dependency>";
    }

    private String elements() {
        return element("groupId", group) + element("artifactId", name) + element("version", version)
                + element("classifier", classifier);
    }

    private String excluded() {
        return exclusions.isEmpty() ? "" : exclusions.stream().map(each -> each.split(":")).map(each -> "<exclusion>"
                + element("groupId", each[0]) + element("artifactId", each[1]) + "</exclusion>")
                .collect(Collectors.joining("", "<exclusions>", "</exclusions>"));
    }

    private static String element(String name, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        return text.isEmpty() ? "" : "<" + name + ">" + escaped + "</" + name + ">";
    }
}
