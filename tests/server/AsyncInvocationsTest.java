import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Lambda Developer Guide, "Invoking a Lambda function asynchronously": retries and destinations. */
class AsyncInvocationsTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Timeout: 5}}
            Resources:
              Sink: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::sink'}}
              Good: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::good', EventInvokeConfig:
                {DestinationConfig: {OnSuccess: {Type: Lambda, Destination: !GetAtt Sink.Arn}}}}}
              Bad: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::bad', EventInvokeConfig:
                {MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Sink.Arn}}}}}
              Plain: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::bad'}}
              Config: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Plain, Qualifier: $LATEST,
                MaximumRetryAttempts: 1}}
              Own: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::loop', EventInvokeConfig:
                {DestinationConfig: {OnSuccess: {Type: Lambda, Destination: !Sub 'arn:aws:lambda:${AWS::Region}:1:function:Own'}}}}}
              Ping: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::loop', EventInvokeConfig:
                {DestinationConfig: {OnSuccess: {Type: Lambda, Destination: !Sub 'arn:aws:lambda:${AWS::Region}:1:function:Pong'}}}}}
              Pong: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::failing', EventInvokeConfig:
                {MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Ping.Arn}}}}}
              Endless: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::twenty', RecursiveLoop: Allow,
                EventInvokeConfig: {MaximumRetryAttempts: 0, DestinationConfig: {OnSuccess: {Type: Lambda, Destination:
                !Sub 'arn:aws:lambda:${AWS::Region}:1:function:Endless'}}}}}
              Queue: {Type: AWS::SQS::Queue}
              Elsewhere: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::bad', EventInvokeConfig:
                {DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Queue.Arn}}}}}
            """;
    private static final String CODE = """
            import java.util.Map;
            public class App {
                public Object good(Map<String, Object> event) { return Map.of("made", event.get("of")); }
                public Object bad(Map<String, Object> event) { throw new IllegalStateException("on purpose"); }
                static int count;
                static void count(String name) { System.out.println(name + " was invoked, number " + ++count + "."); }
                public void loop(Map<String, Object> event) { count("looping"); }
                public void failing(Map<String, Object> event) { count("failing"); throw new IllegalStateException("fails"); }
                public void twenty(Map<String, Object> event) {
                    count("endless");
                    if (count == 20) throw new IllegalStateException("enough");
                }
                public void sink(Map<String, Object> event) { System.out.println("RECORD " + event); }
            }
            """;

    private static TestProject start() {
        return TestProject.of("template.yaml", TEMPLATE, "src/App.java", CODE).start();
    }

    private static void post(TestProject project, String function) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + project.port() + "/2015-03-31/functions/" + function + "/invocations"))
                .header("X-Amz-Invocation-Type", "Event").POST(HttpRequest.BodyPublishers.ofString("{\"of\": \"wood\"}"))
                .build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(202, response.statusCode());
    }

    private static String console(TestProject project, String text) throws InterruptedException {
        for (int i = 0; i < 200 && !project.console().contains(text); i++) Thread.sleep(50);
        assertTrue(project.console().contains(text), project.console());
        return project.console();
    }

    @Test void a_success_goes_to_its_destination() throws Exception {
        try (TestProject project = start()) {
            post(project, "Good");
            String record = console(project, "RECORD ");
            for (String part : new String[] {"condition=Success", "approximateInvokeCount=1", "requestPayload={of=wood}",
                    "responsePayload={made=wood}", "functionArn=arn:aws:lambda:us-east-1:123456789012:function:Good:$LATEST",
                    "responseContext={statusCode=200, executedVersion=$LATEST}", "version=1.0"}) {
                assertTrue(record.contains(part), part + record);
            }
        }
    }

    @Test void a_failure_is_retried_as_the_template_says() throws Exception {
        try (TestProject project = start()) {
            post(project, "Bad");
            String record = console(project, "RECORD ");
            assertTrue(record.contains("gave up after 0 retries"), record);
            for (String part : new String[] {"condition=RetriesExhausted", "functionError=Unhandled",
                    "errorMessage=on purpose"}) {
                assertTrue(record.contains(part), part + record);
            }
            post(project, "Plain");
            assertTrue(console(project, "gave up after 1 retry").contains("retry 1 of 1 in 1 s"));
        }
    }

    /** "Use Lambda recursive loop detection to prevent infinite loops". */
    @Test void a_function_that_is_its_own_destination_is_stopped() throws Exception {
        try (TestProject project = start()) {
            post(project, "Own");
            String console = console(project, "`Own` was invoked 16 times in one chain of destinations");
            assertTrue(console.contains("looping was invoked, number 16."), console);
            assertFalse(console.contains("number 17."), console);
            assertEquals(2, console.split("`Own` was invoked 16 times", -1).length, console);
        }
    }

    @Test void a_cycle_of_destinations_is_stopped_unless_it_is_allowed() throws Exception {
        try (TestProject project = start()) {
            post(project, "Ping");
            String console = console(project, "`Ping` was invoked 16 times in one chain of destinations");
            assertTrue(console.contains("failing was invoked, number 16."), console);
            assertFalse(console.contains("number 17."), console);
            post(project, "Endless");
            console(project, "endless was invoked, number 20.");
        }
    }

    @Test void other_destinations_are_reported() {
        try (TestProject project = start()) {
            assertTrue(project.console().contains("`OnFailure` of `Elsewhere` is not supported"), project.console());
        }
    }
}
