package samlocal.inspector;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.lambda.SampleEvents;

/** Suggests sample events for a function. */
final class EventSources {
    /** Samples (service and type) by SAM event type ("EventSource"). */
    private static final Map<String, List<String>> SAMPLES = Map.ofEntries(
            Map.entry("Api", List.of("apigateway aws-proxy")),
            Map.entry("HttpApi", List.of("apigateway http-api-proxy")),
            Map.entry("S3", List.of("s3 put", "s3 delete")),
            Map.entry("SNS", List.of("sns notification")),
            Map.entry("SQS", List.of("sqs receive-message")),
            Map.entry("Kinesis", List.of("kinesis get-records")),
            Map.entry("DynamoDB", List.of("dynamodb update")),
            Map.entry("Schedule", List.of("cloudwatch scheduled-event")),
            Map.entry("CloudWatchEvent", List.of("cloudwatch scheduled-event")),
            Map.entry("EventBridgeRule", List.of("cloudwatch scheduled-event")),
            Map.entry("CloudWatchLogs", List.of("cloudwatch logs")));

    private EventSources() {
    }

    /**
     * The samples for a function, the best match first.
     *
     * @param declared event types of the function in the template
     * @param taken the name of the handler's event type, such as AWS's {@code SQSEvent}, or an empty string
     */
    static List<String> samples(List<String> declared, String taken) {
        String type = "(" + taken.substring(taken.lastIndexOf('.') + 1) + ")";
        Stream<String> byHandler = SampleEvents.all().stream().filter(sample -> sample.description().endsWith(type))
                .map(sample -> sample.service() + " " + sample.type());
        Stream<String> byTemplate = declared.stream().flatMap(each -> SAMPLES.getOrDefault(each, List.of()).stream());
        return Stream.concat(byTemplate, byHandler).distinct().toList();
    }
}
