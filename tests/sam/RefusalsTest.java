import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * {@code check} reports what SAM's translator rejects, at its place, and nothing else. Sources are the named files of
 * github.com/aws/serverless-application-model.
 */
class RefusalsTest {
    private static final String FUNCTION = "  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle',"
            + " Runtime: java17, CodeUri: src%s}}\n";
    private static final String GUARD = "{FunctionArn: !GetAtt Fn.Arn, Identity: {Headers: [Who]}%s}";
    private static final String URI =
            "uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'";

    private static TestProject project(String resources) {
        return TestProject.of("template.yaml",
                "Transform: AWS::Serverless-2016-10-31\nResources:\n" + resources, "src/App.java",
                TestProject.handler("App", "1"));
    }

    private static String check(String resources) {
        try (TestProject project = project(resources)) {
            String out = TestProject.cli("check", "--no-compile", "--format", "json", "-t",
                    project.path("template.yaml").toString()).out();
            return out.replace(project.path("template.yaml").toString(), "t");
        }
    }

    /** Asserts an error at the place of a text in the template. */
    private static void assertRejected(String at, String message, String resources) {
        assertFinding("error", at, message, resources);
    }

    private static void assertFinding(String severity, String at, String message, String resources) {
        String found = check(resources);
        int start = found.indexOf("\"severity\": \"" + severity + "\",\n      \"function\": null,\n      \"message\": \""
                + message);
        assertTrue(start >= 0, found);
        String[] place = place(at, resources).split(":");
        assertTrue(found.startsWith("\"file\": \"t\",\n      \"line\": " + place[1] + ",\n      \"column\": " + place[2]
                + ",", found.indexOf("\"file\"", start)), found);
    }

    private static String place(String at, String resources) {
        String before = resources.substring(0, resources.lastIndexOf(at));
        return "t:" + (3 + before.chars().filter(each -> each == '\n').count()) + ":"
                + (before.length() - before.lastIndexOf('\n'));
    }

    private static void assertGood(String resources) {
        String found = check(resources);
        assertTrue(found.contains("\"errors\": 0"), found);
    }

    private static String event(String type, String properties) {
        return FUNCTION.formatted(", Events: {E: {Type: " + type + ", Properties: {" + properties + "}}}");
    }

    /** {@code model/__init__.py}, _validate_logical_id; CloudFormation requires it of all logical ids. */
    @Test void logical_ids_consist_of_letters_and_digits() {
        assertRejected("my-topic", "logical id `my-topic` must consist of letters and digits",
                FUNCTION.formatted("") + "  my-topic: {Type: AWS::SNS::Topic}\n");
        assertRejected("a_b", "logical id `a_b` must consist of letters and digits",
                FUNCTION.formatted("") + "Outputs: {a_b: {Value: x}}\n");
        assertRejected("a.b", "logical id `a.b` must consist of letters and digits",
                FUNCTION.formatted("") + "Parameters: {a.b: {Type: String, Default: x}}\n");
        assertGood(FUNCTION.formatted("") + "  Topic1: {Type: AWS::SNS::Topic}\n");
    }

    /** {@code model/sam_resources.py}, _validate_package_type. */
    @Test void a_package_type_requires_its_properties() {
        assertRejected("Fn:", "function `Fn` has no `Runtime`", FUNCTION.formatted("").replace(" Runtime: java17,", ""));
        assertRejected("Fn:", "function `Fn` has no `Handler`",
                FUNCTION.formatted("").replace("Handler: 'App::handle',", ""));
        String image = "  Fn: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}%s}\n";
        assertRejected("Fn:", "function `Fn` has no `ImageUri`", image.formatted(""));
        assertRejected("java17", "function `Fn` is a container image and cannot have `Runtime`",
                image.formatted("").replace("Image}", "Image, ImageUri: x, Runtime: java17}"));
        assertFalse(check(image.formatted(", Metadata: {DockerContext: src, Dockerfile: D}")).contains("ImageUri"));
    }

