package samlocal.dependencies;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Visits the statements of a script, each with the path of the blocks around it. */
final class GradleWalk {
    private static final int LONGEST = 60;
    private static final int MOST = 50;
    private final Path file;
    private final String text;
    private final Consumer<Visit> visitor;
    private final List<Problem> unread;

    private GradleWalk(Path file, Consumer<Visit> visitor, List<Problem> unread) {
        this.file = file;
        this.text = String.join("\n", Place.lines(file));
        this.visitor = visitor;
        this.unread = unread;
    }

    /** Visits the statements of a file; {@code unread} collects those that are not understood. */
    static void each(Path file, Consumer<Visit> visitor, List<Problem> unread) {
        GradleWalk walk = new GradleWalk(file, visitor, unread);
        try {
            walk.visit("", GradleScript.parse(file, walk.text));
        } catch (Fault fault) {
            unread.addAll(fault.problems());
        }
    }

    private void visit(String prefix, List<List<GradleToken>> statements) {
        for (List<GradleToken> tokens : statements) {
            GradleStatement statement = GradleStatement.of(tokens);
            visitor.accept(new Visit(this, prefix + statement.path(), prefix, statement));
        }
    }

    /**
     * A statement and the blocks around it.
     *
     * @param path the paths of the blocks and of the statement, joined by dots
     * @param prefix the path of the blocks, with a trailing dot
     */
    record Visit(GradleWalk walk, String path, String prefix, GradleStatement statement) {
        /** Visits the statements of its blocks. */
        void descend() {
            walk.visit(prefix + statement.call() + ".", statement.block());
        }

        /** The same statement, with another name for what it is about. */
        Visit at(String other) {
            return new Visit(walk, other, prefix, statement);
        }

        /** The same statement without these blocks around it. */
        Visit without(String blocks) {
            String rest = prefix.startsWith(blocks) ? prefix.substring(blocks.length()) : "";
            return new Visit(walk, path.substring(blocks.length()), rest, statement);
        }

        void notUnderstood() {
            notUnderstood(problem(statement.tokens(), "cannot evaluate `%s`", null));
        }

        Place place(List<GradleToken> part) {
            int start = part.get(0).start();
            int line = walk.text.indexOf('\n', start);
            int end = Math.min(part.get(part.size() - 1).end(), line < 0 ? walk.text.length() : line);
            return Place.at(walk.file, walk.text, start, end - start);
        }

        /** A problem with part of the statement, which replaces {@code %s} in the message. */
        Problem problem(List<GradleToken> part, String message, String hint) {
            Place place = place(part);
            String source = walk.text.substring(part.get(0).start(), part.get(0).start() + place.length()).strip();
            String shown = source.length() > LONGEST ? source.substring(0, LONGEST) + "..." : source;
            return new Problem(message.formatted(shown), place, hint);
        }

        void notUnderstood(Problem problem) {
            if (walk.unread.size() < MOST) walk.unread.add(problem);
        }
    }
}
