import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Request validation, and customized gateway responses. */
class ValidationTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Sam:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: dev
                  Models:
                    Name: {type: string, minLength: 2}
                    User: {type: object, required: [name], properties: {name: {$ref: '#/definitions/Name'},
                      age: {type: integer, minimum: 0, exclusiveMinimum: true}}}
                  GatewayResponses:
                    DEFAULT_4XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'*'",
                      X-Path: method.request.header.X-Me}}}
                    BAD_REQUEST_BODY:
                      StatusCode: '422'
                      ResponseTemplates: {application/problem+json:
                        '{"title": $context.error.messageString, "type": "$context.error.responseType"}'}
                    DEFAULT_5XX: {ResponseParameters: {Headers: {X-Five: "'5'",
                      X-Q: method.request.querystring.q}}}
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    A: {Type: Api, Properties: {Path: /users, Method: post, RestApiId: !Ref Sam,
                      RequestModel: {Model: User, Required: true, ValidateBody: true, ValidateParameters: true},
                      RequestParameters: [method.request.header.X-Free, {method.request.header.X-Id: {Required: true}},
                        {method.request.querystring.page: {Required: true}}]}}
                    B: {Type: Api, Properties: {Path: /fail, Method: get, RestApiId: !Ref Sam}}
              Doc:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: dev
                  DefinitionBody:
                    swagger: '2.0'
                    x-amazon-apigateway-request-validators:
                      all: {validateRequestBody: true, validateRequestParameters: true}
                      body: {validateRequestBody: true, validateRequestParameters: false}
                    x-amazon-apigateway-request-validator: body
                    definitions: {Pet: {type: object, required: [kind], properties: {kind: {enum: [cat, dog]}}}}
                    paths:
                      /pets:
                        post: &post
                          parameters: [{in: body, name: Pet, required: true, schema: {$ref: '#/definitions/Pet'}},
                            {in: query, name: q, required: true, type: string}]
                          x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub
                            'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}
                      /checked:
                        post:
                          <<: *post
                          x-amazon-apigateway-request-validator: all
              Plain: {Type: AWS::ApiGateway::RestApi, Properties: {Name: p}}
              Model: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Plain, ContentType: application/json,
                Schema: {type: array, maxItems: 2}}}
              Validator: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Plain,
                ValidateRequestBody: true, ValidateRequestParameters: true}}
              Sub: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Plain, PathPart: plain,
                ParentId: !GetAtt Plain.RootResourceId}}
              Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Plain, ResourceId: !Ref Sub,
                HttpMethod: PUT, RequestValidatorId: !Ref Validator, RequestModels: {application/json: !Ref Model},
                RequestParameters: {method.request.querystring.v: true, method.request.header.X-Opt: false},
                Integration: {Type: AWS_PROXY, Uri: !Sub
                  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}
            """;
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", TestProject.handler("App",
                "event.get(\"resource\").equals(\"/fail\") ? Integer.valueOf(\"x\") : event.get(\"body\")")).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void a_sam_event_may_validate_parameters_and_body() {
        assertEquals("400 {\"message\":\"Missing required request parameters: [X-Id, page]\"}", shown(users("{}", "")));
        assertEquals("200 {\"name\": \"Al\"}", shown(users("{\"name\": \"Al\"}", "?page=1", "X-Id", "1")));
        for (String body : List.of("{\"name\": \"A\"}", "{\"name\": \"Al\", \"age\": 0}", "{}", "[]", "no", "")) {
            assertEquals("422 {\"title\": \"Invalid request body\", \"type\": \"BAD_REQUEST_BODY\"}",
                    shown(users(body, "?page=1", "X-Id", "1")), body);
        }
        assertTrue(project.console().contains("/name: "), project.console());
    }

    @Test void a_document_may_validate_parameters_body_or_both() {
        assertEquals("200 {\"kind\":\"cat\"}", shown(project.send("POST", "/pets", "{\"kind\":\"cat\"}")));
        HttpResponse<String> cow = project.send("POST", "/pets", "{\"kind\":\"cow\"}");
        assertEquals("400 {\"message\":\"Invalid request body\"}", shown(cow));
        assertEquals(List.of("BadRequestException"), cow.headers().allValues("x-amzn-errortype"));
        assertEquals("200 cow", shown(project.send("POST", "/pets", "cow", "Content-Type", "text/plain")), "no model");
        assertEquals("400 {\"message\":\"Missing required request parameters: [q]\"}",
                shown(project.send("POST", "/checked", "{\"kind\":\"cat\"}")));
        assertEquals(200, project.send("POST", "/checked?q=1", "{\"kind\":\"cat\"}").statusCode());
    }

    @Test void a_plain_method_may_name_a_validator() {
        assertEquals(200, project.send("PUT", "/plain?v=1", "[1, 2]").statusCode());
        assertEquals("400 {\"message\":\"Invalid request body\"}", shown(project.send("PUT", "/plain?v=1", "[1, 2, 3]")));
        assertEquals("400 {\"message\":\"Missing required request parameters: [v]\"}",
                shown(project.send("PUT", "/plain", "[1, 2]")));
    }

    @Test void gateway_responses_customize_failures() {
        HttpResponse<String> missing = users("{}", "", "X-Me", "me");
        assertEquals(List.of("*"), missing.headers().allValues("access-control-allow-origin"));
        assertEquals(List.of("me"), missing.headers().allValues("x-path"));
        HttpResponse<String> body = users("{}", "?page=1", "X-Id", "1");
        assertEquals(List.of("application/problem+json"), body.headers().allValues("content-type"));
        assertEquals(List.of(), body.headers().allValues("access-control-allow-origin"), "only the more specific one");
        HttpResponse<String> failed = project.get("/fail");
        assertEquals("502 {\"message\":\"Internal server error\"}", shown(failed));
        assertEquals(List.of("5"), failed.headers().allValues("x-five"));
        assertEquals(List.of(), failed.headers().allValues("x-q"), "mapped from a missing value");
        HttpResponse<String> lines = project.get("/fail?q=a%0D%0AX-Evil:%201%C4%8D%C4%8AX-Evil:%202");
        assertEquals(List.of("a  X-Evil: 1\u00c4\u008d\u00c4\u008aX-Evil: 2"), lines.headers().allValues("x-q"));
        assertEquals(List.of(), lines.headers().allValues("x-evil"));
    }

    @Test void unknown_paths_get_the_response_of_the_only_api() {
        String template = TestProject.function("Fn", "App::handle", "src", "/x").replace("Resources:", """
                Globals: {Api: {}}
                Resources:
                  Mine: {Type: AWS::Serverless::Api, Properties: {StageName: s, GatewayResponses: {
                    MISSING_AUTHENTICATION_TOKEN: {StatusCode: 404, ResponseTemplates: {text/plain: nothing here}}}}}""")
                .replace("Method: any", "Method: any, RestApiId: !Ref Mine");
        try (TestProject only = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "1")).start()) {
            assertEquals("404 nothing here", shown(only.get("/y")));
        }
    }

    @Test void impossible_configurations_are_reported_at_startup() {
        assertRejected("`UNAUTHORISED` is not a gateway response type", TEMPLATE.replace("DEFAULT_5XX", "UNAUTHORISED"));
        assertRejected("model `Usr` is not defined", TEMPLATE.replace("Model: User", "Model: Usr"));
        assertRejected("request validator `boddy` is not defined", TEMPLATE.replace("validator: body", "validator: boddy"));
    }

    private static void assertRejected(String message, String template) {
        try (TestProject broken = TestProject.of("template.yaml", template, "src/App.java", "")) {
            String reported = assertThrows(ServerLocal.Fault.class, () ->
                    ServerLocal.Project.read(broken.path("template.yaml"), Map.of())).getMessage();
            assertTrue(reported.contains(message), reported);
        }
    }

    private static HttpResponse<String> users(String body, String query, String... headers) {
        return project.send("POST", "/users" + query, body, headers);
    }

    private static String shown(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }
}
