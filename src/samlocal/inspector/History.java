package samlocal.inspector;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import samlocal.base.Problem;
import samlocal.http.Body;
import samlocal.http.Kept;
import samlocal.http.Request;
import samlocal.lambda.FunctionLog;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Finished;
import samlocal.report.Reply;
import samlocal.report.Traces;

/**
 * Keeps the last requests, as many as a person looks at, in limited memory. It keeps the objects themselves, not
 * copies; of an exception only the text, since the exception refers to all of its function's code.
 */
public final class History {
    /**
     * The invocation of a function and its outcome.
     *
     * @param answer its payload, or what Lambda says of its failure; nothing where it did not run
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
     * A request that was answered.
     *
     * @param number from 1, in the order in which they were answered
     * @param finished without what takes memory: bodies that are too long, the function's invocation
     * @param invoked null if no function was invoked
     */
    record Entry(long number, Finished finished, Kept body, Kept content, Invoked invoked) {
        private static Entry of(Finished finished) {
            Kept body = Kept.of(finished.request().body());
            Reply reply = finished.reply();
            Kept content = reply.response().body().kept();
            List<Problem> problems = finished.failure().map(failure -> List.of(Traces.problem(failure)))
                    .orElse(reply.problems());
            Reply told = new Reply(reply.response().with(Body.of(content.bytes())), finished.function(), null,
                    problems, finished.notes(), null);
            Request request = body.isCut() ? finished.request().with(body.bytes()) : finished.request();
            return new Entry(0, new Finished(finished.kind(), request, told, finished.nanos()), body, content,
                    reply.run() == null ? null : Invoked.of(reply.run()));
        }

        private Entry with(long other) {
            return new Entry(other, finished, body, content, invoked);
        }

        Request request() {
            return finished.request();
        }

        /** Whether it was answered with an error. */
        boolean isFailed() {
            return finished.status() >= 400 || !finished.reply().problems().isEmpty();
        }

        /** About how much memory it takes, its log aside. */
        private long bytes() {
            return 2_000 + body.bytes().length + content.bytes().length + (invoked == null ? 0 : invoked.bytes());
        }
    }

    private static final int MOST = 200;
    private static final long MOST_BYTES = 32 << 20;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long last;
    private long version;

    /** Keeps one more, and drops the oldest where they are too many or too much; returns its number. */
    public long add(Finished finished) {
        Entry entry = Entry.of(finished);
        synchronized (this) {
            entries.add(entry.with(++last));
            bytes += entry.bytes();
            while (entries.size() > MOST || bytes > MOST_BYTES) bytes -= entries.remove().bytes();
            change();
            return last;
        }
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

    /** Another number after each change. */
    synchronized long version() {
        return version;
    }

    /** The version when it is another, or that same one after a while. */
    synchronized long await(long known, long millis) throws InterruptedException {
        if (version == known) wait(millis);
        return version;
    }

    /** The number of the newest request, 0 if there was none. */
    synchronized long last() {
        return last;
    }

    /** The number of the oldest that is kept, or of the next if there is none. */
    synchronized long first() {
        return entries.isEmpty() ? last + 1 : entries.peek().number();
    }

    /** Those with greater numbers, in their order. */
    synchronized List<Entry> after(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    synchronized Optional<Entry> find(long number) {
        return entries.stream().filter(entry -> entry.number() == number).findFirst();
    }

    /** The number of a request that has just been answered, 0 if it is no longer kept. */
    public synchronized long number(Request request) {
        Iterator<Entry> newest = entries.descendingIterator();
        while (newest.hasNext()) {
            Entry entry = newest.next();
            Finished.Kind kind = entry.finished().kind();
            boolean isOwn = kind == Finished.Kind.request || kind == Finished.Kind.call;
            if (isOwn && entry.request().with(request.body()).equals(request)) return entry.number();
        }
        return 0;
    }
}
