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
 * The requests that are pending, and the last ones that were answered, in limited memory. It keeps the objects
 * themselves, not copies; of an exception only the text, since the exception refers to all of its function's code.
 */
public final class History {
    /**
     * The invocation of a function and its outcome.
     *
     * @param answer its payload, or the error that Lambda returns for its failure; empty if it did not run
     * @param initNanos how long a cold start took, 0 for a warm environment
     * @param trace of what it has thrown, or an empty text
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
     * A request that has arrived and has no complete response yet.
     *
     * @param page what the page that sent it calls it, or an empty text
     * @param response null until its head is known; its content may still be on its way
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
     * @param number from 1, in the order in which requests arrive
     * @param order from 1, in the order in which they are answered; 0 while one is pending
     * @param finished without what takes memory: bodies that are too long, the function's invocation; the status of a
     *         pending request is 0 until the response begins
     * @param invoked null if no function was invoked
     * @param page what the page that sent a pending request calls it, or an empty text
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

        /** About how much memory it takes, its log aside. */
        private long bytes() {
            return 2_000 + body.bytes().length + content.bytes().length + (invoked == null ? 0 : invoked.bytes());
        }
    }

    /** How many are kept. */
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
     * A request has arrived; it is pending until {@link #add} or {@link #end}.
     *
     * @param page what the page that sends it calls it, or an empty text
     * @return its number
     */
    public synchronized long begin(Request request, String page) {
        pending.add(new Pending(++lastNumber, request, page, new AtomicReference<>()));
        notifyAll();
        return lastNumber;
    }

    /** The head of a pending request's response is known, and its content on its way. */
    public synchronized void respond(Request request, Response response) {
        pending.stream().filter(each -> each.request() == request).forEach(each -> each.response().set(response));
    }

    /** A request is no longer pending, whether it was answered or not. */
    public synchronized void end(Request request) {
        if (pending.removeIf(each -> each.request() == request)) notifyAll();
    }

    /** Keeps one more, and drops the oldest where they are too many or too much; returns its number. */
    public synchronized long add(Finished finished) {
        Entry entry = Entry.of(number(finished), ++lastOrder, finished);
        entries.add(entry);
        bytes += entry.bytes();
        while (entries.size() > MOST || bytes > MOST_BYTES) bytes -= entries.remove().bytes();
        change();
        return entry.number();
    }

    /** The number that a request got when it arrived; what it causes, such as a call of an authorizer, has its own. */
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

    private void change() {
        version++;
        notifyAll();
    }

    /** Another number after each change of the requests that are kept. */
    synchronized long version() {
        return version;
    }

    /** The version when it is another, or that same one after a while or when a request arrives. */
    synchronized long await(long known, long millis) throws InterruptedException {
        if (version == known) wait(millis);
        return version;
    }

    /** The order of the request that was answered last, 0 if there was none. */
    synchronized long last() {
        return lastOrder;
    }

    /** The order of the oldest that is kept, or of the next if there is none. */
    synchronized long first() {
        return entries.isEmpty() ? lastOrder + 1 : entries.peek().order();
    }

    /** Those that were answered after that of an order, oldest first. */
    synchronized List<Entry> after(long order) {
        return entries.stream().filter(entry -> entry.order() > order).toList();
    }

    /** Those that are pending, in the order in which they arrived. */
    synchronized List<Entry> pending() {
        return pending.stream().map(Pending::entry).toList();
    }

    synchronized Optional<Entry> find(long number) {
        return Stream.concat(entries.stream(), pending().stream()).filter(entry -> entry.number() == number)
                .findFirst();
    }
}
