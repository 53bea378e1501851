package samlocal.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.http.Request;
import samlocal.lambda.Call;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Finished;
import samlocal.report.Reply;
import samlocal.report.Report;
import samlocal.report.Traces;
import samlocal.runtime.Invocation;
import samlocal.sam.EventInvokeConfig;
import samlocal.sam.FunctionDefinition;

/**
 * Asynchronous invocations: retries failed ones, and sends the outcome to a destination that is a function (Lambda
 * Developer Guide, "Invoking a Lambda function asynchronously"). Retries follow after seconds, not minutes. Loops of
 * destinations are stopped as by Lambda's recursive loop detection.
 */
final class AsyncInvocations {
    /**
     * Limit of invocations in one chain of requests ("Use Lambda recursive loop detection to prevent infinite loops").
     */
    private static final int MOST_IN_CHAIN = 16;

    /**
     * An event, its function, and the functions that its outcome may be sent to.
     *
     * @param chain the number of invocations in the chain up to and including this one, by function id
     */
    private record Event(Call call, Request request, LambdaFunction function, Map<String, LambdaFunction> functions,
            Function<LambdaFunction.Run, Reply> replies, long queued, Map<String, Integer> chain) {
        EventInvokeConfig config() {
            return function.definition().settings().asynchronous();
        }

        boolean isOld() {
            return System.nanoTime() - queued > TimeUnit.SECONDS.toNanos(config().maxAgeSeconds());
        }
    }

    private final Executor threads;
    private final Report report;

    AsyncInvocations(Executor threads, Report report) {
        this.threads = threads;
        this.report = report;
    }

    /** Queues an invocation; {@code replies} creates the reply that is reported for each attempt. */
    void queue(Call call, Request request, LambdaFunction function, Map<String, LambdaFunction> functions,
            Function<LambdaFunction.Run, Reply> replies) {
        queue(new Event(call, request, function, functions, replies, System.nanoTime(),
                Map.of(function.definition().id(), 1)));
    }

    private void queue(Event event) {
        threads.execute(() -> attempt(event, 0));
    }

    /** No client waits for this, so problems with the code, such as an unreadable file, are reported here. */
    private void attempt(Event event, int retry) {
        try {
            run(event, retry);
        } catch (Fault fault) {
            report.errors(fault.problems());
        }
    }

    private void run(Event event, int retry) {
        long started = System.nanoTime();
        LambdaFunction.Run run = event.function().invoke(event.call());
        Reply reply = event.replies().apply(run);
        if (run.outcome() instanceof LambdaFunction.Answer answer) {
            report.passed(new Finished(Finished.Kind.event, event.request(), reply, System.nanoTime() - started));
            pass(event, event.config().onSuccess(), "Success", retry, answer.payload());
            return;
        }
        int retries = event.config().retries();
        boolean isLast = retry == retries || event.isOld() || run.outcome() instanceof LambdaFunction.Rejected;
        String then = isLast ? "gave up after " + retry + (retry == 1 ? " retry" : " retries")
                : "retry " + (retry + 1) + " of " + retries + " in " + (retry + 1) + " s";
        report.finished(new Finished(Finished.Kind.event, event.request(), reply.noted(then),
                System.nanoTime() - started));
        if (!isLast) {
            CompletableFuture.delayedExecutor(retry + 1L, TimeUnit.SECONDS, threads)
                    .execute(() -> attempt(event, retry + 1));
        } else if (run.outcome() instanceof LambdaFunction.Failure failure) {
            pass(event, event.config().onFailure(), event.isOld() ? "EventAgeExceeded" : "RetriesExhausted", retry,
                    Traces.json(failure));
        }
    }

    /** Invokes the destination with AWS's invocation record, if it is a function of this project. */
    private void pass(Event event, String destination, String condition, int retry, byte[] response) {
        String name = destination.replaceFirst("^arn:.*:function:", "").replaceFirst(":.*", "");
        Optional<LambdaFunction> target = destination.isEmpty() ? Optional.empty()
                : LambdaFunction.find(name, event.functions());
        if (target.isEmpty()) return;
        FunctionDefinition next = target.get().definition();
        Map<String, Integer> chain = new HashMap<>(event.chain());
        int invocations = chain.merge(next.id(), 1, Integer::sum);
        if (invocations > MOST_IN_CHAIN && !next.settings().asynchronous().mayRecur()) {
            report.errors(List.of(stopped(next)));
            return;
        }
        boolean isSuccess = condition.equals("Success");
        Map<String, Object> outcome = Json.object("statusCode", 200, "executedVersion", "$LATEST");
        if (!isSuccess) outcome.put("functionError", "Unhandled");
        Map<String, Object> record = Json.object(
                "version", "1.0",
                "timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                "requestContext", Json.object(
                        "requestId", event.call().requestId(),
                        "functionArn", event.function().definition().arn() + ":$LATEST",
                        "condition", condition,
                        "approximateInvokeCount", retry + 1),
                "requestPayload", payload(event.call().event()),
                "responseContext", outcome,
                "responsePayload", payload(response));
        Call call = new Call(UUID.randomUUID().toString(), Json.write(record).getBytes(UTF_8),
                new Invocation.Headers(event.call().headers().trace(), null, null));
        queue(new Event(call, event.request(), target.get(), event.functions(), event.replies(), System.nanoTime(),
                chain));
    }

    private static Problem stopped(FunctionDefinition function) {
        return new Problem("`" + function.id() + "` was invoked " + MOST_IN_CHAIN + " times in one chain of"
                + " destinations: the next invocation is dropped, as on AWS", function.place(),
                "end the loop in OnSuccess or OnFailure, or set `RecursiveLoop: Allow` if it is intended");
    }

    private static Object payload(byte[] json) {
        try {
            return Json.read(new String(json, UTF_8));
        } catch (IOException e) {
            return new String(json, UTF_8);
        }
    }
}
