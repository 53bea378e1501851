import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

    private static final String MODULE_POM = "<project><modelVersion>4.0.0</modelVersion><groupId>t</groupId>"
            + "<artifactId>orders</artifactId><version>1</version></project>";
    private static final String MANIFEST = """
            {"version": "36.0.0", "artifacts": {
              "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
              "Stack.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Stack.assets.json"}},
              %s}}
            """;

    private static String stack(String id) {
        return "\"" + id + "\": {\"type\": \"aws:cloudformation:stack\", \"properties\": {\"templateFile\": \"" + id
                + ".template.json\"}}";
    }

    /** AWS CDK, {@code cloud-assembly-schema}: {@code manifest.json} names the templates, also those of stages. */
    @Test void the_template_of_a_cdk_app_is_found() {
        String resources = "{\"Resources\": {%s}}";
        String function = "\"F\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Runtime\": \"%s\"}}";
        try (TestProject project = TestProject.of("cdk.json", "{\"app\": \"mvn compile exec:java\"}")) {
            ServerLocal.CdkOutput app = new ServerLocal.CdkOutput(project.folder());
            String unmade = assertThrows(ServerLocal.Fault.class, app::template).problems().get(0).toString();
            assertTrue(unmade.contains("cdk synth"), unmade);
            project.write("cdk.out/manifest.json", MANIFEST.formatted(stack("One") + ", " + stack("Two")));
            project.write("cdk.out/One.template.json", resources.formatted(""));
            project.write("cdk.out/Two.template.json", resources.formatted(function.formatted("java17")));
            assertEquals(project.path("cdk.out/Two.template.json"), app.template());
            project.write("cdk.out/One.template.json", resources.formatted(function.formatted("java21")));
            String several = assertThrows(ServerLocal.Fault.class, app::template).problems().get(0).toString();
            assertTrue(several.contains("`-t " + project.path("cdk.out/One.template.json") + "`, `-t "), several);
            project.write("cdk.json", "{\"output\": \"dist\"}");
            project.write("dist/manifest.json", MANIFEST.formatted("\"assembly-Prod\": {\"type\": \"cdk:cloud-assembly\","
                    + " \"properties\": {\"directoryName\": \"assembly-Prod\"}}"));
            project.write("dist/assembly-Prod/manifest.json", MANIFEST.formatted(stack("ProdApi")));
            project.write("dist/assembly-Prod/ProdApi.template.json", resources.formatted(""));
            assertEquals(project.path("dist/assembly-Prod/ProdApi.template.json"), app.template());
        }
    }

    /** What {@code cdk synth} copies to its output is served from the module that it was built from. */
    @Test void an_asset_of_the_cdk_is_served_from_its_sources() {
        String api = """
                  Url:
                    Type: AWS::Lambda::Url
                    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Orders9270CBC0.Arn}
                """;
        String orders = "software/orders/src/main/java/App.java";
        try (TestProject project = TestProject.of("infra/cdk.json", "{}", ".git/config", "", "software/orders/pom.xml",
                MODULE_POM, "infra/cdk.out/asset.456/java/lib/x.txt", "", "infra/cdk.out/asset.123/App.class", "",
                orders, TestProject.handler("App", "\"source\""),
                "infra/cdk.out/Stack.template.json", CDK.formatted("Stack/Orders", "") + api)) {
            project.start(project.path("infra/cdk.out/Stack.template.json").toString());
            assertTrue(project.console().contains(project.path("software/orders").toString()), project.console());
            String call = "/2015-03-31/functions/Orders/invocations";
            assertTrue(project.send("POST", call, "{}").body().contains("source"));
            project.write(orders, TestProject.handler("App", "\"edited\""));
            assertTrue(project.send("POST", call, "{}").body().contains("edited"));
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
