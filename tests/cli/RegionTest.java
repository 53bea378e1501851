import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The region given with {@code --region} is the same in the template, in ARNs and in events. */
class RegionTest {
    private static final String TEMPLATE = """
            Resources:
              Api:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: v1
                  Auth: {DefaultAuthorizer: Token, Authorizers: {Token: {FunctionArn: !GetAtt Check.Arn}}}
              Check:
                Type: AWS::Serverless::Function
                Properties: {Handler: 'App::check', CodeUri: src, Runtime: java17}
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::handle
                  CodeUri: src
                  Runtime: java17
                  Environment: {Variables: {STACK: !Ref AWS::StackId, CHECK: !GetAtt Check.Arn}}
                  Events: {Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}}
            """;
    private static final String APP = """
            import com.amazonaws.services.lambda.runtime.Context;
            import java.util.*;
            public class App {
                public Map<String, Object> check(Map<String, Object> event) {
                    return Map.of("principalId", "me", "policyDocument", Map.of("Version", "2012-10-17", "Statement",
                            List.of(Map.of("Effect", "Allow", "Action", "execute-api:Invoke", "Resource", "*"))),
                            "context", Map.of("arn", event.get("methodArn")));
                }
                public Map<String, Object> handle(Map<String, Object> event, Context context) {
                    Map<?, ?> request = (Map<?, ?>) event.get("requestContext");
                    Map<?, ?> authorizer = (Map<?, ?>) request.get("authorizer");
                    return Map.of("statusCode", 200, "body", String.join("\\n", context.getInvokedFunctionArn(),
                            authorizer.get("arn").toString(), System.getenv("STACK"), System.getenv("CHECK"),
                            System.getenv("AWS_REGION"), System.getenv("AWS_DEFAULT_REGION")));
                }
            }
            """;

    @Test void everything_has_the_region_of_the_command_line() throws Exception {
        assertEquals("""
                arn:aws:lambda:eu-central-1:123456789012:function:Fn
                arn:aws:execute-api:eu-central-1:123456789012:1234567890/v1/GET/
                arn:aws:cloudformation:eu-central-1:123456789012:stack/local/51af3dc0-da77-11e4-872e-1234567db123
                arn:aws:lambda:eu-central-1:123456789012:function:Check
                eu-central-1
                eu-central-1""", answer("eu-central-1"));
    }

    @Test void the_partition_is_that_of_the_region() {
        assertEquals("arn:aws-cn:lambda:cn-north-1:123456789012:function:Fn", functionArn("cn-north-1"));
        assertEquals("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:Fn", functionArn("us-gov-west-1"));
        assertEquals("arn:aws:lambda:us-east-1:123456789012:function:Fn", functionArn(null));
    }

    private static String functionArn(String region) {
        return ServerLocal.AwsEnvironment.of(region == null ? Map.of() : Map.of("AWS::Region", region))
                .functionArn("Fn");
    }

    /** The response of a server in a separate process. */
    private static String answer(String region) throws Exception {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", APP)) {
            Path out = project.path("out.txt");
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "ServerLocal",
                    "--region", region, "--port", "0", "-t", project.path("template.yaml").toString())
                    .redirectOutput(out.toFile()).redirectErrorStream(true).start();
            try {
                return get(url(process, out));
            } finally {
                process.destroy();
                if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
            }
        }
    }

    private static URI url(Process process, Path out) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && process.isAlive()) {
            Matcher url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(Files.readString(out));
            if (url.find()) return URI.create(url.group() + "/");
            Thread.sleep(20);
        }
        throw new AssertionError(Files.readString(out));
    }

    private static String get(URI address) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(address)
                .header("Authorization", "me").build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }
}
