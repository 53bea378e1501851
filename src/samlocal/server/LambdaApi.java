package samlocal.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Problem;
import samlocal.gateway.ProblemResponse;
import samlocal.gateway.RequestIds;
import samlocal.http.Request;
import samlocal.http.Response;
import samlocal.http.UrlDecoding;
import samlocal.lambda.Call;
import samlocal.lambda.FunctionLog;
import samlocal.lambda.FunctionName;
import samlocal.lambda.LambdaFunction;
import samlocal.report.Reply;
import samlocal.report.Report;
import samlocal.report.Traces;
import samlocal.runtime.Invocation;
import samlocal.sam.FunctionDefinition;
import samlocal.template.AwsEnvironment;

/**
 * Serves the Lambda API for the AWS CLI and SDKs: Invoke, GetFunction, GetFunctionConfiguration and ListFunctions of
 * the Lambda API Reference, with its errors.
 */
final class LambdaApi {
    private static final String PREFIX = "/2015-03-31/functions";
    private static final Pattern PATH = Pattern.compile(PREFIX + "/(.+?)(/invocations|/configuration)?/?");
    private static final Pattern OTHER = Pattern.compile("/20\\d\\d-\\d\\d-\\d\\d/"
            + "(?:functions/.+(/response-streaming-invocations)|(?:functions|layers|event-source-mappings|"
            + "account-settings|code-signing-configs|tags)(?:/.*)?)");
    /** "Lambda quotas": the payload of an asynchronous invocation. */
    private static final int MOST_EVENT_BYTES = 1 << 20;

    private final AsyncInvocations asynchronous;

    /** {@code threads} run asynchronous invocations. */
    LambdaApi(Executor threads, Report report) {
        this.asynchronous = new AsyncInvocations(threads, report);
    }

    /** Whether a percent-encoded path belongs to this API. */
    static boolean serves(String path) {
        return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
    }

    /** The error response for an unsupported operation, if the path belongs to this API. */
    static Optional<Reply> refusal(Request request) {
        Matcher other = OTHER.matcher(request.path());
        if (!other.matches()) return Optional.empty();
        String what = other.group(1) == null ? "this operation of Lambda" : "InvokeWithResponseStream";
        return Optional.of(refused(404, "PathNotFoundException", what + " is not supported; only Invoke, GetFunction,"
                + " GetFunctionConfiguration and ListFunctions are"));
    }

