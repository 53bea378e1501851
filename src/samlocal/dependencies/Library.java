package samlocal.dependencies;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Place;

/**
 * A library that a build file names.
 *
 * @param scope one of Maven's, or {@code processor}, {@code platform}, or {@code managed} for one that only sets a
 *     version
 * @param version empty if a platform gives it
 * @param exclusions of what it needs, as {@code group:name}, either of which may be {@code *}
 * @param place where it is named, null if that is not known
 */
public record Library(String scope, String group, String name, String version, String classifier,
        List<String> exclusions, Place place) {
    /** Lombok in a version that runs on every Java so far. */
    public static final String LOMBOK = "org.projectlombok:lombok:1.18.42";
    private static final Set<String> NOT_ON_CLASS_PATH = Set.of("platform", "processor", "managed");

    Library(String scope, String group, String name, String version) {
        this(scope, group, name, version, "", List.of(), null);
    }

    /** From {@code group:name:version} and perhaps {@code :classifier} or {@code @pom}, which is a platform. */
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

    /** Says in Maven's words what is needed, and from where besides the usual repositories. */
    static String pom(List<Library> libraries, List<String> repositories) {
        StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion>"
                + "<groupId>samlocal</groupId><artifactId>libraries</artifactId><version>1</version>");
        pom.append("<repositories>");
        for (int i = 0; i < repositories.size(); i++) {
            pom.append("<repository><id>r").append(i).append("</id><url>").append(escaped(repositories.get(i)))
                    .append("</url></repository>");
        }
        pom.append("</repositories><dependencyManagement><dependencies>\n");
        libraries.stream().filter(each -> each.scope().equals("platform")).forEach(each -> pom.append(
                each.dependency("<type>pom</type><scope>import</scope>")));
        libraries.stream().filter(each -> each.scope().equals("managed")).forEach(each ->
                pom.append(each.dependency("")));
        pom.append("</dependencies></dependencyManagement><dependencies>\n");
        libraries.stream().filter(each -> !NOT_ON_CLASS_PATH.contains(each.scope()) && !each.isBeaten(libraries))
                .forEach(each -> pom.append(each.dependency("<scope>" + each.scope() + "</scope>")));
        pom.append("</dependencies><build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>"
                + "<configuration><annotationProcessorPathsUseDepMgmt>true</annotationProcessorPathsUseDepMgmt>"
                + "<annotationProcessorPaths>\n");
        libraries.stream().filter(each -> each.scope().equals("processor")).forEach(each -> pom.append("<path>")
                .append(each.elements()).append("</path>\n"));
        return pom.append("</annotationProcessorPaths></configuration></plugin></plugins></build></project>")
                .toString();
    }

    /** Maven takes the last of two scopes, where Gradle joins them. */
    private boolean isBeaten(List<Library> libraries) {
        return !scope.equals("compile") && libraries.stream().anyMatch(each -> each.scope().equals("compile")
                && each.group().equals(group) && each.name().equals(name));
    }

    /** Whether a line of the pom says this. */
    boolean isIn(String line) {
        return line.contains(elements());
    }

    private String dependency(String more) {
        return "<dependency>" + elements() + excluded() + more + "</dependency>\n";
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
        return text.isEmpty() ? "" : "<" + name + ">" + escaped(text) + "</" + name + ">";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
