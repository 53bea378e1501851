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
import samlocal.template.AwsEnvironment;

/**
 * A function of the template with the Globals merged in.
 *
 * @param overrides variables that come from elsewhere and beat the template's
 * @param qualifiers names of its aliases, and {@link #VERSIONS} where it has versions besides {@code $LATEST}
 * @param blocked why it cannot run here, or null
 * @param place where its handler is named
 */
public record FunctionDefinition(Identity identity, Code source, Settings settings, Map<String, String> overrides,
        Set<String> qualifiers, Obstacle blocked, Place place) {
    static final String VERSIONS = "1";
    private static final Pattern JAVA_RUNTIME = Pattern.compile("java(\\d{1,3})(\\..*)?");

    /** Lambda Developer Guide, "Lambda runtimes". */
    public static final List<String> JAVA_RUNTIMES = List.of("java25", "java21", "java17", "java17.al2023", "java11",
            "java11.al2023", "java8.al2", "java8.al2023", "java8");
    private static final Pattern OTHER_RUNTIME = Pattern.compile("(nodejs|python|ruby|dotnet|go|provided)[\\w.-]*");

    /**
     * What a function is called.
     *
     * @param id logical id, with those of its stacks: {@code Stack/Function}
     * @param name FunctionName, else the logical id in its own stack
     */
    public record Identity(AwsEnvironment aws, String id, String name) {
    }

    /**
     * What runs.
     *
     * @param handler as written, such as {@code pkg.Class::method}
     * @param runtime as written, or an empty text
     * @param path folder or jar of CodeUri
     * @param layers contents of its layers, in their order
     */
    public record Code(String handler, String runtime, Path path, List<Path> layers) {
    }

    /**
     * How it runs.
     *
     * @param environment Environment.Variables as text
     * @param logging the variables that LoggingConfig stands for
     * @param eventTypes the types of its Events, such as {@code SQS}
     */
    public record Settings(int timeoutSeconds, int memoryMegabytes, Map<String, String> environment,
            Map<String, String> logging, EventInvokeConfig asynchronous, List<String> eventTypes) {
    }

    /** Whether Lambda has this runtime, as far as that is known here. */
    static boolean isRuntime(String runtime) {
        return JAVA_RUNTIMES.contains(runtime) || OTHER_RUNTIME.matcher(runtime).matches();
    }

    static boolean isJava(String runtime) {
        return JAVA_RUNTIME.matcher(runtime).matches();
    }

    public AwsEnvironment aws() {
        return identity.aws();
    }

    public String id() {
        return identity.id();
    }

    public String name() {
        return identity.name();
    }

    public String handler() {
        return source.handler();
    }

    public String runtime() {
        return source.runtime();
    }

    public Path code() {
        return source.path();
    }

    public List<Path> layers() {
        return source.layers();
    }

    public int timeoutSeconds() {
        return settings.timeoutSeconds();
    }

    public int memoryMegabytes() {
        return settings.memoryMegabytes();
    }

    public Map<String, String> environment() {
        return settings.environment();
    }

    public Map<String, String> logging() {
        return settings.logging();
    }

    public List<String> eventTypes() {
        return settings.eventTypes();
    }

    /** Why it cannot run here, or null. */
    public String obstacle() {
        return blocked == null ? null : blocked.message();
    }

    /** Whether the reason why it cannot run is among the problems of the project. */
    public boolean isObstacleReported() {
        return blocked != null && blocked.kind() == Obstacle.Kind.REPORTED;
    }

    /** The Java release to compile for: 8, 11, 17, ... by Runtime, 0 where there is none. */
    public int release() {
        Matcher matcher = JAVA_RUNTIME.matcher(runtime());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Whether its code may need a newer Java than this. */
    public boolean isTooNew() {
        return blocked == null && isRuntime(runtime()) && release() > Runtime.version().feature();
    }

    /** Whether everything but the place is the same. */
    public boolean isSameAs(FunctionDefinition other) {
        return new FunctionDefinition(other.identity, other.source, other.settings, other.overrides, other.qualifiers,
                other.blocked, place).equals(this);
    }

    /** The fault that no function has this name. */
    public static Fault unknown(String name, Collection<String> known) {
        return Fault.project("no function `" + name + "`", null, Nearest.hint(name, known, listed(known)));
    }

    /** A sentence that lists the functions to choose from. */
    public static String listed(Collection<String> known) {
        return "this template has " + (known.isEmpty() ? "no function" : String.join(", ", known));
    }

    /** Whether it is meant by a logical id, with or without those of its stacks, or by its FunctionName. */
    public boolean isNamed(String wanted) {
        return id().equals(wanted) || name().equals(wanted) || id().endsWith("/" + wanted);
    }

    /** The same function with another Runtime than the template's. */
    public FunctionDefinition withRuntime(String other) {
        boolean dependsOnRuntime = blocked == null || blocked.kind() == Obstacle.Kind.RUNTIME;
        Obstacle ofOther = isJava(other) ? null : Obstacle.ofRuntime(other);
        return new FunctionDefinition(identity, new Code(handler(), other, code(), layers()), settings, overrides,
                qualifiers, dependsOnRuntime ? ofOther : blocked, place);
    }

    /** The same function with variables that beat those of the template and the shell. */
    public FunctionDefinition with(Map<String, String> variables) {
        return new FunctionDefinition(identity, source, settings, variables, qualifiers, blocked, place);
    }

    public String arn() {
        return aws().functionArn(arnName());
    }

    /** Its FunctionName, else its logical id with those of its stacks, by which ARNs tell functions apart. */
    String arnName() {
        return id().endsWith("/" + name()) ? id() : name();
    }

    /** Whether it has this version or alias; which versions exist is not known. */
    public boolean has(String qualifier) {
        return qualifier.equals("$LATEST") || qualifiers.contains(qualifier)
                || qualifiers.contains(VERSIONS) && qualifier.matches("[1-9]\\d{0,18}");
    }
}
