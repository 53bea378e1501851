import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lambda authorizers of REST and HTTP APIs; what they answer is chosen by the token or header. */
class AuthorizerTest {
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
                """, "src/App.java", """
                import java.util.*;
                public class App {
                    public Map<String, Object> handle(Map<String, Object> event) {
                        Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
                        return Map.of("statusCode", 200, "body", String.valueOf(context.get("authorizer")));
                    }
                }
                """, "src/Check.java", """
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
                """).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void a_token_is_needed_and_must_look_right() {
        for (HttpResponse<String> response
                : List.of(project.get("/a/1"), project.get("/a/1", "Authorization", "xyz"))) {
            assertEquals(401, response.statusCode());
            assertEquals("{\"message\":\"Unauthorized\"}", response.body());
            assertEquals(List.of("UnauthorizedException"), response.headers().allValues("x-amzn-errortype"));
        }
        assertEquals(401, project.get("/a/1", "Authorization", "throw").statusCode());
    }

    @Test void what_an_authorizer_says_of_the_caller_is_in_the_event_as_text_and_counts_for_a_while() {
        String body = project.get("/a/1", "Authorization", "ok").body();
        assertTrue(body.matches("\\{.*n=\\d+.*}") && body.contains("principalId=me") && body.contains("type=TOKEN"),
                body);
        assertTrue(body.contains("arn=arn:aws:execute-api:us-east-1:123456789012:1234567890/v1/GET/a/1"), body);
        assertEquals(body, project.get("/a/2", "Authorization", "ok").body(), "asked once");
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

    @Test void a_request_authorizer_sees_the_request_each_time_where_nothing_is_kept() {
        String first = project.get("/whole?q=1", "X-Who", "a").body();
        assertTrue(first.contains("type=REQUEST"), first);
        assertTrue(!first.equals(project.get("/whole?q=1", "X-Who", "a").body()), "asked twice");
    }

    @Test void routes_may_be_open_and_pools_are_not_checked() {
        assertEquals("null", project.body("/open"));
        assertEquals("null", project.body("/pool"));
        assertTrue(project.console().contains("warning: authorizer Pool of Rest is not checked"), project.console());
    }

    @Test void a_key_is_needed_where_the_template_says_so() {
        assertEquals(403, project.get("/key").statusCode());
        assertEquals("null", project.get("/key", "x-api-key", "any").body());
    }

    @Test void an_http_api_takes_simple_answers_and_keeps_their_types() {
        assertEquals(401, project.get("/simple").statusCode());
        HttpResponse<String> foe = project.get("/simple", "X-Who", "foe");
        assertEquals(403, foe.statusCode());
        assertEquals("{\"message\":\"Forbidden\"}", foe.body());
        assertEquals("{lambda={n=7, route=arn:aws:execute-api:us-east-1:123456789012:1234567890/$default/GET/simple}}",
                project.get("/simple", "X-Who", "friend").body().replaceAll("\\{(route=[^,}]*), (n=7)}", "{$2, $1}"));
    }
}
