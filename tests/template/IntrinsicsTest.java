import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each intrinsic function: expressions and their values, after the named pages of the CloudFormation User Guide. */
class IntrinsicsTest {
    private static final Path FOLDER = folder();
    private static final String CONTEXT = """
            Parameters:
              Stage: {Type: String, Default: dev}
              Code: {Type: String, Default: 010}
              Open: {Type: String}
              Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}
            Mappings: {Sizes: {dev: {memory: 128, zones: [a, b]}}}
            Conditions:
              IsDev: !Equals [!Ref Stage, dev]
              IsProd: !Equals [!Ref Stage, prod]
              NotProd: !Not [!Condition IsProd]
              Both: !And [!Condition IsDev, !Condition IsProd]
              Either: !Or [!Condition IsDev, {Condition: IsProd}]
              Always: true
              Itself: !Not [!Condition Itself]
            Resources:
              Fn: {Type: AWS::Serverless::Function}
              Named: {Type: AWS::Serverless::Function, Properties: {FunctionName: orders}}
              Nameless: {Type: AWS::Serverless::Function, Properties: {FunctionName: !Ref AWS::NoValue}}
              Loop: {Type: AWS::Serverless::Function, Properties: {FunctionName: !GetAtt Loop.Arn}}
              LoopAlias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref LoopAlias}}
              Table: {Type: AWS::Serverless::SimpleTable}
              Raw: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub 'raw-${Stage}'}}
            """;

    private final ServerLocal.Problems problems = new ServerLocal.Problems();