    /** {@code plugins/api/implicit_api_plugin.py}, _validate_api_event. */
    @Test void paths_and_methods_must_be_strings() {
        for (String type : new String[] {"Api", "HttpApi"}) {
            assertRejected("5, Method", "`Fn`, event `E`: `Path` must be a string", event(type, "Path: 5, Method: get"));
            assertRejected("[/a]", "`Fn`, event `E`: `Path` must be a string",
                    event(type, "Path: [/a], Method: get"));
            assertGood(event(type, "Path: '/5', Method: get"));
        }
        assertRejected("on}", "`Fn`, event `E`: `Method` must be a string", event("Api", "Path: /a, Method: on"));
    }

    /** {@code open_api/open_api.py} and {@code swagger/swagger.py}, is_valid; {@code default_definition_body_plugin.py}. */
    @Test void the_version_of_a_document_is_required() {
        for (String type : new String[] {"Api", "HttpApi"}) {
            String id = type.equals("Api") ? "RestApiId" : "ApiId";
            String api = event(type, "Path: /a, Method: get, " + id + ": !Ref A") + "  A: {Type: AWS::Serverless::" + type
                    + ", Properties: {StageName: x, DefinitionBody: %s}}\n";
            String document = "{paths: {/a: {get: {x-amazon-apigateway-integration: {type: aws_proxy, " + URI + "}}}}%s}";
            assertRejected("{paths", "`DefinitionBody` of API `A` has neither `openapi` nor `swagger`",
                    api.formatted(document.formatted("")));
            assertGood(api.formatted(document.formatted(", openapi: '3.0.1'")));
            assertGood(api.formatted("{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}}"));
        }
    }

    /** An empty map counts as no document (SAM, {@code default_definition_body_plugin.py}): events add their routes. */
    @Test void an_empty_document_takes_events() {
        try (TestProject project = project(event("Api", "Path: /a, Method: get, RestApiId: !Ref A")
                + "  A: {Type: AWS::Serverless::Api, Properties: {StageName: x, DefinitionBody: {}}}\n").start()) {
            assertEquals("1", project.body("/a"));
        }
    }

    /** {@code api_generator.py} and {@code http_api_generator.py}, _add_cors. */
    @Test void credentials_need_named_origins() {
        String rest = event("Api", "Path: /a, Method: get, RestApiId: !Ref A")
                + "  A: {Type: AWS::Serverless::Api, Properties: {StageName: x, Cors: {%sAllowCredentials: %s}}}\n";
        String message = "`AllowCredentials` cannot be true for all origins";
        assertRejected("true", message, rest.formatted("", "true"));
        assertRejected("true", message, rest.formatted("AllowOrigin: \"'*'\", ", "true"));
        assertGood(rest.formatted("AllowOrigin: \"'*'\", ", "false"));
        assertGood(rest.formatted("AllowOrigin: \"'https://a.example'\", ", "true"));
        String http = event("HttpApi", "Path: /a, Method: get, ApiId: !Ref A")
                + "  A: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: %s,"
                + " AllowCredentials: true}}}\n";
        assertRejected("true", message, http.formatted("['*']"));
        assertGood(http.formatted("['https://a.example']"));
    }

    /** {@code model/apigatewayv2.py}, _validate_lambda_authorizer; the version of plain resources is API Gateway's rule. */
    @Test void http_api_authorizers_require_a_payload_version_even_if_unused() {
        String api = FUNCTION.formatted("") + "  A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {Authorizers: {G: "
                + GUARD + "}}}}\n";
        assertRejected("{FunctionArn", "authorizer G has no `AuthorizerPayloadFormatVersion`", api.formatted(""));
        assertRejected("{FunctionArn", "`AuthorizerPayloadFormatVersion` of authorizer G must be 1.0 or 2.0, not `3.0`",
                api.formatted(", AuthorizerPayloadFormatVersion: '3.0'"));
        for (String good : new String[] {"'1.0'", "'2.0'", "2.0"}) {
            assertGood(api.formatted(", AuthorizerPayloadFormatVersion: " + good));
        }
        String plain = FUNCTION.formatted("") + "  A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
                + "  G: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: !Ref A, Name: g, AuthorizerType: REQUEST,"
                + " AuthorizerUri: !Sub '${Fn.Arn}', IdentitySource: [$request.header.Who]%s}}\n";
        assertRejected("{ApiId", "authorizer G has no `AuthorizerPayloadFormatVersion`", plain.formatted(""));
        assertGood(plain.formatted(", AuthorizerPayloadFormatVersion: '2.0'"));
    }

