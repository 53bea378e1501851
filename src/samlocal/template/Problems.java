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
import java.util.function.BiPredicate;
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
    private final Map<String, Problem> blockers = new LinkedHashMap<>();
    private final Map<Problem, Set<String>> subjects = new HashMap<>();
    /** The variables that warnings are about. */
    private final Map<Problem, String> variables = new HashMap<>();
    private String subject = "";

    /** Runs a step whose warnings, refusals and blockers concern only one part of the template. */
    public void about(String part, Runnable step) {
        String outer = subject;
        subject = part;
        try {
            step.run();
        } finally {
            subject = outer;
        }
    }

    /** Whether a problem concerns a part of the template, or no part in particular. */
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

    /** Warns of the value of a function's environment variable. */
    public void warnOfVariable(String name, String message, Place place) {
        Problem problem = new Problem(message, place, "set it with `--env-vars FILE`");
        variables.put(problem, name);
        warn(problem);
    }

    /** Reports, once, an error for which AWS rejects the template, although samlocal can serve it. */
    public void refuse(String message, Place place, String hint) {
        note(refusals, new Problem(message, place, hint));
    }

    /** Reports, once, a problem that matters only to a deployment. */
    public void omit(String message, Place place, String hint) {
        note(omissions, new Problem(message, place, hint));
    }

    /** Reports, once, a problem that prevents a function from running but not its routes from being read. */
    public void block(String message, Place place, String hint) {
        note(blockers, new Problem(message, place, hint));
    }

    /** The errors, without duplicates. */
    public List<Problem> errors() {
        return errors.stream().distinct().toList();
    }

    /** The warnings, except those at the place of a refusal, which causes them. */
    public List<Problem> warnings() {
        Set<Place> refused = refusals.values().stream().map(Problem::place).filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return warnings.values().stream().filter(each -> !refused.contains(each.place())).toList();
    }

    /**
     * The {@link #warnings()} without those about variables that are set otherwise.
     *
     * @param isSet whether a part of the template, such as a function by its id, gets another value for a variable
     */
    public List<Problem> warnings(BiPredicate<String, String> isSet) {
        return warnings().stream().filter(each -> !variables.containsKey(each) || !subjects.get(each).stream()
                .allMatch(part -> isSet.test(part, variables.get(each)))).toList();
    }

    public List<Problem> refusals() {
        return List.copyOf(refusals.values());
    }

    public List<Problem> omissions() {
        return List.copyOf(omissions.values());
    }

    public List<Problem> blockers() {
        return List.copyOf(blockers.values());
    }

    /** Runs a step and collects its {@link Fault}, so that the next step can run. */
    public void attempt(Runnable step) {
        tried(() -> {
            step.run();
            return null;
        });
    }

    /** Like {@link #attempt} for a step with a result; empty if it throws a {@link Fault}. */
    public <T> Optional<T> tried(Supplier<T> step) {
        try {
            return Optional.ofNullable(step.get());
        } catch (Fault fault) {
            errors.addAll(fault.problems());
        } catch (InvalidPathException e) {
            error("`" + e.getInput() + "` is not a valid file name: " + e.getReason(), null,
                    e.getReason().contains("unmappable") ? "start with LC_ALL=C.UTF-8 or another UTF-8 locale"
                    : null);
        }
        return Optional.empty();
    }

    /** @throws Fault with all errors, if there are any */
    public void throwIfAny() {
        if (!errors.isEmpty()) throw new Fault(errors(), Fault.PROJECT);
    }
}
