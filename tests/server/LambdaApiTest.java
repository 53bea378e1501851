import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** The Lambda API, called with the AWS SDK for Java. */
class LambdaApiTest {
    private static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));
    private static TestProject project;
    private static LambdaClient lambda;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 1}}
                Resources:
                  Echo:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::echo', FunctionName: echo-by-name, AutoPublishAlias: live}
                  Fail:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::fail'}
                  Slow:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::slow'}
                  Greedy:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::greedy', MemorySize: 10240}
                  Client:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: 'App::client'}
                  First: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Greedy}}
                  Second: {Type: AWS::Lambda::Version, Properties: {FunctionName: !GetAtt Greedy.Arn}}
                  Blue:
                    Type: AWS::Lambda::Alias
                    Properties: {Name: blue, FunctionName: !Ref Slow, FunctionVersion: $LATEST}
                """, "src/App.java", """
                import com.amazonaws.services.lambda.runtime.Context;
                import java.util.*;
                public class App {
                    public Map<String, Object> echo(Map<String, Object> event) {
                        System.out.println("got " + event);
                        return event;
                    }
                    public void fail() { throw new IllegalStateException("on purpose"); }
                    public int greedy(boolean takes) {
                        System.gc();
                        return takes ? new byte[24 << 20].length : 0;
                    }
                    public void slow() throws Exception { Thread.sleep(20_000); }
                    public Map<String, Object> client(Context context) {
                        return Map.of("custom", context.getClientContext().getCustom(),
                            "title", context.getClientContext().getClient().getAppTitle(),
                            "env", context.getClientContext().getEnvironment());
                    }
                }
                """).start();
        lambda = LambdaClient.builder().endpointOverride(endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(ANYBODY).build();
    }

    private static URI endpoint() {
        return URI.create("http://127.0.0.1:" + project.port());
    }

    @AfterAll static void stop() {
        lambda.close();
        project.close();
    }

    @Test void a_function_is_found_by_each_of_its_names() {
        for (String name : List.of("Echo", "echo-by-name", "echo-by-name:live", "Echo:$LATEST",
                "123456789012:function:Echo", "arn:aws:lambda:us-east-1:123456789012:function:echo-by-name",
                "arn:aws:lambda:eu-central-1:123456789012:function:Echo:1")) {
            assertEquals("{\"a\":1}", invoke(name, "{\"a\":1}").payload().asUtf8String(), name);
        }
    }

    @Test void an_unsupported_operation_is_rejected_as_lambda_does() {
        HttpResponse<String> stream = project.send("POST",
                "/2021-11-15/functions/Echo/response-streaming-invocations", "{}");
        assertEquals(404, stream.statusCode());
        assertEquals("PathNotFoundException", stream.headers().firstValue("x-amzn-errortype").orElse(""));
        assertTrue(stream.body().contains("\"Message\":\"InvokeWithResponseStream is not supported; only Invoke, "), stream.body());
        assertEquals(404, project.send("POST", "/2014-11-13/functions/Echo/invoke-async/", "{}").statusCode());
    }

    @Test void an_unknown_version_or_alias_is_an_error() {
        for (String name : List.of("Fail:live", "Fail:1", "Echo:prod", "Echo:2", "Slow:1", "arn:aws:lambda:us-east-1:123456789012:"
                + "function:Slow:green")) {
            ResourceNotFoundException unknown = assertThrows(ResourceNotFoundException.class, () -> invoke(name, "{}"));
            assertTrue(unknown.getMessage().matches("Function not found: arn:aws:lambda:us-east-1:123456789012:function:"
                    + "(Fail:live|Fail:1|echo-by-name:(prod|2)|Slow:1|Slow:green) .*"), unknown.getMessage());
        }
        assertEquals(404, qualified("Fail", "prod").statusCode());
        assertTrue(project.console().contains("no version or alias `prod`"), project.console());
        assertEquals(200, qualified("Echo", "live").statusCode());
        assertEquals(200, qualified("Echo", "1").statusCode(), "AutoPublishAlias publishes one version");
        assertEquals(200, qualified("Greedy", "2").statusCode(), "as many as there are AWS::Lambda::Version");
        assertEquals(404, qualified("Greedy", "3").statusCode());
        assertEquals(200, qualified("Fail", "$LATEST").statusCode());
        assertEquals(200, lambda.invoke(request -> request.functionName("Slow:blue")).statusCode());
        assertEquals(400, qualified("Echo:live", "7").statusCode());
        assertThrows(ResourceNotFoundException.class, () ->
                lambda.getFunction(request -> request.functionName("Echo").qualifier("prod")));
    }

    private static HttpResponse<String> qualified(String name, String qualifier) {
        return project.send("POST", "/2015-03-31/functions/" + name + "/invocations?Qualifier="
                + qualifier.replace("$", "%24"), "{}");
    }

    @Test void a_response_has_version_and_log() {
        InvokeResponse response = lambda.invoke(request -> request.functionName("Echo").logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String("{\"a\":1}")));
        assertEquals(200, response.statusCode());
        assertNull(response.functionError());
        assertEquals("$LATEST", response.executedVersion());
        String log = new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);
        String id = response.responseMetadata().requestId();
        assertTrue(log.matches("(?s)START RequestId: " + id + " Version: \\$LATEST\ngot \\{a=1}\nEND RequestId: " + id
                + "\nREPORT RequestId: " + id
                + "\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\t"
                + "Max Memory Used: \\d+ MB(\tInit Duration: [\\d.]+ ms)?\n"), log);
    }

    @Test void the_memory_of_an_environment_is_its_peak() {
        int most = megabytes("true");
        assertTrue(most > 24, most + " MB");
        assertTrue(megabytes("false") >= most);
    }

    private static int megabytes(String event) {
        InvokeResponse response = lambda.invoke(request -> request.functionName("Greedy").logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String(event)));
        String log = new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);
        return Integer.parseInt(log.replaceAll("(?s).*Max Memory Used: (\\d+) MB.*", "$1"));
    }

    @Test void an_exception_is_a_function_error() throws IOException {
        InvokeResponse response = invoke("Fail", "{}");
        assertEquals("Unhandled", response.functionError());
        Map<?, ?> error = (Map<?, ?>) ServerLocal.Json.read(response.payload().asUtf8String());
        assertEquals("on purpose", error.get("errorMessage"));
        assertEquals("java.lang.IllegalStateException", error.get("errorType"));
        assertEquals("App.fail(App.java:8)", ((List<?>) error.get("stackTrace")).get(0));
    }

    @Test void a_timeout_is_a_function_error() {
        InvokeResponse response = invoke("Slow", "{}");
        assertEquals("Unhandled", response.functionError());
        assertEquals("{\"errorMessage\":\"RequestId: " + response.responseMetadata().requestId()
                + " Error: Task timed out after 1.00 seconds\",\"errorType\":\"Sandbox.Timedout\"}",
                response.payload().asUtf8String());
    }

    @Test void no_payload_is_an_empty_object() {
        assertEquals("{}", lambda.invoke(request -> request.functionName("Echo")).payload().asUtf8String());
    }

    @Test void an_asynchronous_event_is_retried() throws InterruptedException {
        InvokeResponse response = lambda.invoke(request -> request.functionName("Fail").payload(
                SdkBytes.fromUtf8String("{}")).invocationType(InvocationType.EVENT));
        assertEquals(202, response.statusCode());
        for (int i = 0; i < 100 && !project.console().contains("gave up after 2 retries"); i++) Thread.sleep(100);
        List<String> lines = project.console().lines().filter(line -> line.matches(".* event +Fail .*")).toList();
        assertEquals(3, lines.size(), project.console());
        assertTrue(lines.get(0).contains("IllegalStateException: on purpose  retry 1 of 2 in 1 s"), lines.toString());
    }

    @Test void a_dry_run_runs_nothing() {
        assertEquals(204, lambda.invoke(request -> request.functionName("Fail")
                .invocationType(InvocationType.DRY_RUN)).statusCode());
    }

    @Test void errors_have_the_types_of_the_sdk() {
        ResourceNotFoundException unknown = assertThrows(ResourceNotFoundException.class, () -> invoke("Ecko", "{}"));
        assertTrue(unknown.getMessage().startsWith(
                "Function not found: arn:aws:lambda:us-east-1:123456789012:function:Ecko"), unknown.getMessage());
        assertTrue(project.console().contains("no function; nearest: Echo"), project.console());
        assertThrows(InvalidRequestContentException.class, () -> invoke("Echo", "{\"a\":"));
        assertThrows(RequestTooLargeException.class, () -> invoke("Echo", "\"" + "x".repeat(6 << 20) + "12345678\""
                + " ".repeat(200)));
        InvalidRequestContentException invalid = assertThrows(InvalidRequestContentException.class, () ->
                lambda.invoke(request -> request.functionName("Client").clientContext("W10=")));
        assertTrue(invalid.getMessage().startsWith("Client context must be"), invalid.getMessage());
        HttpResponse<String> malformed = project.send("POST", "/2015-03-31/functions/bad%20name/invocations", "{}");
        assertEquals(400, malformed.statusCode());
        assertEquals("ValidationException", malformed.headers().firstValue("x-amzn-errortype").orElse(""));
    }

    @Test void functions_are_listed_and_described() {
        assertEquals(List.of("Client", "echo-by-name", "Fail", "Greedy", "Slow"),
                lambda.listFunctions().functions().stream()
                .map(FunctionConfiguration::functionName).toList());
        assertEquals("App::echo", lambda.getFunction(request -> request.functionName("Echo")).configuration()
                .handler());
        assertEquals(1, lambda.getFunctionConfiguration(request -> request.functionName("Echo")).timeout());
    }

    @Test void the_client_context_arrives() throws IOException {
        String context = Base64.getEncoder().encodeToString(
                "{\"custom\":{\"a\":\"b\"},\"env\":{\"c\":\"d\"},\"client\":{\"app_title\":\"T\"}}".getBytes());
        String payload = lambda.invoke(request -> request.functionName("Client").clientContext(context)
                .payload(SdkBytes.fromUtf8String("{}"))).payload().asUtf8String();
        assertEquals(Map.of("custom", Map.of("a", "b"), "title", "T", "env", Map.of("c", "d")),
                ServerLocal.Json.read(payload));
    }

    @Test void the_asynchronous_client_works_too() {
        try (LambdaAsyncClient async = LambdaAsyncClient.builder().endpointOverride(endpoint())
                .region(Region.US_EAST_1).credentialsProvider(ANYBODY).build()) {
            Stream.of(1, 2, 3).map(number -> async.invoke(request -> request.functionName("Echo")
                    .payload(SdkBytes.fromUtf8String("{\"n\":" + number + "}"))).join().payload().asUtf8String())
                    .forEach(payload -> assertTrue(payload.matches("\\{\"n\":[123]}"), payload));
        }
    }

    private static InvokeResponse invoke(String function, String payload) {
        return lambda.invoke(request -> request.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
    }
}
