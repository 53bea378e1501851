import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Forms, pending requests, comparisons and panes of the inspector's page in a real browser. */
class InspectorFormsTest extends InspectorPage {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 60, Environment: {Variables: {FOLDER: '%s'}}}}
            Resources:
              Front: {Type: AWS::Serverless::HttpApi}
              Shop:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Shop::handle
                  Events: {Any: {Type: HttpApi, Properties: {Path: '/{proxy+}', Method: any, ApiId: !Ref Front}}}
              Worker:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Shop::echo
                  Events: {Q: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:123456789012:orders'}}}
              Streamer:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Streamer
                  FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
            """;
    private static final String SHOP = """
            import java.nio.file.*;
            import java.util.*;
            public class Shop {
                public Map<String, Object> handle(Map<String, Object> event) throws Exception {
                    String path = (String) event.get("rawPath");
                    Path file = Path.of(System.getenv("FOLDER"), path.substring(1));
                    while (path.startsWith("/wait") && !Files.exists(file)) Thread.sleep(10);
                    return path.equals("/image") ? Map.of("statusCode", 200, "isBase64Encoded", true,
                            "headers", Map.of("Content-Type", "image/gif"),
                            "body", "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
                            : path.equals("/encoded") ? Map.of("statusCode", 200, "isBase64Encoded", true,
                            "headers", Map.of("Content-Type", "text/plain"), "body", "aGVsbG8=")
                            : Map.of("statusCode", 200, "body", "{\\"version\\": 1, \\"same\\": true}");
                }
                public Object echo(Object event) { return event; }
            }
            """;
    private static final String STREAMER = """
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            import java.nio.file.*;
            public class Streamer implements RequestStreamHandler {
                public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                    for (String part : new String[] {"first", "second"}) {
                        out.write((part + " ").getBytes());
                        out.flush();
                        try {
                            while (!Files.exists(Path.of(System.getenv("FOLDER"), part))) Thread.sleep(10);
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException();
                        }
                    }
                }
            }
            """;

    @BeforeAll static void start() throws Exception {
        TestProject files = TestProject.of("src/Shop.java", SHOP, "src/Streamer.java", STREAMER,
                "events/order.json", "{\"order\": 7}", "events/s3/a b.json", "{\"key\": \"a b\"}",
                "events/notes.txt", "-", "secret.json", "{\"secret\": 1}");
        start(files.with("template.yaml", TEMPLATE.formatted(files.folder())));
    }

    private static void show(String view) {
        page.eval("location.hash = " + ServerLocal.Json.write(view));
        page.until("document.querySelector('#panel').dataset.view == " + ServerLocal.Json.write(view));
    }

    private static void choose(String selector, String value) {
        page.until("[...document.querySelectorAll('" + selector + " option')].some(each => each.value == '" + value
                + "')");
        page.eval("(select => { select.value = '" + value + "'; select.dispatchEvent(new Event('change')) })"
                + "(document.querySelector('" + selector + "'))");
    }

    private static final String ANY = "#call/Front%20ANY%20%2F%7Bproxy%2B%7D";

    private static String headers() {
        return (String) page.eval("[...document.querySelectorAll('#panel label')].find(each => "
                + "each.textContent.startsWith('Headers')).querySelector('textarea').value");
    }

    private static boolean hasBodyField() {
        return (Boolean) page.eval("[...document.querySelectorAll('#panel label')].find(each => "
                + "each.textContent == 'Body').checkVisibility()");
    }

    @Test void the_content_type_follows_the_method_of_an_any_route() {
        show(ANY);
        assertEquals("", headers());
        assertEquals(false, hasBodyField());
        untilText("#panel form", "No body: clients send none with GET.");
        choose("#panel select", "POST");
        assertEquals("Content-Type: application/json", headers());
        assertEquals(true, hasBodyField());
        choose("#panel select", "DELETE");
        assertEquals("", headers());
        choose("#panel select", "PUT");
        page.eval("(area => { area.value = 'X-Id: 1\\ncontent-type: text/plain'; "
                + "area.dispatchEvent(new Event('input')) })([...document.querySelectorAll('#panel label')]"
                + ".find(each => each.textContent.startsWith('Headers')).querySelector('textarea'))");
        choose("#panel select", "PATCH");
        assertEquals("X-Id: 1\ncontent-type: text/plain", headers());
    }

    @Test void a_request_of_the_page_is_canceled_and_those_of_others_are_not() {
        show(ANY);
        page.until("document.activeElement.tagName == 'INPUT'");
        page.type("wait-own");
        page.press("Enter");
        page.until("document.querySelector('#rows .status button')");
        Thread other = new Thread(() -> project.get("/wait-other"));
        other.start();
        untilRows("/wait-other /wait-own");
        untilText("#rows tr:first-child .status", "pending");
        page.click("#rows .status button");
        untilText("#panel .result", "Canceled. The function may still be running.");
        untilText("#rows tr:last-child .status", "pending");
        assertEquals(false, page.eval("document.querySelector('#panel form button.main').disabled"));
        project.write("wait-own", "");
        project.write("wait-other", "");
        page.until("[...document.querySelectorAll('#rows .status')].every(each => each.textContent == '200')");
        untilRows("/wait-other /wait-own");
    }

    @Test void a_stream_grows_in_the_form_and_its_link_opens_it() {
        show("#call/StreamerUrl%20ANY%20%24default");
        page.until("document.activeElement.tagName == 'INPUT'");
        page.press("Enter");
        page.until("(document.querySelector('#part pre') || {}).textContent == 'first '");
        untilText("#panel .result .facts", "streaming");
        page.eval("document.querySelector('#part pre').focus()");
        project.write("first", "");
        page.until("document.querySelector('#part pre').textContent == 'first second '");
        assertEquals("PRE", page.eval("document.activeElement.tagName"));
        project.write("second", "");
        page.until("!document.querySelector('#panel form button.main').disabled");
        untilText("#panel .result .facts", "streamed");
        String number = text("#panel .result .facts a").substring(1);
        page.open("about:blank");
        page.open(address());
        page.eval("location.hash = '" + number + "'");
        untilText("#part pre", "first second ");
        assertEquals("#requests/" + number, page.eval("location.hash"));
    }

    @Test void events_come_from_samples_files_and_saved_ones() {
        show("#invoke/Worker");
        assertEquals("Samples for this function: sqs receive-message; Files in events/: order.json, s3/a b.json",
                page.eval("[...document.querySelectorAll('#sources optgroup')].slice(0, 2).map(each => each.label"
                        + " + ': ' + [...each.children].map(one => one.textContent).join(', ')).join('; ')"));
        String event = "document.querySelector('#panel textarea').value";
        choose("#sources", "sample sqs receive-message");
        page.until(event + ".includes('aws:sqs')");
        choose("#sources", "file s3/a b.json");
        page.until(event + " == '{\\n  \"key\": \"a b\"\\n}'");
        clickButton("Save event");
        untilText("#announcement", "Give the event a name");
        page.type("my key");
        clickButton("Save event");
        untilText("#announcement", "event saved");
        choose("#sources", "file order.json");
        page.until(event + ".includes('7')");
        page.open("about:blank");
        page.open(address() + "#invoke/Worker");
        choose("#sources", "saved my key");
        page.until(event + ".includes('a b')");
        clickButton("Delete saved event");
        untilText("#announcement", "saved event deleted");
        assertEquals(0L, page.eval("localStorage.length"));
    }

    @Test void only_json_files_below_the_folder_of_events_are_read() {
        String events = "/_samlocal/api/events/";
        assertEquals("{\"order\": 7}", project.body(events + "order.json"));
        assertEquals("{\"key\": \"a b\"}", project.body(events + "s3/a%20b.json"));
        for (String path : List.of("notes.txt", "none.json", "../secret.json", "%2e%2e/secret.json", "..%2fsecret.json",
                "s3/../../secret.json", "%2Fetc%2Fhostname.json", "", "s3", "order.json%00.json")) {
            String answer = project.raw("GET " + events + path
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 404 "), path + answer);
        }
        String foreign = project.raw("GET " + events + "order.json HTTP/1.1\r\nHost: localhost\r\n"
                + "Sec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n");
        assertTrue(foreign.startsWith("HTTP/1.1 403 "), foreign);
    }

    @Test void pictures_are_shown_and_base64_is_decoded() {
        project.get("/image");
        untilRows("/image");
        openNewest();
        page.until("document.querySelector('#part img') && document.querySelector('#part img').naturalWidth == 1");
        project.get("/encoded");
        untilRows("/encoded /image");
        openNewest();
        untilText("#panel h2", "/encoded");
        assertEquals("hello", text("#part pre"));
        page.click("#tab-answer");
        assertEquals("hello", page.eval("document.querySelectorAll('#part pre')[1].textContent"));
    }

    @Test void a_disabled_action_explains_itself() {
        project.send("POST", "/long", "x".repeat(300_000));
        untilRows("/long");
        openNewest();
        clickButton("Replay");
        untilText("#announcement", "The body is over 256 KB");
        untilRows("/long");
        clickButton("Copy as JUnit test");
        untilText("#announcement", "No JUnit test: the event or the response is over 60 KB");
    }

    @Test void responses_before_and_after_an_edit_are_compared() {
        project.get("/cart");
        project.get("/other");
        project.write("src/Shop.java", SHOP.replace("\\\"version\\\": 1,", "\\\"version\\\": 2,"));
        project.get("/cart");
        project.write("src/Shop.java", SHOP);
        untilRows("/cart /other /cart");
        openNewest();
        String link = "[...document.querySelectorAll('.actions a')]"
                + ".find(each => each.textContent.startsWith('Compare'))";
        page.until(link);
        page.eval(link + ".click()");
        untilText(".diff", "\"version\"");
        assertEquals("  {\n-   \"version\": 1,\n+   \"version\": 2,\n    \"same\": true\n  }", page.eval(
                "[...document.querySelectorAll('.diff > *')].map(each => each.textContent).join('\\n')"));
        assertEquals("DEL INS", page.eval("[...document.querySelectorAll('.diff > del, .diff > ins')]"
                + ".map(each => each.tagName).join(' ')"));
    }

    @Test void lines_are_compared_by_their_longest_common_subsequence() {
        Map<String, String> rows = Map.of(
                "a b c|a b c", " a, b, c",
                "a b c|a c", " a,-b, c",
                "a c|a b c", " a,+b, c",
                "a b c d|b x d e", "-a, b,-c,+x, d,+e",
                "a|b", "-a,+b",
                "a a|a", " a,-a");
        rows.forEach((texts, wanted) -> assertEquals(wanted, page.eval("(([old, now]) => diff(old, now)"
                + ".map(each => each.join('')).join(','))(" + ServerLocal.Json.write(texts.replace(' ', '\n'))
                + ".split('|'))"), texts));
    }

    @Test void shortcuts_lead_from_the_filter_to_the_list_and_are_explained() {
        project.get("/one");
        untilRows("/one");
        page.press("/");
        assertEquals("filter", focus());
        page.press("ArrowDown");
        assertTrue(focus().startsWith("#requests/"), focus());
        page.press("?");
        page.until("document.querySelector('#keys').open");
        assertTrue(text("#keys").contains("Ctrl+Enter"), text("#keys"));
        page.press("Escape");
        page.until("!document.querySelector('#keys').open");
        assertTrue(focus().startsWith("#requests/"), focus());
    }

    @Test void panes_are_resized_with_the_keyboard() {
        show("#invoke/Worker");
        for (String pane : List.of("routes-width ArrowRight nav", "panel-width ArrowLeft #panel")) {
            String[] parts = pane.split(" ");
            String width = "Math.round(document.querySelector('" + parts[2] + "').getBoundingClientRect().width)";
            Long before = (Long) page.eval(width);
            page.eval("document.getElementById('" + parts[0] + "').focus()");
            page.press(parts[1]);
            assertEquals(before + 16, page.eval(width), pane);
            assertEquals(String.valueOf(before + 16),
                    page.eval("document.activeElement.getAttribute('aria-valuenow')"));
            page.press("Home");
            assertEquals(160L, page.eval(width), pane);
        }
        page.open("about:blank");
        page.open(address());
        page.until("document.querySelector('nav').getBoundingClientRect().width == 160");
    }

    @Test void a_long_path_keeps_the_actions_visible() {
        project.get("/" + "very-long-".repeat(400));
        page.until("document.querySelectorAll('#rows tr').length == 1");
        openNewest();
        page.until("document.querySelector('.actions')");
        assertTrue((Boolean) page.eval("document.querySelector('.actions').getBoundingClientRect().bottom < 300"));
    }
}
