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
 * A completed request: the data of its line on the console, which the inspector keeps too.
 *
 * @param nanos duration until the response was complete, including its stream
 */
public record Finished(Kind kind, Request request, Reply reply, long nanos) {
    /** An API request, a call of the Lambda API, an asynchronous invocation, or a call of an authorizer. */
    public enum Kind {
        request, call, event, authorizer
    }

    public int status() {
        return reply.response().status();
    }

    /** The logical id of the function, {@code -} if the gateway itself responded. */
    public String function() {
        return reply.function();
    }

    /** The function's invocation, if there was one. */
    Optional<LambdaFunction.Run> run() {
        return Optional.ofNullable(reply.run());
    }

    /** The exception of the function or the runtime. */
    public Optional<LambdaFunction.Failure> failure() {
        return run().map(LambdaFunction.Run::outcome).filter(LambdaFunction.Failure.class::isInstance)
                .map(LambdaFunction.Failure.class::cast);
    }

    /** Short notes about what happened while the request was handled. */
    public List<String> notes() {
        Stream<String> thrown = failure().stream().map(failure -> Traces.headline(failure.error()));
        Stream<String> ran = run().stream().map(LambdaFunction.Run::note).filter(note -> !note.isEmpty());
        return Stream.of(thrown, reply.notes().stream(), ran).flatMap(notes -> notes).toList();
    }

    boolean isBroken() {
        return run().filter(run -> run.outcome() instanceof LambdaFunction.Broken).isPresent();
    }

    /** Whether the function failed although the status is a success, as in responses of Lambda's API. */
    boolean isFunctionError() {
        return failure().isPresent() && status() < 400;
    }

    Notice.Level level() {
        if (status() >= 500 || failure().isPresent()) return Notice.Level.error;
        return status() >= 400 ? Notice.Level.warn : Notice.Level.info;
    }

    /** The fields of {@code --log json}. */
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
