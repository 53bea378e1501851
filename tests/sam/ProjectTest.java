import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Functions and routes of templates, after the SAM specification and API Gateway's OpenAPI extensions. */
class ProjectTest {
    private static final String EXTENDED = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n";
    private static final String FUNCTION = """
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Properties: {Handler: A, Runtime: java17}
            """;

    @Test void an_event_of_each_kind_of_api() {
        assertRoutes("""
                ServerlessRestApi rest ANY / Fn 1.0
                ServerlessHttpApi http PUT /h Fn 2.0
                ServerlessHttpApi http POST /old Fn 1.0
                ServerlessHttpApi http ANY $default Fn 2.0
                """, FUNCTION.replace("java17}", """
                java17, Events: {
                      A: {Type: Api, Properties: {Path: /, Method: any}},
                      B: {Type: HttpApi, Properties: {Path: /h, Method: put}},
                      C: {Type: HttpApi, Properties: {Path: /old, Method: POST, PayloadFormatVersion: '1.0'}},
                      D: {Type: HttpApi},
                      E: {Type: SQS, Properties: {Queue: q}}}}"""));
    }

    @Test void a_function_url_takes_every_path_in_format_2() {
        assertRoutes("FnUrl url ANY $default Fn 2.0\n",
                FUNCTION.replace("java17}", "java17, FunctionUrlConfig: {AuthType: NONE}}"));
        assertRoutes("Url url ANY $default Fn 2.0\n", FUNCTION + """
                  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Fn.Arn, AuthType: NONE}}
                """);
    }

    @Test void all_forms_of_function_uris_in_openapi_documents() {
        for (String uri : List.of(
                "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'",
                "!Sub 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Alias}/invocations'",
                "!Join ['', ['arn:aws:apigateway:', !Ref 'AWS::Region', ':lambda:path/2015-03-31/functions/', !GetAtt Fn.Arn,"
                        + " /invocations]]",
                "{'Fn::Sub': ['arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${F}/invocations', {F: !GetAtt Fn.Arn}]}",
                "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Fn"
                        + "/invocations")) {
            assertRoutes("Doc rest GET /a/{b} Fn 1.0\nDoc rest ANY /c Fn 1.0\n", FUNCTION + document(uri));
        }
    }

    @Test void a_document_may_be_a_file_and_include_one() {
        String document = "{swagger: '2.0', paths: {/f: {get: {x-amazon-apigateway-integration:"
                + " {type: aws_proxy, httpMethod: POST, uri: !Sub '${Fn.Arn}/invocations'}}}}}";
        String api = "  Doc: {Type: AWS::Serverless::Api, Properties: {StageName: p, ";
        String uri = document.replace("${Fn.Arn}",
                "arn:aws:apigateway:x:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:Fn");
        assertRoutes("Doc rest GET /f Fn 1.0\n", FUNCTION + api + "DefinitionUri: api.yaml}}\n", "api.yaml",
                uri.replace("!Sub ", ""));
        assertRoutes("Doc rest GET /f Fn 1.0\n", FUNCTION + api
                + "DefinitionBody: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}}}\n",
                "api.yaml", uri);
    }

    @Test void plain_resources_of_cloudformation() {
        assertRoutes("Plain rest GET /a/{id} Fn 1.0\n", FUNCTION + """
                  Plain: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
                  A: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Plain, PathPart: a,
                      ParentId: !GetAtt Plain.RootResourceId}}
                  Id: {Type: AWS::ApiGateway::Resource,
                          Properties: {RestApiId: !Ref Plain, PathPart: '{id}', ParentId: !Ref A}}
                  Get: {Type: AWS::ApiGateway::Method,
                          Properties: {RestApiId: !Ref Plain, ResourceId: !Ref Id, HttpMethod: GET,
                      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST,
                      Uri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}
                """);
        assertRoutes("Two http PATCH /b Fn 1.0\n", FUNCTION + """
                  Two: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Name: x}}
                  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Two, RouteKey: PATCH /b,
                      Target: !Join [/, [integrations, !Ref Call]]}}
                  Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Two, IntegrationType: AWS_PROXY,
                      PayloadFormatVersion: '1.0', IntegrationUri: !GetAtt Fn.Arn}}
                """);
        assertRoutes("Quick http ANY $default Fn 2.0\n", FUNCTION + """
                  Quick: {Type: AWS::ApiGatewayV2::Api,
                          Properties: {ProtocolType: HTTP, Name: x, Target: !GetAtt Fn.Arn}}
                """);
    }