    /** Handles a request; {@code functions} are by logical id. */
    Reply reply(Request request, AwsEnvironment aws, Map<String, LambdaFunction> functions) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return request.method().equals("GET") ? list(functions)
                    : refused(405, "MethodNotAllowedException", request.method() + " is not allowed here");
        }
        String text = UrlDecoding.path(path.group(1));
        FunctionName name = FunctionName.of(text).orElse(null);
        if (name == null) return invalidName(text);
        Optional<LambdaFunction> function = name.in(functions);
        if (function.isEmpty()) return unknown(aws, name.name(), functions.keySet());
        boolean isInvocation = "/invocations".equals(path.group(2));
        if (isInvocation && !request.method().equals("POST") || !isInvocation && !request.method().equals("GET")) {
            return refused(405, "MethodNotAllowedException", request.method() + " is not allowed here");
        }
        FunctionDefinition definition = function.get().definition();
        String qualifier = request.queryValue("Qualifier").orElse(name.qualifier());
        Optional<Reply> refusal = unqualified(name.qualifier(), qualifier, definition);
        if (refusal.isPresent()) return refusal.get();
        if (isInvocation) {
            return invoke(request, qualifier, function.get(), functions).noted(LambdaFunction
                    .ambiguity(name.name(), functions).map(Problem::message).orElse(""));
        }
        return path.group(2) == null ? answer(Map.of("Configuration", configuration(definition)))
                : answer(configuration(definition));
    }

    /** The error response if the requested version or alias does not exist. */
    private static Optional<Reply> unqualified(String own, String qualifier, FunctionDefinition function) {
        if (!own.isEmpty() && !own.equals(qualifier)) {
            return Optional.of(refused(400, "InvalidParameterValueException", "The derived qualifier from the"
                    + " function name does not match the specified qualifier."));
        }
        if (qualifier.isEmpty() || function.has(qualifier)) return Optional.empty();
        Reply refused = refused(404, "ResourceNotFoundException",
                "Function not found: " + function.arn() + ":" + qualifier);
        return Optional.of(Reply.of(refused.response(), function.id(), "no version or alias `" + qualifier + "`"));
    }

    private static Reply list(Map<String, LambdaFunction> functions) {
        return answer(Map.of("Functions", functions.values().stream().map(LambdaFunction::definition)
                .sorted(Comparator.comparing(FunctionDefinition::id)).map(LambdaApi::configuration).toList()));
    }

    private static Map<String, Object> configuration(FunctionDefinition function) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("FunctionName", function.name());
        fields.put("FunctionArn", function.arn());
        fields.put("Runtime", function.runtime());
        fields.put("Handler", function.handler());
        fields.put("Timeout", function.timeoutSeconds());
        fields.put("MemorySize", function.memoryMegabytes());
        fields.put("Version", "$LATEST");
        fields.put("PackageType", "Zip");
        fields.put("State", "Active");
        fields.put("LastUpdateStatus", "Successful");
        fields.put("Environment", Map.of("Variables", function.environment()));
        if (function.settings().lifecycle().isPerTenant()) {
            fields.put("TenancyConfig", Map.of("TenantIsolationMode", "PER_TENANT"));
        }
        return fields;
    }

    private static Reply answer(Object body) {
        return Reply.of(Response.json(200, body), "-", "");
    }

    private static Reply invalidName(String name) {
        return refused(400, "ValidationException", "1 validation error detected: Value '" + name
                + "' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression"
                + " pattern: " + FunctionName.PATTERN);
    }

    private static Reply unknown(AwsEnvironment aws, String name, Collection<String> functions) {
        String note = Nearest.to(name, functions).map(near -> "no function; nearest: " + near)
                .orElse("no function");
        String message = "Function not found: " + aws.functionArn(name);
        return Reply.of(refused(404, "ResourceNotFoundException", message).response(), "-", note);
    }

    /** An error in the form from which SDKs create their typed exceptions. */
    private static Reply refused(int status, String type, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Type", status < 500 ? "User" : "Service");
        body.put("Message", message);
        return Reply.of(Response.json(status, body).with("x-amzn-ErrorType", type), "-", message);
    }

    private Reply invoke(Request request, String qualifier, LambdaFunction function,
            Map<String, LambdaFunction> functions) {
        String type = request.header("X-Amz-Invocation-Type").orElse("RequestResponse");
        boolean isEvent = type.equals("Event");
        int most = isEvent ? MOST_EVENT_BYTES : Invocation.MOST_BYTES;
        if (request.body().length > most) {
            return refused(413, "RequestTooLargeException", "Request must be smaller than " + most
                    + " bytes for the InvokeFunction operation");
        }
        Optional<String> fault = Json.faultIn(request.body());
        if (fault.isPresent()) {
            return refused(400, "InvalidRequestContentException",
                    "Could not parse request body into json: " + fault.get());
        }
        Optional<String> context = clientContext(request);
        if (!context.map(Json::isObject).orElse(true)) {
            return refused(400, "InvalidRequestContentException",
                    "Client context must be a valid Base64-encoded JSON object.");
        }
        byte[] event = request.body().length == 0 ? "{}".getBytes(UTF_8) : request.body();
        String requestId = UUID.randomUUID().toString();
        Call call = new Call(requestId, event, new Invocation.Headers(RequestIds.trace(request, requestId),
                context.orElse(null), request.header("X-Amz-Tenant-Id").orElse(null))).at(qualifier);
        Optional<LambdaFunction.Rejected> rejection = function.rejection(call);
        if (rejection.isPresent()) return reply(rejection.get(), function.definition().id());
        return switch (type) {
            case "RequestResponse" -> reply(function.invoke(call), request);
            case "Event" -> {
                asynchronous.queue(call, request, function, functions, run -> reply(run, request));
                yield done(202, requestId, function);
            }
            case "DryRun" -> done(204, requestId, function);
            default -> refused(400, "InvalidParameterValueException", "Invalid invocation type: " + type);
        };
    }

    /** The client context as JSON; an empty string if it is not valid base64. */
    private static Optional<String> clientContext(Request request) {
        try {
            return request.header("X-Amz-Client-Context")
                    .map(text -> new String(Base64.getDecoder().decode(text), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.of("");
        }
    }

    private static Reply done(int status, String requestId, LambdaFunction function) {
        Response response = new Response(status, Map.of(), new byte[0]).with("x-amzn-RequestId", requestId);
        return Reply.of(response, function.definition().id(), "");
    }

    private static Reply reply(LambdaFunction.Run run, Request request) {
        LambdaFunction.Outcome outcome = run.outcome();
        if (outcome instanceof LambdaFunction.Answer answer) {
            return Reply.of(result(answer.payload(), answer.log(), run.call(), request), run);
        }
        if (outcome instanceof LambdaFunction.Failure failure) {
            return Reply.of(result(Traces.json(failure), failure.log(), run.call(), request)
                    .with("X-Amz-Function-Error", "Unhandled"), run);
        }
        if (outcome instanceof LambdaFunction.Broken broken) {
            return Reply.of(ProblemResponse.json(run.function() + " " + broken.summary(), broken.errors())
                    .with("x-amzn-ErrorType", "ServiceException"), run);
        }
        if (outcome instanceof LambdaFunction.Rejected rejected) return reply(rejected, run.function());
        return refused(502, "InvalidRuntimeException",
                run.function() + " " + ((LambdaFunction.Unavailable) outcome).reason());
    }

    private static Reply reply(LambdaFunction.Rejected rejected, String function) {
        Response response = refused(400, rejected.type(), rejected.message()).response();
        return Reply.of(response, function, rejected.message());
    }

    private static Response result(byte[] payload, FunctionLog.Transcript log, Call call, Request request) {
        Response response = new Response(200, Map.of("Content-Type", List.of("application/json")), payload)
                .with("x-amzn-RequestId", call.requestId()).with("X-Amz-Executed-Version", "$LATEST");
        boolean wantsTail = request.header("X-Amz-Log-Type").orElse("").equals("Tail");
        return wantsTail ? response.with("X-Amz-Log-Result", Base64.getEncoder().encodeToString(log.tail()))
                : response;
    }
}
