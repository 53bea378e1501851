import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the inspector's page shows of saved files with errors, in a real browser. */
class InspectorErrorsPageTest extends InspectorPage {
    private static final String APP = TestProject.handler("App", "1");

    @BeforeAll static void start() throws Exception {
        start(TestProject.of("src/App.java", APP, "template.yaml", TestProject.function("Fn", "App::handle", "src", "/a")));
        project.body("/a");
        project.following();
    }

    @Test void compile_errors_appear_on_save_and_go_with_the_repair() {
        project.write("src/App.java", APP.replace("\"body\"", "body"));
        untilText("#broken", "Fn does not compile: 1 error.");
        untilText("#broken", "App.java:7:20");
        untilText("#broken .excerpt .here", "answer.put(body, ");
        assertEquals("alert", page.eval("document.querySelector('#broken').getAttribute('role')"));
        page.eval("document.querySelector('#broken .excerpt').focus()");
        project.get("/a");
        untilRows("/a");
        assertEquals(true, page.eval("document.activeElement.matches('#broken .excerpt')"));
        project.write("src/App.java", APP);
        page.until("document.querySelector('#broken').hidden");
        untilText("#announcement", "the errors are repaired");
    }
}
