package samlocal.sam;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.template.AwsEnvironment;

/**
 * A function of the template, with Globals merged.
 *
 * @param overrides environment variables that take precedence over the template's
 * @param qualifiers its aliases and versions, except {@link #LATEST}
 * @param unsupported why it cannot run, or null
 * @param place the place of its handler
 */
public record FunctionDefinition(Identity identity, Code source, Settings settings, Map<String, String> overrides,
        Set<String> qualifiers, Unsupported unsupported, Place place) {
    /** The version that every function has. */
    public static final String LATEST = "$LATEST";
    private static final Pattern JAVA_RUNTIME = Pattern.compile("java(\\d{1,3})(\\..*)?");

    /** Lambda Developer Guide, "Lambda runtimes". */
    static final List<String> JAVA_RUNTIMES = List.of("java25", "java21", "java17", "java17.al2023", "java11",
            "java11.al2023", "java8.al2", "java8.al2023", "java8");
    /** The runtimes to suggest. */
    public static final List<String> RUNTIMES = Stream.concat(JAVA_RUNTIMES.stream(), Stream.of("python3.14",
            "python3.13", "python3.12", "python3.11", "python3.10", "nodejs24.x", "nodejs22.x", "nodejs20.x",
            "provided.al2023", "provided.al2")).toList();

    /**
     * The names of a function.
     *
     * @param id logical id, with those of its stacks: {@code Stack/Function}
     * @param name FunctionName, else the logical id in its own stack
     * @param resourceId SAM CLI's name in its own stack: the logical id, or in CDK templates the construct id
     */
    public record Identity(AwsEnvironment aws, String id, String name, String resourceId) {
    }

    /**
     * The code of a function.
     *
     * @param handler as written, such as {@code pkg.Class::method}
     * @param runtime as written, or empty
     * @param path folder or archive of CodeUri
     * @param isForAsset whether the path is a module whose build made the asset of a CDK app that the template names
     * @param packaging for runtimes other than Java's
     */
    public record Code(String handler, String runtime, Path path, boolean isForAsset, Layers layers,
            Packaging packaging) {
    }

    /**
     * The layers of a function.
     *
     * @param contents in their order
     * @param areComplete whether the contents of all of them are here
     */
    public record Layers(List<Path> contents, boolean areComplete) {
    }

    /**
     * The settings of a function.
     *
     * @param environment the resolved Environment.Variables
     * @param logging environment variables that result from LoggingConfig
     * @param lifecycle how its execution environments are used
     * @param eventTypes the types of its Events, such as {@code SQS}
     */
    public record Settings(int timeoutSeconds, int memoryMegabytes, Map<String, String> environment,
            Map<String, String> logging, EventInvokeConfig asynchronous, Lifecycle lifecycle,
            List<String> eventTypes) {
        Settings with(Map<String, String> other) {
            return new Settings(timeoutSeconds, memoryMegabytes, other, logging, asynchronous, lifecycle, eventTypes);
        }
    }

    /**
     * How execution environments are used.
     *
     * @param isPerTenant whether each tenant has execution environments of its own (TenancyConfig)
     * @param isInitializedInAdvance whether the function has SnapStart or provisioned concurrency
     */
    public record Lifecycle(boolean isPerTenant, boolean isInitializedInAdvance) {
    }

    /** Whether Lambda has this runtime, as far as samlocal knows. */
    static boolean isRuntime(String runtime) {
        return isJava(runtime) ? JAVA_RUNTIMES.contains(runtime) : RuntimeFamily.of(runtime).isPresent();
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

    /** The family of its runtime, which runs it. */
    public RuntimeFamily family() {
        return RuntimeFamily.of(runtime()).orElse(RuntimeFamily.JAVA);
    }

    public Path code() {
        return source.path();
    }

    public Packaging packaging() {
        return source.packaging();
    }

    public Layers layers() {
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

    /** Why it cannot run, or null. */
    public String unsupportedReason() {
        return unsupported == null ? null : unsupported.reason();
    }

    /** Whether the project's problems include the reason why it cannot run. */
    public boolean isUnsupportedReported() {
        return unsupported != null && unsupported.kind() == Unsupported.Kind.REPORTED;
    }

    /** The Java release of its Runtime: 8, 11, 17, ...; 0 if it has none. */
    public int release() {
        Matcher matcher = JAVA_RUNTIME.matcher(runtime());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Whether its code may need a newer Java version than this JVM. */
    public boolean isTooNew() {
        return unsupported == null && isRuntime(runtime()) && release() > Runtime.version().feature();
    }

    /** Whether everything except the place is equal. */
    public boolean isSameAs(FunctionDefinition other) {
        return new FunctionDefinition(other.identity, other.source, other.settings, other.overrides, other.qualifiers,
                other.unsupported, place).equals(this);
    }

    /** The fault for an unknown function name. */
    public static Fault unknown(String name, Collection<String> known) {
        return Fault.project("no function named `" + name + "`", null, Nearest.hint(name, known, listed(known)));
    }

    /** A hint that lists the functions. */
    public static String listed(Collection<String> known) {
        return "this template has " + (known.isEmpty() ? "no function" : String.join(", ", known));
    }

    /** Its names, in the order in which SAM CLI looks up its variables ({@code local_lambda.py}). */
    public List<String> names() {
        return List.of(id().substring(stackPath().length()), identity.resourceId(), name(), id(), fullPath());
    }

    /** The ids of its stacks, each followed by a slash. */
    private String stackPath() {
        return id().substring(0, id().lastIndexOf('/') + 1);
    }

    private String fullPath() {
        return stackPath() + identity.resourceId();
    }

    /** Whether this is one of its names, or the end of its path. */
    public boolean isNamed(String wanted) {
        return names().contains(wanted) || id().endsWith("/" + wanted);
    }

    /**
     * The functions that a name may refer to. The first is used: the only one if a path is equal to the name, or else
     * the first in the alphabetical order of lower-case paths (SAM CLI, {@code sam_function_provider.py}).
     */
    public static List<FunctionDefinition> named(String name, Collection<FunctionDefinition> all) {
        return all.stream().filter(each -> each.id().equals(name)).findFirst()
                .or(() -> all.stream().filter(each -> each.fullPath().equals(name)).findFirst()).map(List::of)
                .orElseGet(() -> all.stream().filter(each -> each.isNamed(name))
                        .sorted(Comparator.comparing(each -> each.fullPath().toLowerCase(Locale.ROOT))).toList());
    }

    /** A warning that lists the functions if a name is ambiguous. */
    public static Optional<Problem> ambiguity(String name, List<FunctionDefinition> named, Place place) {
        if (named.size() < 2) return Optional.empty();
        String paths = named.stream().map(FunctionDefinition::id).collect(Collectors.joining(", "));
        return Optional.of(new Problem("several functions are named `" + name + "` (" + paths + "): "
                + named.get(0).id() + " is used", place, "use the full path"));
    }

    /** The same function with another Runtime. */
    public FunctionDefinition withRuntime(String other) {
        boolean dependsOnRuntime = unsupported == null || unsupported.kind() == Unsupported.Kind.RUNTIME;
        Code run = new Code(handler(), other, code(), source.isForAsset(), layers(), packaging());
        return new FunctionDefinition(identity, run, settings, overrides, qualifiers,
                dependsOnRuntime ? Unsupported.ofRuntime(other) : unsupported, place);
    }

    /**
     * The same function with other environment variables.
     *
     * @param environment replaces the template's
     * @param overrides take precedence over those of the template and the shell
     */
    public FunctionDefinition with(Map<String, String> environment, Map<String, String> overrides) {
        return new FunctionDefinition(identity, source, settings.with(environment), overrides, qualifiers, unsupported,
                place);
    }

    /** The value of an environment variable: of {@link #overrides()}, else of the template. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(overrides.getOrDefault(name, environment().get(name)));
    }

    /** Whether the value of one of its environment variables is set outside the template, see {@link #overrides()}. */
    boolean isSet(String variable) {
        return overrides.containsKey(variable) || System.getenv(variable) != null;
    }

    public String arn() {
        return aws().functionArn(arnName());
    }

    /** Its name in ARNs, where it must be unique: the FunctionName, else the logical id with those of its stacks. */
    String arnName() {
        return id().endsWith("/" + name()) ? id() : name();
    }

    /** @throws Fault if {@code qualifier} is neither empty nor one of its versions or aliases */
    public void requireQualifier(String qualifier) {
        if (qualifier.isEmpty() || has(qualifier)) return;
        throw Fault.project("`" + id() + "` has no version or alias `" + qualifier + "`", place,
                "it has " + Stream.concat(Stream.of(LATEST), qualifiers.stream()).collect(Collectors.joining(", ")));
    }

    /** Whether it has this version or alias. */
    public boolean has(String qualifier) {
        return qualifier.equals(LATEST) || qualifiers.contains(qualifier);
    }
}
