import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventSourcesTest {
    @Test void samples_match_declared_events_and_the_handlers_type() {
        String events = "com.amazonaws.services.lambda.runtime.events.";
        Map<List<String>, List<String>> rows = Map.of(
                List.of("SQS", ""), List.of("sqs receive-message"),
                List.of("S3", events + "S3Event"), List.of("s3 put", "s3 delete", "rekognition s3-request"),
                List.of("HttpApi", events + "APIGatewayV2HTTPEvent"), List.of("apigateway http-api-proxy"),
                List.of("Schedule", "java.util.Map<java.lang.String, java.lang.Object>"),
                List.of("cloudwatch scheduled-event"),
                List.of("Cognito", ""), List.of(),
                List.of("", events + "SNSEvent"), List.of("sns notification"));
        rows.forEach((given, wanted) -> assertEquals(wanted,
                ServerLocal.EventSources.samples(List.of(given.get(0)), given.get(1)), given.toString()));
    }

    @Test void every_sample_exists() {
        List<String> declared = List.of("Api", "HttpApi", "S3", "SNS", "SQS", "Kinesis", "DynamoDB", "Schedule",
                "CloudWatchEvent", "EventBridgeRule", "CloudWatchLogs");
        for (String type : declared) {
            List<String> samples = ServerLocal.EventSources.samples(List.of(type), "");
            assertTrue(!samples.isEmpty(), type);
            for (String sample : samples) {
                String[] parts = sample.split(" ");
                assertTrue(ServerLocal.SampleEvents.of(parts[0], parts[1]).isPresent(), sample);
            }
        }
    }
}
