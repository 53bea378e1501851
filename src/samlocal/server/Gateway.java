package samlocal.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Problem;
import samlocal.gateway.Integration;
import samlocal.gateway.NearestRoutes;
import samlocal.gateway.Refusal;
import samlocal.gateway.Router;
import samlocal.http.AllowedHosts;
import samlocal.http.Browser;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.http.StaticFiles;
import samlocal.http.Tls;
import samlocal.http.WebServer;
import samlocal.inspector.History;
import samlocal.inspector.Inspector;
import samlocal.inspector.ProjectEvents;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Finished;
import samlocal.report.Reply;
import samlocal.report.Report;
import samlocal.sam.Route;
import samlocal.template.AwsEnvironment;

/** Acts as API Gateway: handles each request and reports it on the console. */
final class Gateway implements AutoCloseable {
    /**
     * A version of the template as it is served.
     *
     * @param aws the account and region that the template is deployed to
     * @param router routes of all APIs
     * @param byName router of each API and of each function URL, by logical id in lower case
     * @param functions by logical id
     * @param problems errors in the saved template; empty if this deployment is up to date
     */
    record Deployment(AwsEnvironment aws, Router router, Map<String, Router> byName,
            Map<String, LambdaFunction> functions, List<Problem> problems) {
        Deployment with(List<Problem> others) {
            return new Deployment(aws, router, byName, functions, others);
        }

        /** A note for every request; empty if the saved template is the served one. */
        String note() {
            if (problems.isEmpty()) return "";
            Problem first = problems.get(0);
            return "serving the last valid template: "
                    + (first.place() == null ? first.message() : "error at " + first.place());
        }

        private static final Pattern NAMED = Pattern.compile("([^.]+)\\.localhost(:\\d+)?");

        /**
         * Selects an API by the Host header, as in {@code http://MyApi.localhost:3000}, or by the path, as in {@code
         * /@MyApi/items}.
         */
        Scope scope(Request request) {
            if (request.path().startsWith(NAME_MARK)) {
                int slash = request.path().indexOf('/', 1);
                int end = slash < 0 ? request.path().length() : slash;
                Router named = byName.get(request.path().substring(NAME_MARK.length(), end).toLowerCase(Locale.ROOT));
                String below = request.path().substring(end);
                if (named != null) return new Scope(named, request.at(below.isEmpty() ? "/" : below));
            }
            String host = request.header("Host").orElse("").toLowerCase(Locale.ROOT);
            Matcher named = NAMED.matcher(host.contains(".localhost") ? host : "");
            return new Scope(named.matches() ? byName.getOrDefault(named.group(1), router) : router, request);
        }
    }

    /** The routes that a request can reach, and the request without the path prefix that names its API. */
    record Scope(Router router, Request request) {
    }

    /** Prefix of paths that name an API; no path in a template starts with it. */
    static final String NAME_MARK = "/@";
    private static final Pattern STAGED = Pattern.compile("/([^/]+)(/.*)?");
    /** API Gateway's limit for a payload, "Amazon API Gateway quotas". */
    private static final int MOST_BYTES = 10 << 20;
    /** "Amazon API Gateway quotas": "total combined size of request line and header values". */
    private static final int MOST_HEADER_BYTES = 10_240;
    private static final int MOST_LINE_CHARACTERS = 8_000;

    private final Supplier<Deployment> deployment;
    private final Report report;
    private final ExecutorService threads = Executors.newCachedThreadPool(Gateway::thread);
    private final LambdaApi lambda;
    private final boolean isStrict;
    private final Integration integration;
    private final StaticFiles files;
    private final Tls tls;
    private final Config.Exposure exposure;
    private final History history = new History();
    private final AtomicInteger changes = new AtomicInteger();
    private Inspector inspector;
    private WebServer inspectorServer;
    private WebServer server;

