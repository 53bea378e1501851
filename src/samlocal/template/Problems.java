package samlocal.template;

import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Collects errors and warnings, so that one run reports all of them. */
public final class Problems {
    private final List<Problem> errors = new ArrayList<>();
    private final Map<String, Problem> warnings = new LinkedHashMap<>();
    private final Map<String, Problem> refusals = new LinkedHashMap<>();
    private final Map<String, Problem> omissions = new LinkedHashMap<>();
    private final Map<String, Problem> obstacles = new LinkedHashMap<>();
    private final Map<Problem, Set<String>> subjects = new HashMap<>();
    private String subject = "";

    /** Runs a step whose warnings, refusals and obstacles concern one part of the template only. */
    public void about(String part, Runnable step) {
        String outer = subject;
        subject = part;
        try {
            step.run();
        } finally {
            subject = outer;
        }
    }

    /** Whether a problem was noted about a part of the template, or about none in particular. */
    public boolean concerns(Problem problem, String part) {
        Set<String> noted = subjects.getOrDefault(problem, Set.of());
        return noted.contains("") || noted.contains(part);
    }

    private void note(Map<String, Problem> kind, Problem problem) {
        Problem noted = kind.computeIfAbsent(problem.message() + problem.place(), key -> problem);
        subjects.computeIfAbsent(noted, key -> new HashSet<>()).add(subject);
    }

    public void error(String message, Place place, String hint) {
        errors.add(new Problem(message, place, hint));
    }

    public void warn(String message, Place place, String hint) {
        warn(new Problem(message, place, hint));
    }

    public void warn(Problem problem) {
        note(warnings, problem);
    }

    /** Notes once what AWS would not deploy, though it may not matter here. */
    public void refuse(String message, Place place, String hint) {
        note(refusals, new Problem(message, place, hint));
    }

    /** Notes once what only a deployment needs. */
    public void omit(String message, Place place, String hint) {
        note(omissions, new Problem(message, place, hint));
    }

    /** Notes once what keeps some function from running, and not its routes from being known. */
    public void obstruct(String message, Place place, String hint) {
        note(obstacles, new Problem(message, place, hint));
    }

    /** Each once. */
    public List<Problem> errors() {
        return errors.stream().distinct().toList();
    }

    /** Less those that follow from a refusal at the same place. */
    public List<Problem> warnings() {
        Set<Place> refused = refusals.values().stream().map(Problem::place).filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return warnings.values().stream().filter(each -> !refused.contains(each.place())).toList();
    }

    public List<Problem> refusals() {
        return List.copyOf(refusals.values());
    }

    public List<Problem> omissions() {
        return List.copyOf(omissions.values());
    }

    public List<Problem> obstacles() {
        return List.copyOf(obstacles.values());
    }

    /** Runs a step; a fault in it is noted, and the next step can run. */
    public void attempt(Runnable step) {
        tried(() -> {
            step.run();
            return null;
        });
    }

    /** The same for a step to a value: empty where there is a fault in it. */
    public <T> Optional<T> tried(Supplier<T> step) {
        try {
            return Optional.ofNullable(step.get());
        } catch (Fault fault) {
            errors.addAll(fault.problems());
        } catch (InvalidPathException e) {
            error("`" + e.getInput() + "` is not a valid file name: " + e.getReason(), null,
                    e.getReason().contains("unmappable") ? "start with LC_ALL=C.UTF-8 or another locale of UTF-8"
                    : null);
        }
        return Optional.empty();
    }

    /** @throws Fault with all errors, if there are any */
    public void throwIfAny() {
        if (!errors.isEmpty()) throw new Fault(errors(), Fault.PROJECT);
    }
}
