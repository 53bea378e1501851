///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Edits handlers repeatedly: time from save to response, and memory growth
//SOURCES ../ServerLocal.java

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Run from the checkout: {@code ./jbang bench/Reloads.java [edits]}. Prints the time from a save to the response of the
 * new code in projects of one and of a thousand files, and that of a changed signature compared with a full
 * compilation; then heap and metaspace after full collections at 50 edits, halfway and at the end.
 */
public class Reloads {
    private static final int WARM_UP = 30;
    private static final int MEASURED = 50;
    private static final int FIRST_LOOK = 50;
    private static final int FILES = 1000;
    private static final int USERS = 200;
    private static final int SIGNATURES = 11;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Memory in use after a full collection, in bytes. */
    private record Memory(long heap, long metaspace) {
        /** The minimum of several samples, since the server may be preparing for the next edit. */
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

    /** Times in microseconds. */
    private record Times(List<Long> micros) {
        Times() {
            this(new ArrayList<>());
        }

        double median() {
            return micros.stream().sorted().toList().get(micros.size() / 2) / 1e3;
        }

        double worst() {
            return micros.stream().mapToLong(each -> each).max().orElseThrow() / 1e3;
        }

        void time(Runnable work) {
            long started = System.nanoTime();
            work.run();
            micros.add((System.nanoTime() - started) / 1000);
        }
    }

    /** A served project of some files in its own folder. */
    private static final class Project implements AutoCloseable {
        private final Path folder;
        private final ServerLocal.DevServer server;
        private int edit;