    @Test void a_web_socket_api_is_skipped_and_reported() {
        ServerLocal.Project project = read(FUNCTION + """
                  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET, Name: x}}
                  Send: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Socket, RouteKey: send}}
                """);
        assertEquals(List.of(), project.routes());
        assertEquals("API `Socket` is skipped: WebSocket APIs are not supported", project.warnings().get(0).message());
    }

    @Test void conditions_remove_functions_and_events() {
        String template = EXTENDED + """
                Parameters: {Stage: {Type: String, Default: dev}}
                Conditions: {IsProd: !Equals [!Ref Stage, prod]}
                """ + FUNCTION.replace("java17}", """
                java17, Events: {
                      A: {Type: Api, Properties: {Path: !If [IsProd, /prod, /dev], Method: get}}}}""") + """
                  Prod:
                    Type: AWS::Serverless::Function
                    Condition: IsProd
                    Properties: {Handler: A, Runtime: java17,
                            Events: {A: {Type: Api, Properties: {Path: /p, Method: get}}}}
                """;
        assertRoutes("ServerlessRestApi rest GET /dev Fn 1.0\n", template);
        assertEquals("[GET /prod, GET /p]", read(template, Map.of("Stage", "prod")).routes().toString());
    }

    @Test void nested_templates_to_any_depth() {
        String nested = "  Sub: {Type: AWS::Serverless::Application, Properties: {Location: %s, Parameters: {Word: %s}}}\n";
        try (TestProject project = TestProject.of("template.yaml", FUNCTION + nested.formatted("a/t.yaml", "hi"),
                "a/t.yaml", EXTENDED + "Parameters: {Word: {Type: String}}\n" + FUNCTION.replace("java17}", """
                java17, CodeUri: src, Environment: {Variables: {WORD: !Ref Word}},
                        Events: {A: {Type: Api, Properties: {Path: /a, Method: get}}}}""") + nested.formatted("b.yaml",
                "!Ref Word"), "a/b.yaml", EXTENDED + "Parameters: {Word: {Type: String}}\n"
                + FUNCTION.replace("java17}",
                "java17, Events: {A: {Type: Api, Properties: {Path: !Sub '/b/${Word}', Method: get}}}}"), "a/src/x",
                "")) {
            ServerLocal.Project read = ServerLocal.Project.read(project.path("template.yaml"), Map.of());
            assertEquals("[Fn, Sub/Fn, Sub/Sub/Fn]", read.functions().stream().map(ServerLocal.FunctionDefinition::id)
                    .toList()
                    .toString());
            assertEquals("[GET /a, GET /b/hi]", read.routes().toString());
            assertEquals(Map.of("WORD", "hi"), read.functions().get(1).environment());
            assertEquals(project.path("a/src"), read.functions().get(1).code());
            assertEquals(3, read.files().size());
            project.write("a/b.yaml", FUNCTION + nested.formatted("t.yaml", "x"));
            String message = assertThrows(ServerLocal.Fault.class, () ->
                    ServerLocal.Project.read(project.path("template.yaml"), Map.of())).getMessage();
            assertTrue(message.contains("contains itself"), message);
        }
    }

