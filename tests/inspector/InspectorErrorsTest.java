import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The inspector's data about saved files with errors. */
class InspectorErrorsTest {
    private static final String API = "/_samlocal/api/";
    private static final String TEMPLATE = """
            Globals: {Function: {Runtime: java17}}
            Resources:
              First:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::handle
                  CodeUri: app
                  Events: {Any: {Type: Api, Properties: {Path: /first, Method: get}}}
              Second: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: app}}
              Other: {Type: AWS::Serverless::Function, Properties: {Handler: 'Other::handle', CodeUri: other}}
            """;
    private static final String APP = TestProject.handler("App", "1");
    private static final String OTHER = TestProject.handler("Other", "1");

    private static TestProject project() {
        return TestProject.of("template.yaml", TEMPLATE, "app/App.java", APP, "other/Other.java", OTHER);
    }

    private static Map<?, ?> data(TestProject project) {
        try {
            return (Map<?, ?>) ServerLocal.Json.read(project.body(API + "project"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The functions of each broken code and the places of its errors, as in {@code First+Second Main.java:1:2}. */
    private static List<String> broken(TestProject project) {
        return ((List<?>) data(project).get("broken")).stream().map(each -> {
            Map<?, ?> code = (Map<?, ?>) each;
            List<?> places = ((List<?>) code.get("problems")).stream()
                    .map(problem -> String.valueOf(((Map<?, ?>) problem).get("place")).replaceFirst(".*/", "")).toList();
            return code.get("functions") + " " + places + " of " + code.get("problemCount");
        }).toList();
    }

    /** Waits for news of the server until the errors are as expected. */
    private static void until(TestProject project, BufferedReader live, String... expected) throws IOException {
        while (!broken(project).equals(List.of(expected))) {
            String line = live.readLine();
            while (!line.equals("event: news")) line = live.readLine();
        }
    }

    @Test void errors_appear_when_a_file_is_saved_and_go_when_it_is_repaired() throws IOException {
        try (TestProject project = project().start().following(); Socket socket = live(project)) {
            BufferedReader live = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.UTF_8));
            until(project, live);
            Object revision = data(project).get("revision");

            project.write("app/App.java", APP.replace("\"body\"", "body"));
            until(project, live, "[First, Second] [App.java:7:20] of 1");
            Map<?, ?> code = (Map<?, ?>) ((List<?>) data(project).get("broken")).get(0);
            Map<?, ?> error = (Map<?, ?>) ((List<?>) code.get("problems")).get(0);
            assertEquals("cannot find symbol", error.get("message"));
            assertTrue(error.get("lines").toString().contains("answer.put(body, "), error.toString());
            assertTrue((Long) data(project).get("revision") > (Long) revision);

            project.write("other/Other.java", OTHER.replace("String.valueOf(1)", "none + nothing"));
            until(project, live, "[First, Second] [App.java:7:20] of 1",
                    "[Other] [Other.java:7:28, Other.java:7:35] of 2");
            project.write("app/App.java", APP);
            until(project, live, "[Other] [Other.java:7:28, Other.java:7:35] of 2");
            project.write("other/Other.java", OTHER);
            until(project, live);
            assertEquals(List.of(), ((List<?>) requests(project).get("requests")), "no request was needed");
        }
    }

    @Test void an_error_of_the_template_appears_when_it_is_saved() throws IOException {
        try (TestProject project = project().start().following(); Socket socket = live(project)) {
            BufferedReader live = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                    StandardCharsets.UTF_8));
            until(project, live);
            project.write("template.yaml", TEMPLATE.replace("CodeUri: other", "CodeUri: [other"));
            String line = live.readLine();
            while (!line.equals("event: news")) line = live.readLine();
            assertEquals(1, ((List<?>) data(project).get("problems")).size());
        }
    }

    @Test void errors_that_a_request_finds_are_shown() {
        try (TestProject project = project().start()) {
            project.body("/first");
            project.write("app/App.java", APP.replace("\"body\"", "body"));
            assertEquals(List.of(), broken(project));
            assertEquals(500, project.get("/first").statusCode());
            assertEquals(List.of("[First, Second] [App.java:7:20] of 1"), broken(project));
            project.write("app/App.java", APP);
            project.body("/first");
            assertEquals(List.of(), broken(project));
        }
    }

    @Test void many_errors_are_cut_and_counted() {
        String broken = "class Broken {\n" + "    Missing a;\n".repeat(30) + "}\n";
        try (TestProject project = project().start()) {
            project.body("/first");
            project.write("app/Broken.java", broken);
            project.get("/first");
            Map<?, ?> code = (Map<?, ?>) ((List<?>) data(project).get("broken")).get(0);
            assertEquals(20, ((List<?>) code.get("problems")).size());
            assertTrue((Long) code.get("problemCount") > 20, code.toString());
        }
    }

    private static Map<?, ?> requests(TestProject project) throws IOException {
        return (Map<?, ?>) ServerLocal.Json.read(project.body(API + "requests"));
    }

    private static Socket live(TestProject project) throws IOException {
        Socket socket = new Socket("127.0.0.1", project.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(("GET " + API + "live HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes());
        return socket;
    }
}