    /** {@code tls} is null for plain HTTP. */
    Gateway(Supplier<Deployment> deployment, Integration.Rules rules, StaticFiles files, Tls tls,
            Config.Exposure exposure, Report report) {
        this.deployment = deployment;
        this.files = files;
        this.tls = tls;
        this.exposure = exposure;
        this.report = report;
        this.lambda = new LambdaApi(threads, report);
        this.isStrict = rules.strict();
        this.integration = new Integration(rules, threads, report);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "request");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Opens the port; clients wait until {@link #start}.
     *
     * @throws Fault if the port is taken or not permitted, or the address is not one of this machine
     */
    void bind(Config.Address address) {
        server = create(address, "--port");
    }

    void start() {
        server.start(this::handle);
    }

    private WebServer create(Config.Address address, String option) {
        try {
            return new WebServer(address.resolved(), tls == null ? null : tls.context(), MOST_BYTES, threads,
                    error -> report.errors(Fault.ofOurOwn(error).problems()));
        } catch (BindException e) {
            String reason = Fault.reason(e).toLowerCase(Locale.ROOT);
            boolean isTaken = reason.contains("in use");
            boolean isOthers = reason.contains("assign requested address");
            throw Fault.project("cannot listen on " + address + ": " + reason, null, isOthers
                    ? "the address does not belong to this machine; omit `--host`, or use 0.0.0.0 for all addresses"
                    : (isTaken ? "stop the process that uses the port, or choose" : "choose") + " another port with `"
                    + option + "`; 0 picks a free one");
        } catch (IOException e) {
            throw Fault.project("cannot listen on " + address + ": " + Fault.reason(e));
        }
    }

    /**
     * Turns on the inspector, which records requests and shows them to browsers on this machine, on its own port or
     * beside the APIs; must be called between {@link #bind} and {@link #start}.
     *
     * @param title of the page
     * @param folder of the project
     * @param port 0 for any free port, or one of the constants of {@link Inspector}
     * @throws Fault if it is taken
     */
    void inspect(String title, Path folder, int port) {
        if (port == Inspector.OFF) return;
        InspectorSubject subject = new InspectorSubject(title, tls == null ? "http" : "https", port(), deployment,
                changes::get);
        inspector = new Inspector(history, subject::current, this::perform,
                new ProjectEvents(folder.resolve("events")));
        if (port != Inspector.BESIDE) {
            inspectorServer = create(new Config.Address("127.0.0.1", port), "--inspector-port");
            inspectorServer.start((request, client) -> client.send(inspector.reply(request)));
        }
        String page = inspectorAddress().orElseThrow();
        report.recordWith(finished -> page + "#" + history.add(finished));
    }

    /** Updates the inspector's pages: the served template, its errors or the compile errors have changed. */
    void showChange() {
        changes.incrementAndGet();
        history.change();
    }

    /** Answers a request of the inspector's page, which asks for the response later. */
    private void perform(Request request, String note) throws IOException {
        answer(response -> response.body().writeTo(OutputStream.nullOutputStream()), request, note);
    }

    int port() {
        return server.address().getPort();
    }

    /** The URL of the inspector, if it is on. */
    Optional<String> inspectorAddress() {
        WebServer where = inspectorServer == null ? server : inspectorServer;
        return Optional.ofNullable(inspector).map(on -> (tls == null ? "http" : "https") + "://127.0.0.1:"
                + where.address().getPort() + Inspector.ROOT + "/");
    }

    boolean isReachableFromElsewhere() {
        return !server.address().getAddress().isLoopbackAddress();
    }

    /** Stops listening, so that another process can use the port. */
    void leave() {
        Stream.of(server, inspectorServer).filter(Objects::nonNull).forEach(WebServer::close);
    }

    @Override public void close() {
        leave();
        threads.shutdownNow();
    }

    private void handle(Request request, WebServer.Client client) throws IOException {
        boolean isInspected = inspector != null && inspectorServer == null && Inspector.isMeant(request);
        if (isInspected) {
            client.send(inspector.reply(request));
            return;
        }
        history.begin(request, "");
        try {
            answer(client, request, "");
        } finally {
            history.end(request);
        }
    }

    private Reply replyToAny(Request request) {
        try {
            return reply(request);
        } catch (Fault fault) {
            return faulty(fault);
        } catch (RuntimeException | Error error) {
            return faulty(Fault.ofOurOwn(error));
        }
    }

    /** A streamed response is reported when it is complete. */
    private void answer(WebServer.Client client, Request request, String note) throws IOException {
        long started = System.nanoTime();
        Reply reply = replyToAny(request);
        if (reply.end() == null) report(request, reply.noted(note), started);
        else history.respond(request, reply.response());
        try {
            client.send(reply.response());
        } finally {
            if (reply.end() != null) report(request, reply.end().get().noted(note), started);
        }
    }

    private void report(Request request, Reply reply, long started) {
        boolean isCall = LambdaApi.serves(request.path()) && !reply.function().equals("-");
        report.finished(new Finished(isCall ? Finished.Kind.call : Finished.Kind.request, request,
                reply.noted(Browser.refusal(request, reply.response())), System.nanoTime() - started));
    }

    private static Reply faulty(Fault fault) {
        return new Reply(Response.message(500, fault.getMessage()), "-", null, fault.problems(), List.of(), null);
    }

    private Reply reply(Request request) {
        Deployment current = deployment.get();
        Reply reply = reply(request, current);
        return current.problems().isEmpty() ? reply
                : reply.with(integration.marked(reply.response(), current.note())).noted(current.note());
    }

    private Reply reply(Request request, Deployment current) {
        Optional<Reply> refusal = refusal(request);
        if (refusal.isPresent()) return refusal.get();
        if (LambdaApi.serves(request.path())) return lambda.reply(request, current.aws(), current.functions());
        Scope scope = current.scope(request);
        return reply(scope.request(), scope.router(), current);
    }

    private Reply reply(Request request, Router router, Deployment current) {
        if (request.body().length > MOST_BYTES) {
            return Reply.of(integration.unrouted(Refusal.REQUEST_TOO_LARGE, request, router), "-", "over 10 MB");
        }
        Optional<Reply> preflight = integration.preflight(request, router, current.functions());
        if (preflight.isPresent()) return preflight.get();
        Optional<Reply> file = router == current.router() ? file(request, router) : Optional.empty();
        return file.or(() -> target(request, router).or(() -> belowStage(request, router))
                .map(target -> integration.reply(target.request(), target.match(), current.functions())
                        .noted(target.note())))
                .orElseGet(() -> notFound(router, request, current.problems()));
    }

    /** Rejects requests that exceed AWS's limits ("Amazon API Gateway quotas") or name a host that is not allowed. */
    private Optional<Reply> refusal(Request request) {
        Optional<Response> objection = exposure.hosts().objection(request);
        if (objection.isPresent()) return Optional.of(Reply.of(objection.get(), "-", "host not allowed"));
        String query = request.query() == null ? "" : request.query();
        int line = request.method().length() + request.path().length() + query.length() + 11;
        if (line > MOST_LINE_CHARACTERS) {
            return refused(414, "Request-URI Too Long", "over " + MOST_LINE_CHARACTERS + " characters");
        }
        if (LambdaApi.serves(request.path())) return lambdaRefusal(request);
        int values = request.headers().stream().mapToInt(header -> header.getValue().length()).sum();
        return line + values <= MOST_HEADER_BYTES ? Optional.empty()
                : refused(431, "Request Header Fields Too Large", "headers over " + MOST_HEADER_BYTES + " bytes");
    }

    /** The Lambda API runs any function and shows its variables, so other machines and web pages are rejected. */
    private Optional<Reply> lambdaRefusal(Request request) {
        if (!exposure.ofLambda() && !AllowedHosts.isFromThisMachine(request)) {
            return refused(403, "the Lambda API accepts only clients on this machine; to expose it, start samlocal with"
                    + " `--expose-lambda`", "not from this machine");
        }
        return AllowedHosts.isFromOtherSite(request)
                ? refused(403, "the Lambda API rejects requests from web pages of other sites", "from another site")
                : Optional.empty();
    }

    private static Optional<Reply> refused(int status, String message, String why) {
        return Optional.of(Reply.of(Response.message(status, message), "-", why));
    }

    /** A static file precedes catch-all routes and follows routes that name the path. */
    private Optional<Reply> file(Request request, Router router) {
        boolean isTaken = Stream.of(request.method(), "GET").anyMatch(method -> router
                .match(method, request.path()).filter(match -> !match.isGreedy()).isPresent());
        if (isTaken) return Optional.empty();
        return files.find(request).map(found -> Reply.of(integration.shared(found, request), "-", "file"));
    }

    /** A request whose path has no stage, and its route; the note may be empty. */
    private record Target(Request request, Router.Match match, String note) {
    }

    private Optional<Target> target(Request request, Router router) {
        return router.match(request.method(), request.path()).map(match -> new Target(request, match, ""))
                .or(() -> options(router, request).map(match -> new Target(request, match,
                        "no route on AWS: the template declares neither OPTIONS nor CORS")));
    }

    /** Paths on AWS start with the stage, so it is accepted as a prefix of paths that match no route. */
    private Optional<Target> belowStage(Request request, Router router) {
        Matcher path = STAGED.matcher(request.path());
        if (!path.matches()) return Optional.empty();
        Request below = request.at(path.group(2) == null ? "/" : path.group(2));
        return target(below, router).filter(target -> target.match().route().api().stage().equals(path.group(1)));
    }

    /**
     * OPTIONS without a route goes to the handler of the method that the browser asks for, which AWS does not do; so
     * not with {@code --strict}.
     */
    private Optional<Router.Match> options(Router router, Request request) {
        if (isStrict || !request.method().equals("OPTIONS")) return Optional.empty();
        return request.header("Access-Control-Request-Method")
                .flatMap(method -> router.match(method.toUpperCase(Locale.ROOT), request.path()))
                .or(() -> router.matchAnyMethod(request.path()));
    }

    private static Optional<String> named(String words, List<Route> routes) {
        return routes.isEmpty() ? Optional.empty() : Optional.of(words + routes.stream().map(Route::toString)
                .collect(Collectors.joining(", ")));
    }

    /** Redirects a browser from the printed URL to the inspector if no route matches it. */
    private Optional<Reply> welcome(Router router, Request request) {
        boolean isMeant = !isStrict && router == deployment.get().router() && request.path().equals("/")
                && request.method().equals("GET") && request.header("Accept").orElse("").contains("text/html")
                && AllowedHosts.isFromThisMachine(request);
        return inspectorAddress().filter(page -> isMeant).map(page -> Reply.of(new Response(302,
                Map.of("Location", List.of(page)), new byte[0]), "-", "redirected to the inspector"));
    }

    private Reply notFound(Router router, Request request, List<Problem> problems) {
        Optional<Reply> other = LambdaApi.refusal(request).or(() -> welcome(router, request));
        if (other.isPresent()) return other.get();
        String note = "no route" + named("; nearest: ", NearestRoutes.to(request.path(), router))
                .or(() -> named("; routes: ", NearestRoutes.few(router))).orElse("");
        return Reply.of(integration.unrouted(request, router, problems), "-", note);
    }
}
