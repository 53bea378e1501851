import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/**
 * A template without SAM, in which each resource of Lambda and API Gateway has the properties that the CloudFormation
 * Template Reference gives for its type, in their own forms.
 */
class PlainTypesTest {
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: '2010-09-09'
            Parameters: {Stage: {Type: String, Default: dev}}
            Resources:
              Fn:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: !Sub 'fn-${Stage}'
                  Description: d
                  Handler: App::handle
                  Runtime: java17
                  Code: src
                  Role: !GetAtt Role.Arn
                  Architectures: [arm64]
                  MemorySize: 512
                  Timeout: 10
                  Environment: {Variables: {AA: b, TABLE: !Ref Table}}
                  EphemeralStorage: {Size: 512}
                  VpcConfig: {SecurityGroupIds: [sg-1], SubnetIds: [s-1, s-2], Ipv6AllowedForDualStack: false}
                  Layers: [!Ref Layer]
                  KmsKeyArn: !GetAtt Key.Arn
                  TracingConfig: {Mode: Active}
                  FileSystemConfigs: [{Arn: 'arn:x', LocalMountPath: /mnt/a}]
                  LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO, SystemLogLevel: WARN,
                  LogGroup: !Ref Logs}
                  SnapStart: {ApplyOn: PublishedVersions}
                  ReservedConcurrentExecutions: 5
                  RecursiveLoop: Allow
                  RuntimeManagementConfig: {UpdateRuntimeOn: Auto}
                  CodeSigningConfigArn: arn:x
                  Tags: [{Key: a, Value: b}]
              Layer: {Type: AWS::Lambda::LayerVersion, Properties: {Content: layer, LayerName: l,
                  CompatibleRuntimes: [java17], CompatibleArchitectures: [arm64], LicenseInfo: MIT}}
              LayerP: {Type: AWS::Lambda::LayerVersionPermission, Properties: {Action: lambda:GetLayerVersion,
                  LayerVersionArn: !Ref Layer, Principal: '*'}}
              Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn, Description: v,
                  CodeSha256: x, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}}}
              Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !GetAtt Fn.Arn,
                  FunctionVersion: !GetAtt Version.Version, Name: live,
                  RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: '1', FunctionWeight: 0.5}]}}}
              Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Fn.Arn, Qualifier: live,
                  AuthType: NONE, InvokeMode: BUFFERED, Cors: {AllowOrigins: ['*'], AllowMethods: [GET],
                  AllowHeaders: [a], ExposeHeaders: [b], MaxAge: 5, AllowCredentials: true}}}
              Url2: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: AWS_IAM}}
              Perm: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Fn,
                  Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE, SourceAccount: '1',
                  SourceArn: 'arn:x', EventSourceToken: t, PrincipalOrgID: o}}
              Esm:
                Type: AWS::Lambda::EventSourceMapping
                Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Q.Arn, BatchSize: 10,
                  MaximumBatchingWindowInSeconds: 5, FilterCriteria: {Filters: [{Pattern: '{}'}]},
                  FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: {MaximumConcurrency: 2},
                  Enabled: true, Tags: [{Key: a, Value: b}]}
              Eic: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Fn, Qualifier: $LATEST,
                  MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60,
                  DestinationConfig: {OnFailure: {Destination: !GetAtt Dest.Arn},
                  OnSuccess: {Destination: !GetAtt Dest.Arn}}}}
              Dest: {Type: AWS::Lambda::Function, Properties: {Handler: Guard::handle, Runtime: java17, Role: x,
                  Code: src}}
              Csc: {Type: AWS::Lambda::CodeSigningConfig,
                  Properties: {AllowedPublishers: {SigningProfileVersionArns: [a]}}}
              Table: {Type: AWS::DynamoDB::Table}
              Role: {Type: AWS::IAM::Role}
              Key: {Type: AWS::KMS::Key}
              Q: {Type: AWS::SQS::Queue}
              Logs: {Type: AWS::Logs::LogGroup}
              Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP,
                  CorsConfiguration: {AllowOrigins: ['*']}, Tags: {a: b}, DisableExecuteApiEndpoint: false,
                  IpAddressType: ipv4}}
              HInt: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http,
                  IntegrationType: AWS_PROXY, IntegrationUri: !Ref Alias, PayloadFormatVersion: '2.0',
                  TimeoutInMillis: 1000}}
              HRoute: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: GET /h,
                  Target: !Sub 'integrations/${HInt}', AuthorizationType: CUSTOM, AuthorizerId: !Ref HAuth}}
              HAuth: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref Http, Name: a,
                  AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true,
                  IdentitySource: [$request.header.Who],
                  AuthorizerUri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Dest.Arn}/invocations', AuthorizerResultTtlInSeconds: 10}}
              HStage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Http, StageName: $default,
                  AutoDeploy: true, Tags: {a: b}, StageVariables: {a: b}}}
              Rest: {Type: AWS::ApiGateway::RestApi, Properties: {Name: r, Tags: [{Key: a, Value: b}],
                  EndpointConfiguration: {Types: [REGIONAL]}, BinaryMediaTypes: [image/png],
                  MinimumCompressionSize: 10, Parameters: {basepath: prepend}, Policy: {}}}
              RRes: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest,
                  ParentId: !GetAtt Rest.RootResourceId, PathPart: r}}
              RM: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Rest, ResourceId: !Ref RRes,
                  HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref RAuth,
                  Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST,
                  Uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}
              RAuth: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Rest, Name: b, Type: TOKEN,
                  IdentitySource: method.request.header.Authorization, IdentityValidationExpression: 'a.*',
                  AuthorizerResultTtlInSeconds: 0,
                  AuthorizerUri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Dest.Arn}/invocations'}}
              RDep: {Type: AWS::ApiGateway::Deployment, DependsOn: RM, Properties: {RestApiId: !Ref Rest}}
              RStage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Rest, DeploymentId: !Ref RDep,
                  StageName: !Ref Stage, Variables: {x: y}, Tags: [{Key: a, Value: b}],
                  MethodSettings: [{HttpMethod: '*', ResourcePath: '/*'}]}}
            """;
    private static final String GUARD = """
            import java.util.*;
            public class Guard {
                public Map<String, Object> handle(Map<String, Object> event) {
                    boolean isGood = event.toString().contains("abc");
                    Map<String, Object> statement = Map.of("Action", "execute-api:Invoke",
                            "Effect", isGood ? "Allow" : "Deny", "Resource", "*");
                    Map<String, Object> policy = Map.of("Version", "2012-10-17", "Statement", List.of(statement));
                    return Map.of("isAuthorized", isGood, "principalId", "p", "policyDocument", policy);
                }
            }
            """;
    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn-dev";

    private static TestProject project() {
        return TestProject.of("template.yaml", TEMPLATE, "layer/java/lib/note.txt", "", "src/Guard.java", GUARD,
                "src/App.java", TestProject.handler("App", "context.getInvokedFunctionArn() + \" \" + System.getenv(\"AA\")"
                + " + \" \" + System.getenv(\"TABLE\") + \" \" + System.getenv(\"AWS_LAMBDA_LOG_FORMAT\")"
                + " + \" \" + context.getMemoryLimitInMB()"));
    }

    @Test void init_creates_a_project_without_problems() {
        try (TestProject project = project()) {
            TestProject.Ran ran = TestProject.cli("check", "-t", project.path("template.yaml").toString());
            assertTrue(ran.out().endsWith("\n0 errors, 0 warnings\n"), ran.out());
        }
    }

    @Test void its_functions_are_served_at_all_addresses() {
        try (TestProject project = project().start()) {
            String rest = " b Table JSON 512";
            assertEquals(ARN + rest, project.get("/r", "Authorization", "abc").body());
            assertEquals(403, project.get("/r", "Authorization", "ab").statusCode());
            assertEquals(401, project.get("/r", "Authorization", "x").statusCode());
            assertEquals(ARN + ":live" + rest, project.get("/h", "Who", "abc").body());
            assertEquals(403, project.get("/h", "Who", "x").statusCode());
            assertEquals(ARN + ":live" + rest, viaUrl(project, "Fn"));
            for (String name : new String[] {"fn-dev:live", "Fn:1", ARN}) {
                HttpResponse<String> answer = project.send("POST", "/2015-03-31/functions/" + name + "/invocations", "{}");
                assertTrue(answer.body().contains(rest), answer.body());
            }
        }
    }

    private static String viaUrl(TestProject project, String id) {
        String answer = project.raw("GET /x HTTP/1.1\r\nHost: " + id + ".localhost\r\nConnection: close\r\n\r\n");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** SAM gives the URL of a function with AutoPublishAlias to that alias ({@code sam_resources.py}). */
    @Test void a_function_url_invokes_its_alias() {
        try (TestProject project = project().with("sam.yaml", """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', Runtime: java17,
                      CodeUri: src, AutoPublishAlias: live, FunctionUrlConfig: {AuthType: NONE}}}
                """).start("sam.yaml")) {
            assertTrue(viaUrl(project, "Fn").startsWith(ARN.replace("fn-dev", "Fn:live")), viaUrl(project, "Fn"));
        }
    }
}
