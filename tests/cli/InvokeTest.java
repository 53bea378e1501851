import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Invoking a function from the command line, and sample events. */
class InvokeTest {
    private static TestProject project;

    @BeforeAll static void write() {
        project = TestProject.of("template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17}}
                Resources:
                  Echo: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::echo'}}
                  Fail: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::fail'}}
                  Bad: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::echo', CodeUri: bad}}
                  Key: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::key'}}
                  Bytes: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::bytes'}}
                """, "src/App.java", """
                import com.amazonaws.services.lambda.runtime.events.*;
                import java.util.*;
                public class App {
                    public Map<String, Object> echo(Map<String, Object> event) {
                        System.out.println("hello from the log");
                        return event;
                    }
                    public void fail() { throw new IllegalStateException("on purpose"); }
                    public void bytes(java.io.InputStream in, java.io.OutputStream out) throws java.io.IOException {
                        out.write(new byte[] {(byte) 0xff, 0, '\\r', (byte) 0xfe, '\\n'});
                    }
                    public String key(S3Event event) {
                        return event.getRecords().get(0).getS3().getObject().getUrlDecodedKey();
                    }
                }
                """, "bad/App.java", "class App {", "event.json", "{\"a\": 1}",
                "one.yaml", TestProject.function("Only", "App::echo", "src", "/x"));
    }

    @AfterAll static void delete() {
        project.close();
    }

    @Test void the_response_is_on_standard_output_and_the_log_on_standard_error() {
        TestProject.Ran ran = invoke("Echo", "-e", project.path("event.json").toString());
        assertEquals("{\"a\":1}", ran.out());
        assertEquals(0, ran.status());
        String id = "[0-9a-f-]{36}";
        assertTrue(ran.err().matches("(?s)Echo \\| START RequestId: " + id + " Version: \\$LATEST\n"
                + "Echo \\| hello from the log\nEcho \\| END RequestId: " + id + "\n"
                + "Echo \\| REPORT RequestId: " + id + "\tDuration: .* MB\tInit Duration: [0-9.]+ ms\n\n"), ran.err());
    }

    /** As in {@code sam local invoke} (samcli/local/docker/container.py, wait_for_result), no line break is added. */
    @Test void the_bytes_of_a_response_are_unchanged() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String template = project.path("template.yaml").toString();
        ServerLocal.Cli.run(new String[] {"invoke", "-t", template, "Bytes"}, new PrintStream(out, true),
                new PrintStream(OutputStream.nullOutputStream()));
        assertArrayEquals(new byte[] {(byte) 0xff, 0, '\r', (byte) 0xfe, '\n'}, out.toByteArray());
    }

    @Test void startup_warnings_about_the_function_are_on_standard_error() {
        project.write("warned.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::echo', Environment: {Variables: {ALL: '{{resolve:ssm:x}}'}}}}
                Resources:
                  One:
                    Type: AWS::Serverless::Function
                    Properties:
                      Environment: {Variables: {JAVA_TOOL_OPTIONS: -Xmx1g, MINE: !GetAtt Queue.Arn}}
                  Two:
                    Type: AWS::Serverless::Function
                    Properties:
                      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
                      Events: {Get: {Type: Api, Properties: {Path: /x, Method: get}}}
                  Again: {Type: AWS::Serverless::Api, Properties: {StageName: x}}
                  Queue: {Type: AWS::SQS::Queue}
                  Flow: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: x.json}}
                """);
        assertWarned(List.of("variable `ALL` has a value that only AWS knows",
                "`JAVA_TOOL_OPTIONS` has no effect: functions run in this JVM"), "One");
        assertWarned(List.of("variable `ALL` has a value that only AWS knows",
                "`DeadLetterQueue` of `Two` is not supported: failed events are dropped"), "Two");
    }

    private static void assertWarned(List<String> warnings, String function) {
        TestProject.Ran ran = TestProject.cli("invoke", "-t", project.path("warned.yaml").toString(), function);
        assertEquals(warnings, ran.err().lines().filter(line -> line.startsWith("warning: "))
                .map(line -> line.substring("warning: ".length())).sorted(Comparator.comparing(line ->
                line.contains("`ALL`") ? 0 : 1)).toList(), ran.err());
        assertEquals("{}", ran.out());
    }

    @Test void a_function_error_is_status_1() {
        TestProject.Ran ran = invoke("Fail", "--no-event");
        assertTrue(ran.out().startsWith("{\"errorMessage\":\"on purpose\",\"errorType\":"
                + "\"java.lang.IllegalStateException\",\"stackTrace\":[\"App.fail(App.java:8)\""), ran.out());
        assertEquals(1, ran.status());
        assertTrue(ran.err().contains("    at App.fail(App.java:8)\n"), ran.err());
    }

