import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The examples as the README describes them. */
class ExamplesTest {
    @Test void hello_world_greets() {
        try (TestProject project = example("hello-world")) {
            HttpResponse<String> response = project.get("/hello");
            assertEquals(200, response.statusCode(), project.console());
            assertEquals("{\"message\": \"hello world\"}", response.body());
        }
    }

    @Test void java_python_and_node_share_an_api() {
        PythonTest.assumePython();
        NodeTest.assumeNode();
        try (TestProject project = example("mixed")) {
            assertEquals("2 orders of Ada", project.get("/orders", "Authorization", "Bearer 123").body(),
                    project.console());
            assertEquals(401, project.get("/orders", "Authorization", "Bearer 1").statusCode());
            assertEquals("45 cents", project.body("/prices/pear"));
        }
    }

    @Test void hello_python_greets_with_a_layer() {
        PythonTest.assumePython();
        try (TestProject project = example("hello-python")) {
            assertEquals("{\"message\": \"hello world\"}", project.body("/hello"));
            assertEquals("{\"message\": \"hello Ada\"}", project.body("/hello?name=Ada"));
            project.awaitConsole(0, "\tgreeting Ada\n");
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

    @Test void an_invalid_todo_is_rejected() {
        try (TestProject project = example("todo-api")) {
            assertAnswer(400, "{\"error\": \"the body must be a JSON object\"}", project.send("POST", "/todos", "x"));
            assertAnswer(422, "{\"error\": \"title is missing\"}", project.send("POST", "/todos", "{}"));
            assertAnswer(422, "{\"error\": \"title has more than 60 characters\"}",
                    project.send("POST", "/todos", "{\"title\": \"" + "x".repeat(61) + "\"}"));
            assertAnswer(400, "{\"error\": \"done must be true or false\"}", project.get("/todos?done=x"));
            assertAnswer(400, "{\"error\": \"an id is a number\"}", project.get("/todos/x"));
        }
    }

    @Test void one_file_is_a_whole_function() {
        try (TestProject project = example("single-file")) {
            assertEquals("Hello Ada", project.body("/greet/Ada"));
        }
    }

    @Test void gradle_builds_kotlin() {
        try (TestProject project = example("gradle-kotlin")) {
            assertEquals("{\"words\": 3}", project.send("POST", "/count", "to be continued").body(), project.console());
        }
    }

    @Test void an_edit_of_a_layer_is_live() throws Exception {
        try (TestProject project = example("layer")) {
            assertEquals("Hello from the layer", project.body("/greeting"));
            String words = "words/src/main/java/words/Words.java";
            project.write(words, Files.readString(project.path(words)).replace("Hello", "Goodbye"));
            assertEquals("Goodbye from the layer", project.body("/greeting"));
        }
    }

    @Test void authorizers_accept_known_callers() {
        try (TestProject project = example("authorizers")) {
            assertEquals(401, project.get("/account").statusCode());
            assertEquals(403, project.get("/account", "Authorization", "open").statusCode());
            assertEquals("{lambda={name=Ali Baba}}", project.get("/account", "Authorization", "open sesame").body());
            assertEquals("no authorizer", project.body("/open"));
            assertEquals(401, project.get("/token").statusCode());
            String token = "eyJhbGciOiJSUzI1NiJ9." + Base64.getUrlEncoder().withoutPadding().encodeToString(("{\"iss\": "
                    + "\"https://login.example.com\", \"aud\": \"shop\", \"exp\": 4102444800}").getBytes(UTF_8)) + ".c2ln";
            assertTrue(project.get("/token", "Authorization", "Bearer " + token).body().contains("aud=shop"),
                    project.console());
        }
    }

    @Test void a_function_url_streams() {
        try (TestProject project = example("streaming")) {
            assertEquals("1\n2\n3\n", project.body("/"));
            project.awaitConsole(0, "  streamed");
        }
    }

    @Test void a_batch_of_messages_is_invoked_with_an_event() {
        try (TestProject project = copy("queue")) {
            TestProject.Ran ran = TestProject.cli("invoke", "-t", project.path("template.yaml").toString(), "-e",
                    project.path("events/two-messages.json").toString());
            assertEquals("{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}", ran.out().strip(), ran.err());
            assertTrue(ran.err().contains("shipped order 7"), ran.err());
        }
    }

    @Test void spring_boot_answers() {
        try (TestProject project = example("spring-boot")) {
            assertEquals("{\"name\":\"apple\"}", project.body("/items/apple"));
        }
    }

    @Test void each_example_is_in_their_table() throws Exception {
        String table = Files.readString(Checkout.folder().resolve("examples/README.md"));
        try (var folders = Files.list(Checkout.folder().resolve("examples"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                assertTrue(table.contains("| [`" + folder.getFileName() + "`](" + folder.getFileName() + ") |"), table);
            }
        }
    }

    /** A copy of an example, running. */
    private static TestProject example(String name) {
        return copy(name).start();
    }

    private static TestProject copy(String name) {
        TestProject project = TestProject.of();
        Path from = Checkout.folder().resolve("examples").resolve(name);
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                project.write(from.relativize(file).toString(), Files.readString(file));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return project;
    }

    private static void assertAnswer(int status, String body, HttpResponse<String> response) {
        assertEquals(body, response.body());
        assertEquals(status, response.statusCode());
        assertTrue(status == 204 || response.headers().firstValue("content-type").orElse("")
                .equals("application/json"));
    }
}
