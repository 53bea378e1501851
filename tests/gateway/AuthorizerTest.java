import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Lambda authorizers of REST and HTTP APIs; the token or header determines their result. */
class AuthorizerTest {
    private static final String APP = """
            import java.util.*;
            public class App {
                public Map<String, Object> handle(Map<String, Object> event) {
                    Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
                    return Map.of("statusCode", 200, "body", String.valueOf(context.get("authorizer")));
                }
            }
            """;
    private static final String CHECK = """
            import java.util.*;
            public class Check {
                static int calls;
                public Map<String, Object> handle(Map<String, Object> event) {
                    Object token = event.getOrDefault("authorizationToken", "whole");
                    if (token.equals("throw")) throw new RuntimeException("Unauthorized");
                    if (token.equals("bad")) return Map.of("x", 1);
                    String effect = token.equals("deny") ? "Deny" : "Allow";
                    String resource = token.equals("no") ? "arn:aws:execute-api:*/POST/*"
                            : "arn:aws:execute-api:*/GET/*";
                    return Map.of("principalId", "me", "policyDocument",
                            Map.of("Version", "2012-10-17", "Statement",
                        List.of(Map.of("Effect", effect, "Action", "execute-api:Invoke", "Resource", resource))),
                        "context", Map.of("n", ++calls, "type", event.get("type"), "arn", event.get("methodArn")));
                }
                public Map<String, Object> simple(Map<String, Object> event) {
                    List<?> identity = (List<?>) event.get("identitySource");
                    return Map.of("isAuthorized", identity.get(0).equals("friend"), "context",
                        Map.of("n", 7, "route", event.get("routeArn")));
                }
            }
            """;
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", """
                Globals: {Function: {CodeUri: src, Runtime: java17}}
                Resources:
                  Rest:
                    Type: AWS::Serverless::Api
                    Properties:
                      StageName: v1
                      Auth:
                        DefaultAuthorizer: Token
                        Authorizers:
                          Token: {FunctionArn: !GetAtt Check.Arn,
                                  Identity: {ValidationExpression: 'ok|no|deny|throw|bad'}}
                          Whole: {FunctionArn: !GetAtt Check.Arn, FunctionPayloadType: REQUEST,
                                  Identity: {Headers: [X-Who], QueryStrings: [q], ReauthorizeEvery: 0}}
                          Pool: {UserPoolArn: 'arn:aws:cognito-idp:us-east-1:1:userpool/x'}
                  Http:
                    Type: AWS::Serverless::HttpApi
                    Properties:
                      Auth:
                        Authorizers:
                          Simple: {FunctionArn: !GetAtt Simple.Arn, AuthorizerPayloadFormatVersion: '2.0',
                                   EnableSimpleResponses: true, Identity: {Headers: [X-Who]}}
                  Check: {Type: AWS::Serverless::Function, Properties: {Handler: 'Check::handle'}}
                  Simple: {Type: AWS::Serverless::Function, Properties: {Handler: 'Check::simple'}}
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App::handle
                      Events:
                        A: {Type: Api, Properties: {Path: '/a/{id}', Method: get, RestApiId: !Ref Rest}}
                        B: {Type: Api, Properties: {Path: /whole, Method: get, RestApiId: !Ref Rest,
                                Auth: {Authorizer: Whole}}}
                        C: {Type: Api, Properties: {Path: /open, Method: get, RestApiId: !Ref Rest,
                                Auth: {Authorizer: NONE}}}
                        D: {Type: Api, Properties: {Path: /pool, Method: get, RestApiId: !Ref Rest,
                                Auth: {Authorizer: Pool}}}
                        E: {Type: Api, Properties: {Path: /key, Method: get, RestApiId: !Ref Rest,
                            Auth: {Authorizer: NONE, ApiKeyRequired: true}}}
                        F: {Type: HttpApi, Properties: {Path: /simple, Method: get, ApiId: !Ref Http,
                                Auth: {Authorizer: Simple}}}
                """, "src/App.java", APP, "src/Check.java", CHECK).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void a_token_is_required_and_must_match_its_pattern() {
        for (HttpResponse<String> response
                : List.of(project.get("/a/1"), project.get("/a/1", "Authorization", "xyz"))) {
            assertEquals(401, response.statusCode());
            assertEquals("{\"message\":\"Unauthorized\"}", response.body());
            assertEquals(List.of("UnauthorizedException"), response.headers().allValues("x-amzn-errortype"));
        }
        assertEquals(401, project.get("/a/1", "Authorization", "throw").statusCode());
    }

    @Test void authorizer_context_is_in_the_event_as_strings_and_cached() {
        String body = project.get("/a/1", "Authorization", "ok").body();
        assertTrue(body.matches("\\{.*n=\\d+.*}") && body.contains("principalId=me") && body.contains("type=TOKEN"),
                body);
        assertTrue(body.contains("arn=arn:aws:execute-api:us-east-1:123456789012:1234567890/v1/GET/a/1"), body);
        assertEquals(body, project.get("/a/2", "Authorization", "ok").body(), "called once");
    }

    @Test void a_policy_decides_and_a_denial_comes_first() {
        HttpResponse<String> none = project.get("/a/1", "Authorization", "no");
        assertEquals(403, none.statusCode());
        assertEquals("{\"Message\":\"User is not authorized to access this resource\"}", none.body());
        assertEquals("{\"Message\":\"User is not authorized to access this resource with an explicit deny\"}",
                project.get("/a/1", "Authorization", "deny").body());
        HttpResponse<String> bad = project.get("/a/1", "Authorization", "bad");
        assertEquals(500, bad.statusCode());
        assertEquals(List.of("AuthorizerConfigurationException"), bad.headers().allValues("x-amzn-errortype"));
    }

    @Test void a_request_authorizer_without_caching_is_called_each_time() {
        String first = project.get("/whole?q=1", "X-Who", "a").body();
        assertTrue(first.contains("type=REQUEST"), first);
        assertTrue(!first.equals(project.get("/whole?q=1", "X-Who", "a").body()), "called twice");
    }

    @Test void routes_may_be_open_and_pools_need_a_token() {
        assertEquals("null", project.body("/open"));
        assertEquals(401, project.get("/pool").statusCode());
        assertTrue(project.console().contains("warning: tokens for Pool of Rest are not verified"),
                project.console());
    }

    @Test void an_api_key_is_required_where_the_template_says_so() {
        assertEquals(403, project.get("/key").statusCode());
        assertEquals("null", project.get("/key", "x-api-key", "any").body());
    }

    @Test void an_http_api_accepts_simple_authorizer_responses_and_keeps_types() {
        assertEquals(401, project.get("/simple").statusCode());
        HttpResponse<String> foe = project.get("/simple", "X-Who", "foe");
        assertEquals(403, foe.statusCode());
        assertEquals("{\"message\":\"Forbidden\"}", foe.body());
        assertEquals("{lambda={n=7, route=arn:aws:execute-api:us-east-1:123456789012:1234567890/$default/GET/simple}}",
                project.get("/simple", "X-Who", "friend").body().replaceAll("\\{(route=[^,}]*), (n=7)}", "{$2, $1}"));
    }

    @Test void an_http_api_takes_authorizers_from_its_document() {
        String template = """
                Globals: {Function: {CodeUri: src, Runtime: java17}}
                Resources:
                  Check: {Type: AWS::Serverless::Function, Properties: {Handler: 'Check::simple'}}
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle'}}
                  Http:
                    Type: AWS::Serverless::HttpApi
                    Properties:
                      DefinitionBody:
                        openapi: 3.0.1
                        components:
                          securitySchemes:
                            check:
                              type: apiKey
                              in: header
                              name: x-who
                              x-amazon-apigateway-authorizer:
                                type: request
                                identitySource: $request.header.X-Who
                                authorizerUri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Check.Arn}/invocations"
                                authorizerPayloadFormatVersion: '2.0'
                                enableSimpleResponses: true
                        paths:
                          /open: {get: %1$s}}
                          /checked: {get: %1$s, security: [{check: []}]}}
                """.formatted("{x-amazon-apigateway-integration: {type: aws_proxy, payloadFormatVersion: '2.0', uri: "
                + "!GetAtt Fn.Arn}");
        try (TestProject http = TestProject.of("template.yaml", template, "src/App.java", APP, "src/Check.java", CHECK)
                .start()) {
            assertEquals("null", http.body("/open"));
            assertEquals(401, http.get("/checked").statusCode());
            assertEquals(403, http.get("/checked", "X-Who", "foe").statusCode());
            assertEquals(200, http.get("/checked", "X-Who", "friend").statusCode());
        }
    }

    @Test void plain_methods_and_routes_name_theirs() {
        String uri = "!Sub 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${%s.Arn}/invocations'";
        String template = """
                Resources:
                  Check: {Type: AWS::Serverless::Function, Properties: {Handler: 'Check::handle', CodeUri: src, Runtime: java17}}
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17}}
                  Rest: {Type: AWS::ApiGateway::RestApi, Properties: {Name: r}}
                  Token: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Rest, Type: TOKEN, Name: t,
                    IdentitySource: method.request.header.X-Token, AuthorizerUri: %s}}
                  Sub: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest, PathPart: rest,
                    ParentId: !GetAtt Rest.RootResourceId}}
                  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Rest, ResourceId: !Ref Sub,
                    HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Token, ApiKeyRequired: true,
                    Integration: {Type: AWS_PROXY, Uri: %s}}}
                  Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Rest, ResourceId: !Ref Sub,
                    HttpMethod: PUT, AuthorizationType: AWS_IAM, Integration: {Type: AWS_PROXY, Uri: %s}}}
                """.formatted(uri.formatted("Check"), uri.formatted("Fn"), uri.formatted("Fn"));
        String app = APP.replace("context.get(\"authorizer\")", "((Map<?, ?>) context.get(\"identity\")).get(\"apiKey\")"
                + " + \" \" + ((Map<?, ?>) context.get(\"identity\")).get(\"accessKey\")");
        try (TestProject rest = TestProject.of("template.yaml", template, "src/App.java", app, "src/Check.java", CHECK)
                .withKeys(List.of(), List.of("k1", "k2")).start()) {
            assertEquals(401, rest.get("/rest", "x-api-key", "k1").statusCode());
            assertEquals(403, rest.get("/rest", "X-Token", "ok").statusCode());
            assertEquals(403, rest.get("/rest", "X-Token", "ok", "x-api-key", "k3").statusCode());
            assertEquals("k2 null", rest.get("/rest", "X-Token", "ok", "x-api-key", "k2").body());
            assertEquals("null AKIAEXAMPLE", rest.send("PUT", "/rest", null, "Authorization", "AWS4-HMAC-SHA256 "
                    + "Credential=AKIAEXAMPLE/20261124/us-east-1/execute-api/aws4_request, SignedHeaders=host, "
                    + "Signature=00").body());
            assertEquals("null null", rest.send("PUT", "/rest", null).body());
            assertTrue(rest.console().contains("IAM not checked, not signed"), rest.console());
        }
    }

    @Test void an_sdk_signs_a_request_to_a_function_url() throws Exception {
        String template = """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17,
                    FunctionUrlConfig: {AuthType: AWS_IAM}}}
                """;
        try (TestProject url = TestProject.of("template.yaml", template, "src/App.java", APP).start()) {
            SdkHttpRequest request = SdkHttpRequest.builder().method(SdkHttpMethod.POST)
                    .uri(URI.create("http://127.0.0.1:" + url.port() + "/a")).putHeader("X-Tag", "1").build();
            SdkHttpRequest signed = AwsV4HttpSigner.create().sign(sign -> sign.request(request)
                    .identity(AwsCredentialsIdentity.create("AKIAEXAMPLE", "secret"))
                    .payload(ContentStreamProvider.fromUtf8String("body"))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lambda")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")).request();
            String[] headers = signed.headers().entrySet().stream().filter(each -> !each.getKey().equals("Host"))
                    .flatMap(each -> Stream.of(each.getKey(), each.getValue().get(0))).toArray(String[]::new);
            String caller = url.send("POST", "/a", "body", headers).body();
            assertTrue(caller.startsWith("{iam={accessKey=AKIAEXAMPLE, accountId=123456789012, callerId="), caller);
        }
    }

    @Test void an_invalid_authorizer_is_reported_at_startup() {
        assertRejected("authorizer A has a type that REST APIs do not have: `notvalid`", "Api",
                "{FunctionArn: !GetAtt Fn.Arn, FunctionPayloadType: notvalid}", "A");
        assertRejected("`AuthorizerPayloadFormatVersion` of authorizer A must be 1.0 or 2.0, not `3.0`", "HttpApi",
                "{FunctionArn: !GetAtt Fn.Arn, AuthorizerPayloadFormatVersion: '3.0'}", "A");
        assertRejected("authorizer A cannot have `EnableSimpleResponses` with payload format version 1.0", "HttpApi",
                "{FunctionArn: !GetAtt Fn.Arn, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true}", "A");
        assertRejected("`ValidationExpression` of authorizer A is not a valid regular expression: Unclosed group", "Api",
                "{FunctionArn: !GetAtt Fn.Arn, Identity: {ValidationExpression: '('}}", "A");
        assertRejected("`a.b.c.d.e` is not an identity source", "HttpApi",
                "{JwtConfiguration: {issuer: i, audience: [a]}, IdentitySource: a.b.c.d.e}", "A");
        assertRejected("authorizer `B` is not defined", "Api", "{FunctionArn: !GetAtt Fn.Arn}", "B");
    }

    private static void assertRejected(String message, String type, String authorizer, String name) {
        String template = """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: a, CodeUri: src, Runtime: java17,
                    Events: {E: {Type: %s, Properties: {Path: /x, Method: get, %s: !Ref Mine}}}}}
                  Mine: {Type: AWS::Serverless::%s, Properties: {StageName: s, Auth: {DefaultAuthorizer: %s,
                    Authorizers: {A: %s}}}}
                """.formatted(type, type.equals("Api") ? "RestApiId" : "ApiId", type, name, authorizer);
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java", "")) {
            String reported = assertThrows(ServerLocal.Fault.class, () ->
                    ServerLocal.Project.read(project.path("template.yaml"), Map.of())).getMessage();
            assertTrue(reported.contains(message), reported);
        }
    }
}
