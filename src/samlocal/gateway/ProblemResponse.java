package samlocal.gateway;

import java.util.List;
import java.util.Map;
import samlocal.base.Html;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.http.Request;
import samlocal.http.Response;

/** Responses that explain why a request cannot be served: problems of the template or compile errors. */
public final class ProblemResponse {
    private static final String PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><style>
            :root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }
            pre { overflow: auto; padding: .5rem; border-left: .25rem solid #c33 }
            </style><h1>%s</h1>
            """;

    private ProblemResponse() {
    }

    /** An HTML page for browsers, JSON for other clients. */
    static Response of(Request request, String summary, List<Problem> problems) {
        boolean wantsPage = request.header("Accept").orElse("").contains("text/html");
        return wantsPage ? page(summary, problems) : json(summary, problems);
    }

    /** Status 500 with {@code message}, and {@code errors} with file, line, column, message and source line. */
    public static Response json(String summary, List<Problem> problems) {
        return Response.json(500, Json.object(
                "message", summary,
                "errors", problems.stream().map(ProblemResponse::error).toList()));
    }

    private static Map<String, Object> error(Problem problem) {
        Place place = problem.place();
        String notes = String.join(", ", problem.notes());
        return Json.object(
                "file", place == null ? null : place.file(),
                "line", place == null ? null : place.line(),
                "column", place == null || place.column() == 0 ? null : place.column(),
                "message", problem.message() + (notes.isEmpty() ? "" : "; " + notes)
                        + (problem.hint() == null ? "" : "; " + problem.hint()),
                "source", place == null ? null : place.source().strip());
    }

    private static Response page(String summary, List<Problem> problems) {
        StringBuilder page = new StringBuilder(PAGE.formatted(Html.escaped(summary), Html.escaped(summary)));
        for (Problem error : problems) {
            page.append("<h2>").append(Html.escaped(error.message())).append("</h2>");
            if (error.place() == null) continue;
            page.append("<p>").append(Html.escaped(error.place().toString())).append("<pre>")
                    .append(Html.escaped(error.place().source())).append('\n').append(error.place().caret())
                    .append("</pre>");
        }
        return Response.of(500, "text/html; charset=utf-8", page.append("</html>\n").toString());
    }
}
