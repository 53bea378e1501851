import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code check} as used in CI: one line per problem, and the exit status. */
class CheckTest {
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17}}
            Resources:
              Good:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::handle
                  Environment: {Variables: {SET: x}}
                  Events: {E: {Type: Api, Properties: {Path: /good, Method: get}}}
            """;
    private static final String FAULTY = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Timout: 3}}
            Resources:
              Good:
                Type: AWS::Serverless::Function
                Properties: {Handler: Ap::handle}
              Fn:
                Type: AWS::Serverless::Function
                Properties: {Handler: App::handle}
              A:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: App::handle
                  Layers: none
                  Timeout: soon
                  Events:
                    One: {Type: Apii, Properties: {Path: /a, Method: get}}
                    Two: {Type: Api, Properties: {}}
                    Three: {Type: Api, Properties: {Path: /b, Method: get, Auth: {Authorizer: Nope}}}
                    Four: {Type: Api, Properties: {RestApiId: !Ref Apy, Path: /c, Method: get}}
                    Five: {Type: Api, Properties: {Path: /d, Method: fetch}}
              B:
                Type: AWS::Serverless::Function
                Propertees: {Handler: App::handle, CodeUri: nowhere}
              Api:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: Prod
                  Auth:
                    DefaultAuthorizer: Zilch
                    Authorizers:
                      One: {FunctionArn: !GetAtt Fnn.Arn}
                      Two: {FunctionPayloadType: NONSENSE, FunctionArn: !GetAtt Fn.Arn}
            Outputs: {Name: {Value: !Ref Goood}}
            """;
    private static final String TRANSFORM = "AWS::Serverless-2016-10-31";
    private static final String SAM = "Transform: " + TRANSFORM + "\n";
    private static final String APP = TestProject.handler("App", "System.getenv(\"SET\") + Other.read()");
    private static final String OTHER = "class Other { static String read() { return System.getenv(\"UNSET\"); } }";

    @Test void a_valid_project_is_status_0() {
        assertCheck(0, "ok template.yaml 1 function, 1 API, 1 route\nok Good App::handle, 1 file\n"
                + "0 errors, 0 warnings\n", TEMPLATE, TestProject.handler("App", "System.getenv(\"SET\")"));
    }

    @Test void a_template_without_functions_is_a_warning() {
        assertCheck(0, "ok template.yaml 0 functions, 0 APIs, 0 routes\nwarning template.yaml this template has no function\n"
                + "0 errors, 1 warning\n", "Resources: {Topic: {Type: AWS::SNS::Topic}}\n", APP);
    }

    @Test void an_unset_variable_is_a_warning() {
        assertCheck(0, "reads the variable `UNSET`, which is not set", TEMPLATE, APP);
        assertCheck(0, "0 errors, 1 warning\n", TEMPLATE, APP);
    }

    @Test void a_very_different_name_is_not_suggested() {
        assertCheck(1, "no resource or parameter named `Z`\n1 error", """
                Resources:
                  A: {Type: AWS::SNS::Topic, DependsOn: Z}
                """, APP);
    }

    @Test void values_that_lambda_rejects_are_reported() {
        for (String[] each : new String[][] {
            {"Timeout: 1000", "`Timeout` of `Good` must be from 1 to 900, not `1000`"},
            {"MemorySize: 64", "`MemorySize` of `Good` must be from 128 to 32768, not `64`"},
            {"Architectures: [x86]", "`Architectures` of `Good` must be x86_64 or arm64, not `x86`"},
            {"FunctionUrlConfig: {AuthType: OPEN}", "`AuthType` of `Good` must be NONE or AWS_IAM, not `OPEN`"},
            {"FunctionUrlConfig: {AuthType: NONE, InvokeMode: STREAM}",
                "`InvokeMode` of `Good` must be BUFFERED or RESPONSE_STREAM, not `STREAM`"},
            {"Environment: {Vars: {A: b}}",
                "`Environment` of `Good` cannot have `Vars`\n help: put variables under `Variables`"},
            {"Environment: {Variables: {A: [b]}}", "variable `A` of `Good` must be a string"}}) {
            assertCheck(1, each[1], TEMPLATE.replace("Environment: {Variables: {SET: x}}", each[0]), APP);
        }
        assertCheck(0, "warning template.yaml:7:38 variable `SET` has a value that only AWS knows\n help: set it "
                + "with `--env-vars FILE`\n", TEMPLATE.replace("SET: x", "SET: !GetAtt Good.AnyOfThem"), APP);
        assertCheck(0, "0 errors", TEMPLATE.replace("Environment: {Variables: {SET: x}}",
                "Timeout: 900\n      MemorySize: 128\n      Architectures: [!Ref Kind]") + """
                Parameters: {Kind: {Type: String}}
                """, APP);
    }

    /** The SAM translator's {@code SamFunction._validate_tenancy_config_compatibility}. */
    @Test void what_sam_rejects_with_tenant_isolation() {
        for (String[] each : new String[][] {
            {"FunctionUrlConfig: {AuthType: NONE}", "`FunctionUrlConfig`"}, {"SnapStart: {ApplyOn: None}", "`SnapStart`"},
            {"AutoPublishAlias: live\n      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}",
                "`ProvisionedConcurrencyConfig`"},
            {"Description: x\n      Events: {Q: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:123456789012:q'}}}",
                "an event of type `SQS`"}}) {
            String good = "Resources:\n  Good:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: App::handle\n"
                    + "      CodeUri: src\n      Runtime: java17\n      TenancyConfig: {TenantIsolationMode: PER_TENANT}\n      ";
            assertCheck(1, "`Good` has `TenancyConfig` and cannot have " + each[1], good + each[0] + "\n", APP);
            assertCheck(0, "0 errors", good + "Description: x\n", APP);
            assertCheck(1, "`TenantIsolationMode` of `Good` must be PER_TENANT, not `PER_USER`",
                    good.replace("PER_TENANT", "PER_USER") + "Description: x\n", APP);
        }
    }

    @Test void variables_that_lambda_rejects_are_reported() {
        for (String name : List.of("AWS_REGION", "_HANDLER", "AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID")) {
            assertCheck(1, "error template.yaml:7:" + (33 + name.length() + 2) + " a function cannot set the variable `" + name
                    + "`: Lambda reserves it\n", TEMPLATE.replace("{SET: x", "{" + name + ": x"), APP);
        }
        for (String name : List.of("MY-NAME", "_OWN", "1ST", "A", "A.B")) {
            assertCheck(1, "Lambda does not accept a variable named `" + name + "`\n help: ",
                    TEMPLATE.replace("SET: x", "'" + name + "': x"), APP);
        }
        assertCheck(0, "0 errors", TEMPLATE.replace("SET: x", "SET: x, AWS_LAMBDA_EXEC_WRAPPER: x, TZ: x, aB_1: x"), APP);
        String two = TEMPLATE.replace("java17}", "java17, Environment: {Variables: {AWS_REGION: x}}}")
                + "  Two: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle'}}\n";
        assertCheck(1, "\n1 error, ", two, TestProject.handler("App", "1"));
    }

    @Test void missing_required_properties_are_reported() {
        String text = TEMPLATE + """
                Parameters:
                  Kind: {Default: a}
                  Fn::Transform: {Name: AWS::Include}
                Outputs:
                  Here: {Valeu: x}
                  There: x
                  Good: {Value: x}
                """;
        assertCheck(1, "parameter `Kind` has no `Type`\nerror template.yaml:13:3 output `Here` has no `Value`\n"
                + " help: is `Valeu` a misspelling of it?\nerror template.yaml:14:3 output `There` has no `Value`\n", text, APP);
        assertCheck(1, "`Good`, event `Two`: `Queue` is required\n help: is `Queu` a misspelling of it?\n",
                TEMPLATE.replace("Events: {", "Events: {Three: {Type: AlexaSkill}, Two: {Type: SQS, Properties: "
                + "{Queu: 'arn:aws:sqs:us-east-1:1:q'}}, "), APP);
    }

    @Test void a_mistyped_type_of_an_api_is_one_error() {
        assertCheck(1, "error template.yaml:5:12 resource `Front` has a type that SAM does not know: "
                + "AWS::Serverless::HttpAp\n help: did you mean `AWS::Serverless::HttpApi`?\n1 error, ", """
                Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Front:
                    {Type: AWS::Serverless::HttpAp, Properties: {StageName: one}}
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Events: {E: {Type: HttpApi, Properties: {ApiId: !Ref Front, Path: /a, Method: get}}}
                """, TestProject.handler("App", "1"));
    }

    @Test void an_unknown_section_is_reported_with_a_suggestion() {
        assertCheck(1, "`Outpts` is not a section of a template\n help: did you mean `Outputs`?\n",
                TEMPLATE + "Outpts: {A: {Value: b}}\n", APP);
        assertCheck(1, "error template.yaml:2:1 'Resources' section is required\n help: did you mean `Resources`?\n",
                TEMPLATE.replace("Resources:", "Resourcs:"), APP);
        assertCheck(1, "error template.yaml:2:1 'Resources' section is required\n help: it has no resources\n",
                TEMPLATE.replaceFirst("(?s)Resources:.*", "Resources:\n"), APP);
    }

    @Test void an_unknown_class_or_method_is_reported_with_a_suggestion() {
        assertCheck(1, "error template.yaml:6:16 Good: Class not found: Ap\n help: did you mean `App`?\n",
                TEMPLATE.replace("App::handle", "Ap::handle"), APP);
        assertCheck(1, "No public method named handel with appropriate method signature found on class App\n"
                + " help: did you mean `handle`?\n",
                TEMPLATE.replace("App::handle", "App::handel"), APP);
        assertCheck(1, "Class does not implement an appropriate handler interface: App",
                TEMPLATE.replace("App::handle", "App"), APP);
    }

    @Test void unknown_types_and_invalid_numbers_are_reported() {
        assertCheck(1, "has a type that SAM does not know: AWS::Serverless::Functon", TEMPLATE.replace(
                "AWS::Serverless::Function", "AWS::Serverless::Functon"), APP);
        assertCheck(1, "`Timeout` must be a whole number, not `soon`", TEMPLATE.replace("CodeUri: src",
                "CodeUri: src, Timeout: soon"), APP);
        assertCheck(1, "help: did you mean `App::handle`?", TEMPLATE.replace("App::handle", "App.handle"), APP);
    }

    @Test void mistyped_types_outside_of_sam_are_reported_with_a_suggestion() {
        for (String[] each : new String[][] {
            {"AWS::Serverles::Function", "AWS::Serverless::Function"}, {"AWS:Serverless:Function",
                "AWS::Serverless::Function"}, {"aws::Serverless::Function", "AWS::Serverless::Function"},
            {"AWS::Lamda::Function", "AWS::Lambda::Function"}, {"AWS::Lambda::Funktion", "AWS::Lambda::Function"},
            {"AWS::ApiGatway::RestAPI", "AWS::ApiGateway::RestApi"},
            {"AWS::ApiGatewayV2::Intgration", "AWS::ApiGatewayV2::Integration"}}) {
            assertCheck(1, "error template.yaml:9:13 resource `X` has a type that CloudFormation does not know: " + each[0]
                    + "\n help: did you mean `" + each[1] + "`?\n1 error, ", TEMPLATE + "  X: {Type: '" + each[0]
                    + "', Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17}}\n",
                    TestProject.handler("App", "1"));
        }
        for (String type : List.of("Function", "AWS::Lambda", "Custom::", "AWS::Lambda::Nonesuch", "AWS::S3::Bucket::X")) {
            assertCheck(1, "resource `X` has a type that CloudFormation does not know: " + type + "\n1 error, ",
                    TEMPLATE + "  X: {Type: '" + type + "'}\n", TestProject.handler("App", "1"));
        }
    }

    @Test void resource_types_of_other_services_and_providers_are_accepted() {
        String types = Stream.of("AWS::EMRServerless::Application", "AWS::S3::Bucket", "AWS::New::Thing", "Custom::A_b@c",
                "Custom::Lamda", "AWS::CloudFormation::CustomResource", "Alexa::ASK::Skill", "Org::Lamda::Function",
                "Org::S3::Bucket::MODULE", "AWS::Lambda::Url", "AWS::ApiGatewayV2::VpcLink")
                .map(type -> "  T" + type.replaceAll("\\W|_", "") + ": {Type: '" + type + "'}\n")
                .collect(Collectors.joining());
        assertCheck(0, "0 errors, ", TEMPLATE + types, APP);
    }

    @Test void compile_errors_and_missing_code_are_reported_at_their_place() {
        assertCheck(1, "error src/App.java:1:32 method one in class App cannot be applied to given types (required: no arguments; found: int; reason: ",
                TEMPLATE, "class App { int one() { return this.one(1); } }");
        assertCheck(1, "`CodeUri` names `srd`, which does not exist\n help: did you mean `src`?\n",
                TEMPLATE.replace("CodeUri: src", "CodeUri: srd"), APP);
        assertCheck(1, "error src/App.java:1:12 reached end of file while parsing", TEMPLATE, "class App {");
        assertCheck(1, "error template.yaml:1:31 `CodeUri` names `nowhere`, which does not exist",
                TEMPLATE.replace("CodeUri: src", "CodeUri: nowhere"), APP);
    }

    @Test void shared_problems_are_reported_once() {
        String two = TEMPLATE + "  Two: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle'}}\n";
        String app = TestProject.handler("App", "1");
        assertCheck(1, "error template.yaml:1:31 `CodeUri` names `scr`, which does not exist\n"
                + " help: did you mean `src`?\n1 error, 0 warnings\n", two.replace("CodeUri: src", "CodeUri: scr"), app);
        String layered = two.replace("Handler: 'App::handle'", "Handler: 'App::handle', Layers: [!Ref Layer]")
                + "  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: .}}\n";
        assertCheck(1, "src/App.java:1:12 reached end of file while parsing\n"
                + "skipped Good not checked: its code does not compile\nskipped Two not checked: its code does not compile\n"
                + "1 error, 0 warnings\n", layered, "class App {");
        assumeTrue(Runtime.version().feature() < 25, "there is nothing newer here");
        assertCheck(0, "warning Good, Two need Java 25, but samlocal runs on Java " + Runtime.version().feature()
                + "\n help: set JAVA_HOME to a JDK 25, or start samlocal with jbang --java 25\nok ",
                two.replace("java17", "java25"), app);
        assertCheck(0, "0 errors, 1 warning\n", two.replace("java17", "java25"), app);
        try (TestProject project = TestProject.of("template.yaml", two.replace("java17", "java25"), "src/App.java", app)
                .start()) {
            assertTrue(project.console().contains("Good, Two need Java 25, but samlocal runs on Java "), project.console());
        }
    }

    @Test void a_server_reports_shared_problems_once() {
        String two = TEMPLATE.replace("CodeUri: src", "CodeUri: scr")
                + "  Two: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle'}}\n"
                + "  Three: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src}}\n";
        try (TestProject project = TestProject.of("template.yaml", two, "src/App.java", TestProject.handler("App", "1"))
                .start()) {
            assertEquals(2, project.console().split("`CodeUri` names `").length, project.console());
        }
    }

    @Test void routes_that_can_never_match_are_errors() {
        assertCheck(1, "path `/{a+}/b` continues after a greedy parameter", TEMPLATE.replace("/good", "'/{a+}/b'"), APP);
        assertCheck(1, "`GET good` never matches", TEMPLATE.replace("/good", "good"), APP);
        assertCheck(1, "`FETCH` is not an HTTP method", TEMPLATE.replace("Method: get", "Method: fetch"), APP);
    }

    private static String routes(String type, String... paths) {
        StringBuilder events = new StringBuilder();
        for (String path : paths) {
            events.append("      E").append(events.length()).append(": {Type: ").append(type).append(", Properties: {Path: '")
                    .append(path).append("', Method: get}}\n");
        }
        try (TestProject project = TestProject.of("template.yaml", """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17,
                    Events: {
                """ + events.toString().replace("}}\n", "}},\n") + "    }}}\n", "src/App.java", APP)) {
            TestProject.Ran ran = TestProject.cli("check", "--no-compile", "-t", project.path("template.yaml").toString());
            return ran.status() + " " + ran.out();
        }
    }

    private static void assertRejected(String message, String type, String... paths) {
        String out = routes(type, paths);
        assertTrue(out.startsWith("1 ") && out.contains(message), type + " " + List.of(paths) + out);
    }

    private static void assertAccepted(String type, String... paths) {
        String out = routes(type, paths);
        assertTrue(out.startsWith("0 ") && out.endsWith("0 errors, 0 warnings\n"), type + " " + List.of(paths) + out);
    }

    /** API Gateway Developer Guide, "Amazon API Gateway important notes", "Create routes for HTTP APIs". */
    @Test void paths_that_api_gateway_rejects() {
        for (String path : new String[] {"/{y}.png", "/a{y}", "/{x}{y}", "/a b", "/caf\u00e9", "/a/~b"}) {
            assertRejected("as a path segment", "Api", path);
            assertRejected("as a path segment", "HttpApi", path);
        }
        assertRejected("REST APIs accept only one variable name below `/two/`, not both `{a}` and `{b}`", "Api", "/two/{a}", "/two/{b}/z");
        assertRejected("accept only one variable name below `/`", "Api", "/{id}", "/{proxy+}");
        assertRejected("cannot end with a slash", "HttpApi", "/a/");
        assertAccepted("Api", "/", "/a/", "/two/{a}", "/two/{a}/z", "/two/fixed", "/other/{b}", "/v1.0_x-y");
        assertAccepted("HttpApi", "/", "/two/{a}", "/two/{b}/z", "/x/{proxy+}", "/v1.0_x-y");
    }

    @Test void all_faults_of_a_template_are_reported_at_once() {
        assertCheck(1, "2 errors, 0 warnings\n", TEMPLATE.replace("Method: get", "Methd: get") + "  Bad: nothing\n",
                TestProject.handler("App", "1"));
        assertCheck(1, """
                error template.yaml:1:53 `Timout` is not a supported property of `Function` in `Globals`
                 help: did you mean `Timeout`?
                error template.yaml:13:15 `Layers` of `A` must be a list, not `none`
                error template.yaml:14:16 `Timeout` of `A` must be a whole number, not `soon`
                error template.yaml:16:21 `A`, event `One`: `Apii` is not an event type
                 help: did you mean `Api`?
                error template.yaml:17:38 `A`, event `Two`: `Path` is required
                error template.yaml:17:38 `A`, event `Two`: `Method` is required
                error template.yaml:18:83 authorizer `Nope` is not defined
                error template.yaml:19:51 `A`, event `Four`: `RestApiId` must be the id of an AWS::Serverless::Api of\
                 this template; `Apy` is not one
                 help: did you mean `Api`?
                error template.yaml:23:5 resource `B` cannot have `Propertees`
                 help: did you mean `Properties`?
                error template.yaml:23:49 `CodeUri` names `nowhere`, which does not exist
                error template.yaml:29:28 authorizer `Zilch` is not defined
                error template.yaml:31:30 no resource or parameter named `Fnn`
                 help: did you mean `Fn`?
                error template.yaml:32:16 authorizer Two has a type that REST APIs do not have: `NONSENSE`
                 help: types are TOKEN, REQUEST and COGNITO_USER_POOLS
                error template.yaml:33:25 no resource or parameter named `Goood`
                 help: did you mean `Good`?
                error template.yaml:20:46 `FETCH` is not an HTTP method
                error template.yaml:5:27 Good: Class not found: Ap
                 help: did you mean `App`?
                """, FAULTY, TestProject.handler("App", "1"));
    }

    @Test void an_unknown_runtime_is_an_error() {
        assertCheck(1, "error template.yaml:1:45 `java71` is not a Lambda runtime\n help: the Java runtimes are java25, java21,"
                + " java17, ", TEMPLATE.replace("java17", "java71"), APP);
        assertCheck(1, "`jav17` is not a Lambda runtime\n help: did you mean `java17`?\n",
                TEMPLATE.replace("java17", "jav17"), APP);
    }

    @Test void unknown_attributes_of_a_resource_are_reported() {
        assertCheck(1, "error template.yaml:9:3 resource `Outputs` has no `Type`\n help: `Outputs` is a section: indent it"
                + " like `Resources`\n", TEMPLATE + "  Outputs: {O: {Value: x}}\n", APP);
        assertCheck(0, "warning template.yaml:9:30 resource `T` cannot have `Comment`\n",
                TEMPLATE + "  T: {Type: AWS::SQS::Queue, Comment: x}\n", APP);
    }

    @Test void consequences_of_a_reported_error_are_not_reported() {
        String layers = TEMPLATE.replace("Handler: App::handle\n", "Handler: App::handle\n      Layers: [!Ref Goood]\n");
        assertCheck(1, "error template.yaml:7:16 no resource or parameter named `Goood`\n", layers, APP);
    }

    @Test void a_folder_without_sources_is_reported_with_its_handlers() {
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/notes.txt", "")) {
            String out = TestProject.cli("check", "-t", project.path("template.yaml").toString()).out();
            assertTrue(out.contains("Good: Class not found: App\n"), out);
            assertTrue(out.contains("help: no sources in "), out);
        }
    }

    @Test void a_key_with_a_null_value_is_present() {
        assertCheck(1, "error template.yaml:8:48 `Good`, event `E`: `Path` has no value\n",
                TEMPLATE.replace("Path: /good", "Path"), APP);
    }

    @Test void a_handler_with_the_event_type_of_another_api_is_reported() {
        String app = """
                import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
                public class App {
                    public String handle(APIGatewayProxyRequestEvent event) { return event.getHttpMethod().trim(); }
                }
                """;
        String http = TEMPLATE.replace("{Type: Api,", "{Type: HttpApi,");
        String warning = "takes APIGatewayProxyRequestEvent, but GET /good sends format 2.0";
        assertCheck(0, "warning template.yaml:6:16 Good " + warning + "\n help: take APIGatewayV2HTTPEvent, or set"
                + " `PayloadFormatVersion: '1.0'` where the route is declared\n", http, app);
        assertCheck(0, "0 errors, 0 warnings", TEMPLATE, app);
        assertCheck(0, "0 errors, 0 warnings",
                http.replace("Method: get}", "Method: get, PayloadFormatVersion: '1.0'}"), app);
        assertCheck(0, "Good takes APIGatewayV2HTTPEvent, but GET /good sends format 1.0\n help: take"
                + " APIGatewayProxyRequestEvent\n", TEMPLATE, app.replace("APIGatewayProxyRequestEvent",
                "APIGatewayV2HTTPEvent").replace("getHttpMethod", "getRawPath"));
        try (TestProject project = TestProject.of("template.yaml", http, "src/App.java", app).start()) {
            assertEquals(500, project.send("GET", "/good", null).statusCode());
            assertTrue(project.console().contains("  " + warning), project.console());
        }
    }

    @Test void values_for_undeclared_parameters_are_reported() {
        try (TestProject project = TestProject.of("template.yaml", "Parameters: {Stage: {Type: String, Default: x}}\n"
                + TEMPLATE + SAM, "src/App.java", TestProject.handler("App", "1"))) {
            String out = TestProject.cli("check", "-t", project.path("template.yaml").toString(),
                    "--parameter-overrides", "Stag=a Stage=b").out().replaceAll(" +", " ");
            assertTrue(out.contains("warning `--parameter-overrides`: the template has no parameter `Stag`; the value is"
                    + " ignored\n help: did you mean `Stage`?\n"), out);
            assertTrue(out.contains("0 errors, 1 warning"), out);
        }
    }

    @Test void libraries_missing_from_the_build_file_are_reported() {
        String app = "import com.amazonaws.services.lambda.runtime.*;\n"
                + "public class App { public String handle(String event, Context context) { return event; } }";
        String pom = "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId>"
                + "<version>1</version></project>";
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE + SAM, "src/App.java", app)) {
            String template = project.path("template.yaml").toString();
            assertTrue(TestProject.cli("check", "-t", template).out().contains("0 errors, 0 warnings"));
            project.write("src/pom.xml", pom);
            project.write("src/src/main/java/App.java", app);
            String out = TestProject.cli("check", "-t", template).out().replaceAll(" +", " ");
            assertTrue(out.contains("src/pom.xml does not declare com.amazonaws:aws-lambda-java-core:1.4.0, which"
                    + " samlocal adds; the project's own build would fail\n help: add com.amazonaws:aws-lambda-java-core:1.4.0 to its dependencies\n"),
                    out);
            assertTrue(out.contains("0 errors, 1 warning\n"), out);
        }
    }

    @Test void reports_as_json() throws IOException {
        String two = TEMPLATE + "  Two: {Type: AWS::Serverless::Function, Properties: {Handler: 'Ap::a', CodeUri: other}}\n";
        try (TestProject project = TestProject.of("template.yaml", two + SAM, "src/App.java", "class App {",
                "other/Other.java", OTHER)) {
            Map<?, ?> report = json(1, project, "-t", project.path("template.yaml").toString());
            assertEquals(2L, report.get("errors"));
            assertEquals(List.of(
                    "ok null template.yaml null null 2 functions, 1 API, 1 route null",
                    "error null src/App.java 1 12 reached end of file while parsing null",
                    "skipped Good null null null not checked: its code does not compile null",
                    "error Two template.yaml 9 64 Two: Class not found: Ap null"), rows(report, project));
        }
    }

    @Test void a_failure_without_a_template_is_reported_as_json() throws IOException {
        try (TestProject project = TestProject.of("vars.json", "[]", "template.yaml", TEMPLATE)) {
            String missing = project.path("none.yaml").toString();
            assertEquals(List.of("error null null null null template file not found: `none.yaml` null"),
                    rows(json(1, project, "-t", missing), project));
            assertEquals(List.of("error null null null null `vars.json` must be an object with functions write"
                    + " {\"Parameters\": {\"NAME\": \"value\"}} for all functions"), rows(json(1, project, "-t",
                    project.path("template.yaml").toString(), "-n", project.path("vars.json").toString()), project));
        }
    }

    private static Map<?, ?> json(int status, TestProject project, String... options) throws IOException {
        TestProject.Ran ran = TestProject.cli(Stream.concat(Stream.of("check", "--format", "json"), Stream.of(options))
                .toArray(String[]::new));
        assertEquals(status, ran.status(), ran.err());
        return (Map<?, ?>) ServerLocal.Json.read(ran.out());
    }

    private static List<String> rows(Map<?, ?> report, TestProject project) {
        return ((List<?>) report.get("findings")).stream().map(Map.class::cast).map(finding ->
                Stream.of("severity", "function", "file", "line", "column", "message", "hint")
                        .map(name -> String.valueOf(finding.get(name))).collect(Collectors.joining(" "))
                        .replace(project.folder() + "/", "")).toList();
    }

    @Test void variables_of_a_file_are_set() {
        String template = TEMPLATE.replace("SET: x", "SET: !GetAtt Good.AnyOfThem, UNSET: ''") + SAM;
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java", APP, "src/Other.java", OTHER,
                "vars.json", "{\"Good\": {\"SET\": \"here\", \"MORE\": 1}}")) {
            String file = project.path("template.yaml").toString();
            assertTrue(TestProject.cli("check", "-t", file).out().contains("`SET` has a value that only AWS knows"));
            String out = TestProject.cli("check", "-t", file, "--env-vars", project.path("vars.json").toString()).out();
            assertFalse(out.contains("only AWS knows"), out);
            assertTrue(out.contains("`Good` does not declare 1 variable of this file: `MORE`, ignored"), out);
            assertTrue(out.endsWith("0 errors, 1 warning\n"), out);
        }
    }

    @Test void a_transform_that_a_deployment_needs_is_a_warning_and_serving_is_silent() {
        String warning = "AWS does not deploy `AWS::Serverless::Function` without `Transform: " + TRANSFORM + "`\n";
        String app = TestProject.handler("App", "System.getenv(\"SET\")");
        assertCheckAsWritten(0, "warning template.yaml:4:11 " + warning, TEMPLATE, app);
        for (String transform : List.of("AWS::Serverless-2016-10-3", "[Own, AWS::Serverless-2016-10-32]",
                "{Name: AWS::Serverless_2016-10-31}")) {
            assertCheckAsWritten(0, warning + " help: did you mean `" + TRANSFORM + "`?\n",
                    TEMPLATE + "Transform: " + transform + "\n", app);
        }
        for (String transform : List.of(TRANSFORM, "[Own, " + TRANSFORM + "]", "{Name: " + TRANSFORM + "}")) {
            assertCheckAsWritten(0, "0 errors, 0 warnings", TEMPLATE + "Transform: " + transform + "\n", app);
        }
        assertCheckAsWritten(0, "0 errors, 1 warning", "Resources: {Topic: {Type: AWS::SNS::Topic}}\n", app);
        try (TestProject project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", app).start()) {
            assertEquals(200, project.send("GET", "/good", null).statusCode());
            assertFalse(project.console().contains("Transform"), project.console());
        }
    }

    /** Adds SAM's transform to a template without one. */
    private static void assertCheck(int status, String expected, String template, String app) {
        assertCheckAsWritten(status, expected, template + (template.contains("Transform:") ? "" : SAM), app);
    }

    private static void assertCheckAsWritten(int status, String expected, String template, String app) {
        try (TestProject project = TestProject.of("template.yaml", template, "src/App.java", app)) {
            if (app.contains("Other")) project.write("src/Other.java", OTHER);
            TestProject.Ran ran = TestProject.cli("check", "-t", project.path("template.yaml").toString());
            String out = ran.out().replace(project.folder() + "/", "").replaceAll(" +", " ");
            assertTrue(out.contains(expected), out + "\n" + ran.err());
            assertEquals(status, ran.status(), out);
        }
    }
}
