package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Problem;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.Call;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Reply;
import samlocal.report.Report;
import samlocal.runtime.Invocation;
import samlocal.sam.Api;
import samlocal.sam.Backend;
import samlocal.sam.Route;

/**
 * What API Gateway does around a function: authorization, event, response, gateway responses and CORS ("Lambda proxy
 * integrations in API Gateway", "Gateway response types", "Create AWS Lambda proxy integrations for HTTP APIs").
 */
public final class Integration {
    /**
     * Options of responses.
     *
     * @param authorizes whether to call authorizers
     * @param strict whether failures get the gateway's own responses only, without details
     * @param keySets files with the keys of JSON Web Tokens
     * @param apiKeys the accepted keys; if empty, any key is accepted
     * @param origin allowed origin of front ends if the template has no CORS, {@code *} for any, or null
     */
    public record Rules(boolean authorizes, boolean strict, String origin, List<Path> keySets, List<String> apiKeys) {
        public Rules(boolean authorizes, boolean strict, String origin) {
            this(authorizes, strict, origin, List.of(), List.of());
        }
    }

    /** "Amazon API Gateway quotas", total size of header values. */
    private static final int MAX_HEADER_BYTES = 10_240;
    private static final Pattern ENCODED = Pattern.compile("\"(isB|b)ase64Encoded\"\\s*:\\s*\"?true");
    private final Rules rules;
    private final Admission admission;
    private final Direct direct = new Direct();
    private final ExecutorService threads;
    /** The routes whose corrupted bodies have been reported. */
    private final Set<String> corrupting = ConcurrentHashMap.newKeySet();

    /** {@code threads} run functions that may outlast their request. */
    public Integration(Rules rules, ExecutorService threads, Report report) {
        this.rules = rules;
        this.admission = new Admission(rules, report);
        this.threads = threads;
    }

    /** The gateway's response to a preflight request, if the template or {@code --cors} configures CORS. */
    public Optional<Reply> preflight(Request request, Router router, Map<String, LambdaFunction> functions) {
        if (!request.method().equals("OPTIONS")) return Optional.empty();
        boolean hasRoute = router.match("OPTIONS", request.path()).isPresent();
        return router.matchAnyMethod(request.path())
                .or(() -> onlyApi(router).filter(route -> !route.api().isRest())
                        .map(route -> new Router.Match(route, Map.of())))
                .flatMap(match -> Cors.of(match.route().api(), rules.origin()).flatMap(cors ->
                        cors.preflight(request, match.route().api().isUrl() ? 200 : 204,
                                methods(router, match.route()), hasRoute))
                        .map(response -> permitted(response, request, match, functions)));
    }

    private Reply permitted(Response response, Request request, Router.Match match,
            Map<String, LambdaFunction> functions) {
        Route route = match.route().withGuard(match.route().api().preflight());
        Scope scope = Scope.of(request, new Router.Match(route, match.parameters()));
        try {
            admission.caller(scope, functions);
            return Reply.of(response, "-", "CORS preflight");
        } catch (Rejection rejection) {
            return rejection.reply(scope);
        }
    }

    /** The methods of a route's path in its API, which may include {@code ANY}. */
    private static Set<String> methods(Router router, Route route) {
        return router.routes().stream().filter(other -> other.path().equals(route.path())
                && other.api().id().equals(route.api().id())).map(Route::method).collect(Collectors.toSet());
    }

    /** Any route of the API, if there is only one: it responds to all paths. */
    private static Optional<Route> onlyApi(Router router) {
        return router.routes().stream().map(route -> route.api().id()).distinct().count() == 1
                ? Optional.of(router.routes().get(0)) : Optional.empty();
    }

    /** Whether unknown paths get the response of a REST API: if there is one, or no API at all. */
    private static boolean isRest(Router router) {
        return router.routes().isEmpty()
                || router.routes().stream().anyMatch(route -> route.api().isRest());
    }

    private Response withCors(Response response, Request request, Api api) {
        return Cors.of(api, rules.origin()).map(cors -> cors.added(response, request)).orElse(response);
    }

    /** A response that belongs to no API, with CORS headers for the origin of {@code --cors}. */
    public Response shared(Response response, Request request) {
        return withCors(response, request, null);
    }

    /** The response if no route matches: from the only API, or the one that has the path with another method. */
    public Response unrouted(Refusal refusal, Request request, Router router) {
        Route route = onlyApi(router).or(() -> router.matchAnyMethod(request.path()).map(Router.Match::route))
                .orElse(null);
        if (route == null) return shared(isRest(router) ? refusal.ofRest() : refusal.ofHttp(), request);
        Response response = Scope.of(request, new Router.Match(route, Map.of())).response(refusal);
        return withCors(response, request, route.api());
    }

