import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes without a function; a test server is behind the HTTP integrations. */
class IntegrationsTest {
    private static final String TEMPLATE = """
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Properties: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}
              Rest:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: dev
                  Variables: {color: red}
                  DefinitionBody:
                    openapi: 3.0.1
                    paths:
                      /mock:
                        options:
                          x-amazon-apigateway-integration:
                            type: mock
                            requestTemplates: {application/json: '{"statusCode": 200}'}
                            responses:
                              default:
                                statusCode: '204'
                                responseParameters:
                                  method.response.header.Access-Control-Allow-Origin: "'https://a.example'"
                                  method.response.header.Access-Control-Allow-Methods: "'GET,PUT'"
                                responseTemplates: {application/json: ''}
                        get:
                          x-amazon-apigateway-integration:
                            type: MOCK
                            requestTemplates: {application/json: "{statusCode: $input.params('status')}"}
                            responses:
                              '4\\d\\d': {statusCode: '404', responseTemplates: {text/plain: "no $stageVariables.color"}}
                              '302': {statusCode: '200', responseParameters: {method.response.header.X-Lines: "'a\\nb'"}}
                              default: {statusCode: '200', responseTemplates: {application/json:
                                '{"stage": "$context.stage", "ip": "$context.identity.sourceIp", "q": "$input.params(''q'')"}'}}
                        post:
                          x-amazon-apigateway-integration:
                            type: mock
                            requestTemplates: {application/json: '#set($x = 1){"statusCode": 200}'}
                      /to/{proxy+}:
                        x-amazon-apigateway-any-method:
                          x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: 'http://127.0.0.1:%1$d/at/{proxy}',
                            requestParameters: {integration.request.path.proxy: method.request.path.proxy,
                              integration.request.header.X-Stage: context.stage}}
                      /plain:
                        get:
                          x-amazon-apigateway-integration: {type: http, httpMethod: POST, uri: 'http://127.0.0.1:%1$d/plain',
                            requestParameters: {integration.request.querystring.page: method.request.querystring.p},
                            responses: {'418': {statusCode: '402', responseParameters: {method.response.header.X-Was:
                              integration.response.header.X-Kind}}, default: {statusCode: '200'}}}
                      /late:
                        get:
                          x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, timeoutInMillis: 100,
                            uri: 'http://127.0.0.1:%1$d/slow'}
                      /nobody:
                        get:
                          x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:1/x'}
                      /braces:
                        get:
                          x-amazon-apigateway-integration:
                            type: mock
                            requestTemplates: {application/json: '{"statusCode": 200}'}
                            responses: {default: {statusCode: '200', responseTemplates: {application/json:
                              '{"a":$input.json("$.a"),"b":{"c":"${context.stage}","d":$context.requestTimeEpoch}}'},
                              responseParameters: {method.response.header.X-None: integration.response.header.Nothing}}}
                      /elsewhere:
                        get:
                          x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST,
                            uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Other/invocations'}
                      /aws:
                        get:
                          x-amazon-apigateway-integration: {type: aws, httpMethod: POST,
                            uri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue'}
              Http:
                Type: AWS::ApiGatewayV2::Api
                Properties: {Name: h, ProtocolType: HTTP}
              There: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http, IntegrationType: HTTP_PROXY,
                IntegrationMethod: PUT, PayloadFormatVersion: '1.0', IntegrationUri: 'http://127.0.0.1:%1$d/http/{id}',
                RequestParameters: {'overwrite:header.X-Stage': $context.stage, 'append:querystring.more': '1'}}}
              Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: 'GET /http/{id}',
                Target: !Join [/, [integrations, !Ref There]]}}
              Queue: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http, IntegrationType: AWS_PROXY,
                IntegrationSubtype: SQS-SendMessage, PayloadFormatVersion: '1.0'}}
              Send: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: 'POST /queue',
                Target: !Sub 'integrations/${Queue}'}}
              Machine:
                Type: AWS::Serverless::StateMachine
                Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}, Events: {Start: {Type: Api,
                  Properties: {Path: /start, Method: post, RestApiId: !Ref Plain}}, Daily: {Type: Schedule}}}
              Plain: {Type: AWS::Serverless::Api, Properties: {StageName: plain}}
            """;
    private static HttpServer behind;
    private static TestProject project;

