import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The examples as a reader of the README meets them. */
class ExamplesTest {
    @Test void hello_world_greets() {
        try (TestProject project = example("hello-world")) {
            HttpResponse<String> response = project.get("/hello");
            assertEquals(200, response.statusCode(), project.console());
            assertEquals("{\"message\": \"hello world\"}", response.body());
        }
    }

    @Test void a_todo_lives_from_post_to_delete() throws Exception {
        Files.deleteIfExists(Path.of(System.getProperty("java.io.tmpdir"), "TodoTable.todos"));
        try (TestProject project = example("todo-api")) {
            assertAnswer(201, "{\"id\": 1, \"title\": \"buy \\\"milk\\\"\", \"done\": false}",
                    project.send("POST", "/todos", "{\"title\": \"buy \\\"milk\\\"\"}"));
            assertAnswer(200, "{\"id\": 1, \"title\": \"buy \\\"milk\\\"\", \"done\": true}",
                    project.send("PUT", "/todos/1/done", ""));
            assertAnswer(200, "[{\"id\": 1, \"title\": \"buy \\\"milk\\\"\", \"done\": true}]",
                    project.get("/todos?done=true"));
            assertAnswer(200, "[]", project.get("/todos?done=false"));
            assertAnswer(204, "", project.send("DELETE", "/todos/1", null));
            assertAnswer(404, "{\"error\": \"there is no todo 1\"}", project.get("/todos/1"));
        }
    }

    @Test void a_wrong_todo_is_refused() {
        try (TestProject project = example("todo-api")) {
            assertAnswer(400, "{\"error\": \"the body must be a JSON object\"}", project.send("POST", "/todos", "x"));
            assertAnswer(422, "{\"error\": \"title is missing\"}", project.send("POST", "/todos", "{}"));
            assertAnswer(422, "{\"error\": \"title has more than 60 characters\"}",
                    project.send("POST", "/todos", "{\"title\": \"" + "x".repeat(61) + "\"}"));
            assertAnswer(400, "{\"error\": \"done must be true or false\"}", project.get("/todos?done=x"));
            assertAnswer(400, "{\"error\": \"an id is a number\"}", project.get("/todos/x"));
        }
    }

    /** A copy of an example, running. */
    private static TestProject example(String name) {
        TestProject project = TestProject.of();
        Path from = Checkout.folder().resolve("examples").resolve(name);
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                project.write(from.relativize(file).toString(), Files.readString(file));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return project.start();
    }

    private static void assertAnswer(int status, String body, HttpResponse<String> response) {
        assertEquals(body, response.body());
        assertEquals(status, response.statusCode());
        assertTrue(status == 204 || response.headers().firstValue("content-type").orElse("")
                .equals("application/json"));
    }
}
