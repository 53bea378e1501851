import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The inspector's page in a real browser. */
class InspectorPageTest extends InspectorPage {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17}}
            Resources:
              Shop: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
              Orders:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Orders::handle
                  Events:
                    One: {Type: Api, Properties: {Path: '/orders/{id}', Method: get, RestApiId: !Ref Shop}}
                    Add: {Type: Api, Properties: {Path: /orders, Method: post, RestApiId: !Ref Shop}}
              Cleanup: {Type: AWS::Serverless::Function, Properties: {Handler: 'Orders::clean'}}
              Absent: {Type: AWS::Serverless::Function, Properties: {Handler: 'Ordres::handle'}}
            """;
    private static final String ORDERS = """
            import java.util.*;
            public class Orders {
                public Map<String, Object> handle(Map<String, Object> event) {
                    System.out.println("asked for " + event.get("path"));
                    if (event.get("httpMethod").equals("POST")) {
                        throw new IllegalStateException("no stock");
                    }
                    return Map.of("statusCode", 200, "headers", Map.of("X-Tag", "<b>t</b>"),
                            "body", "{\\"total\\": 19.90, \\"html\\": \\"<img src=x onerror=hacked=1>\\"}");
                }
                public Object clean(Object event) { return event; }
            }
            """;

    @BeforeAll static void start() throws Exception {
        start(TestProject.of("template.yaml", TEMPLATE, "src/Orders.java", ORDERS));
    }

    @Test void a_route_is_called_through_its_form() {
        page.click("nav a[href*='GET']");
        page.until("document.activeElement.tagName == 'INPUT'");
        page.type("a b/7");
        untilText("#panel output", "GET http://127.0.0.1:" + project.port() + "/orders/a%20b%2F7");
        page.click("#panel textarea");
        page.type("x=1 & 2\ny=\u00fc");
        page.press("Control+Enter");
        untilText("#panel .result .facts", "200");
        untilRows("/orders/a%20b%2F7?x=1%20%26%202&y=%C3%BC");
        page.click("#tab-event");
        untilText("#part pre", "\"id\": \"a%20b%2F7\"");
        untilText("#part pre", "\"x\": \"1 & 2\"");
    }

    @Test void function_output_is_shown_as_text() {
        project.get("/orders/2");
        untilRows("/orders/2");
        openNewest();
        assertEquals("{\n  \"total\": 19.90,\n  \"html\": \"<img src=x onerror=hacked=1>\"\n}", text("#part pre"));
        assertTrue(text("#part .heads").contains("X-Tag<b>t</b>"), text("#part .heads"));
        assertEquals(0L, page.eval("document.querySelectorAll('img, b').length"));
        assertEquals("undefined", page.eval("typeof hacked"));
    }

    @Test void new_requests_appear_without_moving_the_focus() {
        project.get("/orders/1");
        untilRows("/orders/1");
        page.eval("document.querySelector('#rows a').focus()");
        String before = focus();
        project.get("/orders/2");
        untilRows("/orders/2 /orders/1");
        assertEquals(before, focus());
        untilText("#announcement", "GET /orders/2 200, ");
    }

    @Test void an_error_shows_its_place() {
        project.send("POST", "/orders", "{}");
        untilRows("/orders");
        openNewest();
        untilText("#part .what", "IllegalStateException: no stock");
        assertEquals("6 throw new IllegalStateException(\"no stock\");", text("#part .excerpt .here").strip()
                .replaceFirst(" +", " "));
        assertTrue(text("#part .problem").contains("src/Orders.java:6"), text("#part .problem"));
        page.click("#tab-log");
        untilText("#part pre", "asked for /orders");
    }

    @Test void an_error_without_frames_is_reported_once() {
        project.send("POST", "/2015-03-31/functions/Absent/invocations", "{}");
        untilRows("Absent");
        openNewest();
        untilText("#part", "Class not found: Ordres");
        assertEquals(1L, page.eval("document.querySelector('#part').textContent.split('found: Ordres').length - 1"));
        assertTrue(text("#part .excerpt .here").contains("Absent: {Type"), text("#part"));
        assertTrue(text("#part .problem").contains("template.yaml:12:"), text("#part"));
    }

    @Test void a_request_is_replayed_and_edited() {
        project.get("/orders/1", "X-Id", "9");
        untilRows("/orders/1");
        openNewest();
        clickButton("Replay");
        untilRows("/orders/1 /orders/1");
        untilText("#panel .facts", "replay of ");
        clickButton("Edit and replay");
        page.until("document.querySelector('#panel input')");
        assertEquals("/orders/1", page.eval("document.querySelector('#panel input').value"));
        assertTrue(page.eval("document.querySelector('#panel textarea').value").toString().contains("X-Id: 9"));
        page.eval("document.querySelector('#panel input').focus(); document.activeElement.select()");
        page.type("/orders/2?edited");
        page.press("Enter");
        untilRows("/orders/2?edited /orders/1 /orders/1");
        untilText("#panel .result .facts", "200");
        page.click("#tab-event");
        untilText("#part pre", "\"X-Id\": \"9\"");
    }

    @Test void a_curl_command_is_copied() throws IOException {
        page.call("Browser.grantPermissions", Map.of("origin", "http://127.0.0.1:" + project.port(), "permissions",
                List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        project.get("/orders/1");
        untilRows("/orders/1");
        openNewest();
        clickButton("Copy as curl");
        untilText("#announcement", "curl command copied");
        String number = page.eval("location.hash").toString().replaceAll("\\D", "");
        Map<?, ?> row = (Map<?, ?>) ServerLocal.Json.read(project.body("/_samlocal/api/requests/" + number));
        assertEquals(row.get("curl"), page.eval("navigator.clipboard.readText()"));
    }

    @Test void a_function_is_called_with_a_sample_that_is_edited() {
        page.click("nav a[href='#invoke/Cleanup']");
        page.until("document.querySelector('#panel select')");
        page.eval("(select => { select.value = 'sample s3 put'; select.dispatchEvent(new Event('change')) })"
                + "(document.querySelector('#panel select'))");
        page.until("document.querySelector('#panel textarea').value.includes('aws:s3')");
        page.eval("(area => { area.value = '{\"a\": [1, 2.50]'; area.dispatchEvent(new Event('input')); area.focus() })"
                + "(document.querySelector('#panel textarea'))");
        page.press("Control+Enter");
        page.until("document.querySelector('#fault').textContent");
        assertEquals("", rows());
        page.eval("document.activeElement.setSelectionRange(99, 99)");
        page.type("}");
        page.press("Control+Enter");
        untilRows("Cleanup");
        page.click("#tab-event");
        untilText("#part pre", "{\n  \"a\": [1, 2.50]\n}");
        clickButton("Edit and invoke again");
        page.until("document.querySelector('#panel textarea') && document.querySelector('#panel textarea').value");
        assertEquals("{\n  \"a\": [1, 2.50]\n}", page.eval("document.querySelector('#panel textarea').value"));
    }

    @Test void an_event_can_be_saved_as_a_file() {
        project.get("/orders/1");
        untilRows("/orders/1");
        openNewest();
        String file = (String) page.eval("[...document.querySelectorAll('#panel a[download]')].find(each => "
                + "each.textContent == 'Save event').href");
        assertTrue(file.matches(address() + "api/requests/\\d+/event"), file);
    }

    @Test void a_filter_shows_matching_requests() {
        for (int i = 1; i <= 3; i++) project.get("/orders/" + i);
        project.send("POST", "/orders", "red hat");
        untilRows("/orders /orders/3 /orders/2 /orders/1");
        page.press("/");
        assertEquals("filter", focus());
        page.type("red");
        untilRows("/orders");
        untilText("#count", "1 match");
        project.send("POST", "/orders", "red shoe");
        untilRows("/orders /orders");
        page.eval("document.activeElement.select()");
        page.type("nothing of that kind");
        untilText("#empty", "No requests match.");
        page.eval("document.activeElement.select()");
        page.type("-red");
        untilRows("/orders/3 /orders/2 /orders/1");
    }

    @Test void the_keyboard_suffices() {
        for (int i = 1; i <= 3; i++) project.get("/orders/" + i);
        untilRows("/orders/3 /orders/2 /orders/1");
        page.press("Tab");
        assertEquals("skip", focus());
        page.press("Enter");
        String first = focus();
        assertTrue(first.startsWith("#requests/"), first);
        page.press("ArrowDown");
        page.press("Enter");
        untilText("#panel h2", "GET /orders/2");
        page.press("ArrowDown");
        untilText("#panel h2", "GET /orders/1");
        page.press("Home");
        untilText("#panel h2", "GET /orders/3");
        assertEquals(first, focus());
        for (int i = 0; i < 20 && !focus().startsWith("tab-"); i++) page.press("Tab");
        assertEquals("tab-response", focus());
        page.press("ArrowRight");
        assertEquals("tab-event", focus());
        assertEquals("true", page.eval("document.activeElement.getAttribute('aria-selected')"));
        page.press("ArrowLeft", "ArrowLeft");
        assertEquals("tab-request", focus());
        page.press("Tab");
        assertEquals("part", focus());
        page.press("Escape");
        page.until("document.querySelector('#panel').hidden");
        page.until("document.activeElement.getAttribute('href') == '" + first + "'");
        page.press("Shift+Tab");
        for (int i = 0; i < 20 && !focus().startsWith("#invoke/"); i++) page.press("Shift+Tab");
        page.press("Enter");
        untilText("#panel h2", "Invoke Orders");
        page.until("document.activeElement.tagName == 'SELECT' || document.activeElement.tagName == 'TEXTAREA'");
    }

    /** Each kind of view by its URL. */
    private static void eachView(Runnable check) {
        project.get("/orders/1?" + "long=".repeat(80));
        project.send("POST", "/orders", "{\"item\": \"red hat\"}", "X-Long", "x".repeat(300));
        page.until("document.querySelectorAll('#rows tr').length == 2");
        List<?> numbers = (List<?>) page.eval("[...document.querySelectorAll('#rows tr')]"
                + ".map(row => row.dataset.number)");
        for (String view : List.of("", "#requests/" + numbers.get(0), "#requests/" + numbers.get(1),
                "#edit/" + numbers.get(0), "#invoke/Cleanup", "#call/Shop%20GET%20%2Forders%2F%7Bid%7D")) {
            page.eval("location.hash = '" + view + "'");
            page.until(view.isEmpty() ? "document.querySelector('#panel').hidden"
                    : "document.querySelector('#panel').dataset.view == '" + view + "'");
            check.run();
            Object tabs = page.eval("document.querySelectorAll('[role=tab]').length");
            for (int i = 0; i < (Long) tabs; i++) {
                page.eval("document.querySelectorAll('[role=tab]')[" + i + "].click()");
                check.run();
            }
        }
    }

    @Test void interactive_elements_have_a_name() {
        Set<String> roles = new TreeSet<>();
        eachView(() -> {
            List<?> nodes = (List<?>) page.call("Accessibility.getFullAXTree", Map.of()).get("nodes");
            for (Object each : nodes) {
                Map<?, ?> node = (Map<?, ?>) each;
                if (Boolean.TRUE.equals(node.get("ignored")) || !(node.get("role") instanceof Map<?, ?> role)) continue;
                String name = node.get("name") instanceof Map<?, ?> named ? String.valueOf(named.get("value")) : "";
                roles.add(role.get("value").toString());
                boolean needsName = Set.of("button", "link", "textbox", "searchbox", "combobox", "checkbox", "tab",
                        "tabpanel", "tablist", "main", "navigation", "region", "table", "heading")
                        .contains(role.get("value"));
                assertTrue(!needsName || !name.isBlank(), node.toString());
            }
            assertEquals(page.eval("document.querySelectorAll('[id]').length"),
                    page.eval("new Set([...document.querySelectorAll('[id]')].map(each => each.id)).size"));
        });
        assertTrue(roles.containsAll(List.of("banner", "navigation", "main", "region", "search", "status", "table",
                "columnheader", "tablist", "tab", "tabpanel", "heading", "combobox", "textbox")), roles.toString());
    }

    private static final String FAINT = """
            (() => {
              const rgb = text => text.match(/[\\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(each => each / 255).map(each => each <= .04045 ? each / 12.92
                : ((each + .055) / 1.055) ** 2.4).reduce((sum, each, i) => sum + each * [.2126, .7152, .0722][i], 0);
              const back = element => {
                for (let each = element; each; each = each.parentElement) {
                  const colour = rgb(getComputedStyle(each).backgroundColor);
                  if (colour.length < 4 || colour[3] === 1) return colour;
                }
                return [255, 255, 255];
              };
              const faint = [];
              for (const element of document.querySelectorAll('body *')) {
                const isText = [...element.childNodes].some(each => each.nodeType === 3 && each.data.trim());
                if (!isText || !element.checkVisibility() || element.closest('.unseen, .skip, script, style')) continue;
                const pair = [light(rgb(getComputedStyle(element).color)), light(back(element))].sort((a, b) => b - a);
                const contrast = (pair[0] + .05) / (pair[1] + .05);
                if (contrast < 4.5) faint.push(contrast.toFixed(2) + ' ' + element.outerHTML.slice(0, 120));
              }
              return faint;
            })()
            """;

    @Test void every_text_stands_out_in_both_themes() {
        for (String scheme : List.of("light", "dark")) {
            open();
            page.prefer(scheme);
            page.eval("document.head.append(Object.assign(document.createElement('meta'), {name: 'x'}))");
            eachView(() -> assertEquals(List.of(), page.eval(FAINT), scheme));
        }
    }

    @Test void nothing_is_cut_off_at_400_pixels() {
        page.resize(400, 800);
        String wide = "[document.documentElement, document.querySelector('#panel'), "
                + "document.querySelector('#requests')].filter(each => each.checkVisibility())"
                + ".map(each => each.scrollWidth - each.clientWidth)"
                + ".filter(each => each > 0)";
        eachView(() -> assertEquals(List.of(), page.eval(wide), String.valueOf(page.eval("location.hash"))));
    }

    @Test void a_broken_template_is_reported_and_the_last_valid_one_served() {
        project.get("/orders/1");
        untilRows("/orders/1");
        try {
            project.write("template.yaml", TEMPLATE.replace("!Ref Shop", "!Ref Shp"));
            project.get("/orders/2");
            untilText("#broken", "Shp");
            untilRows("/orders/2 /orders/1");
        } finally {
            project.write("template.yaml", TEMPLATE);
        }
        project.get("/orders/3");
        page.until("document.querySelector('#broken').hidden");
    }
}
