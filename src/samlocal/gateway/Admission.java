package samlocal.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import samlocal.compile.Codebase;
import samlocal.http.Response;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Finished;
import samlocal.report.Reply;
import samlocal.report.Report;
import samlocal.sam.Guard;

/** Decides whether a request is allowed, according to the authorizer and API key of its route. */
final class Admission {
    /** A cached result of an authorizer, the build that returned it, and the time at which it expires. */
    private record Known(Object answer, Codebase.Build build, long until) {
    }

    private static final int MOST_KNOWN = 10_000;
    private final Integration.Rules rules;
    private final Tokens tokens;
    private final Report report;
    private final Map<List<Object>, Known> known = new ConcurrentHashMap<>();

    /** @throws Fault if a key set cannot be read */
    Admission(Integration.Rules rules, Report report) {
        this.rules = rules;
        this.tokens = new Tokens(rules.keySets());
        this.report = report;
    }

    /**
     * Identifies the caller with the route's authorizer and API key.
     *
     * @throws Rejection if the request is not allowed
     */
    Caller caller(Scope scope, Map<String, LambdaFunction> functions) throws Rejection {
        Guard guard = scope.route().guard();
        if (!rules.authorizes()) return Caller.NOBODY;
        Caller caller = guard.authorizer() == null ? Caller.NOBODY
                : caller(new Authorizer(guard.authorizer(), scope), functions);
        if (!guard.needsKey()) return caller;
        String key = guard.isKeyFromAuthorizer() ? caller.key() : scope.request().header("X-Api-Key").orElse("");
        boolean isKnown = key != null && !key.isEmpty()
                && (rules.apiKeys().isEmpty() || rules.apiKeys().contains(key));
        if (!isKnown) throw new Rejection(Refusal.INVALID_API_KEY, "missing or unknown API key");
        return caller.withKey(key);
    }

    private Caller caller(Authorizer authorizer, Map<String, LambdaFunction> functions) throws Rejection {
        return switch (authorizer.rules().kind()) {
            case IAM -> authorizer.ofIam();
            case JWT, POOL -> authorizer.ofToken(tokens);
            case TOKEN, REQUEST -> authorizer.ofAnswer(answer(authorizer, authorizer.identity(), functions));
        };
    }

    /** The authorizer's result as plain values, or its failure; results are cached as the template says. */
    private Object answer(Authorizer authorizer, List<String> identity, Map<String, LambdaFunction> functions)
            throws Rejection {
        Scope scope = authorizer.scope();
        String id = authorizer.rules().lambda().function();
        LambdaFunction function = LambdaFunction.find(id, functions)
                .orElseThrow(() -> authorizer.failed("no function " + id));
        Codebase.Build build = function.isServed() ? function.codebase().current() : null;
        List<Object> key = List.of(scope.api().id(), authorizer.name(), identity, function);
        Known before = known.get(key);
        boolean counts = before != null && before.build() == build && before.until() > System.nanoTime();
        if (counts) return before.answer();
        long started = System.nanoTime();
        LambdaFunction.Run run = function.invoke(scope.call(authorizer.event(identity)));
        LambdaFunction.Outcome outcome = run.outcome();
        report.passed(new Finished(Finished.Kind.authorizer, scope.request(), reply(run),
                System.nanoTime() - started));
        if (outcome instanceof LambdaFunction.Failure failure) {
            report.failed("authorizer " + authorizer.name(), failure);
            return failure.error();
        }
        if (outcome instanceof LambdaFunction.Rejected rejected) throw authorizer.failed(rejected.message());
        Object answer = outcome instanceof LambdaFunction.Answer good ? Authorizer.read(good.payload()) : "";
        if (known.size() > MOST_KNOWN) known.clear();
        long seconds = authorizer.rules().identity().seconds();
        if (seconds > 0 && !identity.isEmpty() && answer instanceof Map) {
            known.put(key, new Known(answer, build, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)));
        }
        return answer;
    }

    /** An authorizer's result as a response. */
    private static Reply reply(LambdaFunction.Run run) {
        byte[] payload = run.outcome() instanceof LambdaFunction.Answer answer ? answer.payload() : new byte[0];
        return Reply.of(new Response(payload.length > 0 ? 200 : 500, Map.of(), payload), run);
    }
}
