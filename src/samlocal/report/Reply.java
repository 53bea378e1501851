package samlocal.report;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.http.Response;
import samlocal.lambda.LambdaFunction;

/**
 * An answer, and what is reported about it.
 *
 * @param function logical id of what answered, {@code -} where that was the gateway itself
 * @param run the function's invocation, or null
 * @param problems why there is no better answer, empty if there is one or the function has thrown
 * @param notes what is reported besides the run, a few words each
 * @param end what is reported once a streamed answer has ended, null for others
 */
public record Reply(Response response, String function, LambdaFunction.Run run, List<Problem> problems,
        List<String> notes, Supplier<Reply> end) {
    public static Reply of(Response response, String function, String note) {
        return new Reply(response, function, null, List.of(), List.of(), null).noted(note);
    }

    /** The answer of a function, or the gateway's where that has none. */
    public static Reply of(Response response, LambdaFunction.Run run) {
        return new Reply(response, run.function(), run, run.outcome() instanceof LambdaFunction.Broken broken
                ? broken.errors() : List.of(), List.of(), null);
    }

    public static Reply streamed(Response response, Supplier<Reply> end) {
        return new Reply(response, "-", null, List.of(), List.of(), end);
    }

    /** With a further note, unless it is empty. */
    public Reply noted(String more) {
        if (more.isEmpty()) return this;
        List<String> all = Stream.concat(notes.stream(), Stream.of(more)).toList();
        return new Reply(response, function, run, problems, all, end);
    }

    public Reply with(Response other) {
        return new Reply(other, function, run, problems, notes, end);
    }

    public Reply with(List<Problem> others) {
        return new Reply(response, function, run, others, notes, end);
    }
}
