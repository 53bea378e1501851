package samlocal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.compile.Codebase;
import samlocal.compile.Dependencies;
import samlocal.dependencies.Builds;
import samlocal.dependencies.BuildModel;
import samlocal.files.Modules;
import samlocal.lambda.Credentials;
import samlocal.lambda.EnvironmentVariables;
import samlocal.runtime.CodeLoader;
import samlocal.runtime.LambdaSystem;
import samlocal.runtime.Sandbox;
import samlocal.runtime.VariableReads;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;
import samlocal.server.Config;
import samlocal.server.StartWarnings;
import samlocal.terminal.Console;

/** Looks at all of a project without serving it: template, routes, code, handlers, variables. */
final class Check {
    /** How bad a finding is; the words are those that are printed. */
    enum Severity {
        ok, warning, error
    }

    /** One finding: {@code where} is a place or a function, {@code hint} may be null. */
    record Finding(Severity severity, String where, String message, String hint) {
    }

    private final Map<Codebase.Key, Codebase> codebases = new HashMap<>();
    private final Set<Codebase> compiled = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Builds builds;
    private final boolean compiles;
    private boolean isWhole;

    /** {@code compiles}: the code is compiled, with the annotation processors that its build names. */
    Check(Builds builds, boolean compiles) {
        this.builds = builds;
        this.compiles = compiles;
    }

    /** Everything that was found; what is good only where the template is. */
    List<Finding> run(Config.Inputs inputs) {
        Path template = inputs.template();
        Map<String, String> parameters = inputs.parameters();
        Project.Survey survey = Project.survey(template, parameters, inputs.layers());
        Project project = survey.project();
        List<Problem> failures = Stream.of(survey.failures(), RouteCheck.of(project.routes())).flatMap(List::stream)
                .toList();
        if (failures.isEmpty()) add(Severity.ok, Place.display(template), summary(project), null);
        if (survey.errors().isEmpty() && project.functions().isEmpty()) {
            add(Severity.warning, Place.display(template), FunctionDefinition.listed(List.of()), null);
        }
        Stream.of(project.undeclared(parameters.keySet()), project.omissions(), project.warnings())
                .flatMap(List::stream).forEach(warning -> add(Severity.warning, warning));
        StartWarnings.tooNew(project.functions()).forEach(warning -> add(Severity.warning, warning));
        failures.forEach(problem -> add(Severity.error, problem));
        isWhole = failures.isEmpty();
        project.functions().forEach(function -> check(function, project.routes().stream()
                .filter(route -> function.id().equals(route.function())).toList()));
        return findings;
    }

    private static String summary(Project project) {
        long apis = project.routes().stream().map(route -> route.api().id()).distinct().count();
        return Console.count(project.functions().size(), "function") + ", " + Console.count((int) apis, "API")
                + ", " + Console.count(project.routes().size(), "route");
    }

    private void add(Severity severity, Problem problem) {
        String where = problem.place() == null ? "" : problem.place().toString();
        add(severity, where, problem.message(), problem.hint());
    }

    /** Functions that share what is wrong, code or a property in Globals, tell it once. */
    private void add(Severity severity, String where, String message, String hint) {
        Finding finding = new Finding(severity, where, message, hint);
        if (!findings.contains(finding)) findings.add(finding);
    }

    private void check(FunctionDefinition function, List<Route> routes) {
        if (function.obstacle() != null) {
            boolean isTold = function.isObstacleReported() || !isWhole && function.handler().isEmpty();
            if (!isTold) add(Severity.error, function.id(), function.obstacle(), null);
        } else if (compiles && Files.exists(function.code())) {
            checkCode(function, routes);
        }
    }

    private void checkCode(FunctionDefinition function, List<Route> routes) {
        Codebase.Key key = new Codebase.Key(function.code(), function.layers().contents(),
                !function.layers().areComplete(), function.release());
        Codebase codebase = codebases.computeIfAbsent(key, each -> new Codebase(each, builds,
                problems -> problems.forEach(problem -> add(Severity.warning, problem))));
        Codebase.Build build = codebase.current();
        if (compiled.add(codebase)) {
            build.errors().forEach(error -> add(Severity.error, error));
            findings.removeIf(finding -> finding.severity() == Severity.warning && build.errors().stream()
                    .anyMatch(error -> error.message().equals(finding.message())));
        }
        if (!build.errors().isEmpty()) return;
        int before = findings.size();
        checkHandler(function, build, routes);
        checkDependencies(function, build);
        boolean isGood = findings.stream().skip(before).noneMatch(finding -> finding.severity() == Severity.error);
        if (isWhole && isGood) {
            add(Severity.ok, function.id(), function.handler() + ", "
                    + Console.count(build.sources().size(), "file"), null);
        }
    }

    private void checkHandler(FunctionDefinition function, Codebase.Build build, List<Route> routes) {
        try (Sandbox sandbox = new Sandbox(build.jars())) {
            CodeLoader code = sandbox.load(build.classes(), build.folders());
            List<String> problem = sandbox.inspect(code, function.handler());
            if (!problem.isEmpty()) add(Severity.error, function.place().toString(), function.id() + ": "
                    + problem.get(0), problem.size() > 1 ? problem.get(1) : advice(function, build));
            sandbox.fits(function.handler());
            String event = sandbox.eventType();
            routes.stream().flatMap(route -> route.misfit(event).stream()).distinct().forEach(misfit ->
                    add(Severity.warning, function.place().toString(), function.id() + " " + misfit.message(),
                            misfit.hint()));
        }
        Set<String> set = new HashSet<>(EnvironmentVariables.of(function, Credentials.NONE).keySet());
        set.add(LambdaSystem.TASK_ROOT);
        if (LambdaSystem.hasOldTrace(function.runtime())) set.add(LambdaSystem.OLD_TRACE);
        String type = function.handler().replaceFirst("::.*", "");
        VariableReads.of(type, build.classes()).stream().filter(name -> !set.contains(name)).forEach(name ->
                add(Severity.warning, function.id(), "reads the variable `" + name + "`, which nothing sets",
                        null));
    }

    /** What the code is compiled with here and would not be by its own build file, if it has one. */
    private void checkDependencies(FunctionDefinition function, Codebase.Build build) {
        BuildModel model = Files.isDirectory(function.code()) ? builds.of(function.code()) : null;
        if (model == null || !model.problems().isEmpty()) return;
        String file = Place.display(Modules.buildFile(function.code()).orElse(function.code()));
        Dependencies.undeclared(build.classes().values(), model.libraries().compile(), build.jars()).forEach(library ->
                add(Severity.warning, file, "declares no " + library + "; samlocal adds it, its own build would fail",
                        "add " + library + " to its dependencies"));
    }

    private static String advice(FunctionDefinition function, Codebase.Build build) {
        boolean isEmpty = build.sources().isEmpty() && Files.isDirectory(function.code());
        return build.advice(function.handler()).orElse(isEmpty
                ? "there are no sources in " + Place.display(function.code()) : null);
    }
}
