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
import samlocal.template.Problems;
import samlocal.template.Site;

/**
 * The functions, layers and routes of a template and its nested stacks, as the SAM specification (version
 * 2016-10-31) and the references of API Gateway and Lambda in the CloudFormation User Guide have them.
 *
 * @param functions those of nested stacks as {@code Stack/Function}
 * @param problems what was found that does not keep the routes from being known
 * @param files all templates and documents that were read
 * @param parameters that the template declares
 */
public record Project(List<FunctionDefinition> functions, List<Layer> layers, List<Route> routes,
        Problems problems, Set<Path> files, Set<String> parameters) {
    /** A project with its errors: with any it is not served, but the rest of it can be reported. */
    public record Survey(Project project, List<Problem> errors) {
        /** Errors, what AWS refuses and what keeps functions from running, in the order of their lines. */
        public List<Problem> failures() {
            Set<Place> wrong = errors.stream().map(Problem::place).collect(Collectors.toSet());
            Stream<Problem> refusals = project.refusals().stream().filter(each -> !wrong.contains(each.place()));
            return Stream.of(errors.stream(), refusals, project.obstacles().stream()).flatMap(each -> each)
                    .sorted(Comparator.comparingInt(each -> each.place() == null ? 0 : each.place().line())).toList();
        }
    }

    /** Where the project behaves differently from what the template may lead one to expect. */
    public List<Problem> warnings() {
        return problems.warnings();
    }

    /** With these AWS deploys nothing; they do not matter here, such as references to nothing. */
    public List<Problem> refusals() {
        return problems.refusals();
    }

    /** What only a deployment needs, which a server does not report. */
    public List<Problem> omissions() {
        return problems.omissions();
    }

    /** What keeps some function from running. */
    public List<Problem> obstacles() {
        return problems.obstacles();
    }

    /** Everything to report before the first request. */
    public List<Problem> remarks() {
        return Stream.of(refusals(), obstacles(), warnings()).flatMap(List::stream).toList();
    }

    /** The same, less what concerns only routes, other functions, or resources that are not served. */
    public List<Problem> remarksOn(FunctionDefinition function) {
        return remarks().stream().filter(problem -> problems.concerns(problem, function.id())).toList();
    }

    /** The same, of which not all is served. */
    public Project with(List<FunctionDefinition> fewer, List<Route> reached) {
        return new Project(fewer, layers, reached, problems, files, parameters);
    }

    /** What is said of values for parameters that there are not: they are ignored. */
    public List<Problem> undeclared(Collection<String> names) {
        return names.stream().filter(name -> !parameters.contains(name) && !name.startsWith("AWS::"))
                .map(name -> new Problem("`--parameter-overrides`: the template has no parameter `" + name
                        + "`, its value is ignored", null, Nearest.hint(name, parameters))).toList();
    }

    /** What only direct invocation reaches. */
    public List<FunctionDefinition> functionsWithoutRoute() {
        Set<String> reached = routes.stream().map(Route::function).collect(Collectors.toSet());
        return functions.stream().filter(function -> !reached.contains(function.id())).toList();
    }

    /** @throws Fault if there is anything in the way of running each of the functions */
    public Project requireRunnable() {
        boolean isRunnable = functions.stream().anyMatch(function -> function.obstacle() == null);
        if (!obstacles().isEmpty() && !isRunnable) throw new Fault(obstacles(), Fault.PROJECT);
        return this;
    }

    /**
     * Reads a template file, what it nests, and what it says.
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

    /** The same without other layers than the template's. */
    public static Project read(Path file, Map<String, String> overrides) {
        return read(file, overrides, Map.of());
    }

    /** The same, with all that could be read in spite of errors. */
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

    /** All APIs are on one port here: of those that have the same path, the first answers. */
    private static void warnOfShadowed(List<Route> routes, Problems problems) {
        Map<String, List<Route>> bySpan = new HashMap<>();
        routes.stream().filter(route -> !route.api().isUrl()).forEach(route -> {
            List<Route> before = bySpan.computeIfAbsent(span(route), span -> new ArrayList<>());
            before.stream().filter(first -> isClaimedByBoth(first, route)).findFirst()
                    .ifPresent(first -> warnOfShadowed(route, first, problems));
            before.add(route);
        });
    }

    /** The path, whatever its parameters are called. */
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
                : "`" + first + "`"), route.source(), "all of it is served under the name `"
                + route.api().name() + ".localhost`");
    }

    /** Lambda Developer Guide, "Invoking Lambda functions with tenant isolation". */
    private static void warnOfTenants(List<Route> routes, List<FunctionDefinition> functions, Problems problems) {
        Set<String> perTenant = functions.stream().filter(function -> function.settings().lifecycle().isPerTenant())
                .map(FunctionDefinition::id).collect(Collectors.toSet());
        routes.stream().filter(route -> route.backend() instanceof Backend.Lambda backend
                && perTenant.contains(backend.function()) && backend.tenant().isEmpty()).forEach(route ->
                problems.warn("`" + route + "` is rejected: it sends no tenant ID, which `" + route.function()
                + "` needs", route.source(), route.api().isRest()
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