        Project(int files) throws IOException {
            folder = Files.createTempDirectory("reloads");
            write("src/App.java", app(files, 0));
            for (int i = 1; i < files; i++) write(path(i), file(i));
            if (files > 1) write("src/app/Shared.java", shared("int"));
            write("template.yaml", """
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
            ServerLocal.Config config = new ServerLocal.Config(
                    new ServerLocal.Config.Inputs(folder.resolve("template.yaml"), Map.of(), null),
                    ServerLocal.Config.Address.LOOPBACK, new ServerLocal.LambdaFunction.Limits(4, false),
                    new ServerLocal.Integration.Rules(true, false, null), true,
                    ServerLocal.Config.Front.PLAIN, ServerLocal.Config.Functions.ALL);
            server = new ServerLocal.DevServer(config, new ServerLocal.Console(silent, silent, "never")).start();
            get();
        }

        private static String path(int i) {
            return "src/app/part" + i % 40 + "/Type" + i + ".java";
        }

        private void write(String path, String text) {
            try {
                Files.createDirectories(folder.resolve(path).getParent());
                Files.writeString(folder.resolve(path), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String app(int files, int edit) {
            return """
                    import com.amazonaws.services.lambda.runtime.*;
                    import com.amazonaws.services.lambda.runtime.events.*;
                    public class App implements RequestHandler<APIGatewayProxyRequestEvent,
                            APIGatewayProxyResponseEvent> {
                        public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event,
                                Context context) {
                            System.out.println("edit %d");
                            return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody("%d" + %s);
                        }
                    }
                    """.formatted(edit, edit, files > 1 ? "new app.part1.Type1(\"\").call()" : "\"\"");
        }

        /** A type that calls the previous one and, in one of five cases, the method whose signature is edited. */
        private static String file(int i) {
            String before = i < 41 ? "java.util.Date" : "app.part" + (i - 40) % 40 + ".Type" + (i - 40);
            String uses = i % (FILES / USERS) == 0 ? "app.Shared.value(" + i + ")" : "" + i;
            return """
                    package app.part%d;
                    import java.util.*;
                    import java.util.stream.*;
                    public class Type%d {
                        public record Item(String name, int count) { }
                        private final Map<String, List<Item>> items = new TreeMap<>();
                        private final String name;
                        public Type%d(String name) { this.name = name; }
                        public String call() { return ""; }
                        public Object before() { return %s.class.getName() + %s; }
                        public List<Item> items(String key) {
                            return items.getOrDefault(key, List.of()).stream().filter(item -> item.count() > %d)
                                    .sorted(Comparator.comparing(Item::name)).collect(Collectors.toList());
                        }
                        public void add(String key, Item item) {
                            for (int i = 0; i < item.count(); i++) {
                                items.computeIfAbsent(key, each -> new ArrayList<>()).add(item);
                            }
                            if (items.size() > 10) throw new IllegalStateException(name + " is full: " + items);
                        }
                        @Override public String toString() {
                            return items.keySet().stream().collect(Collectors.joining(", ", name + "[", "]"));
                        }
                    }
                    """.formatted(i % 40, i, i, before, uses, i);
        }

        private static String shared(String type) {
            return "package app; public class Shared { public static " + type + " value(int x) { return x; } }\n";
        }

        void editBody(int files) {
            write("src/App.java", app(files, ++edit));
            expect("" + edit);
        }

        void editSignature() {
            write("src/app/Shared.java", shared(++edit % 2 == 0 ? "int" : "long"));
            get();
        }

        private void expect(String wanted) {
            String answer = get();
            if (!answer.equals(wanted)) throw new IllegalStateException("stale: " + answer + " for " + wanted);
        }

        private String get() {
            try {
                return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/x")).build(),
                        HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** All sources as compiler input. */
        Map<Path, String> texts() throws IOException {
            Map<Path, String> texts = new TreeMap<>();
            try (var files = Files.walk(folder.resolve("src"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) texts.put(file, Files.readString(file));
            }
            return texts;
        }

        @Override public void close() {
            server.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int edits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        try (Project one = new Project(1); Project many = new Project(FILES)) {
            compare(one, many);
            compareSignature(many);
        }
        try (Project project = new Project(1)) {
            watchMemory(project, edits);
        }
    }

    private static void compare(Project one, Project many) {
        Times ofOne = new Times();
        Times ofMany = new Times();
        for (int i = 0; i < WARM_UP + MEASURED; i++) {
            boolean counts = i >= WARM_UP;
            (counts ? ofOne : new Times()).time(() -> one.editBody(1));
            (counts ? ofMany : new Times()).time(() -> many.editBody(FILES));
        }
        System.out.printf("save to new answer, one file      median %6.1f ms   worst of %d %6.1f ms%n", ofOne.median(),
                MEASURED, ofOne.worst());
        System.out.printf("the same, one of %,d files       median %6.1f ms   worst of %d %6.1f ms   %.2f of one file%n",
                FILES, ofMany.median(), MEASURED, ofMany.worst(), ofMany.median() / ofOne.median());
    }

    private static void compareSignature(Project many) throws IOException {
        Times signature = new Times();
        Times all = new Times();
        Map<Path, String> texts = many.texts();
        ServerLocal.Compiler.Setup setup = new ServerLocal.Compiler.Setup(List.of(), Map.of(),
                ServerLocal.Dependencies.bundled(), List.of(), List.of("-proc:none"), 0, List.of());
        try (ServerLocal.Compiler compiler = new ServerLocal.Compiler(setup)) {
            for (int i = 0; i < SIGNATURES + 2; i++) {
                boolean counts = i >= 2;
                (counts ? signature : new Times()).time(many::editSignature);
                (counts ? all : new Times()).time(() -> {
                    if (!compiler.compile(texts, Map.of()).errors().isEmpty()) throw new IllegalStateException();
                });
            }
        }
        System.out.printf("a signature that %d of them use  median %6.1f ms   all files again %6.1f ms   %.2f of that%n",
                USERS, signature.median(), all.median(), signature.median() / all.median());
    }

    private static void watchMemory(Project project, int edits) throws InterruptedException {
        Memory first = null;
        Times times = new Times();
        for (int edit = 1; edit <= edits; edit++) {
            times.time(() -> project.editBody(1));
            if (edit == FIRST_LOOK) first = Memory.now();
            if (edit == FIRST_LOOK || edit == edits / 2 || edit == edits) Memory.now().print(edit, first);
            if (edit % (edits / 10) != 0) continue;
            System.out.printf("up to %5d edits   median %6.1f ms   worst %6.1f ms%n", edit, times.median(),
                    times.worst());
            times = new Times();
        }
    }
}
