///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS -XX:+IgnoreUnrecognizedVMOptions -Xlog:cds=off -Xlog:cds+dynamic=off
//DESCRIPTION All benchmarks: samlocal compared with a bare JDK server, Flask and serverless-offline
//SOURCES Load.java
//SOURCES Side.java

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Run from the checkout: {@code bench/all [part...]} with any of {@code requests routes memory starts flask python
 * languages serverless build reloads}; without arguments, runs all. Servers are measured in turn, and their ratio counts. Flask is Debian's
 * python3-flask; serverless-offline must be installed in the folder {@code SERVERLESS_OFFLINE} with {@code npm install
 * serverless@3 serverless-offline@13}.
 */
public class All {
    private static final Path EXAMPLE = Path.of("examples/hello-world");
    private static final Path SOURCE = Path.of("HelloWorldFunction/src/main/java/helloworld/App.java");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final int ROUNDS = 5;
    /** Number of fresh servers whose first edits are timed, and number of those edits. */
    private static final int FRESH = 3;
    private static final int FIRST_EDITS = 3;
    private static final int LATER_EDITS = 20;
    private static final int FILES = 1_000;

    /** A step that prints its rows. */
    private interface Part {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("bare")) {
            serveBare(Integer.parseInt(arguments[1]), arguments[2]);
            return;
        }
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("requests", All::requests);
        parts.put("routes", All::routes);
        parts.put("memory", All::memory);
        parts.put("starts", All::starts);
        parts.put("flask", All::flask);
        parts.put("python", All::python);
        parts.put("languages", All::languages);
        parts.put("serverless", All::serverless);
        parts.put("build", All::build);
        parts.put("reloads", All::reloads);
        System.out.printf("Java %s, %d processors, %s%n%n", System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(), java.time.LocalDate.now());
        row("what", "samlocal", "the other side", "compared", "to reach");
        for (String name : arguments.length > 0 ? List.of(arguments) : parts.keySet()) {
            try {
                parts.get(name).run();
            } catch (Exception e) {
                row(name, "", "failed: " + e.getMessage(), "", "");
            }
        }
        System.exit(0);
    }

    private static void row(String what, String ours, String theirs, String compared, String reach) {
        System.out.printf("%-52s  %-22s  %-30s  %-14s  %s%n", what, ours, theirs, compared, reach);
    }

    /** Prints a row; {@code atLeast} is true if higher is better. */
    private static void row(String what, String ours, String theirs, double value, boolean atLeast, double bound) {
        boolean isReached = atLeast ? value >= bound : value <= bound;
        row(what, ours, theirs, text(value), (atLeast ? "at least " : "at most ") + text(bound)
                + (isReached ? "  reached" : "  NOT reached"));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Measures each side in turn, in rounds after a warm-up; returns the medians. */
    private static List<Double> inTurn(List<Side> sides, int warmUps, double seconds, ToDouble asked) throws Exception {
        List<List<Double>> values = sides.stream().map(side -> (List<Double>) new ArrayList<Double>()).toList();
        for (int round = -warmUps; round < ROUNDS; round++) {
            for (int i = 0; i < sides.size(); i++) {
                double value = asked.of(sides.get(i), round < 0 ? 2 * seconds : seconds);
                if (round >= 0) values.get(i).add(value);
            }
        }
        return values.stream().map(All::median).toList();
    }

    private interface ToDouble {
        double of(Side side, double seconds) throws Exception;
    }

    private static double rate(Side side, double seconds) throws Exception {
        return Load.of(side.url() + "/hello", 8, seconds).perSecond();
    }

    // ---- against a bare server -------------------------------------------------------------------------------------

    /** The same response from a bare JDK server. */
    private static void serveBare(int port, String body) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    private static Side bare() throws Exception {
        int port = Side.freePort();
        return Side.start(Path.of("."), Map.of(), port, "/hello",
                List.of("./jbang", "bench/All.java", "bare", "" + port, "{\"message\": \"hello world\"}"));
    }

    private static Side example() throws Exception {
        return Side.samlocal(EXAMPLE.resolve("template.yaml"), Map.of());
    }

    private static void requests() throws Exception {
        try (Side samlocal = example(); Side bare = bare()) {
            List<Side> sides = List.of(samlocal, bare);
            List<Double> rates = inTurn(sides, 8, 2, All::rate);
            row("requests a second, hello, 8 connections", text(rates.get(0)) + " /s",
                    text(rates.get(1)) + " /s, bare JDK server", rates.get(0) / rates.get(1), true, 0.4);
            Map<Side, List<Double>> last = new HashMap<>();
            List<Double> medians = inTurn(sides, 1, 1.5, (side, seconds) -> {
                Load load = Load.of(side.url() + "/hello", 1, seconds);
                last.computeIfAbsent(side, each -> new ArrayList<>()).add(load.micros(0.99));
                return load.micros(0.5);
            });
            row("median at 1 connection, added \u00b5s", text(medians.get(0)) + " \u00b5s", text(medians.get(1)) + " \u00b5s",
                    medians.get(0) - medians.get(1), false, 120);
            double ours = median(last.get(samlocal));
            double theirs = median(last.get(bare));
            row("99th percentile at 1 connection", text(ours) + " \u00b5s", text(theirs) + " \u00b5s", ours / theirs, false, 3);
        }
    }

    private static void routes() throws Exception {
        Path large = copy();
        Files.writeString(large.resolve("template.yaml"), IntStream.range(0, 200).mapToObj(All::function)
                .collect(Collectors.joining("", "Resources:\n", "")));
        try (Side many = Side.samlocal(large.resolve("template.yaml"), Map.of()); Side one = example()) {
            List<Double> rates = inTurn(List.of(many, one), 8, 2, All::rate);
            row("the same with 1,000 routes, 200 functions", text(rates.get(0)) + " /s",
                    text(rates.get(1)) + " /s, one route", rates.get(0) / rates.get(1), true, 0.95);
        }
    }

    /** A project with five routes; the last one is requested. */
    private static String function(int number) {
        String path = number == 199 ? "/hello" : "/f" + number;
        return """
                  F%1$d:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: java17
                      CodeUri: HelloWorldFunction
                      Handler: helloworld.App::handleRequest
                      Timeout: 20
                      MemorySize: 512
                      Environment: {Variables: {GREETING: hello}}
                      Events:
                        A: {Type: Api, Properties: {Path: %2$s, Method: get}}
                        B: {Type: Api, Properties: {Path: %2$s, Method: post}}
                        C: {Type: Api, Properties: {Path: '/g%1$d/{id}', Method: get}}
                        D: {Type: Api, Properties: {Path: '/g%1$d/{id}/more', Method: get}}
                        E: {Type: Api, Properties: {Path: '/h%1$d/{rest+}', Method: any}}
                """.formatted(number, path);
    }

    private static void memory() throws Exception {
        try (Side samlocal = example()) {
            ask(samlocal, 1_000);
            long before = samlocal.memory();
            ask(samlocal, 99_000);
            long after = samlocal.memory();
            row("heap and metaspace after 100,000 requests", text(after / 1e6) + " MB",
                    text(before / 1e6) + " MB after 1,000", (double) after / before, false, 1.1);
        }
    }

    private static void ask(Side side, int requests) throws Exception {
        for (long done = 0; done < requests;) {
            done += Load.of(side.url() + "/hello", 8, Math.min(2, (requests - done) / 2_000.0 + 0.05)).nanos().length;
        }
    }

    // ---- starts ----------------------------------------------------------------------------------------------------

    private static double runner(String script, Map<String, String> environment) throws Exception {
        long started = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder("./jbang", script).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var out = process.inputReader()) {
            if (out.lines().noneMatch("here"::equals)) throw new IllegalStateException("the runner does not run");
        }
        return (System.nanoTime() - started) / 1e6;
    }

    private static double start(Callable<Side> side) throws Exception {
        try (Side started = side.call()) {
            return started.startNanos() / 1e6;
        }
    }

    private static void starts() throws Exception {
        List<Double> floor = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> project = new ArrayList<>();
        for (int i = -1; i < ROUNDS; i++) {
            Path fresh = copy();
            double empty = runner("bench/others/Empty.java", Map.of());
            double first = start(() -> Side.samlocal(fresh.resolve("template.yaml"), Map.of()));
            double again = start(() -> Side.samlocal(fresh.resolve("template.yaml"), Map.of()));
            if (i < 0) continue;
            floor.add(empty);
            project.add(first);
            second.add(again);
        }
        String empty = text(median(floor)) + " ms, an empty script";
        row("second start to the first answer", text(median(second)) + " ms", empty,
                median(second) / median(floor), false, 2);
        row("first start of a project", text(median(project)) + " ms", empty,
                median(project) / median(floor), false, 4);
        Path fresh = copy();
        double emptyEver = runner(emptyWithDependencies(), freshCache());
        double ever = start(() -> Side.samlocal(fresh.resolve("template.yaml"), freshCache()));
        row("first start ever, the script built too", text(ever) + " ms", text(emptyEver)
                + " ms, an empty script with its libraries", ever / emptyEver, false, 4);
    }

    /** An empty script with the dependencies of the bundle. */
    private static String emptyWithDependencies() throws IOException {
        Path script = Files.createTempDirectory("empty").resolve("Empty.java");
        String dependencies = Files.readAllLines(Path.of("ServerLocal.java")).stream()
                .filter(line -> line.startsWith("//DEPS ")).collect(Collectors.joining("\n"));
        String empty = Files.readString(Path.of("bench/others/Empty.java"));
        Files.writeString(script, empty.replace("//JAVA 17+\n", "//JAVA 17+\n" + dependencies + "\n"));
        return script.toString();
    }

    /** Copies built scripts; libraries are not copied. */
    private static Map<String, String> freshCache() throws IOException {
        return Map.of("JBANG_CACHE_DIR", Files.createTempDirectory("cache").toString());
    }

    // ---- others ----------------------------------------------------------------------------------------------------

    private static void flask() throws Exception {
        Subject flask = flaskServer();
        if (flask == null) return;
        against(java(), flask, 8, new double[] {0.15, 0.08});
        editsAmongMany();
    }

    /** The handler in Python on both sides. */
    private static void python() throws Exception {
        Subject flask = flaskServer();
        if (flask == null) return;
        Path project = project("app.hello", "python3.11");
        Path source = Files.createDirectory(project.resolve("hello")).resolve("app.py");
        String script = Files.readString(flask.source());
        int start = script.indexOf("def hello");
        Files.writeString(source, script.substring(start, script.indexOf("\n\n", start) + 1)
                .replace("(event)", "(event, context)"));
        Map<String, String> path = Map.of("PATH", PYTHON.getParent() + ":" + System.getenv("PATH"));
        against(new Subject("samlocal", () -> Side.samlocal(project.resolve("template.yaml"), path), source), flask, 2,
                new double[] {0.5, 0.5});
    }

    /** Edits of functions that run as processes, and the time that an empty program of their language takes. */
    private static void languages() throws Exception {
        edits("Python", "python3.11", "app.py", """
                def handler(event, context):
                    return {"statusCode": 200, "body": '{"message": "hello world"}'}
                """, List.of(PYTHON.toString(), "-c", "pass"));
        edits("Node", "nodejs20.x", "app.mjs", """
                export const handler = async () => ({ statusCode: 200, body: '{"message": "hello world"}' });
                """, List.of("node", "-e", "0"));
    }

    private static void edits(String name, String runtime, String file, String code, List<String> empty)
            throws Exception {
        Path project = project("app.handler", runtime);
        Path source = Files.createDirectory(project.resolve("hello")).resolve(file);
        Files.writeString(source, code);
        Map<String, String> path = Map.of("PATH", PYTHON.getParent() + ":" + System.getenv("PATH"));
        Edits edits = Edits.of(() -> Side.samlocal(project.resolve("template.yaml"), path), source);
        List<Double> starts = new ArrayList<>();
        for (int round = -ROUNDS; round < 3 * ROUNDS; round++) {
            long started = System.nanoTime();
            new ProcessBuilder(empty).start().waitFor();
            if (round >= 0) starts.add((System.nanoTime() - started) / 1e6);
        }
        row("save to new answer, later edits, " + name, text(edits.later()) + " ms", text(median(starts))
                + " ms, an empty program", edits.later() - median(starts), false, 50);
    }

    /** A project with one function in the folder {@code hello}, behind GET /hello. */
    private static Path project(String handler, String runtime) throws IOException {
        Path project = Files.createTempDirectory("project");
        Files.writeString(project.resolve("template.yaml"), """
                Resources:
                  Hello:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: hello
                      Handler: %s
                      Runtime: %s
                      Events: {Get: {Type: Api, Properties: {Path: /hello, Method: get}}}
                """.formatted(handler, runtime));
        return project;
    }

    /** Flask in debug mode; null, with a row that says so, if it is not installed. */
    private static Subject flaskServer() throws Exception {
        if (!runs(PYTHON.toString(), "-c", "import flask")) {
            row("Flask in debug mode", "", "not installed: apt-get install python3-flask", "", "");
            return null;
        }
        Path script = Files.createTempDirectory("flask").resolve("flask_app.py");
        Files.copy(Path.of("bench/others/flask_app.py"), script);
        return new Subject("Flask in debug mode", () -> {
            int port = Side.freePort();
            return Side.start(script.getParent(), Map.of(), port, "/hello", List.of(PYTHON.toString(), script.toString(),
                    "" + port, EXAMPLE.resolve("template.yaml").toAbsolutePath().toString()));
        }, script);
    }

    /** samlocal with the hello-world example in Java. */
    private static Subject java() throws IOException {
        Path project = copy();
        return new Subject("samlocal", () -> Side.samlocal(project.resolve("template.yaml"), Map.of()),
                project.resolve(SOURCE));
    }

    private static void serverless() throws Exception {
        Path installed = Path.of(System.getenv().getOrDefault("SERVERLESS_OFFLINE", "/none")).resolve("node_modules");
        if (!Files.isExecutable(installed.resolve(".bin/serverless"))) {
            row("serverless-offline", "", "not installed: set SERVERLESS_OFFLINE", "", "");
            return;
        }
        Path folder = Files.createTempDirectory("serverless");
        for (String file : List.of("serverless.yml", "handler.js")) {
            Files.copy(Path.of("bench/others/serverless", file), folder.resolve(file));
        }
        Files.createSymbolicLink(folder.resolve("node_modules"), installed.toAbsolutePath());
        Callable<Side> offline = () -> {
            int port = Side.freePort();
            return Side.start(folder, Map.of("SLS_TELEMETRY_DISABLED", "1", "SLS_NOTIFICATIONS_MODE", "off"), port,
                    "/hello", List.of("node_modules/.bin/serverless", "offline", "--httpPort", "" + port, "--lambdaPort",
                    "" + Side.freePort(), "--noPrependStageInUrl", "--reloadHandler", "--host", "127.0.0.1"));
        };
        against(java(), new Subject("serverless-offline", offline, folder.resolve("handler.js")), 1,
                new double[] {0, 1});
    }

    /** A server and the source that is edited. */
    private record Subject(String name, Callable<Side> start, Path source) {
    }

    /**
     * Requests, edits and start beside another server.
     *
     * @param times minimum ratio of requests per second; half of it in the first ten seconds
     * @param shares maximum ratio of times of first and later edits; 0 omits the row
     */
    private static void against(Subject own, Subject another, double times, double[] shares) throws Exception {
        Callable<Side> ours = own.start();
        Callable<Side> start = another.start();
        String name = another.name();
        start(ours); // its classes are compiled from now on
        double started = median(List.of(start(ours), start(ours), start(ours)));
        double theirStart = median(List.of(start(start), start(start), start(start)));
        try (Side samlocal = ours.call(); Side other = start.call()) {
            List<Double> rates = inTurn(List.of(samlocal, other), 8, 1.5, All::rate);
            row("requests a second, 8 connections", text(rates.get(0)) + " /s", text(rates.get(1)) + " /s, " + name,
                    rates.get(0) / rates.get(1), true, times);
        }
        List<Double> early = new ArrayList<>();
        for (Callable<Side> each : List.of(ours, start)) {
            try (Side fresh = each.call()) {
                early.add(rate(fresh, 10));
            }
        }
        row("the same in the first ten seconds", text(early.get(0)) + " /s", text(early.get(1)) + " /s, " + name,
                early.get(0) / early.get(1), true, times / 2);
        Edits our = Edits.of(ours, own.source());
        Edits their = Edits.of(start, another.source());
        if (shares[0] > 0) {
            row("save to new answer, first three edits", text(our.first()) + " ms", text(their.first()) + " ms, " + name,
                    our.first() / their.first(), false, shares[0]);
        }
        row("save to new answer, later edits", text(our.later()) + " ms", text(their.later()) + " ms, " + name,
                our.later() / their.later(), false, shares[1]);
        row("start to the first answer", text(started) + " ms", text(theirStart) + " ms, " + name,
                started / theirStart, false, 1);
    }

    /**
     * Milliseconds from a save to the first response of the new code: medians of the first three edits and of later
     * ones.
     */
    private record Edits(double first, double later) {
        static Edits of(Callable<Side> start, Path source) throws Exception {
            List<Double> first = new ArrayList<>();
            List<Double> later = new ArrayList<>();
            for (int server = 0; server < FRESH; server++) {
                try (Side side = start.call()) {
                    for (int edit = 0; edit < FIRST_EDITS; edit++) first.add(millis(side, source, 1_000));
                    if (server > 0) continue;
                    for (int edit = 0; edit < LATER_EDITS; edit++) later.add(millis(side, source, 300));
                }
            }
            return new Edits(median(first), median(later));
        }

        private static double millis(Side side, Path source, long pauseMillis) throws Exception {
            String mark = "edit" + System.nanoTime() + ".";
            String text = Files.readString(source).replaceAll("edit\\d+\\.", "");
            // random, so that pauses do not align with Flask's check for changes once a second
            Thread.sleep(pauseMillis + ThreadLocalRandom.current().nextLong(pauseMillis));
            Files.writeString(source, text.replace("{\\\"message\\\": \\\"", "{\\\"message\\\": \\\"" + mark)
                    .replace("{\"message\": \"", "{\"message\": \"" + mark));
            long saved = System.nanoTime();
            while (!side.body("/hello").contains(mark)) {
                if (System.nanoTime() - saved > 30e9) throw new IllegalStateException("no new answer at " + side.url());
            }
            return (System.nanoTime() - saved) / 1e6;
        }
    }

    /**
     * An edit, and the Maven steps of {@code sam build} for one (aws-lambda-builders, {@code java_maven/maven.py}), into
     * a repository of their own. What {@code sam build} does besides them and the container's start are not counted.
     */
    private static void build() throws Exception {
        if (!runs("mvn", "--version")) {
            row("the Maven steps of sam build", "", "not installed: mvn", "", "");
            return;
        }
        Path project = copy();
        Path module = project.resolve("HelloWorldFunction");
        String repository = "-Dmaven.repo.local=" + Files.createTempDirectory("repository");
        List<Double> builds = new ArrayList<>();
        for (int round = -1; round < ROUNDS; round++) {
            long started = System.nanoTime();
            for (List<String> step : List.of(List.of("clean", "install"), List.of("dependency:copy-dependencies",
                    "-DincludeScope=runtime", "-Dmdep.prependGroupId=true"))) {
                List<String> command = new ArrayList<>(List.of("mvn", "-q", repository));
                command.addAll(step);
                int status = new ProcessBuilder(command).directory(module.toFile()).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
                if (status != 0) throw new IllegalStateException(command + " ended with " + status);
            }
            if (round >= 0) builds.add((System.nanoTime() - started) / 1e6); // the first one downloads
        }
        Edits edits = Edits.of(() -> Side.samlocal(project.resolve("template.yaml"), Map.of()), project.resolve(SOURCE));
        row("save to new answer, later edits", text(edits.later()) + " ms", text(median(builds)) + " ms, mvn of sam build",
                edits.later() / median(builds), false, 0.05);
    }

    /** Edits one file of a project with one or a thousand files. */
    private static void editsAmongMany() throws Exception {
        Path one = copy();
        Path many = copy();
        for (int i = 1; i < FILES; i++) {
            Files.writeString(many.resolve(SOURCE).resolveSibling("Type" + i + ".java"), """
                    package helloworld;
                    import java.util.*;
                    public class Type%1$d {
                        private final Map<String, List<Integer>> items = new TreeMap<>();
                        public Object previous() { return %2$s.class.getName(); }
                        public void add(String key, int item) {
                            items.computeIfAbsent(key, each -> new ArrayList<>()).add(item);
                        }
                    }
                    """.formatted(i, i == 1 ? "String" : "Type" + (i - 1)));
        }
        Edits ofOne = Edits.of(() -> Side.samlocal(one.resolve("template.yaml"), Map.of()), one.resolve(SOURCE));
        Edits ofMany = Edits.of(() -> Side.samlocal(many.resolve("template.yaml"), Map.of()), many.resolve(SOURCE));
        row("one of 1,000 files, first three edits", text(ofMany.first()) + " ms", text(ofOne.first()) + " ms, one file",
                ofMany.first() / ofOne.first(), false, 2);
        row("one of 1,000 files, later edits", text(ofMany.later()) + " ms", text(ofOne.later()) + " ms, one file",
                ofMany.later() / ofOne.later(), false, 2);
    }

    private static void reloads() throws Exception {
        System.out.println();
        Process process = new ProcessBuilder("./jbang", "bench/Reloads.java", "200").inheritIO().start();
        if (process.waitFor() != 0) row("reloads", "", "bench/Reloads.java failed", "", "");
    }

    /** A copy of the example in a new folder. */
    private static Path copy() throws IOException {
        Path target = Files.createTempDirectory("project");
        try (Stream<Path> all = Files.walk(EXAMPLE)) {
            for (Path path : all.toList()) {
                Path to = target.resolve(EXAMPLE.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(to);
                else Files.copy(path, to);
            }
        }
        return target;
    }

    private static boolean runs(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
