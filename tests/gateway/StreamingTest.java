import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Responses that reach the client while the function is still writing them. */
class StreamingTest {
    private static final String CODE = """
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            import java.nio.file.*;
            public class App implements RequestStreamHandler {
                public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                    String event = new String(in.readAllBytes());
                    if (event.contains("/early")) throw new IllegalStateException("early");
                    if (event.contains("/head")) {
                        out.write("{\\"statusCode\\": 201, \\"headers\\": {\\"Content-Type\\": \\"text/plain\\"}}".getBytes());
                        out.write(new byte[8]);
                    }
                    out.write("first\\n".getBytes());
                    out.flush();
                    Path go = Path.of(System.getenv("GO"));
                    if (event.contains("/wait")) while (!Files.exists(go)) Thread.onSpinWait();
                    if (event.contains("/late")) throw new IllegalStateException("late");
                    if (event.contains("/big")) for (int i = 0; i < 3000; i++) out.write(new byte[10000]);
                    out.write("last".getBytes());
                }
            }
            """;
    private static TestProject project;
    private static TestProject rest;

    @BeforeAll static void start() {
        project = TestProject.of("src/App.java", CODE);
        project.with("template.yaml", """
                Resources:
                  Streamed:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App
                      CodeUri: src
                      Runtime: java17
                      Timeout: 20
                      Environment: {Variables: {GO: '%s'}}
                      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
                """.formatted(project.path("go"))).start();
        rest = TestProject.of("src/App.java", CODE, "template.yaml", """
                Resources:
                  Streamed:
                    Type: AWS::Serverless::Function
                    Properties: {Handler: App, CodeUri: src, Runtime: java17, Environment: {Variables: {GO: none}}}
                  Rest:
                    Type: AWS::Serverless::Api
                    Properties:
                      StageName: dev
                      DefinitionBody:
                        openapi: 3.0.1
                        paths:
                          /{mode}:
                            get:
                              x-amazon-apigateway-integration:
                                type: aws_proxy
                                httpMethod: POST
                                responseTransferMode: STREAM
                                uri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/\
                                  ${Streamed.Arn}/response-streaming-invocations"
                """).start();
    }

    @AfterAll static void stop() {
        project.close();
        rest.close();
    }

    @Test void flushed_output_arrives_while_the_function_runs() throws IOException {
        HttpResponse<InputStream> response = get(project, "/wait");
        assertEquals(List.of("application/octet-stream"), response.headers().allValues("content-type"));
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.body()));
        assertEquals("first", lines.readLine());
        project.write("go", "");
        assertEquals("last", lines.readLine());
    }

    @Test void a_head_gives_status_and_headers() throws IOException {
        for (TestProject each : List.of(project, rest)) {
            HttpResponse<InputStream> response = get(each, "/head");
            assertEquals(201, response.statusCode());
            assertEquals(List.of("text/plain"), response.headers().allValues("content-type"));
            assertEquals("first\nlast", new String(response.body().readAllBytes()));
        }
    }

    @Test void a_rest_api_needs_a_head() {
        HttpResponse<String> response = rest.get("/none");
        assertEquals(500, response.statusCode());
        assertTrue(response.body().contains("the streamed response has no metadata"), response.body());
    }

    @Test void an_early_failure_is_an_error_response_and_a_late_one_breaks_off() {
        assertEquals(502, project.get("/early").statusCode());
        HttpResponse<InputStream> response = get(project, "/late");
        assertEquals(200, response.statusCode());
        assertThrows(IOException.class, () -> response.body().readAllBytes());
        assertTrue(project.console().contains("IllegalStateException: late"), project.console());
    }

    @Test void a_streamed_response_may_be_large_and_its_client_may_disconnect() throws IOException {
        assertEquals(30_000_010, get(project, "/big").body().readAllBytes().length);
        for (int i = 0; i < 6; i++) get(project, "/big").body().close();
        assertEquals(200, project.send("HEAD", "/big", null).statusCode());
        assertEquals(201, project.get("/head").statusCode());
    }

    private static HttpResponse<InputStream> get(TestProject project, String path) {
        return project.send("GET", path, null, HttpResponse.BodyHandlers.ofInputStream());
    }
}
