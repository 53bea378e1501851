package samlocal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Report;
import samlocal.report.Traces;
import samlocal.terminal.Console;
import samlocal.terminal.LineDiff;

/** Prints the responses of {@code invoke}: as they are for programs, laid out and coloured on a terminal. */
final class Responses {
    private final Console results;
    private final Console reports;
    private String last;

    /** {@code reports} is for what is printed beside the results. */
    Responses(Console results, Console reports) {
        this.results = results;
        this.reports = reports;
    }

    /**
     * Prints the response of an invocation, and what was thrown beside it; returns the exit status.
     *
     * @throws Fault if the function could not run
     */
    int print(LambdaFunction.Outcome outcome) {
        byte[] payload = payload(outcome);
        reports.flush();
        if (results.terminal().rewrites()) results.print(laidOut(payload) + "\n");
        else print(payload);
        reports.copyFunctions(new String(payload, UTF_8) + "\n");
        return outcome instanceof LambdaFunction.Failure ? Fault.PROJECT : 0;
    }

    /** As {@code sam local invoke}: the response on standard output, the end of its line on standard error. */
    private void print(byte[] payload) {
        results.print(payload);
        reports.endResult();
    }

    /** Prints the first response, and of later ones what has changed in them. */
    void printChange(LambdaFunction.Run run, long nanos) {
        String after = laidOut(payload(run.outcome()));
        reports.flush();
        String note = run.function() + "  " + Console.millis(nanos);
        if (last == null) results.print(after + "\n");
        else if (!last.equals(after)) results.print(changes(last, after));
        reports.tell("invoke", note + (last == null ? "" : last.equals(after) ? "  same response" : "  changed"));
        reports.copyFunctions(after + "\n");
        last = after;
    }

    private String changes(String before, String after) {
        return LineDiff.of(before, after).stream().map(line -> results.paint(line.startsWith("-") ? Console.Style.ERROR
                : line.startsWith("+") ? Console.Style.SUCCESS : Console.Style.DIM, line) + "\n")
                .collect(Collectors.joining());
    }

    private byte[] payload(LambdaFunction.Outcome outcome) {
        if (outcome instanceof LambdaFunction.Answer answer) return answer.payload();
        if (outcome instanceof LambdaFunction.Failure failure) {
            new Report(reports).failed(failure);
            return Traces.json(failure);
        }
        if (outcome instanceof LambdaFunction.Broken broken) throw new Fault(broken.errors(), Fault.PROJECT);
        if (outcome instanceof LambdaFunction.Rejected rejected) {
            throw Fault.project(rejected.message(), null, "set it with `--tenant-id ID`");
        }
        throw Fault.project("the function " + ((LambdaFunction.Unavailable) outcome).reason());
    }

    /** JSON in lines, any other text as it is. */
    private static String laidOut(byte[] payload) {
        String text = new String(payload, UTF_8);
        try {
            return Json.writePretty(Json.read(text)).strip();
        } catch (IOException e) {
            return text;
        }
    }
}
