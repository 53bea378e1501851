import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The names by which functions are found, after SAM CLI's {@code sam_function_provider.py} (a full path first, then the
 * first in alphabetical order), {@code resource_metadata_normalizer.py} (names in CDK templates) and {@code
 * local_lambda.py} (names in files of variables).
 */
class FunctionNamesTest {
    private static final String STACKS = Stream.of("Zoo", "ant", "Bee").map(id -> "  " + id
            + ": {Type: AWS::Serverless::Application, Properties: {Location: " + id + ".yaml}}\n")
            .collect(Collectors.joining());
    private static final String AMBIGUOUS =
            "several functions are named `F` (ant/F, Bee/F, Zoo/F): ant/F is used";

    private static String function(String id, String more) {
        return "  " + id + ": {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', Runtime: java17,"
                + " CodeUri: src" + more + "}}\n";
    }

    private static TestProject nested(String root) {
        return TestProject.of("template.yaml", "Resources:\n" + STACKS + root,
                "Zoo.yaml", "Resources:\n" + function("F", ""), "ant.yaml", "Resources:\n" + function("F", ""),
                "Bee.yaml", "Resources:\n" + function("F", ""),
                "src/App.java", TestProject.handler("App", "context.getInvokedFunctionArn()"));
    }

    private static void assertInvoked(String id, TestProject project, String name, boolean isAmbiguous) {
        TestProject.Ran ran = TestProject.cli("invoke", name, "-t", project.path("template.yaml").toString());
        assertTrue(ran.out().contains(":function:" + id + "\""), name + ": " + ran.out() + ran.err());
        assertEquals(isAmbiguous, ran.err().contains("warning: several functions are named `" + name + "` (ant/F, Bee/F,"
                + " Zoo/F): ant/F is used\n"), ran.err());
    }

    @Test void an_ambiguous_name_means_the_full_path_or_the_first_in_alphabetical_order() {
        try (TestProject project = nested("")) {
            assertInvoked("ant/F", project, "F", true);
            assertInvoked("Zoo/F", project, "Zoo/F", false);
            assertInvoked("Bee/F", project, "Bee/F", false);
        }
        try (TestProject project = nested(function("F", ""))) {
            assertInvoked("F", project, "F", false);
        }
    }

    @Test void the_lambda_api_reports_ambiguous_names() {
        String api = """
                  Http: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionBody: {openapi: 3.0.1, paths: {
                    /literal: {get: {x-amazon-apigateway-integration: {type: aws_proxy, payloadFormatVersion: '2.0',
                    uri: 'arn:aws:lambda:us-east-1:123456789012:function:F'}}}}}}}
                """;
        try (TestProject project = nested(api).start()) {
            assertTrue(project.body("/literal").endsWith(":function:ant/F"));
            assertTrue(project.console().contains(AMBIGUOUS), project.console());
            String path = "/2015-03-31/functions/%s/invocations";
            assertTrue(project.send("POST", path.formatted("F"), "{}").body().contains(":function:ant/F\""));
            assertEquals(2, project.console().split("several functions", -1).length - 1, project.console());
            assertTrue(project.send("POST", path.formatted("Bee%2FF"), "{}").body().contains(":function:Bee/F\""));
            assertEquals(2, project.console().split("several functions", -1).length - 1, project.console());
        }
    }

    private static final String CDK = """
            Parameters: {BootstrapVersion: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk/version}}
            Resources:
              Orders9270CBC0:
                Type: AWS::Lambda::Function
                Properties:
                  Code: {S3Bucket: !Sub 'cdk-assets-${AWS::AccountId}', S3Key: 123.zip}
                  Handler: App::handle
                  Runtime: java17
                  Layers: [!Ref Shared0A]
                  Environment: {Variables: {WHO: template}}
                Metadata: {'aws:cdk:path': %s, 'aws:asset:path': asset.123, 'aws:asset:property': Code%s}
              Shared0A:
                Type: AWS::Lambda::LayerVersion
                Properties: {Content: {S3Bucket: b, S3Key: k.zip}}
                Metadata: {'aws:asset:path': asset.456, 'aws:asset:property': Content}
            """;

    private static TestProject cdk(String path, String more) {
        return TestProject.of("cdk.out/Stack.template.json", CDK.formatted(path, more), "cdk.out/asset.456/java/lib/x.txt",
                "", "cdk.out/asset.123/App.java", TestProject.handler("App", "System.getenv(\"WHO\")"));
    }

    @Test void a_function_of_the_cdk_has_its_local_code_and_the_name_of_its_construct() {
        for (String[] each : new String[][] {{"Stack/Orders/Resource", "", "Orders"}, {"Stack/Orders", "", "Orders"},
            {"Stack/Deep/Orders/Resource", "", "Orders9270CBC0"}, {"Orders", "", "Orders9270CBC0"},
            {"Stack/Orders/Resource", ", SamResourceId: Mine", "Mine"}}) {
            try (TestProject project = cdk(each[0], each[1])) {
                String template = project.path("cdk.out/Stack.template.json").toString();
                for (String name : List.of(each[2], "Orders9270CBC0")) {
                    project.write("vars.json", "{\"" + name + "\": {\"WHO\": \"file\"}}");
                    TestProject.Ran ran = TestProject.cli("invoke", name, "-t", template, "-n",
                            project.path("vars.json").toString());
                    assertTrue(ran.out().contains("\"body\":\"file\""), ran.out() + ran.err());
                }
                boolean isOther = !each[2].equals("Orders");
                assertEquals(isOther ? 1 : 0, TestProject.cli("invoke", "Orders", "-t", template).status(), each[0]);
            }
        }
    }

    /** SAM Developer Guide, "Container image build with CDK": {@code aws:asset:dockerfile-path} beside the context. */
    @Test void an_image_of_the_cdk_has_its_local_context() {
        try (TestProject project = TestProject.of("template.json", """
                Resources:
                  Fn:
                    Type: AWS::Lambda::Function
                    Properties: {PackageType: Image, Code: {ImageUri: !Sub '${AWS::AccountId}.dkr.ecr/x:1'}}
                    Metadata: {'aws:asset:path': asset.1, 'aws:asset:property': Code.ImageUri,
                        'aws:asset:dockerfile-path': Dockerfile.jvm}
                """, "asset.1/Dockerfile.jvm", "FROM public.ecr.aws/lambda/java:17\nCMD [\"App::handle\"]\n",
                "asset.1/App.java", TestProject.handler("App", "1"))) {
            TestProject.Ran ran = TestProject.cli("invoke", "-t", project.path("template.json").toString());
            assertTrue(ran.out().contains("\"body\":\"1\""), ran.out() + ran.err());
        }
    }
}
