import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** The JUnit tests that the inspector generates, compiled and run against the handlers. */
class RecordedTestsTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17}}
            Resources:
              Typed:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: shop.Typed
                  Environment: {Variables: {TABLE: orders}}
                  Events: {Any: {Type: Api, Properties: {Path: /typed, Method: post}}}
              Old:
                Type: AWS::Serverless::Function
                Properties: {Handler: 'shop.Typed::handleRequest', Runtime: java11}
              Queue: {Type: AWS::Serverless::Function, Properties: {Handler: 'shop.Queue::handleRequest'}}
              Own: {Type: AWS::Serverless::Function, Properties: {Handler: 'shop.Own$Inner::total'}}
              Plain: {Type: AWS::Serverless::Function, Properties: {Handler: 'Plain::handle'}}
              Nothing: {Type: AWS::Serverless::Function, Properties: {Handler: 'Plain::nothing'}}
              Stream: {Type: AWS::Serverless::Function, Properties: {Handler: shop.Stream}}
              Out: {Type: AWS::Serverless::Function, Properties: {Handler: 'shop.Stream::out'}}
              Py:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: index.handler
                  Runtime: python3.11
                  InlineCode: 'def handler(event, context): return 1'
            """;
    private static final Map<String, String> SOURCES = Map.of(
            "shop/Typed.java", """
            package shop;
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            public class Typed implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
                    context.getLogger().log("got " + event.getBody());
                    if ("fail".equals(event.getBody())) throw new IllegalStateException();
                    return new APIGatewayProxyResponseEvent().withStatusCode(201)
                            .withBody("got \\"" + event.getBody() + "\\"\\n\\tC:\\\\temp " + event.getHttpMethod());
                }
            }
            """,
            "shop/Queue.java", """
            package shop;
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.util.List;
            public class Queue implements RequestHandler<SQSEvent, SQSBatchResponse> {
                public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
                    return new SQSBatchResponse(List.of(new SQSBatchResponse.BatchItemFailure(
                            event.getRecords().get(0).getMessageId())));
                }
            }
            """,
            "shop/Own.java", """
            package shop;
            import java.util.*;
            public class Own {
                public static class Item {
                    private int price;
                    public int getPrice() { return price; }
                    public void setPrice(int price) { this.price = price; }
                }
                public static class Inner {
                    public double total(List<Item> items) {
                        return items.stream().mapToInt(Item::getPrice).sum() / 2.0;
                    }
                }
            }
            """,
            "Plain.java", """
            import java.util.*;
            public class Plain {
                public static Map<String, Object> handle(Map<String, Integer> event) {
                    int sum = event.values().stream().mapToInt(each -> each).sum();
                    return Map.of("sum", sum, "text", "\\u00e4\\u20ac");
                }
                public void nothing() { }
            }
            """,
            "shop/Stream.java", """
            package shop;
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            public class Stream implements RequestStreamHandler {
                public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                    in.transferTo(out);
                }
                public void out(OutputStream out) throws IOException { out.write("\\"fixed\\"".getBytes()); }
            }
            """);

    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", TEMPLATE);
        SOURCES.forEach((path, text) -> project.write("src/" + path, text));
        project.start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    /** All data of the newest request. */
    private static Map<?, ?> newest() throws IOException {
        Map<?, ?> list = (Map<?, ?>) ServerLocal.Json.read(project.body("/_samlocal/api/requests"));
        Object number = ((Map<?, ?>) ((List<?>) list.get("requests")).get(0)).get("number");
        return (Map<?, ?>) ServerLocal.Json.read(project.body("/_samlocal/api/requests/" + number));
    }

    private static String recorded(String function, String event) throws IOException {
        var answer = project.send("POST", "/2015-03-31/functions/" + function + "/invocations", event);
        assertEquals(200, answer.statusCode(), answer.body());
        return (String) newest().get("test");
    }

    /** Compiles the handlers and a test, and runs that. */
    private static void run(Path folder, Map<String, String> sources, String test, int release) throws Throwable {
        String type = test.replaceFirst("(?s).*?\nclass (\\w+).*", "$1");
        Path code = Files.createDirectories(folder.resolve("code"));
        List<String> arguments = new ArrayList<>(List.of("-d", code.toString(), "-cp",
                System.getProperty("java.class.path"), "-Xlint:unchecked", "-Werror", "-encoding", "UTF-8"));
        if (release > 0) arguments.addAll(List.of("-source", String.valueOf(release), "-Xlint:-options"));
        List<Path> files = new ArrayList<>();
        for (var source : sources.entrySet()) files.add(folder.resolve(source.getKey()));
        for (Path file : files) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, sources.get(folder.relativize(file).toString()));
        }
        files.add(Files.writeString(folder.resolve(type + ".java"), test));
        files.forEach(file -> arguments.add(file.toString()));
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status, test);
        boolean hasPackage = test.startsWith("package shop;");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {code.toUri().toURL()})) {
            Class<?> loaded = loader.loadClass((hasPackage ? "shop." : "") + type);
            var constructor = loaded.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method method = loaded.getDeclaredMethod("respondsAsRecorded");
            assertTrue(method.isAnnotationPresent(Test.class));
            method.setAccessible(true);
            method.invoke(constructor.newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test void each_kind_of_handler_passes_the_test_of_its_request(@TempDir Path folder) throws Throwable {
        String sample = project.body("/_samlocal/api/sample?service=sqs&type=receive-message");
        Map<String, String> events = Map.of(
                "Queue", sample,
                "Own", "[{\"price\": 3}, {\"price\": 4}]",
                "Plain", "{\"a\": 1, \"b\": 2}",
                "Nothing", "{\"a\": \"\\\\ \\\"\\\"\\\" \\u0041\"}",
                "Stream", "{\"a\": [1.50, null, \"x\\ny\"], \"b\": \"\\\\u0041\"}",
                "Out", "{}");
        for (var event : events.entrySet()) {
            run(folder.resolve(event.getKey()), SOURCES, recorded(event.getKey(), event.getValue()), 0);
        }
    }

    @Test void the_test_of_an_api_request_fails_for_another_response(@TempDir Path folder) throws Throwable {
        assertEquals(201, project.send("POST", "/typed", "a \"b\" \\ \u00e4").statusCode());
        String test = (String) newest().get("test");
        assertTrue(test.contains("environment variables that a test must set itself: TABLE."), test);
        run(folder.resolve("same"), SOURCES, test, 0);
        String other = SOURCES.get("shop/Typed.java").replace("withStatusCode(201)", "withStatusCode(200)");
        AssertionFailedError error = assertThrows(AssertionFailedError.class, () ->
                run(folder.resolve("other"), Map.of("shop/Typed.java", other), test, 0));
        assertTrue(error.getMessage().contains("statusCode=200"), error.getMessage());
    }

    @Test void the_test_of_an_older_runtime_has_no_text_blocks(@TempDir Path folder) throws Throwable {
        String test = recorded("Old", "{\"body\": \"a\\\\b \\\"c\\\"\", \"httpMethod\": \"PUT\"}");
        run(folder, Map.of("shop/Typed.java", SOURCES.get("shop/Typed.java")), test, 11);
    }

    @Test void a_reason_is_given_if_no_test_can_be_generated() throws IOException {
        assertEquals(502, project.send("POST", "/typed", "fail").statusCode());
        assertEquals("the function failed, so there is no response to assert", newest().get("testReason"));
        assertEquals(null, newest().get("test"));
        project.send("POST", "/2015-03-31/functions/Stream/invocations", "\"" + "x".repeat(70_000) + "\"");
        assertTrue(newest().get("testReason").toString().contains("over 60 KB"), newest().toString());
    }

    @Test void a_function_in_python_has_no_junit_test() throws IOException {
        PythonTest.assumePython();
        assertEquals("1", project.send("POST", "/2015-03-31/functions/Py/invocations", "{}").body());
        assertEquals("the function is not in Java, so JUnit cannot call it", newest().get("testReason"));
    }
}