    /** The response if no route matches, which may be due to these problems of the saved template. */
    public Response unrouted(Request request, Router router, List<Problem> problems) {
        Response usual = unrouted(Refusal.MISSING_AUTHENTICATION_TOKEN, request, router);
        if (problems.isEmpty() || rules.strict()) return usual;
        Response detailed = ProblemResponse.of(request,
                "no route in the last valid template, and the saved template has errors", problems);
        return usual.with(detailed.body()).with("Content-Type", detailed.headers().get("Content-Type").get(0));
    }

    /** Adds a header which states that the saved template is not the served one. */
    public Response marked(Response response, String note) {
        return rules.strict() ? response : response.with("X-Samlocal-Template", note);
    }

    /** Authorizes a request, passes it to the backend of its route, and converts the result to a response. */
    public Reply reply(Request request, Router.Match match, Map<String, LambdaFunction> functions) {
        Scope scope = Scope.of(request, match);
        Reply sendable = sendable(answer(scope, functions), scope);
        Response response = RequestIds.added(sendable.response(), scope.api(), request, scope.requestId());
        return sendable.with(withCors(response, request, scope.api()));
    }

    private Reply sendable(Reply reply, Scope scope) {
        Optional<String> malformed = reply.response().malformedHeader();
        if (malformed.isPresent()) { // from a mapping; those of a function are checked with its result
            String detail = "the header " + Json.write(malformed.get())
                    + " has an invalid name or a control character in its value";
            ProxyResponse.Invalid invalid = new ProxyResponse.Invalid(502, List.of(detail));
            return reply.with(response(invalid, scope)).noted(detail);
        }
        boolean isTooLong = !scope.api().isUrl() && reply.response().headerBytes() > MAX_HEADER_BYTES;
        if (!isTooLong) return reply;
        Reply noted = reply.noted("headers over " + MAX_HEADER_BYTES + " bytes, for which AWS answers 500");
        boolean isReplaced = rules.strict() && reply.end() == null;
        return isReplaced ? noted.with(scope.response(Refusal.API_CONFIGURATION_ERROR)) : noted;
    }

    private Reply answer(Scope scope, Map<String, LambdaFunction> functions) {
        Scope known = scope;
        Reply reply;
        try {
            known = scope.by(admission.caller(scope, functions));
            Validation.check(known);
            reply = known.route().backend() instanceof Backend.Lambda backend
                    ? invoke(known, backend, functions.get(known.function())) : direct.reply(known);
        } catch (Rejection rejection) {
            reply = rejection.reply(known);
        }
        return reply.noted(known.caller().note());
    }

    private Reply invoke(Scope scope, Backend.Lambda backend, LambdaFunction function) throws Rejection {
        byte[] event = Events.event(scope.request(), scope.route(), scope.match().parameters(), scope.requestId(),
                scope.caller());
        if (event.length > Invocation.MOST_BYTES) {
            throw new Rejection(Refusal.REQUEST_TOO_LARGE, "the event is larger than 6 MB");
        }
        Call call = scope.call(event, backend);
        int millis = backend.timeoutMillis();
        boolean mayBeLate = millis > 0 && !function.isDebugged()
                && millis <= function.definition().timeoutSeconds() * 1000L;
        Reply reply = backend.isStreamed() ? streamed(scope, call, function)
                : mayBeLate ? timed(scope, call, function, millis) : reply(scope, function.invoke(call));
        boolean isFailed = reply.run() != null && reply.run().outcome() instanceof LambdaFunction.Failure;
        return reply.noted(isFailed ? scope.route().misfit(function.eventType()).map(Problem::message).orElse("")
                : "");
    }

