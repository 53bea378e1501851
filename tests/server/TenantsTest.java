import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Lambda Developer Guide, "Tenant isolation", "Invoking Lambda functions with tenant isolation"; the messages are those of
 * Lambda, as AWS's "Building multi-tenant SaaS applications with AWS Lambda's new tenant isolation mode" and
 * {@code samcli/commands/local/lib/local_lambda.py} of aws-sam-cli have them.
 */
class TenantsTest {
    private static final String MISSING = "The invoked function is enabled with tenancy configuration. Add a valid tenant ID"
            + " in your request and try again.";
    private static final String SUPERFLUOUS = "The invoked function is not enabled with tenancy configuration. Remove the"
            + " tenant ID from your request and try again.";
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Shared: {Type: AWS::Serverless::Function, Properties: {TenancyConfig: {TenantIsolationMode: PER_TENANT},
                LoggingConfig: {LogFormat: JSON}, Events: {
                A: {Type: Api, Properties: {Path: /unmapped, Method: get}}, B: {Type: HttpApi, Properties: {Path: /http, Method: get}}}}}
              Plain: {Type: AWS::Serverless::Function}
              Who: {Type: AWS::Serverless::Function, Properties: {Handler: 'Who::handle'}}
              Mapped:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: x
                  DefinitionBody:
                    openapi: 3.0.1
                    info: {}
                    paths:
                      /header: {get: {x-amazon-apigateway-integration: &there {type: aws_proxy, httpMethod: POST,
                        uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Shared.Arn}/invocations',
                        requestParameters: {integration.request.header.X-Amz-Tenant-Id: method.request.header.x-tenant}}}}
                      /authorized: {get: {security: [{Who: []}], x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST,
                        uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Shared.Arn}/invocations',
                        requestParameters: {integration.request.header.x-amz-tenant-id: context.authorizer.tenant}}}}
                    components: {securitySchemes: {Who: {type: apiKey, name: Authorization, in: header,
                      x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: token,
                      authorizerUri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Who.Arn}/invocations'}}}}
            """;
    private static final String WHO = """
            import java.util.*;
            public class Who {
                public Map<String, Object> handle(Map<String, Object> event) {
                    return Map.of("principalId", "p", "context", Map.of("tenant", event.get("authorizationToken")), "policyDocument",
                            Map.of("Statement", List.of(Map.of("Effect", "Allow", "Action", "execute-api:Invoke", "Resource", "*"))));
                }
            }
            """;
    private static TestProject project;

    @BeforeAll static void start() {
        String counting = TestProject.handler("App", "logged(context) + \" \" + ++count")
                .replaceFirst("\\{", "{ private static int count; static String logged(Context context) {"
                + " context.getLogger().log(\"hello\"); return context.getTenantId(); }");
        project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", counting, "src/Who.java", WHO).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    private static HttpResponse<String> invoke(String function, String... headers) {
        return project.send("POST", "/2015-03-31/functions/" + function + "/invocations", "{}", headers);
    }

    private static String body(HttpResponse<String> response) {
        return response.body().replaceFirst(".*\"body\":\"([^\"]*)\".*", "$1");
    }

    @Test void an_environment_serves_one_tenant() {
        for (String served : new String[] {"red 1", "blue 1", "red 2", "blue 2", "a.b:c/d=e+f-g@h _ 1"}) {
            String tenant = served.substring(0, served.lastIndexOf(' '));
            assertEquals(served, body(invoke("Shared", "X-Amz-Tenant-Id", tenant)));
            assertTrue(project.console().contains("\"tenantId\":\"" + tenant + "\""), "in AWS's JsonLogFormatter: "
                    + project.console());
        }
    }

    @Test void environments_of_recent_tenants_are_kept() {
        for (int i = 0; i <= 20; i++) assertEquals("t" + i + " 1", body(invoke("Shared", "X-Amz-Tenant-Id", "t" + i)));
        assertEquals("t20 2", body(invoke("Shared", "X-Amz-Tenant-Id", "t20")));
        assertEquals("t0 1", body(invoke("Shared", "X-Amz-Tenant-Id", "t0")), "the environment of the first tenant has ended");
    }

    @Test void missing_and_superfluous_tenants_are_rejected() throws IOException {
        assertRejected("InvalidParameterValueException", MISSING, invoke("Shared"));
        assertRejected("InvalidParameterValueException", MISSING, invoke("Shared", "X-Amz-Invocation-Type", "Event"));
        assertRejected("InvalidParameterValueException", SUPERFLUOUS, invoke("Plain", "X-Amz-Tenant-Id", "red"));
        assertEquals("null 1", body(invoke("Plain")));
    }

    /** Lambda API Reference, "Invoke", TenantId. */
    @Test void tenant_ids_are_validated() throws IOException {
        for (String wrong : new String[] {"a*b", "x".repeat(257)}) {
            assertRejected("ValidationException", "1 validation error detected: Value '" + wrong + "' at 'tenantId' failed to"
                    + " satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9._:/=+\\-@ ]{1,256}",
                    invoke("Shared", "X-Amz-Tenant-Id", wrong));
        }
        assertEquals(200, invoke("Shared", "X-Amz-Tenant-Id", "x".repeat(256)).statusCode());
    }

    @Test void a_rest_api_maps_a_part_of_the_request_to_the_tenant() {
        assertEquals("green 1", project.get("/header", "X-Tenant", "green").body());
        assertEquals("green 2", project.get("/authorized", "Authorization", "green").body());
        assertUnmapped(400, MISSING, project.get("/header"));
        assertUnmapped(400, MISSING, project.get("/unmapped", "X-Amz-Tenant-Id", "green"));
    }

    @Test void an_http_api_cannot_send_a_tenant() {
        assertUnmapped(500, "Internal Server Error", project.get("/http", "X-Amz-Tenant-Id", "green"));
        assertTrue(project.console().contains("`GET /http` is rejected: it sends no tenant ID, which `Shared` requires"),
                project.console());
        assertTrue(project.console().contains("only REST APIs can send one"), project.console());
    }

    @Test void the_configuration_names_the_mode() {
        String path = "/2015-03-31/functions/Shared/configuration";
        assertTrue(project.get(path).body().contains("\"TenancyConfig\":{\"TenantIsolationMode\":\"PER_TENANT\"}"));
    }

    @Test void the_tenant_is_an_option() {
        String template = project.path("template.yaml").toString();
        TestProject.Ran ran = TestProject.cli("invoke", "-t", template, "Shared", "--tenant-id", "red");
        assertTrue(ran.out().contains("\"body\":\"red 1\""), ran.out() + ran.err());
        ran = TestProject.cli("invoke", "-t", template, "Shared");
        assertEquals("error: " + MISSING + "\nhelp: set it with `--tenant-id ID`\n", ran.err().replaceAll("\n +", " "));
        assertEquals(1, ran.status());
        ran = TestProject.cli("invoke", "-t", template, "Plain", "--tenant-id", "red");
        assertTrue(ran.err().replaceAll("\n +", " ").startsWith("error: " + SUPERFLUOUS), ran.err());
    }

    private static void assertRejected(String type, String message, HttpResponse<String> response) throws IOException {
        assertEquals(400, response.statusCode());
        assertEquals(type, response.headers().firstValue("x-amzn-ErrorType").orElse(""));
        assertEquals(message, ((Map<?, ?>) ServerLocal.Json.read(response.body())).get("Message"));
        assertTrue(project.console().contains(message.substring(0, 40)), project.console());
    }

    private static void assertUnmapped(int status, String message, HttpResponse<String> response) {
        assertEquals(status, response.statusCode());
        assertEquals("{\"message\":\"" + message + "\"}", response.body());
    }
}
