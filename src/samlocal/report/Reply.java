package samlocal.report;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.http.Response;
import samlocal.lambda.LambdaFunction;

/**
 * A response and what is reported about it.
 *
 * @param function logical id of the function, {@code -} if the gateway itself responded
 * @param run the function's invocation, or null
 * @param problems the problems that caused an error response, empty if there are none or the function has thrown
 * @param notes short notes to report besides the run
 * @param end the reply to report when a streamed response is complete, null for others
 */
public record Reply(Response response, String function, LambdaFunction.Run run, List<Problem> problems,
        List<String> notes, Supplier<Reply> end) {
    public static Reply of(Response response, String function, String note) {
        return new Reply(response, function, null, List.of(), List.of(), null).noted(note);
    }

    /** The response to an invocation. */
    public static Reply of(Response response, LambdaFunction.Run run) {
        return new Reply(response, run.function(), run, run.outcome() instanceof LambdaFunction.Broken broken
                ? broken.errors() : List.of(), List.of(), null);
    }

    public static Reply streamed(Response response, Supplier<Reply> end) {
        return new Reply(response, "-", null, List.of(), List.of(), end);
    }

    /** Adds a note, unless it is empty. */
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