    private static Path folder() {
        try {
            return Files.createTempDirectory("includes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SAM Developer Guide, "Referencing generated resources". */
    @Test void resources_that_sam_generates() {
        String[][] rows = {
            {"!Ref Fn.Alias", "arn:aws:lambda:us-east-1:123456789012:function:Fn:live"},
            {"!Sub '${Fn.Alias}'", "arn:aws:lambda:us-east-1:123456789012:function:Fn:live"},
            {"!Ref FnAliaslive", "arn:aws:lambda:us-east-1:123456789012:function:Fn:live"},
            {"!Ref Fn.Version", "arn:aws:lambda:us-east-1:123456789012:function:Fn:1"},
            {"!GetAtt Fn.Version.Version", "1"},
            {"!Ref Rest.Stage", "v1"},
            {"!Sub 'https://${Rest}.execute-api/${Rest.Stage}/'", "https://Rest.execute-api/v1/"},
            {"!Ref Restv1Stage", "v1"},
            {"!Ref Rest.DomainName", "api.example.com"},
            {"!Ref Http.Stage", "$default"},
            {"!Ref Socket.Stage", "prod"},
            {"!Ref ServerlessRestApi.Stage", "Prod"},
            {"!Ref ServerlessRestApiProdStage", "Prod"},
            {"!Sub '${ServerlessHttpApi.Stage}'", "$default"},
        };
        for (String[] row : rows) {
            ServerLocal.Template template = ServerLocal.Template.parse("t.yaml", """
                    Resources:
                      Fn: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}
                      Rest: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Domain: {DomainName: api.example.com}}}
                      Http: {Type: AWS::Serverless::HttpApi}
                      Socket: {Type: AWS::Serverless::WebSocketApi, Properties: {StageName: prod}}
                    """ + "Value: " + row[0]);
            assertEquals(row[1], ((Map<?, ?>) ServerLocal.Intrinsics.of(template, site(Map.of()), problems).resolveAll()
                    .plain()).get("Value"), row[0]);
        }
    }

    /** What CloudFormation does not deploy ("Fn::FindInMap", "Fn::Select", "Fn::If"; null values in templates). */
    @Test void values_that_aws_rejects() {
        assertRejected("!FindInMap [Sises, dev, memory]", "no mapping named `Sises`");
        assertRejected("!FindInMap [Sizes, prod, memory]", "mapping `Sizes` has no key `prod`");
        assertRejected("!FindInMap [Sizes, dev, disk]", "mapping `Sizes` has no key `disk` under `dev`");
        assertRejected("!Select [2, [a, b]]", "`Fn::Select` has no item 2 in a list of 2");
        assertRejected("!Select [-1, [a, b]]", "`Fn::Select` has no item -1 in a list of 2");
        assertRejected("!If [IsDev, a]", "`Fn::If` requires a list of a condition and two values");
    }

    private void assertRejected(String expression, String message) {
        ServerLocal.Problems own = new ServerLocal.Problems();
        ServerLocal.Template template = ServerLocal.Template.parse("t.yaml", CONTEXT + "Value: " + expression + "\n");
        ServerLocal.Intrinsics.of(template, site(Map.of()), own).resolveAll();
        assertEquals(List.of(message), own.refusals().stream().map(ServerLocal.Problem::message).toList(), expression);
    }

    /** "Return values" of each type in the CloudFormation Template Reference. */
    @Test void other_resources_have_attribute_values_as_on_aws() {
        String[][] rows = {
            {"AWS::DynamoDB::Table", "TableName: orders", "Ref", "orders"},
            {"AWS::DynamoDB::Table", "TableName: orders", "Arn",
                "arn:aws:dynamodb:us-east-1:123456789012:table/orders"},
            {"AWS::DynamoDB::Table", "", "Arn", "arn:aws:dynamodb:us-east-1:123456789012:table/X"},
            {"AWS::Serverless::SimpleTable", "TableName: !Sub '${Stage}-orders'", "Ref", "dev-orders"},
            {"AWS::SQS::Queue", "QueueName: jobs.fifo", "Ref",
                "https://sqs.us-east-1.amazonaws.com/123456789012/jobs.fifo"},
            {"AWS::SQS::Queue", "", "Arn", "arn:aws:sqs:us-east-1:123456789012:X"},
            {"AWS::SQS::Queue", "", "QueueName", "X"},
            {"AWS::SNS::Topic", "TopicName: news", "Ref", "arn:aws:sns:us-east-1:123456789012:news"},
            {"AWS::SNS::Topic", "", "TopicName", "X"},
            {"AWS::S3::Bucket", "BucketName: photos", "Ref", "photos"},
            {"AWS::S3::Bucket", "BucketName: photos", "Arn", "arn:aws:s3:::photos"},
            {"AWS::S3::Bucket", "BucketName: photos", "RegionalDomainName", "photos.s3.us-east-1.amazonaws.com"},
            {"AWS::Kinesis::Stream", "", "Arn", "arn:aws:kinesis:us-east-1:123456789012:stream/X"},
            {"AWS::IAM::Role", "RoleName: worker", "Arn", "arn:aws:iam::123456789012:role/worker"},
            {"AWS::IAM::Role", "Path: /service/", "Arn", "arn:aws:iam::123456789012:role/service/X"},
            {"AWS::StepFunctions::StateMachine", "StateMachineName: order", "Ref",
                "arn:aws:states:us-east-1:123456789012:stateMachine:order"},
            {"AWS::Serverless::StateMachine", "", "Name", "X"},
            {"AWS::Events::EventBus", "Name: bus", "Arn", "arn:aws:events:us-east-1:123456789012:event-bus/bus"},
            {"AWS::SecretsManager::Secret", "Name: db", "Ref",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"},
            {"AWS::SSM::Parameter", "Value: enabled", "Value", "enabled"},
            {"AWS::Cognito::UserPool", "", "ProviderName", "cognito-idp.us-east-1.amazonaws.com/us-east-1_X"},
            {"AWS::Logs::LogGroup", "LogGroupName: /app", "Arn",
                "arn:aws:logs:us-east-1:123456789012:log-group:/app:*"},
        };
        for (String[] row : rows) {
            String resource = "  X: {Type: " + row[0] + ", Properties: {" + row[1] + "}}\n";
            String sub = "!Sub '${X" + (row[2].equals("Ref") ? "" : "." + row[2]) + "}'";
            for (String expression : List.of(row[2].equals("Ref") ? "!Ref X" : "!GetAtt X." + row[2], sub)) {
                ServerLocal.Template template = ServerLocal.Template.parse("t.yaml",
                        CONTEXT + resource + "Value: " + expression);
                Object value = ((Map<?, ?>) ServerLocal.Intrinsics.of(template, site(Map.of()), problems).resolveAll().plain())
                        .get("Value");
                assertEquals(row[3], value, resource + expression);
            }
        }
    }

    /** "Ref" and "Pseudo parameters reference". */
    @Test void ref() {
        assertValue("!Ref Stage", "\"dev\"");
        assertValue("{Ref: Stage}", "\"dev\"");
        assertValue("!Ref Code", "\"010\"");
        assertValue("!Ref Open", "\"Open\"");
        assertValue("!Ref Zones", "[\"a\",\"b\",\"c\"]");
        assertValue("!Ref Table", "\"Table\"");
        assertValue("!Ref Named", "\"orders\"");
        assertValue("!Ref Nameless", "\"Nameless\"");
        assertValue("!Ref Raw", "\"raw-dev\"");
        assertValue("!Sub '${Raw} ${Named} ${Raw.Arn}'",
                "\"raw-dev orders arn:aws:lambda:us-east-1:123456789012:function:raw-dev\"");
        assertValue("!Ref Nowhere", "\"Nowhere\"");
        assertValue("!Ref AWS::Region", "\"us-east-1\"");
        assertValue("!Ref AWS::AccountId", "\"123456789012\"");
        assertValue("!Ref AWS::Partition", "\"aws\"");
        assertValue("!Ref AWS::StackName", "\"local\"");
        assertValue("!Ref AWS::URLSuffix", "\"localhost\"");
        assertValue("[a, !Ref AWS::NoValue, b]", "[\"a\",\"b\"]");
        assertValue("{a: 1, b: !Ref AWS::NoValue}", "{\"a\":1}");
    }

    /** "Fn::Sub". */
    @Test void sub() {
        assertValue("!Sub 'x-${Stage}-${AWS::Region}'", "\"x-dev-us-east-1\"");
        assertValue("{'Fn::Sub': '${Stage}'}", "\"dev\"");
        assertValue("!Sub ['${a}/${Stage}/${b}', {a: 1, b: !Ref Table}]", "\"1/dev/Table\"");
        assertValue("!Sub ['${Stage}', {Stage: mine}]", "\"mine\"");
        assertValue("!Sub '${!Literal}'", "\"${Literal}\"");
        assertValue("!Sub '${Fn.Arn}'", "\"arn:aws:lambda:us-east-1:123456789012:function:Fn\"");
        assertValue("!Sub '${Table.StreamArn}'", "\"${Table.StreamArn}\"");
        assertValue("!Sub 'costs $5 {x}'", "\"costs $5 {x}\"");
    }

    @Test void a_function_without_references_has_a_name() {
        assertValue("!Select [0, !Split [':', !GetAtt Loop.Arn]]", "\"arn\"");
        assertValue("!Ref LoopAlias", "\"arn:aws:lambda:us-east-1:123456789012:function:LoopAlias:1\"");
    }

    /** "Fn::GetAtt". */
    @Test void get_att() {
        assertValue("!GetAtt Fn.Arn", "\"arn:aws:lambda:us-east-1:123456789012:function:Fn\"");
        assertValue("!GetAtt [Fn, Arn]", "\"arn:aws:lambda:us-east-1:123456789012:function:Fn\"");
        assertValue("{'Fn::GetAtt': Named.Arn}", "\"arn:aws:lambda:us-east-1:123456789012:function:orders\"");
        assertValue("!GetAtt Nameless.Arn", "\"arn:aws:lambda:us-east-1:123456789012:function:Nameless\"");
        assertValue("!GetAtt Api.RootResourceId", "\"/\"");
        assertValue("!GetAtt Table.StreamArn", "{\"Fn::GetAtt\":[\"Table\",\"StreamArn\"]}");
    }

    /** "Fn::Join". */
    @Test void join() {
        assertValue("!Join ['-', [a, !Ref Stage, 5]]", "\"a-dev-5\"");
        assertValue("!Join ['', !Ref Zones]", "\"abc\"");
        assertValue("!Join [',', !Split ['-', x-y]]", "\"x,y\"");
        assertValue("!Join ['-', [a, !Ref AWS::NoValue, b]]", "\"a-b\"");
        assertValue("!Join ['-', [a, !ImportValue x]]", "{\"Fn::Join\":[\"-\",[\"a\",{\"Fn::ImportValue\":\"x\"}]]}");
    }

    /** "Fn::Select" and "Fn::Split". */
    @Test void select_and_split() {
        assertValue("!Select [1, [a, b, c]]", "\"b\"");
        assertValue("!Select ['1', !Ref Zones]", "\"b\"");
        assertValue("!Select [0, !GetAZs '']", "\"us-east-1a\"");
        assertValue("!Select [3, [a, b, c]]", "{\"Fn::Select\":[3,[\"a\",\"b\",\"c\"]]}");
        assertValue("!Split ['|', 'a|b||c']", "[\"a\",\"b\",\"\",\"c\"]");
    }

    /** "Fn::FindInMap" and its enhancement by AWS::LanguageExtensions. */
    @Test void find_in_map() {
        assertValue("!FindInMap [Sizes, dev, memory]", "128");
        assertValue("!FindInMap [Sizes, !Ref Stage, zones]", "[\"a\",\"b\"]");
        assertValue("!FindInMap [Sizes, nowhere, memory]", "{\"Fn::FindInMap\":[\"Sizes\",\"nowhere\",\"memory\"]}");
        assertValue("!FindInMap [Sizes, nowhere, memory, {DefaultValue: 7}]", "7");
    }

    /** "Condition functions": CloudFormation compares text. */
    @Test void conditions() {
        assertValue("!If [IsDev, yes, no]", "true");
        assertValue("!If [IsProd, a, b]", "\"b\"");
        assertValue("!If [NotProd, a, b]", "\"a\"");
        assertValue("!If [Both, a, b]", "\"b\"");
        assertValue("!If [Either, a, b]", "\"a\"");
        assertValue("!If [Always, a, b]", "\"a\"");
        assertValue("[x, !If [IsProd, a, !Ref AWS::NoValue]]", "[\"x\"]");
        assertValue("!If [IsDev, ok, {'Fn::FindInMap': [Sizes]}]", "\"ok\"");
        assertValue("!If [Nowhere, a, b]", "{\"Fn::If\":[\"Nowhere\",\"a\",\"b\"]}");
        assertValue("!Equals [5, '5']", "true");
        assertValue("!Equals [true, 'true']", "true");
        assertValue("!Equals [a, A]", "false");
        assertValue("!Not [!Equals [a, b]]", "true");
        assertValue("!And [!Equals [a, a], !Condition IsDev]", "true");
        assertValue("!Or [!Equals [a, b], !Condition IsProd]", "false");
    }

    /** "Fn::Base64", "Fn::Cidr" and "Fn::GetAZs". */
    @Test void base64_cidr_and_zones() {
        assertValue("!Base64 hello", "\"aGVsbG8=\"");
        assertValue("{'Fn::Base64': !Sub 'x${Stage}'}", "\"eGRldg==\"");
        assertValue("!Cidr [192.168.0.0/24, 3, 5]", "[\"192.168.0.0/27\",\"192.168.0.32/27\",\"192.168.0.64/27\"]");
        assertValue("!Select [1, !Cidr [10.0.0.0/16, 2]]", "\"10.0.1.0/24\"");
        assertValue("!GetAZs eu-west-1", "[\"eu-west-1a\",\"eu-west-1b\",\"eu-west-1c\"]");
        assertValue("!GetAZs {Ref: AWS::Region}",
                "[\"us-east-1a\",\"us-east-1b\",\"us-east-1c\",\"us-east-1d\",\"us-east-1e\",\"us-east-1f\"]");
    }

    /** "AWS::Include transform": of a local file here. */
    @Test void transform() throws IOException {
        Files.writeString(FOLDER.resolve("part.yaml"), "a: {'Fn::Sub': '${Stage}'}\n");
        assertValue("!Transform {Name: AWS::Include, Parameters: {Location: part.yaml}}", "{\"a\":\"dev\"}");
        assertValue("{b: 1, 'Fn::Transform': {Name: AWS::Include, Parameters: {Location: part.yaml}}}",
                "{\"b\":1,\"a\":\"dev\"}");
        assertValue("!Transform {Name: Mine}", "{\"Fn::Transform\":{\"Name\":\"Mine\"}}");
    }

    /** "AWS::LanguageExtensions transform". */
    @Test void language_extensions() {
        String extended = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n";
        assertEquals("3", value(extended, "!Length [a, b, c]"));
        assertEquals("3", value(extended, "{'Fn::Length': !Ref Zones}"));
        assertEquals("\"{\\\"a\\\":\\\"dev\\\"}\"", value(extended, "!ToJsonString {a: !Ref Stage}"));
        assertEquals("{\"Xa\":\"a-a\",\"Xb\":\"b-b\"}",
                value(extended, "{'Fn::ForEach::L': [I, [a, b], {'X${I}': !Sub '${I}-${I}'}]}"));
        assertEquals("{\"a\":\"a\",\"b\":\"b\",\"c\":\"c\"}",
                value(extended, "{'Fn::ForEach::L': [I, !Ref Zones, {'${I}': !Ref I}]}"));
        assertEquals("{\"a1\":1}", value(extended, "{'Fn::ForEach::L': [I, ['a.1'], {'&{I}': 1}]}"));
        assertEquals("{\"Fn::Length\":[\"a\"]}", value("", "!Length [a]"), "only with the transform");
    }

    /** "Parameters". */
    @Test void parameters() {
        assertEquals("\"prod\"",
                ServerLocal.Json.write(((Map<?, ?>) intrinsics("", "!Ref Stage", Map.of("Stage", "prod"))
                .resolveAll().plain()).get("Value")));
        assertWrong("Type: String, AllowedValues: [a, b], Default: c", "parameter `P` is `c`, but must be one of a, b");
        assertWrong("Type: String, AllowedPattern: '[a-z]+', Default: X1",
                "parameter `P` is `X1`, but must match [a-z]+");
        assertWrong("Type: Number, Default: x", "parameter `P` is `x`, but must be a number");
        assertWrong("Type: Number, MinValue: 3, Default: 2",
                "parameter `P` is `2`, but must have a value of at least 3");
        assertWrong("Type: String, MaxLength: 3, Default: abcd",
                "parameter `P` is `abcd`, but must have a length of at most 3");
        assertWrong("Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a, x'",
                "parameter `P` is `x`, but must be one of a, b");
    }

    @Test void a_parameter_without_a_value_is_a_warning_with_its_uses() {
        ServerLocal.Intrinsics intrinsics = intrinsics("!Ref Open");
        intrinsics.resolveAll();
        intrinsics.warnOfMissingValues();
        assertEquals("[parameter `Open` has no value; its name is used instead in line 23]",
                problems.warnings().stream().map(ServerLocal.Problem::message).toList().toString());
    }

    private static void assertWrong(String parameter, String message) {
        ServerLocal.Problems found = new ServerLocal.Problems();
        ServerLocal.Intrinsics.of(ServerLocal.Template.parse("t", "Parameters: {P: {" + parameter + "}}"),
                site(Map.of()), found);
        assertEquals(message, assertThrows(ServerLocal.Fault.class, found::throwIfAny).getMessage());
    }

    @Test void unknown_values_keep_their_long_form() {
        assertValue("!ImportValue x", "{\"Fn::ImportValue\":\"x\"}");
        assertValue("!ImportValue {'Fn::Sub': '${Stage}-x'}", "{\"Fn::ImportValue\":\"dev-x\"}");
    }

    @Test void a_dangling_reference_is_reported_with_a_suggestion() {
        assertDangling("[Tabel, Table]", "Value: !Ref Tabel");
        assertDangling("[Table1, Table]", "Value: !GetAtt Table1.Arn");
        assertDangling("[Tabl, Table]", "Value: !Sub '${Own} ${!Own} ${Stage} ${Tabl.Arn}', Own: !Ref Stage",
                "Value: !Sub ['${Own} ${Tabl}', {Own: x}]");
        assertDangling("[AWS::Regoin, AWS::Region]", "Value: !Ref AWS::Regoin");
        assertDangling("[Stag, Stage]", "Value: !If [Live, !Ref Stag, x]");
        assertDangling("[Liv, Live]", "Value: !If [Liv, a, b]", "Condition: Liv, Value: x");
    }

    @Test void resources_that_sam_generates_can_be_referenced() {
        assertDangling("", "Value: [!Ref ServerlessRestApi, !GetAtt FnRole.Arn, !Ref FnAliasLive, !Ref Fn.Version]",
                "Value: [!Ref AWS::NoValue, !Ref AWS::Region, !GetAtt Fn.Arn, !Ref FnHelloPermissionProd]");
    }

    /** The same output each time. */
    private void assertDangling(String expected, String... outputs) {
        for (String output : outputs) {
            ServerLocal.Problems found = new ServerLocal.Problems();
            ServerLocal.Intrinsics.of(ServerLocal.Template.parse("t", """
                    Parameters: {Stage: {Type: String}, Own: {Type: String}}
                    Conditions: {Live: !Equals [a, b]}
                    Resources:
                      Table: {Type: AWS::DynamoDB::Table}
                      Fn: {Type: AWS::Serverless::Function, Properties: {Events: {Hello: {Type: Api}}}}
                    Outputs: {O: {%s}}
                    """.formatted(output)), site(Map.of()), found).noteDangling();
            assertEquals(expected, found.refusals().stream().map(problem -> "[" + problem.message()
                    .replaceAll("^no (resource or parameter|condition) named `|`$", "") + ", " + problem.hint()
                    .replaceAll("did you mean `|`\\?", "") + "]").reduce("", String::concat), output);
        }
    }

    private void assertValue(String expression, String json) {
        assertEquals(json, value("", expression), expression);
    }

    private String value(String before, String expression) {
        return ServerLocal.Json.write(((Map<?, ?>) intrinsics(before, expression, Map.of()).resolveAll().plain())
                .get("Value"));
    }

    private ServerLocal.Intrinsics intrinsics(String expression) {
        return intrinsics("", expression, Map.of());
    }

    private ServerLocal.Intrinsics intrinsics(String before, String expression, Map<String, String> overrides) {
        ServerLocal.Template template = ServerLocal.Template.parse("t.yaml", before + CONTEXT + "Value: " + expression
                + "\n");
        return ServerLocal.Intrinsics.of(template, site(overrides), problems);
    }

    private static ServerLocal.Site site(Map<String, String> overrides) {
        return ServerLocal.Site.ofRoot(FOLDER.resolve("t.yaml"), overrides);
    }
}
