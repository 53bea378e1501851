import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that the inspector's page can do, done with the keyboard alone in a real browser. */
class InspectorKeyboardTest extends InspectorPage {
    private static final String APP = """
            import java.util.*;
            public class App {
                public Map<String, Object> handle(Map<String, Object> event) throws Exception {
                    if ("/slow".equals(event.get("path"))) Thread.sleep(60_000);
                    return Map.of("statusCode", 200, "body", "at " + event.get("path"));
                }
                public Object echo(Object event) { return event; }
            }
            """;

    @BeforeAll static void start() throws Exception {
        start(TestProject.of("src/App.java", APP, "events/order.json", "{\"order\": 7}", "template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 90}}
                Resources:
                  App:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      Events: {Any: {Type: Api, Properties: {Path: '/{proxy+}', Method: any}}}
                  Echo: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::echo'}}
                """));
        page.call("Browser.grantPermissions", Map.of("origin", "http://127.0.0.1:" + project.port(), "permissions",
                List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    /** Presses Tab, or Shift and Tab, until something with this id, label or text has the focus. */
    private static void go(String key, String wanted) {
        String named = "(each => each.id == " + ServerLocal.Json.write(wanted) + " || each.textContent.trim() == "
                + ServerLocal.Json.write(wanted) + " || each.labels && [...each.labels].some(label => label.textContent"
                + ".startsWith(" + ServerLocal.Json.write(wanted) + ")))(document.activeElement)";
        for (int i = 0; i < 60; i++) {
            if (Boolean.TRUE.equals(page.eval(named))) return;
            page.press(key);
        }
        throw new AssertionError("not reached with " + key + ": " + wanted);
    }

    private static void press(String button) {
        go("Tab", button);
        page.press("Enter");
    }

    @Test void a_request_is_sent_replayed_edited_compared_and_copied() {
        go("Tab", "ANY/{proxy+}");
        page.press("Enter");
        page.until("document.activeElement.tagName == 'INPUT'");
        page.type("one");
        go("Shift+Tab", "Method");
        page.press("ArrowDown", "ArrowDown");
        untilText("#panel output", "POST ");
        go("Tab", "Body");
        page.type("hello");
        press("Send");
        untilRows("/one");
        untilText("#panel .result .facts", "200");
        go("Tab", "tab-response");
        page.press("End");
        untilText("#part", "hello");
        press("Replay");
        untilRows("/one /one");
        untilText("#panel h2", "POST /one");
        go("Tab", "Edit and replay");
        page.press("Enter");
        page.until("document.activeElement.tagName == 'INPUT'");
        go("Tab", "Headers");
        page.press("Control+Enter");
        untilRows("/one /one /one");
        untilText("#panel .result .facts", "200");
        String copied = "navigator.clipboard.readText()";
        press("Copy as curl");
        untilText("#announcement", "curl command copied");
        assertTrue(page.eval(copied).toString().startsWith("curl "), page.eval(copied).toString());
        press("Copy as JUnit test");
        untilText("#announcement", "JUnit test copied");
        assertTrue(page.eval(copied).toString().contains("class AppRequest"), page.eval(copied).toString());
        String compare = (String) page.eval("[...document.querySelectorAll('.actions a')].map(each => each.textContent)"
                + ".find(each => each.startsWith('Compare'))");
        go("Shift+Tab", compare);
        page.press("Enter");
        untilText(".differences", "no difference");
        page.press("Escape");
        page.until("document.querySelector('#panel').hidden");
    }

    @Test void a_function_is_invoked_with_an_event_that_is_chosen_and_saved() {
        go("Tab", "InvokeEcho");
        page.press("Enter");
        page.until("document.activeElement.tagName == 'TEXTAREA'");
        go("Shift+Tab", "Start from");
        page.press("ArrowDown");
        page.until("document.querySelector('#panel textarea').value.includes('7')");
        go("Tab", "Name of the event");
        page.type("mine");
        press("Save event");
        untilText("#announcement", "event saved");
        press("Delete saved event");
        untilText("#announcement", "saved event deleted");
        go("Shift+Tab", "Invocation");
        page.press("ArrowDown");
        press("Invoke");
        untilText("#panel .result .facts", "202");
        untilRows("Echo Echo");
    }

    @Test void a_pending_request_is_canceled_and_the_list_filtered_and_cleared() {
        project.get("/one");
        untilRows("/one");
        page.press("/");
        page.type("two");
        untilText("#empty", "No requests match.");
        page.eval("document.activeElement.select()");
        page.type("one");
        untilRows("/one");
        page.press("Tab", " ");
        untilText("#empty", "No requests match.");
        page.press(" ");
        untilRows("/one");
        page.press("/");
        page.eval("document.activeElement.select()");
        page.type(" ");
        press("Clear");
        untilRows("");
        go("Shift+Tab", "ANY/{proxy+}");
        page.press("Enter");
        page.until("document.activeElement.tagName == 'INPUT'");
        page.type("slow");
        page.press("Enter");
        untilRows("/slow");
        go("Tab", "Cancel");
        page.press("Enter");
        untilText("#panel .result", "Canceled");
        go("Shift+Tab", "Keys");
        page.press("Enter");
        page.until("document.querySelector('#keys').open");
        page.press("Enter");
        page.until("!document.querySelector('#keys').open");
        assertEquals("help", focus());
        go("Tab", "routes-width");
        page.press("ArrowRight");
        assertTrue((Boolean) page.eval("document.activeElement.getAttribute('aria-valuenow') > 160"));
    }
}
