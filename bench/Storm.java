///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Clients and an edit every 50 ms: no request fails, no response is stale, none waits for long
//SOURCES Load.java
//SOURCES Side.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Run from the checkout: {@code ./jbang bench/Storm.java [seconds] [java|python|node]}, for some seconds (default 300)
 * with reused execution environments, then with {@code --fresh}. The handler reads a class-path resource, which fails once the
 * class loader of its environment is closed, and counts the requests in its environment: neither may show a second
 * owner. A response is stale if its code is older than that saved before its request. No process may outlive the server.
 */
public class Storm {
    private static final int CLIENTS = 8;
    private static final int EDIT_MILLIS = 50;
    private static final String TEMPLATE = """
            Resources:
              Fn:
                Type: AWS::Serverless::Function
                Properties: {Handler: '%s', Runtime: %s, CodeUri: src,
                  Events: {Any: {Type: Api, Properties: {Path: /x, Method: get}}}}
            """;

    /** A language; the source of its handler has a place for the version. */
    private record Language(String handler, String runtime, String file, String source) {
    }

    private static final Map<String, Language> LANGUAGES = Map.of(
            "java", new Language("App::handle", "java17", "App.java", """
                    import java.util.*;
                    import java.util.concurrent.atomic.AtomicInteger;
                    public class App {
                        static final AtomicInteger owners = new AtomicInteger();
                        public Map<String, Object> handle() throws Exception {
                            if (owners.incrementAndGet() > 1) return Map.of("statusCode", 200, "body", "shared");
                            try (var in = App.class.getResourceAsStream("/data.txt")) {
                                String text = new String(in.readAllBytes());
                                return Map.of("statusCode", 200, "body", text + " %d.");
                            } finally {
                                owners.decrementAndGet();
                            }
                        }
                    }
                    """),
            "python", new Language("app.handle", "python3.11", "app.py", """
                    import os
                    def handle(event, context):
                        with open("data.txt") as data:
                            return {"statusCode": 200, "body": data.read() + " %d." + f" process {os.getpid()}"}
                    """),
            "node", new Language("app.handle", "nodejs20.x", "app.mjs", """
                    import fs from 'node:fs';
                    let owners = 0;
                    export async function handle() {
                      if (++owners > 1) return { statusCode: 200, body: 'shared' };
                      const data = await fs.promises.readFile('data.txt', 'utf8');
                      owners--;
                      return { statusCode: 200, body: data + ' %d.' + ' process ' + process.pid };
                    }
                    """));
    private static final Pattern PROCESS = Pattern.compile("process (\\d+)");

    private final Path folder = Files.createTempDirectory("storm");
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong shared = new AtomicLong();
    private final AtomicLong stale = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final Set<Long> processes = ConcurrentHashMap.newKeySet();
    private final Language language;
    private volatile long saved;

    private Storm(Language language) throws IOException {
        this.language = language;
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("template.yaml"),
                TEMPLATE.formatted(language.handler(), language.runtime()));
        Files.writeString(folder.resolve("src/data.txt"), "version");
        save(1);
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        String name = arguments.length > 1 ? arguments[1] : "java";
        boolean isGood = true;
        for (List<String> options : List.of(List.<String>of(), List.of("--fresh"))) {
            isGood &= new Storm(LANGUAGES.get(name)).run(name, options, seconds);
        }
        System.exit(isGood ? 0 : 1);
    }

    private boolean run(String name, List<String> options, int seconds) throws Exception {
        int port = Side.freePort();
        List<String> command = Stream.concat(Stream.of("./jbang", "ServerLocal.java", "--template",
                folder.resolve("template.yaml").toString(), "--port", "" + port), options.stream()).toList();
        try (Side server = Side.start(Path.of("."), Map.of(), port, "/x", command)) {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) clients.add(threads.submit(() -> ask(server.url() + "/x", end)));
            while (System.nanoTime() < end) {
                Thread.sleep(EDIT_MILLIS);
                save(saved + 1);
            }
            for (Future<?> client : clients) client.get();
            threads.shutdown();
        }
        long left = processes.stream().filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
                .count();
        System.out.printf("%s, %d clients, an edit every %d ms, %d s%s: %d answers of %d versions, failed %d, stale %d, in an"
                + " environment of another request %d, longest wait %.1f s, processes %d, left over %d%n", name, CLIENTS,
                EDIT_MILLIS, seconds, options.isEmpty() ? "" : ", --fresh", answers.get(), saved, failed.get(), stale.get(),
                shared.get(), longest.get() / 1e9, processes.size(), left);
        return failed.get() + stale.get() + shared.get() + left == 0;
    }

    /** Saves atomically as editors do, so that no reader sees a partial file. */
    private void save(long version) throws IOException {
        Path written = folder.resolve("source.new");
        Files.writeString(written, language.source().formatted(version));
        Files.move(written, folder.resolve("src").resolve(language.file()), StandardCopyOption.ATOMIC_MOVE);
        saved = version;
    }

    private void ask(String url, long end) {
        long[] atStart = {saved};
        while (System.nanoTime() < end) {
            try {
                long[] nanos = Load.ask(url, end, answer -> {
                    answers.incrementAndGet();
                    Matcher process = PROCESS.matcher(answer);
                    if (process.find()) processes.add(Long.valueOf(process.group(1)));
                    if (answer.startsWith("shared")) {
                        shared.incrementAndGet();
                        return;
                    }
                    boolean isStale = !answer.startsWith("version ")
                            || Long.parseLong(answer.substring(8, answer.indexOf('.'))) < atStart[0];
                    if (isStale && stale.incrementAndGet() < 10) System.out.println(atStart[0] + ": " + answer);
                    atStart[0] = saved;
                });
                for (long each : nanos) longest.accumulateAndGet(each, Math::max);
            } catch (IOException e) {
                if (failed.incrementAndGet() < 10) System.out.println(e.getMessage());
            }
        }
    }
}
