import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each function: expression to value. The sources are the pages of the CloudFormation User Guide that are named. */
class IntrinsicsTest {
    private static final String CONTEXT = """
            Parameters:
              Stage: {Type: String, Default: dev}
              Code: {Type: String, Default: 010}
              Open: {Type: String}
              Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}
            Resources:
              Fn: {Type: AWS::Serverless::Function}
              Named: {Type: AWS::Serverless::Function, Properties: {FunctionName: orders}}
              Table: {Type: AWS::Serverless::SimpleTable}
            """;

    /** "Ref" and "Pseudo parameters reference". */
    @Test void ref() {
        assertValue("!Ref Stage", "\"dev\"");
        assertValue("{Ref: Stage}", "\"dev\"");
        assertValue("!Ref Code", "\"010\"");
        assertValue("!Ref Open", "\"Open\"");
        assertValue("!Ref Zones", "[\"a\",\"b\",\"c\"]");
        assertValue("!Ref Table", "\"Table\"");
        assertValue("!Ref Named", "\"Named\"");
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

    /** "Fn::GetAtt". */
    @Test void get_att() {
        assertValue("!GetAtt Fn.Arn", "\"arn:aws:lambda:us-east-1:123456789012:function:Fn\"");
        assertValue("!GetAtt [Fn, Arn]", "\"arn:aws:lambda:us-east-1:123456789012:function:Fn\"");
        assertValue("{'Fn::GetAtt': Named.Arn}", "\"arn:aws:lambda:us-east-1:123456789012:function:orders\"");
        assertValue("!GetAtt Api.RootResourceId", "\"/\"");
        assertValue("!GetAtt Table.StreamArn", "{\"Fn::GetAtt\":[\"Table\",\"StreamArn\"]}");
    }

    @Test void what_cannot_be_known_keeps_its_long_form() {
        assertValue("!ImportValue x", "{\"Fn::ImportValue\":\"x\"}");
        assertValue("!ImportValue {'Fn::Sub': '${Stage}-x'}", "{\"Fn::ImportValue\":\"dev-x\"}");
    }

    @Test void a_slip_of_the_pen_is_a_warning() {
        ServerLocal.Intrinsics intrinsics = intrinsics("!Ref Tabel");
        intrinsics.resolveAll();
        assertEquals("[`Tabel` names nothing in this template, did you mean `Table`?]", intrinsics.warnings().stream()
                .map(problem -> problem.message() + ", " + problem.hint()).toList().toString());
    }

    private static void assertValue(String expression, String json) {
        Map<?, ?> resolved = (Map<?, ?>) intrinsics(expression).resolveAll().plain();
        assertEquals(json, ServerLocal.Json.write(resolved.get("Value")), expression);
    }

    private static ServerLocal.Intrinsics intrinsics(String expression) {
        return new ServerLocal.Intrinsics(ServerLocal.Template.parse("t.yaml", CONTEXT + "Value: " + expression
                + "\n"));
    }
}
