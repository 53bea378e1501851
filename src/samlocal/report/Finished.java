package samlocal.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.http.Request;
import samlocal.lambda.LambdaFunction;
import samlocal.terminal.Notice;

/**
 * A request that has been answered: what the console's line is made of, and what others may keep.
 *
 * @param nanos until the answer was made; if it was streamed, until it had ended
 */
public record Finished(Kind kind, Request request, Reply reply, long nanos) {
    /** A request to an API, a call by Lambda's API, an asynchronous invocation by that, a call of an authorizer. */
    public enum Kind {
        request, call, event, authorizer
    }

    public int status() {
        return reply.response().status();
    }

    /** Logical id of what answered, {@code -} where that was the gateway itself. */
    public String function() {
        return reply.function();
    }

    /** The function's invocation, if there was one. */
    Optional<LambdaFunction.Run> run() {
        return Optional.ofNullable(reply.run());
    }

    /** What the function has thrown, or the runtime for it. */
    public Optional<LambdaFunction.Failure> failure() {
        return run().map(LambdaFunction.Run::outcome).filter(LambdaFunction.Failure.class::isInstance)
                .map(LambdaFunction.Failure.class::cast);
    }

    /** What went wrong and what else happened on the way, in few words each. */
    public List<String> notes() {
        Stream<String> thrown = failure().stream().map(failure -> Traces.headline(failure.error()));
        Stream<String> ran = run().stream().map(LambdaFunction.Run::note).filter(note -> !note.isEmpty());
        return Stream.of(thrown, reply.notes().stream(), ran).flatMap(notes -> notes).toList();
    }

    boolean isBroken() {
        return run().filter(run -> run.outcome() instanceof LambdaFunction.Broken).isPresent();
    }

    Notice.Level level() {
        if (status() >= 500 || failure().isPresent()) return Notice.Level.error;
        return status() >= 400 ? Notice.Level.warn : Notice.Level.info;
    }

    /** For programs: the keys are those of the documentation of {@code --log json}. */
    Map<String, Object> fields() {
        Map<String, Object> fields = Json.object(
                "method", request.method(),
                "path", request.path(),
                "status", status(),
                "millis", millis(nanos),
                "function", function().equals("-") ? null : function(),
                "requestId", run().map(run -> run.call().requestId()).orElse(null));
        run().filter(LambdaFunction.Run::isCold)
                .ifPresent(run -> fields.put("initMillis", millis(run.initNanos())));
        run().map(LambdaFunction.Run::compiled).ifPresent(compiled -> fields.put("compiled",
                Map.of("files", compiled.files(), "millis", millis(compiled.nanos()))));
        if (!reply.notes().isEmpty()) fields.put("notes", reply.notes());
        failure().ifPresent(failure -> fields.put("error", Traces.fields(failure)));
        if (!reply.problems().isEmpty()) {
            fields.put("errors", reply.problems().stream().map(Problem::fields).toList());
        }
        return fields;
    }

    static double millis(long nanos) {
        return Math.round(nanos / 1e4) / 100.0;
    }
}
