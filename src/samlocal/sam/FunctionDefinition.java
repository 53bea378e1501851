package samlocal.sam;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.Intrinsics;

/**
 * A function of the template with the Globals merged in.
 *
 * @param id logical id
 * @param name FunctionName, else the logical id
 * @param handler as written, such as {@code pkg.Class::method}
 * @param runtime as written, or an empty text
 * @param code folder or jar of CodeUri
 * @param layers contents of its layers, in their order
 * @param environment Environment.Variables as text
 * @param logging the variables that LoggingConfig stands for
 * @param overrides variables that come from elsewhere and beat the template's
 * @param qualifiers names of its aliases, and {@link #VERSIONS} where it has versions besides {@code $LATEST}
 * @param obstacle why it cannot be run here, or null
 * @param place where its handler is named
 */
public record FunctionDefinition(String id, String name, String handler, String runtime, Path code, List<Path> layers,
        int timeoutSeconds, int memoryMegabytes, Map<String, String> environment, Map<String, String> logging,
        Map<String, String> overrides, Set<String> qualifiers, String obstacle, Place place) {
    static final String VERSIONS = "1";
    private static final Pattern JAVA_RUNTIME = Pattern.compile("java(\\d{1,3})(\\..*)?");

    /** Lambda Developer Guide, "Lambda runtimes". */
    public static final List<String> JAVA_RUNTIMES = List.of("java25", "java21", "java17", "java17.al2023", "java11",
            "java11.al2023", "java8.al2", "java8.al2023", "java8");
    private static final Pattern OTHER_RUNTIME = Pattern.compile("(nodejs|python|ruby|dotnet|go|provided)[\\w.-]*");

    /** Whether Lambda has it, as far as that is known here. */
    static boolean isRuntime(String runtime) {
        return JAVA_RUNTIMES.contains(runtime) || OTHER_RUNTIME.matcher(runtime).matches();
    }

    static boolean isJava(String runtime) {
        return JAVA_RUNTIME.matcher(runtime).matches();
    }

    /** The Java release to compile for: 8, 11, 17, ... by Runtime, 0 where there is none. */
    public int release() {
        Matcher matcher = JAVA_RUNTIME.matcher(runtime);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Whether its code may need a newer Java than this. */
    public boolean isTooNew() {
        return obstacle == null && isRuntime(runtime) && release() > Runtime.version().feature();
    }

    /** Whether all is the same but the place. */
    public boolean isSameAs(FunctionDefinition other) {
        return other.at(place).equals(this);
    }

    private FunctionDefinition at(Place other) {
        return new FunctionDefinition(id, name, handler, runtime, code, layers, timeoutSeconds, memoryMegabytes,
                environment, logging, overrides, qualifiers, obstacle, other);
    }

    /** A function that is not among those that there are. */
    public static Fault unknown(String name, Collection<String> known) {
        return Fault.project("no function `" + name + "`", null, Nearest.to(name, known)
                .map(near -> "did you mean `" + near + "`?")
                .orElse(listed(known)));
    }

    /** What there is to choose from. */
    public static String listed(Collection<String> known) {
        return "this template has " + (known.isEmpty() ? "no function" : String.join(", ", known));
    }

    /** Whether it is meant by a logical id, with or without those of its stacks, or by its FunctionName. */
    public boolean isNamed(String wanted) {
        return id.equals(wanted) || name.equals(wanted) || id.endsWith("/" + wanted);
    }

    /** Why a runtime that is not Java's cannot be had. */
    static String needs(String runtime) {
        return "needs " + runtime + "; java8 to java25 are served";
    }

    /** With another Runtime than the template's. */
    public FunctionDefinition withRuntime(String other) {
        boolean isFree = obstacle == null || obstacle.equals(needs(runtime));
        String newObstacle = !isFree ? obstacle : isJava(other) ? null : needs(other);
        return new FunctionDefinition(id, name, handler, other, code, layers, timeoutSeconds, memoryMegabytes,
                environment, logging, overrides, qualifiers, newObstacle, place);
    }

    /** With variables that beat those of the template and the shell. */
    public FunctionDefinition with(Map<String, String> variables) {
        return new FunctionDefinition(id, name, handler, runtime, code, layers, timeoutSeconds, memoryMegabytes,
                environment, logging, variables, qualifiers, obstacle, place);
    }

    public String arn() {
        return Intrinsics.functionArn(arnName());
    }

    /** Its FunctionName, else its logical id with those of its stacks, by which ARNs tell functions apart. */
    String arnName() {
        return id.endsWith("/" + name) ? id : name;
    }

    /** Whether there is something of that qualifier; of versions it is not known which. */
    public boolean has(String qualifier) {
        return qualifier.equals("$LATEST") || qualifiers.contains(qualifier)
                || qualifiers.contains(VERSIONS) && qualifier.matches("[1-9]\\d{0,18}");
    }
}