    @Test void outputs_of_nested_stacks_are_values_of_the_stack_around_them() {
        String template = """
                Parameters: {Stage: {Type: String, Default: dev}}
                Resources:
                  Shop: {Type: AWS::Serverless::Application, Properties: {Location: shop.yaml,
                      Parameters: {Names: !Sub '${Names.Outputs.Table}-in'}}}
                  Names: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: names.yaml,
                      Parameters: {P: !Ref Stage}}}
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: App::handle, Runtime: java17, CodeUri: src,
                      Events: {A: {Type: Api, Properties: {Path: /all, Method: get}}}, Environment: {Variables: {
                      A: !GetAtt Names.Outputs.Fixed, B: !Sub 'x-${Names.Outputs.Table}', C: !GetAtt Shop.Outputs.All,
                      Stream: !GetAtt Names.Outputs.Stream, Url: !GetAtt Names.Outputs.Url,
                      None: !GetAtt Names.Outputs.None}}}}
                """;
        String names = """
                Parameters: {P: {Type: String}}
                Conditions: {IsProd: !Equals [!Ref P, prod]}
                Resources: {Table: {Type: AWS::DynamoDB::Table}}
                Outputs:
                  Fixed: {Value: const}
                  Table: {Value: !Sub 'tab-${P}'}
                  Stream: {Value: !GetAtt Table.StreamArn}
                  Url: {Value: !Sub 'https://${Table.StreamArn}'}
                  None: {Value: x, Condition: IsProd}
                """;
        try (TestProject project = TestProject.of("template.yaml", template, "names.yaml", names, "shop.yaml", """
                Parameters: {Names: {Type: String}}
                Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: names.yaml,
                    Parameters: {P: !Ref Names}}}}
                Outputs: {All: {Value: !Join ['+', [!Ref Names, !GetAtt Inner.Outputs.Table]]}}
                """, "src/App.java", TestProject.handler("App", "List.of(System.getenv(\"A\"), System.getenv(\"B\"),"
                + "System.getenv(\"C\"), System.getenv(\"Stream\"))")).start()) {
            assertEquals("[const, x-tab-dev, tab-dev-in+tab-tab-dev-in, ]", project.body("/all"));
            for (String name : List.of("Stream", "Url", "None")) {
                String message = "variable `" + name + "` has a value that only AWS knows";
                assertTrue(project.console().contains(message), project.console());
            }
            assertEquals(3, project.console().split("only AWS knows", -1).length - 1, project.console());
            project.write("names.yaml", names.replace("const", "changed"));
            assertEquals("[changed, x-tab-dev, tab-dev-in+tab-tab-dev-in, ]", project.body("/all"));
        }
    }

