package samlocal.compile;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.terminal.Console;

/** Tells errors of a compiler that follow from missing libraries from others. */
final class Packages {
    private static final Pattern FOLLOWING = Pattern.compile("package \\S+ does not exist|cannot find symbol"
            + "|static import only|does not override or implement");

    private Packages() {
    }

    /** Errors of a compiler after the libraries that are missing, with those that follow from them only counted. */
    static List<Problem> explained(List<Problem> errors, List<Problem> missing) {
        if (errors.isEmpty() || missing.isEmpty()) return errors;
        List<Problem> others = errors.stream().filter(error -> !FOLLOWING.matcher(error.message()).find()).toList();
        int following = errors.size() - others.size();
        Problem rest = new Problem(Console.count(following, "error") + " about names that are not known "
                + (following == 1 ? "follows" : "follow") + " from this", null, null);
        return Stream.of(missing, following == 0 ? List.<Problem>of() : List.of(rest), others)
                .flatMap(List::stream).toList();
    }
}