    @Test void a_version_or_alias_must_exist() {
        project.write("alias.yaml", TestProject.function("Only", "App::echo", "src", "/x").replace("Runtime:",
                "AutoPublishAlias: live\n      Runtime:"));
        String template = project.path("alias.yaml").toString();
        for (String name : List.of("Only:live", "Only:1", "Only:$LATEST", "Only")) {
            assertEquals("{}", TestProject.cli("invoke", "-t", template, name).out(), name);
        }
        TestProject.Ran ran = TestProject.cli("invoke", "-t", template, "Only:7");
        assertEquals(1, ran.status());
        assertTrue(ran.err().startsWith("error: `Only` has no version or alias `7`\n"), ran.err());
        assertTrue(ran.err().contains("it has $LATEST, 1, live"), ran.err());
    }

    @Test void code_that_does_not_compile_is_status_1() {
        TestProject.Ran ran = invoke("Bad");
        assertEquals(1, ran.status());
        assertTrue(ran.err().contains("reached end of file while parsing"), ran.err());
        assertEquals("", ran.out());
    }

    @Test void the_function_name_is_optional_for_a_single_function() {
        TestProject.Ran ran = TestProject.cli("invoke", "-t", project.path("one.yaml").toString());
        assertEquals("{}", ran.out(), ran.err());
        assertTrue(invoke().err().contains("this template has Bad, Bytes, Echo, Fail, Key"), invoke().err());
        assertTrue(invoke("Eco").err().contains("did you mean `Echo`?"), invoke("Eco").err());
        assertEquals(1, invoke("Echo", "-e", "nowhere.json").status());
    }

    @Test void a_template_without_functions_is_reported() {
        project.write("none.yaml", "Resources: {Topic: {Type: AWS::SNS::Topic}}\n");
        String template = project.path("none.yaml").toString();
        assertEquals("error: no function named `Fn`\nhelp: this template has no function\n",
                TestProject.cli("invoke", "-t", template, "Fn").err().replaceAll(" +", " "));
        assertEquals("error: no function specified; this template has no function\n",
                TestProject.cli("invoke", "-t", template).err());
    }

    @Test void an_event_that_is_not_json_is_reported_at_its_place() {
        project.write("broken.json", "{\n  \"a\": 1,\n  b\n}\n");
        String output = invoke("Echo", "-e", project.path("broken.json").toString()).err();
        assertTrue(output.matches("(?s)error: the event is not JSON: malformed\n  --> \\S.*broken\\.json:3:\\d+\n.*3 \\|   b\n.*"), output);
    }

    @Test void a_sample_event_can_be_sent() {
        assertEquals("\"2025/red hat.jpg\"", invoke("Key", "--event-type", "s3/put").out());
    }

    @Test void an_unknown_sample_is_reported_with_the_correct_form() {
        TestProject.Ran ran = invoke("Key", "--event-type", "s3");
        assertEquals(2, ran.status());
        assertTrue(ran.err().startsWith("error: `s3` has several events: batch-invocation, delete, put\n"
                + "help: write SERVICE/TYPE, such as `s3/batch-invocation`\n"), ran.err());
        ran = invoke("Key", "--event-type", "s3/putt");
        assertTrue(ran.err().startsWith("error: no sample event `s3/putt`\nhelp: did you mean `s3/put`?\n"), ran.err());
    }

    @Test void sample_events_are_printed_with_their_options() throws IOException {
        String event = TestProject.cli("generate-event", "sqs", "receive-message", "--body", "a \"b\"",
                "--queue-name=q").out();
        Map<?, ?> record = (Map<?, ?>) ((List<?>) ((Map<?, ?>) ServerLocal.Json.read(event)).get("Records")).get(0);
        assertEquals("a \"b\"", record.get("body"));
        assertTrue(event.endsWith("}\n"), event);
        assertEquals("arn:aws:sqs:us-east-1:123456789012:q", record.get("eventSourceARN"));
        assertEquals("help: did you mean `s3 put`?", TestProject.cli("generate-event", "s3", "putt").err().lines()
                .skip(1).findFirst().orElse(""));
        assertEquals(2, TestProject.cli("generate-event", "s3", "put", "--bukket", "x").status());
        assertEquals("error: no sample event `sq`\nhelp: did you mean `sqs`?\ntry: samlocal generate-event --help\n",
                TestProject.cli("generate-event", "sq").err());
        assertEquals("error: no value for `--body`\nhelp: write `--body VALUE`\ntry: samlocal generate-event --help\n",
                TestProject.cli("generate-event", "sqs", "receive-message", "--body").err());
        assertTrue(TestProject.cli("generate-event", "s3", "--bucket", "x").err().startsWith("error: `s3` has several events:"
                + " batch-invocation, delete, put\nhelp: write SERVICE TYPE, such as "));
        assertTrue(TestProject.cli("generate-event", "s3", "put", "--color-of-it", "x").err().contains(
                "help: its options: --region, --partition, --bucket, --key\n"));
        assertTrue(TestProject.cli("generate-event").out().matches("(?s).*\ns3 +put +--.*"));
    }

    @Test void each_sample_is_json() throws IOException {
        for (ServerLocal.SampleEvents.Sample sample : ServerLocal.SampleEvents.all()) {
            assertTrue(ServerLocal.Json.read(sample.render(Map.of())) instanceof Map, sample.type());
        }
    }

    private static TestProject.Ran invoke(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "invoke";
        all[1] = "-t";
        all[2] = project.path("template.yaml").toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return TestProject.cli(all);
    }
}
