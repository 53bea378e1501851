package samlocal.inspector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.base.Program;
import samlocal.base.ShellWord;
import samlocal.http.Kept;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.http.UrlDecoding;
import samlocal.lambda.LambdaFunction;
import samlocal.lambda.SampleEvents;
import samlocal.report.Finished;
import samlocal.sam.Checks;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Guard;
import samlocal.sam.Route;

/** The data of the page as plain values for JSON. */
public final class InspectorData {
    /**
     * The routes and functions that can be called.
     *
     * @param title page title, such as the template's path
     * @param scheme, port address of the APIs
     * @param problems errors of the saved template, because of which an earlier version is served
     * @param revision increases with each change of the template or of the compile errors
     */
    public record Subject(String title, String scheme, int port, List<Target> targets,
            Collection<LambdaFunction> functions, List<Problem> problems, int revision) {
        String host() {
            return "127.0.0.1:" + port;
        }
    }

    /** A route and the Host header required to reach it, or null. */
    public record Target(Route route, String host) {
    }

    private static final int MOST_SHOWN = 500;
    private static final int MOST_PROBLEMS = 20;
    private static final int LINES_AROUND = 3;
    private static final Pattern INVOCATION = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+)}");
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Comparator<Target> ORDER = Comparator
            .<Target, String>comparing(target -> target.route().api().id())
            .thenComparing(target -> target.route().path())
            .thenComparing(target -> METHODS.indexOf(target.route().method()));
    /** Headers that a client sets itself. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("host", "content-length", "connection", "transfer-encoding", "expect", "upgrade");

    private InspectorData() {
    }

    /** The routes and functions, with the names of the project's own events. */
    static Map<String, Object> project(Subject subject, List<String> events) {
        return Json.object(
                "version", Program.VERSION,
                "title", subject.title(),
                "address", subject.scheme() + "://" + subject.host(),
                "revision", subject.revision(),
                "problems", problems(subject.problems(), Instant.MAX),
                "broken", broken(subject.functions()),
                "routes", subject.targets().stream().sorted(ORDER).map(InspectorData::route).toList(),
                "functions", subject.functions().stream().map(InspectorData::function)
                        .sorted(Comparator.comparing(function -> function.get("id").toString())).toList(),
                "mostKept", History.MOST,
                "events", events,
                "mostEvents", ProjectEvents.MOST_FILES,
                "samples", SampleEvents.all().stream().map(sample -> Map.of("service", sample.service(), "type",
                        sample.type(), "description", sample.description())).toList());
    }

    private static Map<String, Object> route(Target target) {
        Route route = target.route();
        return Json.object(
                "method", route.method(),
                "path", route.path(),
                "api", route.api().id(),
                "type", route.api().type(),
                "function", route.function(),
                "handler", route.handler(),
                "host", target.host(),
                "parameters", PARAMETER.matcher(route.path()).results().map(each -> each.group(1)).toList(),
                "needs", needs(route),
                "place", route.source() == null ? null : route.source().toString());
    }

    /** The sources that requests need, such as {@code header.X-Api-Key}. */
    private static List<String> needs(Route route) {
        List<String> needs = new ArrayList<>();
        Checks checks = route.declaration().checks();
        if (checks != null) needs.addAll(checks.parameters());
        Guard guard = route.guard();
        if (guard.needsKey() && !guard.isKeyFromAuthorizer()) needs.add("header.X-Api-Key");
        if (guard.authorizer() != null) guard.authorizer().identity().sources().stream()
                .filter(source -> Set.of("header", "querystring").contains(source.where()))
                .forEach(source -> needs.add(source.where() + "." + source.name()));
        return needs.stream().distinct().toList();
    }

    private static Map<String, Object> function(LambdaFunction invoked) {
        FunctionDefinition function = invoked.definition();
        return Json.object(
                "id", function.id(),
                "handler", function.handler(),
                "runtime", function.runtime(),
                "unsupported", function.unsupportedReason(),
                "samples", EventSources.samples(function.eventTypes(), invoked.eventType()));
    }

    /** A row of the list. */
    static Map<String, Object> summary(History.Entry entry) {
        Request request = entry.request();
        Matcher invocation = INVOCATION.matcher(request.path());
        boolean isInvocation = entry.isPending() && invocation.matches();
        Map<String, Object> fields = Json.object(
                "number", entry.number(),
                "order", entry.order(),
                "time", request.time().toEpochMilli(),
                "kind", isInvocation ? Finished.Kind.call.name() : entry.finished().kind().name(),
                "method", request.method(),
                "path", cut(target(request)),
                "status", entry.finished().status(),
                "millis", Math.round(entry.finished().nanos() / 1e5) / 10.0,
                "function", isInvocation ? UrlDecoding.path(invocation.group(1)) : entry.finished().function(),
                "cold", entry.invoked() == null ? null : entry.invoked().initNanos() > 0,
                "failed", entry.isFailed(),
                "notes", entry.finished().notes().stream().map(InspectorData::cut).toList());
        if (!entry.isPending()) return fields;
        fields.put("page", entry.page());
        fields.put("bytes", entry.content().length());
        return fields;
    }

    private static String cut(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "\u2026" : text;
    }

    private static String target(Request request) {
        return request.path() + (request.query() == null ? "" : "?" + request.query());
    }

    /** All data kept of a request. */
    static Map<String, Object> detail(History.Entry entry, Subject subject) {
        Map<String, Object> fields = summary(entry);
        Request request = entry.request();
        Response response = entry.finished().reply().response();
        fields.put("path", target(request));
        fields.put("protocol", request.connection().protocol());
        fields.put("headers", request.headers().stream().map(each -> List.of(each.getKey(), each.getValue()))
                .toList());
        fields.put("body", content(entry.body()));
        fields.put("responseHeaders", response.headers().entrySet().stream().flatMap(header -> header.getValue()
                .stream().map(value -> List.of(header.getKey(), value))).toList());
        fields.put("response", content(entry.isPending() ? new Kept(entry.content().bytes(), -1) : entry.content()));
        fields.put("problems", problems(entry.finished().reply().problems(), request.time()));
        fields.put("problemCount", entry.finished().reply().problems().size());
        fields.put("curl", entry.body().isCut() ? null : curl(entry, subject));
        if (entry.invoked() == null) return fields;
        fields.put("invoked", invoked(entry.invoked()));
        subject.functions().stream().filter(each -> each.definition().id().equals(entry.finished().function()))
                .findFirst().ifPresent(function -> fields.putAll(JUnitTest.of(entry, function).fields()));
        return fields;
    }

    private static Map<String, Object> invoked(History.Invoked invoked) {
        return Json.object(
                "requestId", invoked.requestId(),
                "event", content(invoked.event()),
                "answer", content(invoked.answer()),
                "initMillis", Math.round(invoked.initNanos() / 1e5) / 10.0,
                "log", invoked.log().text(),
                "isLogCut", invoked.log().isCut(),
                "trace", invoked.trace());
    }

    private static Map<String, Object> content(Kept kept) {
        Map<String, Object> fields = Json.object(
                "length", kept.length() < 0 ? kept.bytes().length : kept.length(),
                "isCut", kept.isCut());
        Optional<String> text = kept.text();
        if (text.isPresent()) fields.put("text", text.get());
        else fields.put("hex", HexFormat.ofDelimiter(" ").formatHex(kept.bytes(), 0,
                Math.min(kept.bytes().length, MOST_SHOWN)));
        if (text.isEmpty() && !kept.isCut()) fields.put("base64", Base64.getEncoder().encodeToString(kept.bytes()));
        return fields;
    }

    /** A part of a request by its name in URLs. */
    static Optional<Kept> part(History.Entry entry, String name) {
        return Optional.ofNullable(switch (name) {
            case "body" -> entry.body();
            case "response" -> entry.content();
            case "event" -> entry.invoked() == null ? null : entry.invoked().event();
            case "answer" -> entry.invoked() == null ? null : entry.invoked().answer();
            default -> null;
        });
    }

    /** The compile errors of the newest code, with the functions that have them. */
    private static List<Object> broken(Collection<LambdaFunction> functions) {
        Map<List<Problem>, List<String>> byErrors = functions.stream().filter(LambdaFunction::isServed)
                .sorted(Comparator.comparing(function -> function.definition().id()))
                .collect(Collectors.groupingBy(function -> function.codebase().errors(), LinkedHashMap::new,
                        Collectors.mapping(function -> function.definition().id(), Collectors.toList())));
        byErrors.remove(List.<Problem>of());
        List<Object> broken = new ArrayList<>();
        byErrors.forEach((errors, ids) -> broken.add(Json.object(
                "functions", ids,
                "problems", problems(errors, Instant.MAX),
                "problemCount", errors.size())));
        return broken;
    }

    private static List<Map<String, Object>> problems(List<Problem> problems, Instant time) {
        return problems.stream().limit(MOST_PROBLEMS).map(problem -> problem(problem, time)).toList();
    }

    /** A problem with the lines around its place; the file may have changed since {@code time}. */
    private static Map<String, Object> problem(Problem problem, Instant time) {
        Map<String, Object> fields = Json.object(
                "message", problem.message(),
                "hint", problem.hint());
        Place place = problem.place();
        if (place == null) return fields;
        boolean isKnown = !place.lines().isEmpty();
        List<String> lines = isKnown ? place.lines() : Place.lines(Path.of(place.file()));
        long modified = new File(place.file()).lastModified();
        int first = Math.max(1, place.line() - LINES_AROUND);
        int last = Math.min(lines.size(), place.line() + LINES_AROUND);
        fields.put("place", place.length() == 0 ? place.file() + ":" + place.line() : place.toString());
        fields.put("line", place.line());
        fields.put("caret", isKnown && place.line() > 0 ? place.caret() : null);
        fields.put("first", first);
        fields.put("lines", place.line() > 0 && first <= last ? lines.subList(first - 1, last) : List.of());
        fields.put("isChanged", !isKnown && (modified == 0 || Instant.ofEpochMilli(modified).isAfter(time)));
        return fields;
    }

    /**
     * A command for a POSIX shell that sends a request again. curl sets the headers of the connection itself. An empty
     * Content-Type keeps curl from adding one; a binary body comes from standard input.
     */
    static String curl(History.Entry entry, Subject subject) {
        Request request = entry.request();
        String host = request.header("Host").orElse(subject.host());
        boolean isName = host.matches("(?i)([\\w-]+\\.)?localhost:" + subject.port());
        String url = subject.scheme() + "://" + (isName ? host : subject.host()) + target(request);
        List<String> lines = new ArrayList<>();
        lines.add("curl --globoff --path-as-is " + (request.method().equals("HEAD") ? "--head"
                : "-X " + ShellWord.quoted(request.method())) + " " + ShellWord.quoted(url));
        if (!isName && !host.equals(subject.host())) lines.add("-H " + ShellWord.quoted("Host: " + host));
        request.headers().stream()
                .filter(header -> !OF_THE_CLIENT.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .forEach(header -> lines.add("-H " + ShellWord.quoted(header.getKey()
                        + (header.getValue().isEmpty() ? ";" : ": " + header.getValue()))));
        boolean hasBody = entry.body().length() > 0;
        if (hasBody && request.header("Content-Type").isEmpty()) lines.add("-H Content-Type:");
        Optional<String> text = entry.body().text();
        if (hasBody) lines.add(text.map(words -> "--data-raw " + ShellWord.quoted(words)).orElse("--data-binary @-"));
        String input = text.isPresent() ? ""
                : "printf %s " + Base64.getEncoder().encodeToString(entry.body().bytes()) + " | base64 -d | ";
        return input + String.join(" \\\n  ", lines);
    }

    /** Matches requests that contain all words, and none of those with a leading minus. */
    static Predicate<History.Entry> search(String words, boolean onlyFailed) {
        List<String> all = Stream.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .filter(word -> !word.isEmpty() && !word.equals("-")).toList();
        return entry -> (!onlyFailed || entry.isFailed()) && (all.isEmpty() || all.stream().allMatch(word ->
                word.startsWith("-") ? !texts(entry).contains(word.substring(1)) : texts(entry).contains(word)));
    }

    private static String texts(History.Entry entry) {
        Request request = entry.request();
        Finished finished = entry.finished();
        StringBuilder text = new StringBuilder(String.join(" ", String.valueOf(entry.number()), request.method(),
                target(request), String.valueOf(finished.status()), finished.function(),
                String.join(" ", finished.notes()), "\n"));
        request.headers().forEach(header -> text.append(header).append('\n'));
        text.append(finished.reply().response().headers()).append('\n');
        Stream.of("body", "response", "event", "answer").flatMap(name -> part(entry, name).stream())
                .forEach(kept -> text.append(new String(kept.bytes(), UTF_8)).append('\n'));
        if (entry.invoked() != null) text.append(entry.invoked().log().text()).append(entry.invoked().trace());
        return text.toString().toLowerCase(Locale.ROOT);
    }
}