    /**
     * Applies the timeout from when an environment takes the call. Delays that AWS does not have do not count:
     * compiling, downloading libraries, and waiting for a free environment, where AWS would start another.
     */
    private Reply timed(Scope scope, Call call, LambdaFunction function, int millis) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<LambdaFunction.Run> run = CompletableFuture.supplyAsync(() ->
                function.invoke(call, () -> begun.complete(null)), threads);
        run.whenComplete((ended, error) -> begun.complete(null));
        begun.join();
        LambdaFunction.Run late = new LambdaFunction.Run(scope.function(), call,
                new LambdaFunction.Unavailable("still running"), 0, null);
        LambdaFunction.Run ended = joined(run.completeOnTimeout(late, millis, TimeUnit.MILLISECONDS));
        return ended != late ? reply(scope, ended) : Reply.of(scope.response(Refusal.INTEGRATION_TIMEOUT), late)
                .noted("no response within " + millis + " ms; the function keeps running");
    }

    private static LambdaFunction.Run joined(CompletableFuture<LambdaFunction.Run> run) {
        try {
            return run.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Fault fault ? fault : Fault.ofOurOwn(e.getCause());
        }
    }

    /** Sends output while the function writes it; an earlier failure is handled as for any function. */
    private Reply streamed(Scope scope, Call call, LambdaFunction function) {
        AnswerStream stream = new AnswerStream();
        CompletableFuture<LambdaFunction.Run> run = CompletableFuture.supplyAsync(() -> {
            boolean isWhole = false;
            try {
                LambdaFunction.Run ended = function.invoke(call.to(stream));
                isWhole = ended.outcome() instanceof LambdaFunction.Answer;
                return ended;
            } finally {
                stream.end(isWhole);
            }
        }, threads);
        byte[] start = stream.start(scope.isRest());
        if (start.length == 0) {
            LambdaFunction.Run ended = joined(run);
            if (!(ended.outcome() instanceof LambdaFunction.Answer)) return reply(scope, ended);
        }
        return streaming(scope, start, stream, run);
    }

    private Reply streaming(Scope scope, byte[] start, AnswerStream stream, CompletableFuture<LambdaFunction.Run> run) {
        try {
            Response head = ProxyResponse.streamedHead(start, scope.route())
                    .with(stream.body(ProxyResponse.streamedContent(start)));
            return Reply.streamed(head, () -> Reply.of(head, joined(run)).noted("streamed"));
        } catch (ProxyResponse.Invalid invalid) {
            stream.leave();
            return invalid(joined(run), scope, invalid);
        }
    }

    private Reply reply(Scope scope, LambdaFunction.Run run) {
        Reply reply = ofOutcome(scope, run);
        String corruption = BinaryMedia.corruption(scope.request(), scope.api());
        boolean isNew = !corruption.isEmpty() && corrupting.add(scope.api().id() + " " + scope.route());
        Reply noted = reply.noted(isNew ? corruption : "");
        return reply.response().status() < 400 ? noted
                : noted.noted(BinaryMedia.note(scope.request(), scope.api()));
    }

    private Reply ofOutcome(Scope scope, LambdaFunction.Run run) {
        LambdaFunction.Outcome outcome = run.outcome();
        if (outcome instanceof LambdaFunction.Answer answer) return answered(scope, run, answer);
        if (outcome instanceof LambdaFunction.Failure failure) {
            boolean isTimeout = failure.isTimeout() && !rules.strict();
            return Reply.of(scope.response(isTimeout ? Refusal.INTEGRATION_TIMEOUT : Refusal.INTEGRATION_FAILURE), run);
        }
        if (outcome instanceof LambdaFunction.Broken broken) {
            String summary = scope.function() + " " + broken.summary();
            return Reply.of(orStrict(ProblemResponse.of(scope.request(), summary, broken.errors()), scope), run);
        }
        if (outcome instanceof LambdaFunction.Rejected rejected) {
            Response response = scope.isRest() ? Response.message(400, rejected.message())
                    : scope.response(Refusal.INTEGRATION_FAILURE);
            return Reply.of(response, run).noted(rejected.message());
        }
        String reason = scope.function() + " " + ((LambdaFunction.Unavailable) outcome).reason();
        return Reply.of(orStrict(Response.message(501, reason), scope), run).noted(reason);
    }

    private Response orStrict(Response detailed, Scope scope) {
        return rules.strict() ? scope.response(Refusal.INTEGRATION_FAILURE)
                : scope.headed(detailed, Refusal.INTEGRATION_FAILURE);
    }

    private Reply answered(Scope scope, LambdaFunction.Run run, LambdaFunction.Answer answer) {
        String accept = scope.request().header("Accept").orElse("");
        try {
            Response response = ProxyResponse.of(answer.payload(), scope.route(), accept);
            String payload = new String(answer.payload(), UTF_8);
            boolean isKept = payload.contains("ase64Encoded") && !BinaryMedia.decodes(scope.api(), accept)
                    && ENCODED.matcher(payload).find();
            return Reply.of(response, run).noted(!isKept ? ""
                    : "the base64 body is not decoded: `BinaryMediaTypes` does not include `" + accept + "`");
        } catch (ProxyResponse.Invalid invalid) {
            return invalid(run, scope, invalid);
        }
    }

    private Reply invalid(LambdaFunction.Run run, Scope scope, ProxyResponse.Invalid invalid) {
        List<Problem> problems = invalid.details().stream().map(detail -> new Problem(detail, null, null)).toList();
        return Reply.of(response(invalid, scope), run).noted("invalid response format").with(problems);
    }

    private Response response(ProxyResponse.Invalid invalid, Scope scope) {
        return invalid.response().map(detailed -> orStrict(detailed, scope))
                .orElseGet(() -> scope.response(Refusal.INTEGRATION_FAILURE));
    }
}
