package samlocal.gateway;

import java.nio.file.Path;
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

/** Decides whether a request may pass, by what guards its route. */
final class Admission {
    /** An authorizer's answer in the code that gave it, for as long as it may be used again. */
    private record Known(Object answer, Codebase.Build build, long until) {
    }

    private static final int MOST_KNOWN = 10_000;
    private final boolean authorizes;
    private final Tokens tokens;
    private final List<String> apiKeys;
    private final Report report;
    private final Map<List<Object>, Known> known = new ConcurrentHashMap<>();

    /** @throws Fault if a key set cannot be read */
    Admission(boolean authorizes, List<Path> keySets, List<String> apiKeys, Report report) {
        this.authorizes = authorizes;
        this.tokens = new Tokens(keySets);
        this.apiKeys = apiKeys;
        this.report = report;
    }

    /** The authorizer's verdict, then that of the API key. */
    Authorizer.Verdict verdict(Scope scope, Map<String, LambdaFunction> functions) {
        Guard guard = scope.route().guard();
        if (!authorizes) return Authorizer.Verdict.PASS;
        Authorizer.Verdict verdict = guard.authorizer() == null ? Authorizer.Verdict.PASS
                : verdict(new Authorizer(guard.authorizer()), scope, functions);
        if (verdict.refusal() != null || !guard.needsKey()) return verdict;
        String key = guard.isKeyFromAuthorizer() ? verdict.key() : scope.request().header("X-Api-Key").orElse("");
        boolean isKnown = key != null && !key.isEmpty() && (apiKeys.isEmpty() || apiKeys.contains(key));
        return isKnown ? verdict.withKey(key)
                : Authorizer.Verdict.refused(Refusal.INVALID_API_KEY, "no API key that is known");
    }

    private Authorizer.Verdict verdict(Authorizer authorizer, Scope scope, Map<String, LambdaFunction> functions) {
        return switch (authorizer.rules().kind()) {
            case IAM -> Authorizer.ofIam(scope.request(), scope.route());
            case JWT, POOL -> authorizer.ofToken(tokens, scope.request(), scope.route());
            case TOKEN, REQUEST -> byFunction(authorizer, scope, functions);
        };
    }

    private Authorizer.Verdict byFunction(Authorizer authorizer, Scope scope,
            Map<String, LambdaFunction> functions) {
        List<String> identity = authorizer.identity(scope.request(), scope.route());
        if (identity == null) {
            return Authorizer.Verdict.unauthorized("no identity that " + authorizer.name() + " takes");
        }
        String id = authorizer.rules().function();
        LambdaFunction function = LambdaFunction.find(id, functions).orElse(null);
        if (function == null) return Authorizer.Verdict.failed("no function " + id);
        return authorizer.verdict(answer(authorizer, identity, function, scope), scope.request(), scope.route());
    }

    /** The authorizer's answer as plain values, or its failure; not asked again while an answer counts. */
    private Object answer(Authorizer authorizer, List<String> identity, LambdaFunction function, Scope scope) {
        Codebase.Build build = function.isServed() ? function.codebase().current() : null;
        List<Object> key = List.of(scope.api().id(), authorizer.name(), identity, function);
        Known before = known.get(key);
        boolean counts = before != null && before.build() == build && before.until() > System.nanoTime();
        if (counts) return before.answer();
        byte[] event = authorizer.event(scope.request(), scope.match(), identity, scope.requestId());
        long started = System.nanoTime();
        LambdaFunction.Run run = function.invoke(scope.call(event));
        LambdaFunction.Outcome outcome = run.outcome();
        report.passed(new Finished(Finished.Kind.authorizer, scope.request(), reply(run),
                System.nanoTime() - started));
        if (outcome instanceof LambdaFunction.Failure failure) {
            report.failed("authorizer " + authorizer.name(), failure);
            return failure.error();
        }
        Object answer = outcome instanceof LambdaFunction.Answer good ? Authorizer.read(good.payload()) : "";
        if (known.size() > MOST_KNOWN) known.clear();
        long seconds = authorizer.rules().seconds();
        if (seconds > 0 && !identity.isEmpty() && answer instanceof Map) {
            known.put(key, new Known(answer, build, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)));
        }
        return answer;
    }

    /** What an authorizer says, as if it were said to a client. */
    private static Reply reply(LambdaFunction.Run run) {
        byte[] said = run.outcome() instanceof LambdaFunction.Answer answer ? answer.payload() : new byte[0];
        return Reply.of(new Response(said.length > 0 ? 200 : 500, Map.of(), said), run);
    }
}
