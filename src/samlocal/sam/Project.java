package samlocal.sam;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Modules;
import samlocal.template.Problems;
import samlocal.template.Site;

/**
 * The functions, layers and routes of a template and its nested stacks, following the SAM specification (version
 * 2016-10-31) and the API Gateway and Lambda references in the CloudFormation User Guide.
 *
 * @param functions those of nested stacks have ids like {@code Stack/Function}
 * @param problems problems in spite of which the routes could be read
 * @param files all templates and documents that were read
 * @param parameters the parameters that the template declares
 */
public record Project(List<FunctionDefinition> functions, List<Layer> layers, List<Route> routes,
        Problems problems, Set<Path> files, Set<String> parameters) {
    /** A project and its errors. A project with errors is not served, but its other parts can be reported. */
    public record Survey(Project project, List<Problem> errors) {
        /** The errors, refusals and blockers, in the order of their lines. */
        public List<Problem> failures() {
            Set<Place> wrong = errors.stream().map(Problem::place).collect(Collectors.toSet());
            Stream<Problem> refusals = project.refusals().stream().filter(each -> !wrong.contains(each.place()));
            return Stream.of(errors.stream(), refusals, project.blockers().stream()).flatMap(each -> each)
                    .sorted(Comparator.comparingInt(each -> each.place() == null ? 0 : each.place().line())).toList();
        }
    }

    /** Parts of the template that behave differently than expected. */
    public List<Problem> warnings() {
        return problems.warnings((id, variable) -> functions.stream()
                .anyMatch(function -> function.id().equals(id) && function.isSet(variable)));
    }

    /** Errors for which AWS rejects the template although samlocal can serve it, such as dangling references. */
    public List<Problem> refusals() {
        return problems.refusals();
    }

    /** Problems that matter only to a deployment; a server does not report them. */
    public List<Problem> omissions() {
        return problems.omissions();
    }

    /** Problems that prevent functions from running. */
    public List<Problem> blockers() {
        return problems.blockers();
    }

    /** Everything to report before the first request. */
    public List<Problem> remarks() {
        return Stream.of(refusals(), blockers(), warnings()).flatMap(List::stream).toList();
    }

    /** The {@link #remarks} that concern a function or the whole template. */
    public List<Problem> remarksOn(FunctionDefinition function) {
        return remarks().stream().filter(problem -> problems.concerns(problem, function.id())).toList();
    }

    /** The same project with only some of its functions and routes. */
    public Project with(List<FunctionDefinition> fewer, List<Route> reached) {
        return new Project(fewer, layers, reached, problems, files, parameters);
    }

    /** The same project with values of environment variables, which override the template's. */
    public Project with(Function<FunctionDefinition, Map<String, String>> variables) {
        return with(functions.stream().map(function -> function.with(function.environment(), variables.apply(function)))
                .toList(), routes);
    }

    /** Warnings about values for undeclared parameters, which are ignored. */
    public List<Problem> undeclared(Collection<String> names) {
        return names.stream().filter(name -> !parameters.contains(name) && !name.startsWith("AWS::"))
                .map(name -> new Problem("`--parameter-overrides`: the template has no parameter `" + name
                        + "`; the value is ignored", null, Nearest.hint(name, parameters))).toList();
    }

    /** Functions that only direct invocations reach. */
    public List<FunctionDefinition> functionsWithoutRoute() {
        Set<String> reached = routes.stream().map(Route::function).collect(Collectors.toSet());
        return functions.stream().filter(function -> !reached.contains(function.id())).toList();
    }

    /** The modules that are served although the template names what their builds made, see {@link Modules#ofAsset}. */
    public List<Path> modulesOfAssets() {
        return functions.stream().map(FunctionDefinition::source).filter(FunctionDefinition.Code::isForAsset)
                .map(FunctionDefinition.Code::path).distinct().toList();
    }

    /** @throws Fault if none of the functions can run */
    public Project requireRunnable() {
        boolean isRunnable = functions.stream().anyMatch(function -> function.unsupportedReason() == null);
        if (!blockers().isEmpty() && !isRunnable) throw new Fault(blockers(), Fault.PROJECT);
        return this;
    }

    /**
     * Reads a template file and its nested stacks.
     *
     * @param overrides values of parameters in the place of their defaults
     * @param layers what stands for layers that are not here, by their ARNs, names or ids
     * @throws Fault with all that is wrong, if some of it matters here
     */
    public static Project read(Path file, Map<String, String> overrides, Map<String, Path> layers) {
        Survey survey = survey(file, overrides, layers);
        if (!survey.errors().isEmpty()) throw new Fault(survey.failures(), Fault.PROJECT);
        return survey.project();
    }

    /** Like {@link #read(Path, Map, Map)}, with only the layers of the template. */
    public static Project read(Path file, Map<String, String> overrides) {
        return read(file, overrides, Map.of());
    }

    /** Like {@link #read}, but returns errors together with the parts that could be read. */
    public static Survey survey(Path file, Map<String, String> overrides, Map<String, Path> layers) {
        Problems problems = new Problems();
        List<Stack> stacks = new ArrayList<>();
        List<Route> routes = new ArrayList<>();
        problems.attempt(() -> read(Stack.of(Site.ofRoot(file, overrides), layers, problems), stacks));
        stacks.forEach(stack -> problems.attempt(stack::readFunctions));
        problems.about("routes", () -> {
            stacks.forEach(stack -> problems.attempt(() -> routes.addAll(new Apis(stack).routes())));
            warnOfShadowed(routes, problems);
            warnOfTenants(routes, all(stacks, Stack::functions), problems);
        });
        return new Survey(new Project(all(stacks, Stack::functions), all(stacks, Stack::layers), routes, problems,
                new LinkedHashSet<>(all(stacks, Stack::files)), stacks.isEmpty() ? Set.of()
                : stacks.get(0).intrinsics().parameters()), problems.errors());
    }

    /** All APIs share one port: if several have the same path, the first one gets the requests. */
    private static void warnOfShadowed(List<Route> routes, Problems problems) {
        Map<String, List<Route>> bySpan = new HashMap<>();
        routes.stream().filter(route -> !route.api().isUrl()).forEach(route -> {
            List<Route> before = bySpan.computeIfAbsent(span(route), span -> new ArrayList<>());
            before.stream().filter(first -> isClaimedByBoth(first, route)).findFirst()
                    .ifPresent(first -> warnOfShadowed(route, first, problems));
            before.add(route);
        });
    }

    /** The path without the names of its parameters. */
    private static String span(Route route) {
        return route.path().replaceAll("\\{[^{}+]+(\\+?)}", "{$1}").replaceFirst("(.)/$", "$1");
    }

    private static boolean isClaimedByBoth(Route first, Route second) {
        boolean isSameMethod = first.method().equals(second.method());
        boolean isAny = first.method().equals("ANY") || second.method().equals("ANY");
        return !first.api().id().equals(second.api().id()) && (isSameMethod || isAny);
    }

    private static void warnOfShadowed(Route route, Route first, Problems problems) {
        boolean isInPart = !first.method().equals(route.method()) && !first.method().equals("ANY");
        problems.warn("`" + route + "` of " + route.api().id() + (isInPart ? " is reached in part: " : " is not "
                + "reached: ") + first.api().id() + " has " + (first.toString().equals(route.toString()) ? "it too"
                : "`" + first + "`"), route.source(), "the whole API is served at `"
                + route.api().name() + ".localhost`");
    }

    /** Lambda Developer Guide, "Invoking Lambda functions with tenant isolation". */
    private static void warnOfTenants(List<Route> routes, List<FunctionDefinition> functions, Problems problems) {
        Set<String> perTenant = functions.stream().filter(function -> function.settings().lifecycle().isPerTenant())
                .map(FunctionDefinition::id).collect(Collectors.toSet());
        routes.stream().filter(route -> route.backend() instanceof Backend.Lambda backend
                && perTenant.contains(backend.function()) && backend.tenant().isEmpty()).forEach(route ->
                problems.warn("`" + route + "` is rejected: it sends no tenant ID, which `" + route.function()
                    + "` requires", route.source(), route.api().isRest()
                ? "map it in the integration of the API's DefinitionBody: `requestParameters:"
                + " {integration.request.header.X-Amz-Tenant-Id: method.request.header.NAME}`"
                : "only REST APIs can send one"));
    }

    private static void read(Stack stack, List<Stack> stacks) {
        stacks.add(stack.read());
        stack.nested().forEach(nested -> stack.problems().attempt(() -> read(nested, stacks)));
    }

    private static <T> List<T> all(List<Stack> stacks, Function<Stack, Collection<T>> part) {
        return stacks.stream().flatMap(stack -> part.apply(stack).stream()).toList();
    }
}
