package samlocal.inspector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Program;
import samlocal.base.Resource;
import samlocal.http.AllowedHosts;
import samlocal.http.Body;
import samlocal.http.HeaderSyntax;
import samlocal.http.Kept;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.SampleEvents;

/**
 * The page at {@code /_samlocal/} and its data: routes, functions, recent and live requests, and a form to send
 * requests. It shows everything that was sent, including tokens, and runs functions. So it responds only to browsers on
 * this machine: to loopback clients and Host names (other names may be the subject of DNS rebinding), and never to
 * pages of other sites (Origin, Sec-Fetch-Site; no CORS headers are sent). Requests that change something need a
 * header that pages of other sites cannot send.
 */
public final class Inspector {
    /** Handles a request as if a client had sent it, and reports it with a note. */
    public interface Sender {
        void send(Request request, String note) throws IOException;
    }

    /** Special values instead of a port: the port of the APIs, or no inspector. */
    public static final int BESIDE = -1;
    public static final int OFF = -2;
    public static final String ROOT = "/_samlocal";
    private static final String EVENTS = "/api/events/";
    private static final String MARK = "X-Samlocal-Inspector";
    private static final Pattern LOOPBACK_NAME =
            Pattern.compile("(?i)(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d{1,5})?");
    private static final Pattern API_NAME = Pattern.compile("(?i).+\\.localhost(:\\d{1,5})?");
    private static final Pattern ONE = Pattern.compile("/api/requests/(\\d{1,18})(?:/(\\w+))?");
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\t -~\u0080-\u00FF]*");
    /** Limit of live connections; a browser opens six per server, and each page holds one. */
    private static final int MOST_WATCHERS = 24;
    /** The interval after which the server notices that a page was closed. */
    private static final int PING_MILLIS = 5_000;
    /** Changes within this interval are sent to a page in one message. */
    private static final int PAUSE_MILLIS = 100;
    /** A shorter request is not shown as pending. */
    private static final int QUICK_MILLIS = 250;
    private static final int MOST_PAGE_CHARACTERS = 100;
    private static final String PAGE = Resource.text(Inspector.class, "page/page.html");
    private static final String STYLE = Resource.text(Inspector.class, "page/page.css");
    private static final String SCRIPT = String.join("\n",
            Resource.text(Inspector.class, "page/elements.js"), Resource.text(Inspector.class, "page/server.js"),
            Resource.text(Inspector.class, "page/routes.js"), Resource.text(Inspector.class, "page/list.js"),
            Resource.text(Inspector.class, "page/panel.js"), Resource.text(Inspector.class, "page/content.js"),
            Resource.text(Inspector.class, "page/diff.js"), Resource.text(Inspector.class, "page/forms.js"),
            Resource.text(Inspector.class, "page/invoke.js"), Resource.text(Inspector.class, "page/keys.js"),
            Resource.text(Inspector.class, "page/start.js"));

    private final History history;
    private final Supplier<InspectorData.Subject> subject;
    private final Sender sender;
    private final ProjectEvents events;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore watchers = new Semaphore(MOST_WATCHERS);

    /** {@code events} are offered in the form of a function. */
    public Inspector(History history, Supplier<InspectorData.Subject> subject, Sender sender, ProjectEvents events) {
        this.history = history;
        this.subject = subject;
        this.sender = sender;
        this.events = events;
    }

    /**
     * Whether a request to the APIs' port is for the inspector, which precedes all routes except those under an API's
     * host name.
     */
    public static boolean isMeant(Request request) {
        String path = request.path();
        boolean isBelow = path.startsWith(ROOT)
                && (path.length() == ROOT.length() || path.charAt(ROOT.length()) == '/');
        return isBelow && request.header("Host").filter(host -> API_NAME.matcher(host).matches()).isEmpty();
    }

    /** Handles a request; errors have a message. */
    public Response reply(Request request) {
        return sealed(objection(request).map(reason -> Response.message(403, reason)).orElseGet(() -> {
            try {
                return answer(request);
            } catch (Fault fault) {
                return Response.message(400, fault.getMessage());
            } catch (IOException e) {
                return Response.message(400, Fault.reason(e));
            } catch (RuntimeException error) {
                return Response.message(500, Fault.ofOurOwn(error).getMessage());
            }
        }));
    }

    private static Response sealed(Response response) {
        Response sealed = response.with("Cache-Control", "no-store").with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer").with("X-Frame-Options", "DENY")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Cross-Origin-Opener-Policy", "same-origin");
        return sealed.headers().containsKey("Content-Security-Policy") ? sealed
                : sealed.with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    }

    private static Optional<String> objection(Request request) {
        List<String> hosts = request.headers("Host");
        if (!AllowedHosts.isFromThisMachine(request)) {
            return Optional.of("the inspector accepts only clients on this machine");
        }
        if (hosts.size() != 1 || !LOOPBACK_NAME.matcher(hosts.get(0)).matches()) {
            return Optional.of("the inspector is served only at 127.0.0.1, localhost and [::1]; open "
                    + request.connection().scheme() + "://127.0.0.1:" + request.connection().port() + ROOT + "/");
        }
        if (AllowedHosts.isFromOtherSite(request) && !isVisit(request)) {
            return Optional.of("the inspector rejects requests from pages of other sites");
        }
        return isRead(request) || request.header(MARK).isPresent() ? Optional.empty()
                : Optional.of("POST requests to the inspector need the header " + MARK);
    }

    /** Whether the user follows a link to the page, which reveals nothing to the linking site. */
    private static boolean isVisit(Request request) {
        return request.method().equals("GET") && request.path().matches(ROOT + "/?|/")
                && request.header("Sec-Fetch-Mode").orElse("").equals("navigate")
                && request.header("Sec-Fetch-Dest").orElse("").equals("document");
    }

    private static boolean isRead(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private Response answer(Request request) throws IOException {
        String path = request.path().equals("/") ? "" : request.path().replaceFirst("^" + ROOT, "");
        Matcher one = ONE.matcher(path);
        if (one.matches()) return one(request, Long.parseLong(one.group(1)), one.group(2));
        String method = isRead(request) ? "GET" : request.method();
        if (method.equals("GET") && path.startsWith(EVENTS)) return event(request, path.substring(EVENTS.length()));
        return switch (method + " " + path) {
            case "GET " -> new Response(308, Map.of("Location", List.of(ROOT + "/")), new byte[0]);
            case "GET /" -> page();
            case "GET /api/project" -> Response.json(200, InspectorData.project(subject.get(), events.names()));
            case "GET /api/sample" -> sample(request);
            case "GET /api/requests" -> requests(request);
            case "GET /api/live" -> new Response(200, Map.of("Content-Type", List.of("text/event-stream")),
                    request.method().equals("GET") ? new Live() : Body.of(new byte[0]));
            case "POST /api/send" -> send(request(request), "from the inspector", request);
            case "POST /api/clear" -> {
                history.clear();
                yield Response.json(200, Map.of());
            }
            default -> Response.message(404, "the inspector has no `" + method + " " + request.path() + "`");
        };
    }

    /**
     * A self-contained document, which works offline. Its policy allows only the style and script with its nonce. The
     * script inserts untrusted text as text, never as markup.
     */
    private Response page() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        String page = PAGE.replace("{nonce}", nonce).replace("{style}", STYLE).replace("{script}", SCRIPT);
        return Response.of(200, "text/html; charset=utf-8", page).with("Content-Security-Policy",
                "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce + "'; "
                + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'");
    }

    private static Response sample(Request request) {
        return Response.of(200, "application/json", SampleEvents.of(parameter(request, "service"),
                parameter(request, "type")).orElseThrow(() -> Fault.usage("no such sample event", null))
                .render(Map.of()));
    }

    /** An event of the project by its percent-encoded name. */
    private Response event(Request request, String name) {
        return events.find(request.at("/" + name))
                .orElseGet(() -> Response.message(404, "the project has no event `" + name + "`"));
    }

    /** The requests that match the filter, newest first; pending ones only without a filter. */
    private Response requests(Request request) {
        Predicate<History.Entry> wanted = InspectorData.search(parameter(request, "q"),
                parameter(request, "errors").equals("1"));
        List<Object> found = new ArrayList<>();
        history.after(0).stream().filter(wanted).forEach(entry -> found.add(0, InspectorData.summary(entry)));
        return Response.json(200, Map.of("requests", found, "pending", pending()));
    }

    /** The requests that have been pending longer than {@link #QUICK_MILLIS}. */
    private List<Map<String, Object>> pending() {
        Instant quick = Instant.now().minusMillis(QUICK_MILLIS);
        return history.pending().stream().filter(entry -> entry.request().time().isBefore(quick))
                .map(InspectorData::summary).toList();
    }

    private static String parameter(Request request, String name) {
        return request.queryValue(name).orElse("");
    }

    private Response one(Request request, long number, String part) throws IOException {
        History.Entry entry = history.find(number).orElse(null);
        if (entry == null) return Response.message(404, "request " + number + " is no longer kept");
        if (!isRead(request)) {
            return "replay".equals(part) ? replay(entry, request) : Response.message(405, "only GET is allowed here");
        }
        if (part == null) return Response.json(200, InspectorData.detail(entry, subject.get()));
        Kept kept = InspectorData.part(entry, part).filter(each -> !each.isCut()).orElse(null);
        if (kept == null) return Response.message(404, "request " + number + " has no " + part + " in full");
        String name = entry.finished().function().replaceAll("[^A-Za-z0-9_-]+", "-") + "-" + number + "-" + part;
        return new Response(200, Map.of("Content-Type", List.of("application/octet-stream"), "Content-Disposition",
                List.of("attachment; filename=\"" + name + (part.equals("event") ? ".json\"" : "\""))),
                kept.bytes());
    }

    private Response replay(History.Entry entry, Request asked) throws IOException {
        if (entry.body().isCut()) throw Fault.usage("the body is over 256 KB and was not kept in full", null);
        Request again = entry.request();
        return send(new Request(again.method(), again.path(), again.query(), again.headers(), again.body(),
                Instant.now(), again.connection()), "replay of " + entry.number(), asked);
    }

    /** Sends a request for the page and responds with its number when it is complete. */
    private Response send(Request request, String note, Request asked) throws IOException {
        String page = asked.header(MARK).filter(name -> name.length() <= MOST_PAGE_CHARACTERS).orElse("");
        long number = history.begin(request, page);
        try {
            sender.send(request, note);
        } finally {
            history.end(request);
        }
        return Response.json(200, Map.of("number", number));
    }

    /** The request described by the page, with the headers that every client adds. */
    private Request request(Request asked) throws IOException {
        if (!(Json.read(new String(asked.body(), UTF_8)) instanceof Map<?, ?> wanted)) {
            throw Fault.usage("the request to send must be a JSON object", null);
        }
        InspectorData.Subject now = subject.get();
        String method = text(wanted, "method", TOKEN);
        String target = text(wanted, "path", TARGET);
        byte[] body = body(wanted);
        Map<String, List<String>> headers = headers(wanted);
        headers.putIfAbsent("Host", List.of(now.host()));
        headers.putIfAbsent("User-Agent", List.of("samlocal/" + Program.VERSION));
        headers.putIfAbsent("Accept", List.of("*/*"));
        headers.remove("Content-Length");
        if (body.length > 0) headers.put("Content-Length", List.of(String.valueOf(body.length)));
        List<Map.Entry<String, String>> all = headers.entrySet().stream().flatMap(header -> header.getValue()
                .stream().map(value -> Map.entry(header.getKey(), value))).toList();
        return Request.of(method, target, all, body, Instant.now(),
                new Request.Connection(now.scheme(), "HTTP/1.1", "127.0.0.1", now.port()));
    }

    private static String text(Map<?, ?> wanted, String name, Pattern form) {
        String text = wanted.get(name) instanceof String given ? given : "";
        if (form.matcher(text).matches()) return text;
        throw Fault.usage("not a valid " + name + " of a request: `" + text + "`", null);
    }

    /** Header values by name, in title case as in all requests. */
    private static Map<String, List<String>> headers(Map<?, ?> wanted) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Object pair : wanted.get("headers") instanceof List<?> pairs ? pairs : List.of()) {
            List<String> two = pair instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
            boolean isPair = two.size() == 2 && TOKEN.matcher(two.get(0)).matches()
                    && VALUE.matcher(two.get(1)).matches();
            if (!isPair) throw Fault.usage("not a valid header: " + Json.write(pair), null);
            headers.computeIfAbsent(HeaderSyntax.titleCase(two.get(0)), none -> new ArrayList<>()).add(two.get(1));
        }
        return headers;
    }

    /** The body, given as text or as the number of a kept request. */
    private byte[] body(Map<?, ?> wanted) {
        if (!(wanted.get("bodyOf") instanceof Number number)) {
            return wanted.get("body") instanceof String text ? text.getBytes(UTF_8) : new byte[0];
        }
        Kept body = history.find(number.longValue()).map(History.Entry::body).orElse(null);
        if (body != null && !body.isCut()) return body.bytes();
        throw Fault.usage("the body of request " + number + " is not kept in full", null);
    }

    /** Server-sent events: {@code hello} first, then {@code news} whenever something has changed. */
    private final class Live implements Body {
        @Override public long length() {
            return -1;
        }

        @Override public void writeTo(OutputStream client) throws IOException {
            if (!watchers.tryAcquire()) {
                write(client, "busy", Map.of());
                return;
            }
            try {
                follow(client);
            } catch (InterruptedException e) {
                throw new InterruptedIOException(e.getMessage());
            } finally {
                watchers.release();
            }
        }

        private void follow(OutputStream client) throws IOException, InterruptedException {
            long version = history.version();
            long last = history.last();
            List<Map<String, Object>> sent = List.of();
            write(client, "hello", Map.of());
            for (int quiet = 0; true; quiet += PAUSE_MILLIS) {
                boolean isBusy = !history.pending().isEmpty();
                long now = history.await(version, isBusy ? PAUSE_MILLIS : PING_MILLIS);
                List<Map<String, Object>> pending = pending();
                boolean isNews = now != version || !pending.equals(sent);
                if (isNews) {
                    last = writeNews(client, last, pending);
                    Thread.sleep(PAUSE_MILLIS);
                } else if (!isBusy || quiet >= PING_MILLIS) {
                    write(client, "ping", Map.of());
                    quiet = 0;
                }
                version = now;
                sent = pending;
            }
        }

        private long writeNews(OutputStream client, long last, List<Map<String, Object>> pending) throws IOException {
            List<History.Entry> entries = history.after(last);
            write(client, "news", Map.of("requests", entries.stream().map(InspectorData::summary).toList(),
                    "pending", pending, "first", history.first(), "revision", subject.get().revision()));
            return entries.isEmpty() ? last : entries.get(entries.size() - 1).order();
        }

        private void write(OutputStream client, String event, Map<String, Object> data) throws IOException {
            client.write(("event: " + event + "\ndata: " + Json.write(data) + "\n\n").getBytes(UTF_8));
            client.flush();
        }
    }
}
