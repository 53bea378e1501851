import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The inspector of a project in a real browser, for tests to extend. */
abstract class InspectorPage {
    static TestProject project;
    static Chromium page;

    /** Must be called before all tests of a class. */
    static void start(TestProject served) throws Exception {
        assumeTrue(Chromium.find().isPresent(), "no Chromium on the path");
        project = served.start();
        page = new Chromium(Chromium.find().get());
    }

    @AfterAll static void stop() throws IOException {
        if (page != null) page.close();
        if (project != null) project.close();
        page = null;
        project = null;
    }

    @BeforeEach void open() {
        project.send("POST", "/_samlocal/api/clear", "{}", "X-Samlocal-Inspector", "1");
        page.resize(1280, 800);
        page.prefer("light");
        page.open("about:blank");
        page.open(address());
        page.until("document.querySelector('.live') && document.querySelector('nav a')");
    }

    @AfterEach void nothing_went_wrong_in_the_page() {
        assertEquals(List.of(), page.faults());
        page.eval("localStorage.clear()");
    }

    static String address() {
        return "http://127.0.0.1:" + project.port() + "/_samlocal/";
    }

    static String text(String selector) {
        return (String) page.eval("(document.querySelector(" + ServerLocal.Json.write(selector)
                + ") || {textContent: ''}).textContent");
    }

    static void untilText(String selector, String wanted) {
        page.until("(document.querySelector(" + ServerLocal.Json.write(selector) + ") || {textContent: ''}).textContent"
                + ".includes(" + ServerLocal.Json.write(wanted) + ")");
    }

    /** The paths in the list, newest first. */
    static String rows() {
        return (String) page.eval("[...document.querySelectorAll('#rows a')].map(row => row.textContent).join(' ')");
    }

    static void untilRows(String paths) {
        page.until("[...document.querySelectorAll('#rows a')].map(row => row.textContent).join(' ') == '" + paths
                + "'");
    }

    /** The id, URL or text of the focused element. */
    static String focus() {
        return (String) page.eval("(element => element.id || element.getAttribute('href') || element.textContent)"
                + "(document.activeElement)");
    }

    static void clickButton(String text) {
        page.until("[...document.querySelectorAll('#panel button, #panel a.button')].some(each => each.textContent == '"
                + text + "')");
        page.eval("[...document.querySelectorAll('#panel button, #panel a.button')].find(each => each.textContent == '"
                + text + "').click()");
    }

    /** Opens the newest request. */
    static void openNewest() {
        page.click("#rows tr");
        page.until("document.querySelector('#panel [role=tabpanel]')");
    }
}
