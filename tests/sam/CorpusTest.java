import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real templates with the routes or errors of AWS's translator. */
class CorpusTest {
    private static final Path CORPUS = Checkout.folder().resolve("../shared/corpus").normalize();
    private static Map<?, ?> expected;

    @BeforeAll static void readExpected() throws IOException {
        assumeTrue(Files.exists(CORPUS.resolve("expected.json")), "no corpus beside the checkout");
        expected = (Map<?, ?>) ServerLocal.Json.read(Files.readString(CORPUS.resolve("expected.json")));
    }

    @Test void every_valid_template_has_exactly_its_routes() {
        List<String> wrong = new ArrayList<>();
        each("routes", (stem, routes) -> {
            String wanted = new TreeSet<>(((List<?>) routes.get("routes")).stream().map(CorpusTest::shown).toList())
                    .toString();
            String found = routes(stem);
            if (!wanted.equals(found)) wrong.add(stem + "\n  wanted " + wanted + "\n  found  " + found);
        });
        assertEquals("", String.join("\n", wrong));
    }

    @Test void unsupported_constructs_are_rejected_with_their_name() {
        List<String> wrong = new ArrayList<>();
        each("error", (stem, entry) -> {
            String found = routes(stem);
            String local = entry.get("local").toString();
            if (local.equals("accept") && found.startsWith("refused")) wrong.add(stem + " is to be accepted: " + found);
            if (!local.equals("refuse")) return;
            if (!found.startsWith("refused")) wrong.add(stem + " is to be refused: " + entry.get("error"));
            else namesIn(entry.get("error").toString()).filter(name -> !found.contains(name)).forEach(name ->
                    wrong.add(stem + ": `" + name + "` is not named\n  by AWS " + entry.get("error") + "\n  here   "
                            + found));
        });
        assertEquals("", String.join("\n", wrong));
    }

    @Test void nothing_ends_in_an_error_of_our_own() {
        each("why", (stem, entry) -> routes(stem));
    }

    private interface Check {
        void accept(String stem, Map<?, ?> entry);
    }

    private static void each(String key, Check check) {
        expected.forEach((stem, entry) -> {
            if (((Map<?, ?>) entry).containsKey(key)) check.accept(stem.toString(), (Map<?, ?>) entry);
        });
    }

    /** The ids of resources and events in AWS's message. */
    private static java.util.stream.Stream<String> namesIn(String message) {
        Matcher ids = Pattern.compile("(?:Resource|Event) with id \\[(\\w+)]").matcher(message);
        return ids.results().map(match -> match.group(1));
    }

    private static String shown(Object route) {
        Map<?, ?> map = (Map<?, ?>) route;
        return map.get("api") + " " + map.get("method") + " " + map.get("path") + " " + map.get("function");
    }

    /** The routes to functions without function URLs, or the error messages. */
    private static String routes(String stem) {
        try {
            return new TreeSet<>(ServerLocal.Project.read(CORPUS.resolve("templates/" + stem + ".yaml"), Map.of())
                    .routes().stream()
                    .filter(route -> !route.api().type().equals("url") && !route.function().equals("-"))
                    .map(route -> route.api().id() + " " + route + " " + route.function()).toList()).toString();
        } catch (ServerLocal.Fault fault) {
            return "refused: " + fault.problems().stream().map(problem -> problem.message() + " " + problem.hint())
                    .toList();
        }
    }
}
