///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Edits a handler again and again: time from save to answer, and the memory that is left behind
//SOURCES ../ServerLocal.java

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Run from the checkout: {@code ./jbang bench/Reloads.java [edits]}. Prints the median and the worst time from a save to
 * the answer of the new code, and heap and metaspace after full collections at 50 edits, at half and at the end.
 */
public class Reloads {
    private static final int FIRST_LOOK = 50;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** What is in use after a full collection, in bytes. */
    private record Memory(long heap, long metaspace) {
        /** The least of some looks: between them the server may be preparing for the next edit. */
        static Memory now() throws InterruptedException {
            Memory least = new Memory(Long.MAX_VALUE, Long.MAX_VALUE);
            for (int i = 0; i < 6; i++) {
                System.gc();
                Thread.sleep(200);
                least = new Memory(Math.min(least.heap, heapInUse()), Math.min(least.metaspace, metaspaceInUse()));
            }
            return least;
        }

        private static long heapInUse() {
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        private static long metaspaceInUse() {
            return ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Metaspace")).map(MemoryPoolMXBean::getUsage)
                    .mapToLong(MemoryUsage::getUsed).sum();
        }

        void print(int edits, Memory first) {
            System.out.printf("after %5d edits   heap %6.1f MB (%.2f)   metaspace %6.1f MB (%.2f)%n", edits, heap / 1e6,
                    (double) heap / first.heap, metaspace / 1e6, (double) metaspace / first.metaspace);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int edits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        Path folder = Files.createTempDirectory("reloads");
        write(folder, 0);
        Files.writeString(folder.resolve("template.yaml"), """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: App
                      Runtime: java17
                      CodeUri: src
                      Events: {E: {Type: Api, Properties: {Path: /x, Method: get}}}
                """);
        PrintStream silent = new PrintStream(PrintStream.nullOutputStream());
        ServerLocal.Config config = new ServerLocal.Config(folder.resolve("template.yaml"), Map.of(), null,
                "127.0.0.1", 0,
                new ServerLocal.LambdaFunction.Limits(4, false), new ServerLocal.Integration.Rules(true, false, null),
                true);
        try (ServerLocal.DevServer server = new ServerLocal.DevServer(config,
                new ServerLocal.Console(silent, silent, "never"))) {
            measure(server.start().port(), folder, edits);
        }
    }

    private static void measure(int port, Path folder, int edits) throws Exception {
        List<Long> micros = new ArrayList<>();
        Memory first = null;
        get(port);
        for (int edit = 1; edit <= edits; edit++) {
            write(folder, edit);
            long saved = System.nanoTime();
            String answer = get(port);
            micros.add((System.nanoTime() - saved) / 1000);
            if (!answer.equals("" + edit)) throw new IllegalStateException("stale: " + answer + " for " + edit);
            if (edit == FIRST_LOOK) first = Memory.now();
            if (edit == FIRST_LOOK || edit == edits / 2 || edit == edits) Memory.now().print(edit, first);
            if (edit % (edits / 10) == 0) print(micros.subList(edit - edits / 10, edit), edit);
        }
    }

    private static void print(List<Long> micros, int edit) {
        List<Long> sorted = new ArrayList<>(micros);
        Collections.sort(sorted);
        System.out.printf("up to %5d edits   median %6.1f ms   worst %6.1f ms%n", edit,
                sorted.get(sorted.size() / 2) / 1e3, sorted.get(sorted.size() - 1) / 1e3);
    }

    private static void write(Path folder, int edit) throws IOException {
        Path source = folder.resolve("src/App.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                import com.amazonaws.services.lambda.runtime.*;
                import com.amazonaws.services.lambda.runtime.events.*;
                public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event,
                            Context context) {
                        System.out.println("edit %d");
                        return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody("%d");
                    }
                }
                """.formatted(edit, edit));
    }

    private static String get(int port) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }
}
