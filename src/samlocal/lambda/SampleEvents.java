package samlocal.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Resource;
import samlocal.template.AwsEnvironment;

/**
 * Events as AWS's services send them, by the names that {@code sam local generate-event} gives to services, types
 * and options; only {@code cloudwatch logs --message} is an option of our own. The keys are those of AWS's
 * documentation, whose page each text names; the values are made up.
 *
 * <p>A text is JSON in which these stand for what an event is asked to hold:
 * <pre>
 * "... ${option} ..."              the option's value
 * "... ${option:encoding} ..."     the same, encoded: url, base64, md5 (in hex) or relative (no slash in front)
 * "${option:object}"           the JSON object that the value is
 * "${option:objectOfLists}"    that object, each member in a list
 * {"${text}": any}             a string: the JSON of what is inside
 * {"${gzip}": any}             a string: the same, compressed, in base64
 * </pre>
 */
public final class SampleEvents {
    private static final String ACCOUNT = "account-id=" + AwsEnvironment.DEFAULT.accountId();
    private static final String PARTITION = "partition=" + AwsEnvironment.DEFAULT.partition();
    private static final String REGION = "region=" + AwsEnvironment.DEFAULT.region();

    private static final List<Sample> ALL = List.of(
            sample("alb", "request", "a request to a load balancer (ApplicationLoadBalancerRequestEvent)",
                    Texts.ALB_REQUEST, "body={\"order\":42}", "method=POST", "path=orders/42", ACCOUNT,
                    "dns-suffix=us-east-1.elb.amazonaws.com"),
            sample("apigateway", "authorizer", "a token to be checked (APIGatewayCustomAuthorizerEvent)",
                    Texts.TOKEN_AUTHORIZER, ACCOUNT, PARTITION, REGION, "stage=prod", "method=POST",
                    "resource=orders/42", "restApiId=shop1234ab"),
            sample("apigateway", "aws-proxy", "a request to a REST API (APIGatewayProxyRequestEvent)",
                    Texts.REST_REQUEST, "body={\"order\":42}", "stage=prod", "method=POST", "resource=/{proxy+}",
                    "path=orders/42", "querystringparameters={\"color\":\"blue\"}", ACCOUNT,
                    "dns-suffix=us-east-1.amazonaws.com"),
            sample("apigateway", "http-api-proxy", "a request to an HTTP API (APIGatewayV2HTTPEvent)",
                    Texts.HTTP_REQUEST, "body={\"order\":42}", "stage=$default", "method=POST", "path=orders/42",
                    ACCOUNT, "dns-suffix=us-east-1.amazonaws.com"),
            sample("apigateway", "request-authorizer", "a request to be checked (APIGatewayCustomAuthorizerEvent)",
                    Texts.REQUEST_AUTHORIZER, ACCOUNT, PARTITION, REGION, "stage=prod", "method=GET",
                    "resource=orders", "restApiId=shop1234ab"),
            sample("appsync", "resolver", "a field of a GraphQL query to be resolved", Texts.APPSYNC_RESOLVER),
            sample("cloudformation", "create-request",
                    "a custom resource to be created (CloudFormationCustomResourceEvent)", Texts.CUSTOM_RESOURCE,
                    ACCOUNT, PARTITION, REGION, "stack=shop"),
            sample("cloudwatch", "logs", "lines of a log group (CloudWatchLogsEvent)", Texts.LOGS,
                    "message=ERROR order 42 was refused"),
            sample("cloudwatch", "scheduled-event", "a schedule's time has come (ScheduledEvent)", Texts.SCHEDULED,
                    ACCOUNT, PARTITION, REGION, "rule=every-morning"),
            sample("codecommit", "repository", "a push to a repository (CodeCommitEvent)", Texts.CODECOMMIT,
                    ACCOUNT, PARTITION, REGION, "repository=shop", "trigger=on-push", "custom-data=main only"),
            sample("codepipeline", "job", "a pipeline's step to be done", Texts.CODEPIPELINE, ACCOUNT,
                    "input-bucket=shop-artifacts", "input-key=sources/shop.zip", "output-bucket=shop-artifacts",
                    "output-key=builds/shop.zip"),
            sample("cognito", "sync-trigger", "a dataset is synchronized (CognitoEvent)", Texts.COGNITO_SYNC,
                    REGION),
            sample("config", "item-change-notification", "a resource's settings changed (ConfigEvent)",
                    Texts.CONFIG_CHANGE, REGION, PARTITION, ACCOUNT),
            sample("config", "periodic-rule", "a rule is due (ConfigEvent)", Texts.CONFIG_PERIODIC, REGION,
                    PARTITION, ACCOUNT),
            sample("connect", "contact-flow-event", "a caller reached a step of a flow (ConnectEvent)",
                    Texts.CONNECT, REGION, PARTITION, ACCOUNT, "contact-id=0f6d2a34-7b15-4c7e-9d43-5a1be8c60d21",
                    "phone-number=+12025550142"),
            sample("dynamodb", "update", "items were added, changed and removed (DynamodbEvent)", Texts.DYNAMODB,
                    ACCOUNT, PARTITION, REGION, "table=orders"),
            sample("kinesis", "analytics",
                    "records to be preprocessed (KinesisAnalyticsStreamsInputPreprocessingEvent)", Texts.ANALYTICS,
                    PARTITION, REGION, ACCOUNT, "application=sales", "stream=orders", "data={\"order\":42}"),
            sample("kinesis", "cloudwatch-logs-processor",
                    "log lines in a delivery stream (KinesisFirehoseEvent)", Texts.FIREHOSE_LOGS, REGION,
                    PARTITION, ACCOUNT),
            sample("kinesis", "get-records", "records of a data stream (KinesisEvent)", Texts.KINESIS, REGION,
                    PARTITION, "sequence=49650000000000000000000000000000000000000000000000000042",
                    "data={\"order\":42}", "partition-key=customer-7"),
            sample("kinesis", "kinesis-firehose",
                    "records of a delivery stream, data in base64 (KinesisFirehoseEvent)", Texts.FIREHOSE,
                    PARTITION, REGION, "data=eyJvcmRlciI6NDJ9Cg=="),
            sample("kinesis", "streams-as-source",
                    "records delivered from a data stream, data in base64 (KinesisFirehoseEvent)",
                    Texts.FIREHOSE_FROM_STREAM, PARTITION, REGION, "partition-key=customer-7",
                    "data=eyJvcmRlciI6NDJ9Cg==",
                    "sequence=49650000000000000000000000000000000000000000000000000042"),
            sample("lex", "book-hotel", "a Lex V1 bot's intent (LexEvent)", Texts.LEX),
            sample("lex-v2", "book-hotel", "a Lex V2 bot's intent", Texts.LEX_V2),
            sample("rekognition", "s3-request", "an image was put into a bucket (S3Event)", Texts.S3_PUT, REGION,
                    PARTITION, "bucket=shop-photos", "key=2025/red hat.jpg"),
            sample("s3", "batch-invocation", "a batch job's object (S3BatchEvent)", Texts.S3_BATCH,
                    "bucket-arn=arn:aws:s3:::shop-photos", "key=2025/red hat.jpg"),
            sample("s3", "delete", "an object was deleted (S3Event)", Texts.S3_DELETE, REGION, PARTITION,
                    "bucket=shop-photos", "key=2025/red hat.jpg"),
            sample("s3", "put", "an object was put into a bucket (S3Event)", Texts.S3_PUT, REGION, PARTITION,
                    "bucket=shop-photos", "key=2025/red hat.jpg"),
            sample("ses", "email-receiving", "an e-mail arrived", Texts.SES, REGION, PARTITION, ACCOUNT,
                    "dns-suffix=us-east-1.amazonaws.com"),
            sample("sns", "notification", "a message was published (SNSEvent)", Texts.SNS, ACCOUNT, PARTITION,
                    REGION, "topic=orders", "subject=a new order", "message=order 42 was placed"),
            sample("sqs", "receive-message", "messages of a queue (SQSEvent)", Texts.SQS, PARTITION, REGION,
                    ACCOUNT, "queue-name=orders", "body=order 42 was placed"),
            sample("stepfunctions", "error", "what a state machine caught", Texts.STEP_ERROR,
                    "error=PaymentRefused", "cause=the card has expired"));

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w-]+)(?::(\\w+))?}");

    private static final Map<String, Encoding> ENCODINGS = Map.of(
            "url", SampleEvents::url,
            "base64", value -> Base64.getEncoder().encodeToString(value.getBytes(UTF_8)),
            "md5", SampleEvents::md5,
            "relative", value -> value.startsWith("/") ? value.substring(1) : value,
            "object", SampleEvents::object,
            "objectOfLists", SampleEvents::objectOfLists);

    private SampleEvents() {
    }

    /**
     * One kind of event.
     *
     * @param service one of AWS's services, such as {@code s3}
     * @param type what the service tells of, such as {@code put}
     * @param description what happened, and AWS's class for it if there is one
     * @param options what can be asked for: name to default value, in order
     * @param json the text, with placeholders
     */
    public record Sample(String service, String type, String description, Map<String, String> options, String json) {
        /**
         * The event as JSON, with the values given and the defaults of other options.
         *
         * @throws Fault if a value is for no option of this event, or is not of its option's form
         */
        public String render(Map<String, String> given) {
            given.keySet().forEach(this::require);
            Map<String, String> values = new LinkedHashMap<>(options);
            values.putAll(given);
            try {
                return Json.writePretty(fill(Json.read(json), values));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void require(String name) {
            if (options.containsKey(name)) return;
            throw Fault.usage("`" + service + " " + type + "` has no option `--" + name + "`",
                    Nearest.to(name, options.keySet()).map(near -> "did you mean `--" + near + "`?").orElse(options
                    .isEmpty() ? "it has none" : "it has --" + String.join(", --", options.keySet())));
        }
    }

    /** Makes of an option's value what the event holds. */
    private interface Encoding {
        Object of(String value) throws IOException;
    }

    /** Every kind of event, in order of service, then type. */
    public static List<Sample> all() {
        return ALL;
    }

    /** The one kind of event of that name, if there is one. */
    public static Optional<Sample> of(String service, String type) {
        return ALL.stream().filter(one -> one.service().equals(service) && one.type().equals(type)).findFirst();
    }

    /** An option is a name and its default, joined by the first equals sign. */
    private static Sample sample(String service, String type, String description, String json, String... options) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String option : options) {
            String[] parts = option.split("=", 2);
            defaults.put(parts[0], parts[1]);
        }
        return new Sample(service, type, description, Collections.unmodifiableMap(defaults), json);
    }

    private static Object fill(Object value, Map<String, String> values) {
        if (value instanceof Map<?, ?> object) return fillObject(object, values);
        if (value instanceof List<?> items) return items.stream().map(item -> fill(item, values)).toList();
        return value instanceof String text ? fillText(text, values) : value;
    }

    private static Object fillObject(Map<?, ?> object, Map<String, String> values) {
        Map<Object, Object> filled = new LinkedHashMap<>();
        object.forEach((key, value) -> filled.put(key, fill(value, values)));
        if (filled.containsKey("${text}")) return Json.write(filled.get("${text}"));
        if (filled.containsKey("${gzip}")) return gzip(Json.write(filled.get("${gzip}")));
        return filled;
    }

    private static Object fillText(String text, Map<String, String> values) {
        Matcher found = PLACEHOLDER.matcher(text);
        if (found.matches()) return encoded(found.group(1), found.group(2), values);
        return found.replaceAll(part ->
                Matcher.quoteReplacement(encoded(part.group(1), part.group(2), values).toString()));
    }

    private static Object encoded(String name, String encoding, Map<String, String> values) {
        String value = Objects.requireNonNull(values.get(name), name);
        try {
            return encoding == null ? value : ENCODINGS.get(encoding).of(value);
        } catch (IOException | NumberFormatException e) {
            throw Fault.usage("`--" + name + "` must be a JSON object: " + value, null);
        }
    }

    /** As S3 encodes keys: a blank is a plus sign, a slash stays. */
    private static String url(String value) {
        return URLEncoder.encode(value, UTF_8).replace("%2F", "/");
    }

    private static String md5(String value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(value.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static Map<?, ?> object(String json) throws IOException {
        if (Json.read(json) instanceof Map<?, ?> object) return object;
        throw new IOException("not an object");
    }

    private static Map<String, Object> objectOfLists(String json) throws IOException {
        Map<String, Object> lists = new LinkedHashMap<>();
        object(json).forEach((name, value) -> lists.put(name.toString(), Collections.singletonList(value)));
        return lists;
    }

    private static String gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** The events' JSON; before each, the page of AWS's documentation that describes its keys. */
    private static final class Texts {
        /** Elastic Load Balancing, "Use Lambda functions as targets of an Application Load Balancer". */
        static final String ALB_REQUEST = Resource.text(SampleEvents.class, "events/alb-request.json");

        /** API Gateway, "Input to an API Gateway Lambda authorizer". */
        static final String TOKEN_AUTHORIZER = Resource.text(SampleEvents.class, "events/token-authorizer.json");

        /** API Gateway, "Lambda proxy integrations in API Gateway". */
        static final String REST_REQUEST = Resource.text(SampleEvents.class, "events/rest-request.json");

        /** API Gateway, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway", format 2.0. */
        static final String HTTP_REQUEST = Resource.text(SampleEvents.class, "events/http-request.json");

        /** API Gateway, "Input to an API Gateway Lambda authorizer". */
        static final String REQUEST_AUTHORIZER = Resource.text(SampleEvents.class, "events/request-authorizer.json");

        /** AppSync, "AWS AppSync JavaScript resolver context object reference", the caller signed with IAM. */
        static final String APPSYNC_RESOLVER = Resource.text(SampleEvents.class, "events/appsync-resolver.json");

        /** CloudFormation, "Custom resource request objects". */
        static final String CUSTOM_RESOURCE = Resource.text(SampleEvents.class, "events/custom-resource.json");

        /** Lambda, "Using Lambda with Amazon CloudWatch Logs". */
        static final String LOGS = Resource.text(SampleEvents.class, "events/logs.json");

        /** Lambda, "Invoke a Lambda function on a schedule". */
        static final String SCHEDULED = Resource.text(SampleEvents.class, "events/scheduled.json");

        /** Lambda, "Using AWS Lambda with AWS CodeCommit". */
        static final String CODECOMMIT = Resource.text(SampleEvents.class, "events/codecommit.json");

        /** Lambda, "Using AWS Lambda with AWS CodePipeline". */
        static final String CODEPIPELINE = Resource.text(SampleEvents.class, "events/codepipeline.json");

        /** Lambda, "Using AWS Lambda with Amazon Cognito". */
        static final String COGNITO_SYNC = Resource.text(SampleEvents.class, "events/cognito-sync.json");

        /** Config, "Example Events for AWS Config Rules", of a configuration change. */
        static final String CONFIG_CHANGE = Resource.text(SampleEvents.class, "events/config-change.json");

        /** Config, "Example Events for AWS Config Rules", of a periodic trigger. */
        static final String CONFIG_PERIODIC = Resource.text(SampleEvents.class, "events/config-periodic.json");

        /** Lambda, "Using Lambda with Amazon Connect". */
        static final String CONNECT = Resource.text(SampleEvents.class, "events/connect.json");

        /** Lambda, "Using AWS Lambda with Amazon DynamoDB". */
        static final String DYNAMODB = Resource.text(SampleEvents.class, "events/dynamodb.json");

        /** Kinesis Data Analytics, "Preprocessing Data Using a Lambda Function", the source a data stream. */
        static final String ANALYTICS = Resource.text(SampleEvents.class, "events/analytics.json");

        /** Firehose, "Transform source data in Amazon Data Firehose", the source a log group. */
        static final String FIREHOSE_LOGS = Resource.text(SampleEvents.class, "events/firehose-logs.json");

        /** Lambda, "Using Lambda to process records from Amazon Kinesis Data Streams". */
        static final String KINESIS = Resource.text(SampleEvents.class, "events/kinesis.json");

        /** Lambda, "Using AWS Lambda with Amazon Kinesis Data Firehose". */
        static final String FIREHOSE = Resource.text(SampleEvents.class, "events/firehose.json");

        /** Lambda, "Using AWS Lambda with Amazon Kinesis Data Firehose", the source a data stream. */
        static final String FIREHOSE_FROM_STREAM =
                Resource.text(SampleEvents.class, "events/firehose-from-stream.json");

        /** Lex V1, "Lambda Function Input Event and Response Format". */
        static final String LEX = Resource.text(SampleEvents.class, "events/lex.json");

        /** Lex V2, "AWS Lambda input event format for Lex V2". */
        static final String LEX_V2 = Resource.text(SampleEvents.class, "events/lex-v2.json");

        /** S3, "Invoke AWS Lambda function", format 1.0. */
        static final String S3_BATCH = Resource.text(SampleEvents.class, "events/s3-batch.json");

        /** S3, "Event message structure", of a deletion. */
        static final String S3_DELETE = Resource.text(SampleEvents.class, "events/s3-delete.json");

        /** S3, "Event message structure", of an upload. */
        static final String S3_PUT = Resource.text(SampleEvents.class, "events/s3-put.json");

        /** Simple Email Service, "Sample incoming email event". */
        static final String SES = Resource.text(SampleEvents.class, "events/ses.json");

        /** Lambda, "Invoking Lambda functions with Amazon SNS notifications". */
        static final String SNS = Resource.text(SampleEvents.class, "events/sns.json");

        /** Lambda, "Using Lambda with Amazon SQS". */
        static final String SQS = Resource.text(SampleEvents.class, "events/sqs.json");

        /** Step Functions, "Handling errors in Step Functions workflows", what a catcher passes on. */
        static final String STEP_ERROR = Resource.text(SampleEvents.class, "events/step-error.json");

        private Texts() {
        }
    }
}
