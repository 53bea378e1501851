package samlocal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
import samlocal.runtime.HandlerCheck;
import samlocal.runtime.LambdaSystem;
import samlocal.runtime.Platform;
import samlocal.runtime.Platforms;
import samlocal.runtime.Sandboxes;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;
import samlocal.server.Config;
import samlocal.server.StartWarnings;
import samlocal.terminal.Console;

/** Checks a project without serving it: template, routes, code, handlers and variables. */
final class Check {
    /** The severity of a finding, as it is printed. */
    enum Severity {
        ok, warning, error
    }

    /** A finding: {@code where} is a place or a function, {@code hint} may be null. */
    record Finding(Severity severity, String where, String message, String hint) {
    }

    private final Map<Codebase.Key, Codebase> codebases = new HashMap<>();
    private final Set<Codebase> compiled = new HashSet<>();
    private final Map<Codebase, HandlerCheck> checks = new HashMap<>();
    private final Platforms platforms;
    private final List<Finding> findings = new ArrayList<>();
    private final Builds builds;
    private final boolean compiles;
    private boolean isWhole;

    /** {@code compiles}: whether to compile the code, which runs the annotation processors of its build. */
    Check(Builds builds, boolean compiles) {
        this.builds = builds;
        this.platforms = new Platforms(builds, new Sandboxes(), null);
        this.compiles = compiles;
    }

    /** Returns all findings; those of severity {@code ok} only if the template has no errors. */
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
        try {
            project.functions().forEach(function -> check(function, project.routes().stream()
                    .filter(route -> function.id().equals(route.function())).toList()));
        } finally {
            checks.values().forEach(HandlerCheck::close);
            platforms.close();
        }
        return findings;
    }

    private static String summary(Project project) {
        long apis = project.routes().stream().map(route -> route.api().id()).distinct().count();
        return Console.count(project.functions().size(), "function") + ", " + Console.count((int) apis, "API")
                + ", " + Console.count(project.routes().size(), "route");
    }

    private void add(Severity severity, Problem problem) {
        String where = problem.place() == null ? "" : problem.place().toString();
        String notes = problem.notes().stream().map(note -> note.replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
        add(severity, where, problem.message() + (notes.isEmpty() ? "" : " (" + notes + ")"), problem.hint());
    }

    /** A problem that functions share, in their code or in Globals, is reported once. */
    private void add(Severity severity, String where, String message, String hint) {
        Finding finding = new Finding(severity, where, message, hint);
        if (!findings.contains(finding)) findings.add(finding);
    }

    private void check(FunctionDefinition function, List<Route> routes) {
        if (function.obstacle() != null) {
            boolean isReported = function.isObstacleReported() || !isWhole && function.handler().isEmpty();
            if (!isReported) add(Severity.error, function.id(), function.obstacle(), null);
        } else if (compiles && Files.exists(function.code())) {
            checkCode(function, routes);
        }
    }

    private void checkCode(FunctionDefinition function, List<Route> routes) {
        Platform platform = platforms.of(function);
        Codebase codebase = codebases.computeIfAbsent(Codebase.Key.of(function), key -> platform.codebase(key,
                problems -> problems.forEach(problem -> add(Severity.warning, problem)), true));
        Codebase.Build build = codebase.current();
        if (compiled.add(codebase)) {
            build.errors().forEach(error -> add(Severity.error, error));
            findings.removeIf(finding -> finding.severity() == Severity.warning && build.errors().stream()
                    .anyMatch(error -> error.message().equals(finding.message())));
        }
        if (!build.errors().isEmpty()) return;
        int before = findings.size();
        HandlerCheck.Result result = checks.computeIfAbsent(codebase, each -> platform.check(build)).of(function);
        checkHandler(function, build, result, routes);
        checkDependencies(function, build);
        boolean isGood = findings.stream().skip(before).noneMatch(finding -> finding.severity() == Severity.error);
        if (isWhole && isGood) {
            add(Severity.ok, function.id(), function.handler() + ", "
                    + Console.count(build.sources().size(), "file"), null);
        }
    }

    private void checkHandler(FunctionDefinition function, Codebase.Build build, HandlerCheck.Result result,
            List<Route> routes) {
        List<String> problem = result.problem();
        if (!problem.isEmpty()) add(Severity.error, function.place().toString(), function.id() + ": "
                + problem.get(0), problem.size() > 1 ? problem.get(1) : advice(function, build));
        routes.stream().flatMap(route -> route.misfit(result.eventType()).stream()).distinct().forEach(misfit ->
                add(Severity.warning, function.place().toString(), function.id() + " " + misfit.message(),
                        misfit.hint()));
        Set<String> set = new HashSet<>(EnvironmentVariables.of(function, Credentials.NONE).keySet());
        set.add(LambdaSystem.TASK_ROOT);
        if (LambdaSystem.hasOldTrace(function.runtime())) set.add(LambdaSystem.OLD_TRACE);
        result.variables().stream().filter(name -> !set.contains(name)).forEach(name ->
                add(Severity.warning, function.id(), "reads the variable `" + name + "`, which is not set",
                        null));
    }

    /** Warns of libraries that samlocal adds to the class path and the project's own build file does not declare. */
    private void checkDependencies(FunctionDefinition function, Codebase.Build build) {
        BuildModel model = Files.isDirectory(function.code()) ? builds.of(function.code()) : null;
        if (model == null || !model.problems().isEmpty()) return;
        String file = Place.display(Modules.buildFile(function.code()).orElse(function.code()));
        Dependencies.undeclared(build.classes().values(), model.libraries().compile(), build.jars()).forEach(library ->
                add(Severity.warning, file, "does not declare " + library
                        + ", which samlocal adds; the project's own build would fail",
                        "add " + library + " to its dependencies"));
    }

    private static String advice(FunctionDefinition function, Codebase.Build build) {
        boolean isEmpty = build.sources().isEmpty() && Files.isDirectory(function.code());
        return build.advice(function.handler()).orElse(isEmpty
                ? "no sources in " + Place.display(function.code()) : null);
    }
}