    @BeforeAll static void start() throws IOException {
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/slow")) pause();
            String seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().entrySet().stream().filter(each -> each.getKey().startsWith("X-"))
                    .map(each -> each.getKey() + each.getValue()).sorted().collect(Collectors.joining(" ")) + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = seen.strip().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Kind", "teapot");
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(418, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        behind.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
        behind.start();
        project = TestProject.of("template.yaml", TEMPLATE.formatted(behind.getAddress().getPort()), "src/App.java",
                TestProject.handler("App", "1")).start();
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterAll static void stop() {
        project.close();
        behind.stop(0);
    }

    @Test void a_mock_responds_with_its_templates() {
        assertEquals("200 {\"stage\": \"dev\", \"ip\": \"127.0.0.1\", \"q\": \"x y\"}",
                shown(project.get("/mock?status=200&q=x+y")));
        HttpResponse<String> none = project.get("/mock?status=404");
        assertEquals("404 no red", shown(none));
        assertEquals(List.of("text/plain"), none.headers().allValues("content-type"));
        assertEquals("500 {\"message\":\"Internal server error\"}", shown(project.get("/mock")));
    }

    @Test void a_mapped_header_that_cannot_be_sent_is_a_bad_gateway() {
        HttpResponse<String> response = project.get("/mock?status=302");
        assertEquals(502, response.statusCode());
        assertTrue(response.body().contains("X-Lines"), response.body());
        assertEquals(List.of(), response.headers().allValues("x-lines"));
    }

    @Test void a_preflight_request_may_be_answered_by_a_mock() {
        HttpResponse<String> response = project.send("OPTIONS", "/mock", null, "Origin", "https://a.example",
                "Access-Control-Request-Method", "PUT");
        assertEquals("204 ", shown(response));
        assertEquals(List.of("https://a.example"), response.headers().allValues("access-control-allow-origin"));
        assertEquals(List.of("GET,PUT"), response.headers().allValues("access-control-allow-methods"));
    }

    @Test void a_proxy_forwards_request_and_response() {
        HttpResponse<String> response = project.send("PATCH", "/to/a/b%20c?x=1&x=2", "body", "X-One", "1");
        assertEquals("418 PATCH /at/a/b%20c?x=1&x=2 X-one[1] X-stage[dev] body", shown(response));
        assertEquals(List.of("teapot"), response.headers().allValues("x-kind"));
        assertEquals("418 PUT /http/7?q=1&more=1 X-one[1] X-stage[$default]", shown(project.get("/http/7?q=1", "X-One", "1")));
    }

    @Test void non_proxy_integrations_map_requests_and_responses() {
        HttpResponse<String> response = project.get("/plain?p=3&q=4", "X-One", "1");
        assertEquals("402 POST /plain?page=3", shown(response));
        assertEquals(List.of("teapot"), response.headers().allValues("x-was"));
    }

    @Test void a_brace_after_a_reference_is_literal() {
        HttpResponse<String> response = project.send("GET", "/braces", "{\"a\": {\"n\": 1}}");
        assertTrue(shown(response).matches("200 \\{\"a\":\\{\"n\":1},\"b\":\\{\"c\":\"dev\",\"d\":\\d{13}}}"),
                response.body());
        assertEquals(List.of(), response.headers().allValues("x-none"), "mapped from a missing value");
    }

    @Test void a_function_of_another_template_is_reported() {
        assertEquals("502 {\"message\":\"No function defined for resource method\"}", shown(project.get("/elsewhere")));
        assertTrue(project.console().contains("GET /elsewhere responds with 502: its function is not in this template"),
                project.console());
    }

    @Test void slow_and_unreachable_servers_are_reported() {
        assertEquals("504 {\"message\":\"Endpoint request timed out\"}", shown(project.get("/late")));
        assertEquals("504 {\"message\":\"Network error communicating with endpoint\"}", shown(project.get("/nobody")));
        assertTrue(project.console().contains("http://127.0.0.1:1/x: "), project.console());
    }

    @Test void unsupported_operations_are_rejected_with_their_name() {
        assertEquals("501 {\"message\":\"GET /aws is not supported: AWS integration of sqs with mapping templates\"}",
                shown(project.get("/aws")));
        assertEquals("501 {\"message\":\"POST /mock is not supported: mapping template with `#set`\"}",
                shown(project.send("POST", "/mock", null)));
        assertEquals("501 {\"message\":\"POST /start is not supported: integration of Step Functions\"}",
                shown(project.send("POST", "/start", null)));
        assertEquals("501 {\"message\":\"POST /queue is not supported: integration of SQS-SendMessage\"}",
                shown(project.send("POST", "/queue", null)));
        assertTrue(project.console().contains("GET /aws responds with 501: its AWS integration of sqs"), project.console());
    }

    private static String shown(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }
}
