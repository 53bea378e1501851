package samlocal.inspector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import samlocal.base.Problem;
import samlocal.http.Body;
import samlocal.http.Kept;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.lambda.FunctionLog;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Finished;
import samlocal.report.Reply;
import samlocal.report.Traces;

/**
 * The pending requests and the most recent completed ones, in limited memory. Keeps the objects themselves, not copies,
 * but only the text of an exception, which would otherwise retain its function's classes.
 */
public final class History {
    /**
     * An invocation of a function and its outcome.
     *
     * @param answer the payload, or Lambda's error response for a failure; empty if it did not run
     * @param initNanos duration of the cold start, 0 for a warm environment
     * @param trace stack trace of an exception, or an empty string
     */
    record Invoked(String requestId, Kept event, Kept answer, long initNanos, FunctionLog.Transcript log,
            String trace) {
        private static final FunctionLog.Transcript NOTHING = new FunctionLog.Transcript();

        static Invoked of(LambdaFunction.Run run) {
            Kept event = Kept.of(run.call().event());
            String id = run.call().requestId();
            if (run.outcome() instanceof LambdaFunction.Answer answer) {
                Kept payload = run.call().stream() == null ? Kept.of(answer.payload()) : Kept.of(new byte[0]);
                return new Invoked(id, event, payload, run.initNanos(), answer.log(), "");
            }
            if (run.outcome() instanceof LambdaFunction.Failure failure) {
                return new Invoked(id, event, Kept.of(Traces.json(failure)), run.initNanos(), failure.log(),
                        Traces.render(failure));
            }
            return new Invoked(id, event, Kept.of(new byte[0]), 0, NOTHING, "");
        }

        private long bytes() {
            return event.bytes().length + answer.bytes().length + trace.length();
        }
    }

    /**
     * A request whose response is not complete yet.
     *
     * @param page the id given by the page that sent it, or an empty string
     * @param response null until its head is known; the content may not be complete
     */
    private record Pending(long number, Request request, String page, AtomicReference<Response> response) {
        private Entry entry() {
            Response head = response.get();
            Reply reply = Reply.of(head == null ? new Response(0, Map.of(), NOTHING) : head, "-", "");
            return new Entry(number, 0, new Finished(Finished.Kind.request, request, reply, 0),
                    Kept.of(request.body()), reply.response().body().kept(), null, page);
        }
    }

    /**
     * A request and its response.
     *
     * @param number starts at 1, in the order of arrival
     * @param order starts at 1, in the order of completion; 0 while pending
     * @param finished without long bodies and the invocation, to save memory; the status of a pending request is 0
     *        until its response starts
     * @param invoked null if no function was invoked
     * @param page the id of a pending request given by the page that sent it, or an empty string
     */
    record Entry(long number, long order, Finished finished, Kept body, Kept content, Invoked invoked, String page) {
        private static Entry of(long number, long order, Finished finished) {
            Kept body = Kept.of(finished.request().body());
            Reply reply = finished.reply();
            Kept content = reply.response().body().kept();
            List<Problem> problems = finished.failure().map(failure -> List.of(Traces.problem(failure)))
                    .orElse(reply.problems());
            Reply kept = new Reply(reply.response().with(Body.of(content.bytes())), finished.function(), null,
                    problems, finished.notes(), null);
            Request request = body.isCut() ? finished.request().with(body.bytes()) : finished.request();
            return new Entry(number, order, new Finished(finished.kind(), request, kept, finished.nanos()), body,
                    content, reply.run() == null ? null : Invoked.of(reply.run()), "");
        }

        boolean isPending() {
            return order == 0;
        }

        Request request() {
            return finished.request();
        }

        /** Whether the response is an error. */
        boolean isFailed() {
            return finished.status() >= 400 || !finished.reply().problems().isEmpty();
        }

        /** The approximate memory use in bytes, without the log. */
        private long bytes() {
            return 2_000 + body.bytes().length + content.bytes().length + (invoked == null ? 0 : invoked.bytes());
        }
    }

    /** The number of completed requests to keep. */
    static final int MOST = 200;
    private static final long MOST_BYTES = 32 << 20;
    private static final byte[] NOTHING = {};
    private final List<Pending> pending = new ArrayList<>();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long lastNumber;
    private long lastOrder;
    private long version;

    /**
     * Adds a pending request, which remains until {@link #add} or {@link #end}.
     *
     * @param page the id given by the page that sends it, or an empty string
     * @return its number
     */
    public synchronized long begin(Request request, String page) {
        pending.add(new Pending(++lastNumber, request, page, new AtomicReference<>()));
        notifyAll();
        return lastNumber;
    }

    /** Sets the head of a pending request's response. */
    public synchronized void respond(Request request, Response response) {
        pending.stream().filter(each -> each.request() == request).forEach(each -> each.response().set(response));
    }

    /** Removes a pending request, whether it was completed or not. */
    public synchronized void end(Request request) {
        if (pending.removeIf(each -> each.request() == request)) notifyAll();
    }

    /** Adds a completed request, drops the oldest ones beyond the limits, and returns its number. */
    public synchronized long add(Finished finished) {
        Entry entry = Entry.of(number(finished), ++lastOrder, finished);
        entries.add(entry);
        bytes += entry.bytes();
        while (entries.size() > MOST || bytes > MOST_BYTES) bytes -= entries.remove().bytes();
        change();
        return entry.number();
    }

    /** The number of a request; invocations that it causes, such as an authorizer's, get their own. */
    private long number(Finished finished) {
        boolean isOwn = finished.kind() == Finished.Kind.request || finished.kind() == Finished.Kind.call;
        Optional<Pending> begun = pending.stream().filter(each -> isOwn && each.request() == finished.request())
                .findFirst();
        begun.ifPresent(pending::remove);
        return begun.map(Pending::number).orElseGet(() -> ++lastNumber);
    }

    synchronized void clear() {
        entries.clear();
        bytes = 0;
        change();
    }

    /** Increments the version, so that the pages are updated. */
    public synchronized void change() {
        version++;
        notifyAll();
    }

    /** The version, incremented with each change. */
    synchronized long version() {
        return version;
    }

    /** Waits until the version differs from {@code known}, the time is over or a request arrives, and returns it. */
    synchronized long await(long known, long millis) throws InterruptedException {
        if (version == known) wait(millis);
        return version;
    }

    /** The order of the last completed request, 0 if there is none. */
    synchronized long last() {
        return lastOrder;
    }

    /** The order of the oldest kept request, or of the next one if there is none. */
    synchronized long first() {
        return entries.isEmpty() ? lastOrder + 1 : entries.peek().order();
    }

    /** The requests completed after the one of this order, oldest first. */
    synchronized List<Entry> after(long order) {
        return entries.stream().filter(entry -> entry.order() > order).toList();
    }

    /** The pending requests in the order of arrival. */
    synchronized List<Entry> pending() {
        return pending.stream().map(Pending::entry).toList();
    }

    synchronized Optional<Entry> find(long number) {
        return Stream.concat(entries.stream(), pending().stream()).filter(entry -> entry.number() == number)
                .findFirst();
    }
}
