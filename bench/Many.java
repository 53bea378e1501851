///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Many functions over one module with many libraries: memory, and time until all have answered
//SOURCES Side.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Run from the checkout: {@code ./jbang bench/Many.java [LAZY|EAGER...]}. Generates a SAM project of 36 functions over
 * one Maven module with about 60 libraries and 95 routes, starts samlocal once before the measurement (libraries are
 * downloaded and the script is built), then prints for both values of {@code --warm-containers} the time from the start
 * until each function has answered once, the memory of the process, and the ratio to the aims.
 */
public class Many {
    private static final int FUNCTIONS = 36;
    private static final int ROUTES = 95;
    private static final double MOST_MEGABYTES = 600;
    private static final double MOST_SECONDS = 30;
    private static final List<String> CLIENTS = List.of("dynamodb.DynamoDb", "s3.S3", "sns.Sns", "sqs.Sqs");
    private static final List<String> LIBRARIES = List.of(
            "com.amazonaws:aws-lambda-java-core:1.2.3", "com.amazonaws:aws-lambda-java-events:3.14.0",
            "com.amazonaws:aws-lambda-java-log4j2:1.6.0", "software.amazon.awssdk:dynamodb:2.29.52",
            "software.amazon.awssdk:dynamodb-enhanced:2.29.52", "software.amazon.awssdk:s3:2.29.52",
            "software.amazon.awssdk:sns:2.29.52", "software.amazon.awssdk:sqs:2.29.52",
            "com.fasterxml.jackson.core:jackson-databind:2.18.2",
            "com.fasterxml.jackson.datatype:jackson-datatype-jsr310:2.18.2",
            "software.amazon.lambda:powertools-logging:1.18.0", "org.apache.logging.log4j:log4j-core:2.24.3",
            "org.apache.logging.log4j:log4j-slf4j2-impl:2.24.3", "com.google.guava:guava:33.4.0-jre",
            "org.apache.commons:commons-lang3:3.17.0", "org.apache.commons:commons-collections4:4.4",
            "commons-io:commons-io:2.18.0");

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("many");
        generate(folder);
        start(folder, "LAZY").close();
        System.out.printf("%d functions, %d routes, Java %s%n", FUNCTIONS, ROUTES, System.getProperty("java.version"));
        for (String way : arguments.length > 0 ? List.of(arguments) : List.of("LAZY", "EAGER")) measure(folder, way);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static Side start(Path folder, String way) throws Exception {
        int port = Side.freePort();
        return Side.start(Path.of("."), Map.of(), port, path(0), List.of("./jbang", "ServerLocal.java", "--template",
                folder.resolve("template.yaml").toString(), "--port", "" + port, "--warm-containers", way));
    }

    private static void measure(Path folder, String way) throws Exception {
        long started = System.nanoTime();
        try (Side server = start(folder, way)) {
            for (int i = 0; i < FUNCTIONS; i++) {
                String answer = server.body(path(i));
                if (!answer.startsWith("" + i)) throw new IllegalStateException("function " + i + ": " + answer);
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            double resident = kilobytes(server, "VmRSS") / 1e3;
            double peak = kilobytes(server, "VmHWM") / 1e3;
            double used = server.memory() / 1e6;
            double atRest = kilobytes(server, "VmRSS") / 1e3;
            System.out.printf("%-5s  all answered %6.1f s (%.2f of aim)   resident %6.0f MB (%.2f of aim)"
                    + ", peak %6.0f MB   after GC %6.0f MB (%.2f of aim), in use %6.0f MB%n", way, seconds,
                    seconds / MOST_SECONDS, resident, resident / MOST_MEGABYTES, peak, atRest,
                    atRest / MOST_MEGABYTES, used);
        }
    }

    private static double kilobytes(Side server, String name) throws IOException {
        Path status = Path.of("/proc", "" + server.process().pid(), "status");
        return Files.readAllLines(status).stream().filter(line -> line.startsWith(name + ":"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", ""))).sum();
    }

    /** The path of a route; the first routes belong to different functions. */
    private static String path(int route) {
        return "/f" + route % FUNCTIONS + "/r" + route / FUNCTIONS;
    }

    private static void generate(Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("app/src/main/java/app"));
        for (int i = 0; i < FUNCTIONS; i++) Files.writeString(sources.resolve("Handler" + i + ".java"), handler(i));
        Files.writeString(folder.resolve("app/pom.xml"), pom());
        Files.writeString(folder.resolve("template.yaml"), "Transform: AWS::Serverless-2016-10-31\nResources:\n"
                + IntStream.range(0, FUNCTIONS).mapToObj(Many::function).collect(Collectors.joining()));
    }

    private static String pom() {
        return """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>app</groupId>
                  <artifactId>app</artifactId>
                  <version>1</version>
                  <properties><maven.compiler.release>17</maven.compiler.release></properties>
                  <dependencies>
                %s
                  </dependencies>
                </project>
                """.formatted(LIBRARIES.stream().map(each -> each.split(":")).map(each -> "    <dependency><groupId>"
                + each[0] + "</groupId><artifactId>" + each[1] + "</artifactId><version>" + each[2]
                + "</version></dependency>").collect(Collectors.joining("\n")));
    }

    private static String function(int i) {
        return """
                  Function%d:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: app
                      Handler: app.Handler%d::handleRequest
                      Runtime: java17
                      Timeout: 60
                      Environment: {Variables: {TABLE: table-%d}}
                      Events:
                %s
                """.formatted(i, i, i, IntStream.range(0, ROUTES).filter(route -> route % FUNCTIONS == i)
                .mapToObj(route -> "        R%d: {Type: Api, Properties: {Path: %s, Method: get}}".formatted(route,
                        path(route))).collect(Collectors.joining("\n")));
    }

    /** A handler with a client of the AWS SDK, a JSON mapper, a logger and, each third, helpers of other libraries. */
    private static String handler(int i) {
        String client = CLIENTS.get(i % CLIENTS.size()) + "Client";
        String helped = switch (i % 3) {
            case 0 -> "com.google.common.collect.ImmutableList.of(table).get(0)";
            case 1 -> "org.apache.commons.lang3.StringUtils.trimToEmpty(table)";
            default -> "new org.apache.commons.collections4.map.LRUMap<>(java.util.Map.of(table, 1)).firstKey()";
        };
        return """
                package app;
                import com.amazonaws.services.lambda.runtime.*;
                import com.amazonaws.services.lambda.runtime.events.*;
                import com.fasterxml.jackson.databind.*;
                import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
                import java.util.Map;
                import org.slf4j.*;
                import software.amazon.awssdk.auth.credentials.*;
                import software.amazon.awssdk.regions.Region;
                public class Handler%d
                        implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                    private static final Logger LOG = LoggerFactory.getLogger(Handler%d.class);
                    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());
                    private static final Object SDK = software.amazon.awssdk.services.%s.builder()
                            .region(Region.EU_CENTRAL_1).credentialsProvider(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create("a", "b"))).build();
                    private final String table = System.getenv("TABLE");
                    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event,
                            Context context) {
                        try {
                            LOG.info("request of {} with {}", table, SDK);
                            String body = JSON.writeValueAsString(Map.of("table", %s, "at", java.time.Instant.now()));
                            return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody("%d " + body);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
                """.formatted(i, i, client, helped, i);
    }
}
