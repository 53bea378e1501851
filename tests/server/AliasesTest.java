import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * The ARN by which a function is invoked (Lambda Developer Guide, "Using Lambda aliases in ARNs"). SAM lets the events of
 * an API invoke the alias of {@code AutoPublishAlias}.
 */
class AliasesTest {
    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:";
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Aliased: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live,
                Events: {A: {Type: Api, Properties: {Path: /rest, Method: get}},
                  B: {Type: HttpApi, Properties: {Path: /http, Method: get}}}}}
              Plain: {Type: AWS::Serverless::Function, Properties: {
                Events: {A: {Type: Api, Properties: {Path: /plain, Method: get}}}}}
              Written: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionBody: {openapi: 3.0.1, info: {},
                paths: {/written: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Aliased.Arn}:live/invocations'}}}}}}}
            """;

    @Test void the_context_has_the_alias_that_was_invoked() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java",
                TestProject.handler("App", "context.getInvokedFunctionArn()")).start()) {
            assertEquals(ARN + "Aliased:live", project.body("/rest"));
            assertEquals(ARN + "Aliased:live", project.body("/http"));
            assertEquals(ARN + "Aliased:live", project.body("/written"));
            assertEquals(ARN + "Plain", project.body("/plain"));
            assertEquals(ARN + "Aliased", invoked(project, "Aliased"));
            assertEquals(ARN + "Aliased:live", invoked(project, "Aliased:live"));
            assertEquals(ARN + "Aliased:live", invoked(project, "Aliased/invocations?Qualifier=live"));
            assertEquals(ARN + "Plain:$LATEST", invoked(project, "Plain/invocations?Qualifier=$LATEST"));
        }
    }

    private static String invoked(TestProject project, String name) {
        String path = "/2015-03-31/functions/" + name + (name.contains("/") ? "" : "/invocations");
        return project.send("POST", path, "{}").body().replaceFirst("(?s).*\"body\":\"([^\"]*)\".*", "$1");
    }
}