    /** {@code plugins/globals/globals.py}, _parse: sections and their properties are read before any transform. */
    @Test void globals_do_not_support_include() {
        String include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}}";
        assertRejected("Fn::Transform", "`Fn::Transform` is not supported in `Globals`",
                FUNCTION.formatted("") + "Globals: " + include + "\n");
        assertRejected("Fn::Transform", "`Fn::Transform` is not a supported property of `Function` in `Globals`",
                FUNCTION.formatted("") + "Globals: {Function: " + include + "}\n");
    }

    /** {@code open_api/open_api.py}, add_lambda_integration; {@code eventsources/push.py}, _add_swagger_integration. */
    @Test void an_event_fills_an_empty_method_of_a_document() {
        String http = event("HttpApi", "Path: /a, Method: post, ApiId: !Ref A") + "  A: {Type: AWS::Serverless::HttpApi,"
                + " Properties: {DefinitionBody: {openapi: 3.0.1, paths: {%s: {post: , get: {x-amazon-apigateway-integration:"
                + " {type: aws_proxy, " + URI + "}}}}}}}\n";
        try (TestProject project = project(http.formatted("/a")).start()) {
            assertEquals(200, project.send("POST", "/a", "").statusCode(), project.console());
            assertEquals("1", project.body("/a"));
        }
        assertRejected("post", "API `A`: method `POST` of path `/b` is empty, and no event fills it", http.formatted("/b"));
        String rest = http.replace("HttpApi", "Api").replace("ApiId", "RestApiId")
                .replace("{DefinitionBody", "{StageName: x, MergeDefinitions: %s, DefinitionBody");
        try (TestProject project = project(rest.formatted("true", "/a")).start()) {
            assertEquals(200, project.send("POST", "/a", "").statusCode(), project.console());
        }
        assertRejected(" , get: {x-am", "API `A`: method `post` of path `/a` must be a map", rest.formatted("false", "/a"));
    }

    /** SAM CLI, {@code resources.py}: the local paths that {@code sam package} takes. */
    @Test void a_document_may_be_a_local_file_of_a_plain_resource() {
        String document = "openapi: 3.0.1\npaths: {/f: {get: {x-amazon-apigateway-integration: {type: aws_proxy,"
                + " httpMethod: POST, payloadFormatVersion: '2.0', uri: 'arn:aws:lambda:us-east-1:123456789012:function:Fn'"
                + "}}}}\n";
        for (String api : new String[] {"AWS::ApiGateway::RestApi, Properties: {",
            "AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, "}) {
            String resources = FUNCTION.formatted("") + "  A: {Type: " + api + "BodyS3Location: %s}}\n";
            try (TestProject project = project(resources.formatted("api.yaml")).with("api.yaml", document).start()) {
                assertEquals("1", project.body("/f"));
                project.write("api.yaml", document.replace("/f", "/g"));
                assertEquals("1", project.body("/g"));
            }
            for (String remote : new String[] {"{Bucket: b, Key: k}", "s3://b/k"}) {
                assertFinding("warning", remote, "API `A` has no routes: its definition is not a local file",
                        resources.formatted(remote));
            }
            assertTrue(check(resources.formatted("none.yaml")).contains("has no routes: no file `"));
        }
    }
}