    @Test void functions_of_a_nested_stack_are_referenced_by_their_arns() {
        String function = """
                  %s: {Type: AWS::Serverless::Function, Properties: {Handler: %s::handle, Runtime: java17,
                      CodeUri: '%s'}}
                """;
        try (TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Child: {Type: AWS::Serverless::Application, Properties: {Location: child/template.yaml,
                      Parameters: {Logger: !GetAtt Logger.Arn}}}
                  Doc: {Type: AWS::Serverless::Api, Properties: {StageName: p, DefinitionBody: {swagger: '2.0', paths: {
                      /outer: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                      'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}},
                      /inner: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                      'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Child.Outputs.Fn}/invocations'}}},
                      /live: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                      'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Child.Outputs.Live}/invocations'}}}}}}}
                  Guarded: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: A, Authorizers: {A: {
                      FunctionArn: !GetAtt Child.Outputs.Guard, AuthorizerPayloadFormatVersion: '2.0',
                      EnableSimpleResponses: true, FunctionInvokeRole: NONE, Identity: {Headers: [Who]}}}}}}
                """ + function.formatted("Fn", "Outer", "src") + function.formatted("Logger", "Outer",
                "src', Events: {A: {Type: HttpApi, Properties: {Path: /guarded, Method: get, ApiId: !Ref Guarded}}},"
                + " Description: '"), "child/template.yaml", """
                Parameters: {Logger: {Type: String}}
                Resources:
                  Doc: {Type: AWS::Serverless::Api, Properties: {StageName: p, DefinitionBody: {swagger: '2.0', paths: {
                      /own: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                      'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}},
                      /given: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub
                      'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Logger}/invocations'}}}}}}}
                """ + function.formatted("Fn", "Inner", ".") + function.formatted("Guard", "Guard", ".")
                + """
                  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Fn, FunctionVersion: '1', Name: live}}
                Outputs: {Fn: {Value: !GetAtt Fn.Arn}, Live: {Value: !Ref Live}, Guard: {Value: !GetAtt Guard.Arn}}
                """,
                "src/Outer.java", TestProject.handler("Outer", "\"outer\""),
                "child/Inner.java", TestProject.handler("Inner", "context.getInvokedFunctionArn()"),
                "child/Guard.java", """
                import java.util.Map;
                public class Guard {
                    public Map<String, Object> handle(Map<String, Object> event) {
                        return Map.of("isAuthorized", event.get("headers").toString().contains("friend"));
                    }
                }
                """).start()) {
            assertEquals("outer", project.body("/outer"));
            assertEquals("arn:aws:lambda:us-east-1:123456789012:function:Child/Fn", project.body("/inner"));
            assertEquals(project.body("/inner"), project.body("/own"));
            assertEquals(project.body("/inner"), project.body("/live"));
            assertEquals("outer", project.body("/given"));
            assertEquals(200, project.get("/guarded", "who", "friend").statusCode(), project.console());
            assertEquals(403, project.get("/guarded", "who", "enemy").statusCode());
        }
    }

    @Test void values_known_only_to_aws_stay_unknown_in_nested_stacks() {
        String variables = "java17, Environment: {Variables: {NAME: %s}}}";
        try (TestProject project = TestProject.of("template.yaml", FUNCTION.replace("java17}", variables.formatted(
                "!GetAtt Child.Outputs.Name")) + """
                  Table: {Type: AWS::DynamoDB::Table}
                  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml,
                      Parameters: {Stream: !GetAtt Table.StreamArn}}}
                """, "child.yaml", """
                Parameters: {Stream: {Type: String, MinLength: 9, Default: a-default}}
                Conditions: {HasStream: !Not [!Equals [!Ref Stream, '']]}
                Outputs: {Name: {Value: !Sub 'of-${Stream}'}}
                """ + FUNCTION.replace("Type:", "Condition: HasStream\n    Type:").replace("java17}",
                variables.formatted("!Ref Stream")))) {
            ServerLocal.Project read = ServerLocal.Project.read(project.path("template.yaml"), Map.of());
            assertEquals("[Fn, Child/Fn]", read.functions().stream().map(ServerLocal.FunctionDefinition::id).toList()
                    .toString());
            for (int i = 0; i < 2; i++) {
                assertEquals(Map.of("NAME", ""), read.functions().get(i).environment());
                assertEquals("variable `NAME` has a value that only AWS knows", read.warnings().get(i).message());
            }
            assertEquals(2, read.warnings().size(), read.warnings().toString());
        }
    }

    @Test void circular_stack_references_are_reported() {
        String stack = "  %s: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml,"
                + " Parameters: {P: !GetAtt %s.Outputs.O}}}\n";
        try (TestProject project = TestProject.of("t.yaml", """
                Parameters: {P: {Type: String}}
                Resources: {Table: {Type: AWS::DynamoDB::Table}}
                Outputs: {O: {Value: !Ref P}}
                """, "template.yaml", FUNCTION + stack.formatted("A", "B") + stack.formatted("B", "A"))) {
            ServerLocal.Project read = ServerLocal.Project.read(project.path("template.yaml"), Map.of());
            assertEquals("[nested stack `B` has a parameter that depends on its own outputs]", read.refusals().stream()
                    .map(ServerLocal.Problem::message).toList().toString());
            StringBuilder chain = new StringBuilder(FUNCTION);
            for (int i = 0; i < 300; i++) chain.append(stack.formatted("S" + i, "S" + (i + 1)));
            project.write("template.yaml", chain + "  S300: {Type: AWS::CloudFormation::Stack, Properties: {"
                    + "TemplateURL: t.yaml, Parameters: {P: x}}}\n");
            read = ServerLocal.Project.read(project.path("template.yaml"), Map.of());
            assertEquals("outputs of nested stack `S65` are treated as unknown: too many stacks wait for each other's outputs",
                    read.warnings().get(0).message());
        }
    }

    @Test void functions_without_java_code_are_listed_with_the_reason() {
        String image = "is a container image without a local Dockerfile based on an AWS image for Java, Python or Node,"
                + " which is not supported";
        assertObstacle(image, "PackageType: Image");
        assertObstacle(image, "ImageUri: 1.dkr.ecr.us-east-1.amazonaws.com/x");
        assertObstacle("has its code in S3, not in this project", "Handler: A, Runtime: java17, CodeUri: s3://b/k");
        assertObstacle("has its code in S3, not in this project",
                "Handler: A, Runtime: java17, CodeUri: {Bucket: b, Key: k}");
        assertObstacle("has inline code, which only Python and Node can have", "Handler: A, Runtime: java17, InlineCode: x");
        assertObstacle("needs ruby3.3, which samlocal cannot run; run it with `sam local`", "Handler: a.b, Runtime: ruby3.3");
    }

    @Test void dangling_references_are_listed_apart_from_warnings() {
        ServerLocal.Project project = read(FUNCTION.replace("java17}",
                "java17, Environment: {Variables: {AA: !Ref Tabel, BB: !Sub 'x ${ Gone } ${AWS::Region} ${!Raw}'}}}")
                + "  Table: {Type: AWS::Serverless::SimpleTable}\n");
        assertEquals(List.of("no resource or parameter named `Tabel`", "no resource or parameter named `Gone`"),
                project.refusals().stream().map(ServerLocal.Problem::message).toList());
        assertEquals("did you mean `Table`?", project.refusals().get(0).hint());
        assertEquals("x Gone us-east-1 ${Raw}", project.functions().get(0).environment().get("BB"));
    }

    private static String checked(String resources) {
        try (TestProject project = TestProject.of("template.yaml", "Resources:\n" + resources, "src/App.java",
                TestProject.handler("App", "1"))) {
            return TestProject.cli("check", "--no-compile", "-t", project.path("template.yaml").toString()).out();
        }
    }

    /** CloudFormation Template Reference: {@code Tags} of AWS::Lambda::Function is a list; SAM's is a map. */
    @Test void properties_of_plain_types_have_their_own_shapes() {
        String plain = "  Fn: {Type: AWS::Lambda::Function, Properties: {Handler: 'App::handle', Code: src, Runtime: java17,"
                + " Tags: %s}}\n";
        String sam = plain.replace("Lambda", "Serverless").replace("Code:", "CodeUri:");
        assertTrue(checked(plain.formatted("[{Key: team, Value: a}]")).endsWith("0 errors, 0 warnings\n"));
        assertTrue(checked(plain.formatted("{team: a}")).contains("`Tags` of `Fn` must be a list"));
        assertTrue(checked("  X: {Type: AWS::SNS::Topic}\n" + sam.formatted("[{Key: team, Value: a}]"))
                .contains("`Tags` of `Fn` must be a map"));
    }

    @Test void null_values_are_rejected_where_they_reach_cloudformation() {
        String function = "  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src,"
                + " Runtime: java17, %s}}\n  Topic: {Type: AWS::SNS::Topic, Properties: {%s}}\n";
        String prefix = "  Unused: {Type: AWS::SNS::Topic}\n";
        assertTrue(checked(prefix + function.formatted("Environment: {Variables: {EMPTY: }}", "DisplayName: x"))
                .contains("`EMPTY` has no value"));
        assertTrue(checked(prefix + function.formatted("Events: ", "TopicName: ")).contains("`TopicName` has no value"));
        assertFalse(checked(prefix + function.formatted("Events: ", "DisplayName: x")).contains("has no value"));
    }

    @Test void values_known_only_to_aws_are_reported_with_advice() {
        String template = """
                Parameters: {Table: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/table}}
                Resources:
                  Fn: {Type: AWS::Lambda::Function, Properties: {Handler: 'App::handle', Code: src, Runtime: java17,
                    Environment: {Variables: {TABLE: !Ref Table, SECRET: '{{resolve:secretsmanager:db:SecretString:key}}'}}}}
                """;
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java",
                TestProject.handler("App", "1"))) {
            String[] check = {"check", "--no-compile", "-t", project.path("template.yaml").toString()};
            String out = TestProject.cli(check).out();
            assertTrue(out.contains("parameter `Table` is not read from SSM; its key `/app/table` is used as its value"), out);
            assertTrue(out.contains("--parameter-overrides Table=VALUE"), out);
            assertTrue(out.contains("variable `SECRET` has a value that only AWS knows"), out);
            out = TestProject.cli("check", "--no-compile", "-t", check[3], "--parameter-overrides", "Table=orders").out();
            assertFalse(out.contains("SSM"), out);
        }
    }

    @Test void apis_and_state_machines_that_are_not_served_are_reported() {
        String function = "  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src,"
                + " Runtime: java17}}\n";
        for (String type : List.of("AWS::Serverless::WebSocketApi", "AWS::Serverless::GraphQLApi",
                "AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")) {
            String out = checked(function + "  It: {Type: " + type + "}\n");
            assertTrue(out.contains("`It` is skipped: samlocal does not run " + type), out);
        }
    }

    @Test void a_variable_with_a_placeholder_is_reported() {
        String function = "  Fn: {Type: AWS::Lambda::Function, Properties: {Handler: 'App::handle', Code: src, Runtime: java17,"
                + " Environment: {Variables: {NET: %s}}}}\n  Net: {Type: AWS::EC2::VPC}\n  Table: {Type: AWS::DynamoDB::Table}\n";
        for (String value : List.of("!Ref Net", "!Sub '${Net}/x'", "!Join ['', [!GetAtt Net.Arn]]")) {
            assertTrue(checked(function.formatted(value)).contains("variable `NET` has a placeholder for `Net"), value);
        }
        assertTrue(checked(function.formatted("!GetAtt Table.Arn")).endsWith("0 errors, 0 warnings\n"));
    }

    @Test void a_parameter_without_a_value_in_code_or_routes_is_reported() {
        String parameters = "Parameters: {P: {Type: String}}\n";
        ServerLocal.Project project = read(parameters + FUNCTION.replace("Handler: A", "Handler: A, CodeUri: !Ref P"));
        assertTrue(project.obstacles().stream().anyMatch(problem ->
                problem.message().equals("`CodeUri` of `Fn` needs a value for parameter `P`")), project.toString());
        String message = assertThrows(ServerLocal.Fault.class, () ->
                read(EXTENDED + parameters + FUNCTION.replace("java17}",
                "java17, Events: {A: {Type: Api, Properties: {Path: !Ref P, Method: get}}}}"))).getMessage();
        assertTrue(message.contains("`P`"), message);
    }

    @Test void a_greedy_parameter_is_the_last_part_of_a_path() {
        String message = assertThrows(ServerLocal.Fault.class, () -> read(FUNCTION.replace("java17}",
                "java17, Events: {A: {Type: Api, Properties: {Path: '/a/{p+}/b', Method: get}}}}"))).getMessage();
        assertEquals("path `/a/{p+}/b` continues after a greedy parameter", message);
    }

    @Test void an_apis_document_and_stage_are_used() {
        ServerLocal.Api api = read(FUNCTION + """
                  Rest:
                    Type: AWS::ApiGateway::RestApi
                    Properties:
                      BinaryMediaTypes: [image~1gif]
                      Body:
                        swagger: '2.0'
                        x-amazon-apigateway-binary-media-types: [image/png]
                        paths: {/a: {get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub
                          'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}}
                  Deployed: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Rest}}
                  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Rest, StageName: dev,
                      DeploymentId: !Ref Deployed, Variables: {table: t}}}
                """).routes().get(0).api();
        assertEquals("dev {table=t} [image/gif, image/png]",
                api.stage() + " " + api.variables() + " " + api.binaryMediaTypes());
        ServerLocal.Api http = read(FUNCTION + """
                  Http:
                    Type: AWS::Serverless::HttpApi
                    Properties:
                      DefinitionBody:
                        openapi: 3.0.1
                        x-amazon-apigateway-cors: {allowOrigins: ['https://a.example'], allowMethods: [GET, POST]}
                        paths: {/a: {get: {x-amazon-apigateway-integration: {type: aws_proxy, timeoutInMillis: 50,
                          uri: !GetAtt Fn.Arn}}}}
                """).routes().get(0).api();
        assertEquals("[https://a.example] GET,POST", http.cors().origins() + " " + http.cors().methods());
    }

    private static void assertObstacle(String obstacle, String properties) {
        assertEquals(obstacle, read(FUNCTION.replace("Handler: A, Runtime: java17", properties)).functions().get(0)
                .obstacle());
    }

    private static String document(String uri) {
        String operation = "{x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: " + uri + "}}";
        return """
                  Doc:
                    Type: AWS::Serverless::Api
                    Properties:
                      StageName: prod
                      DefinitionBody:
                        openapi: 3.0.1
                        paths:
                          /a/{b}: {get: %s}
                          /c: {x-amazon-apigateway-any-method: %s}
                """.formatted(operation, operation);
    }

    private static void assertRoutes(String expected, String template, String... files) {
        StringBuilder found = new StringBuilder();
        read(template, Map.of(), files).routes().forEach(route -> found.append(String.join(" ", route.api().id(),
                route.api().type(), route.toString(), route.function(), route.payload())).append('\n'));
        assertEquals(expected, found.toString(), template);
    }

    private static ServerLocal.Project read(String template) {
        return read(template, Map.of());
    }

    private static ServerLocal.Project read(String template, Map<String, String> parameters, String... files) {
        try (TestProject project = TestProject.of(files).with("template.yaml", template)) {
            return ServerLocal.Project.read(project.path("template.yaml"), parameters);
        }
    }
}
