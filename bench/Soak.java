///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Many connections and an edit each second, for minutes: no request fails, no response is stale, memory is constant
//SOURCES Load.java
//SOURCES Side.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Run from the checkout: {@code ./jbang bench/Soak.java [seconds [connections]]}, by default 300 and 64. A response is
 * correct if its version of the code was the newest at some time between request and response. Memory is heap and
 * metaspace after full collections, at a fifth of the time and at the end.
 */
public class Soak {
    private static final Path EXAMPLE = Path.of("examples/hello-world");
    private final Path source;
    private final String text;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private volatile long begun;
    private volatile long saved;

    private Soak(Path folder) throws IOException {
        Path example = EXAMPLE.resolve("HelloWorldFunction/src/main/java/helloworld/App.java");
        this.text = Files.readString(example);
        this.source = folder.resolve("HelloWorldFunction/src/main/java/helloworld/App.java");
        Files.createDirectories(source.getParent());
        for (String file : List.of("template.yaml", "HelloWorldFunction/pom.xml")) {
            Files.copy(EXAMPLE.resolve(file), folder.resolve(file));
        }
        save(1);
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        int connections = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        Path folder = Files.createTempDirectory("soak");
        Soak soak = new Soak(folder);
        int failed = 0;
        try (Side server = Side.samlocal(folder.resolve("template.yaml"), Map.of())) {
            failed += soak.run(server, connections, seconds / 5);
            long before = server.memory();
            failed += soak.run(server, connections, seconds - seconds / 5);
            long after = server.memory();
            System.out.printf("%d answers of %d versions at %d connections in %d s: %d failed, %d of old code%n",
                    soak.answers.get(), soak.saved, connections, seconds, failed, soak.wrong.get());
            System.out.printf("heap and metaspace %.1f MB, then %.1f MB (%.2f)%n", before / 1e6, after / 1e6,
                    (double) after / before);
        }
        System.exit(failed == 0 && soak.wrong.get() == 0 ? 0 : 1);
    }

    /** Saves atomically as editors do, so that no reader sees a partial file. */
    private void save(long version) throws IOException {
        Path written = source.resolveSibling("App.java.new");
        Files.writeString(written, text.replace(".withBody(", ".withBody(\"version " + version + ".\" + "));
        begun = version;
        Files.move(written, source, StandardCopyOption.ATOMIC_MOVE);
        saved = version;
    }

    /** The number of connections that failed. */
    private int run(Side server, int connections, int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        List<Future<long[]>> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) clients.add(threads.submit(client(server.url() + "/hello", end)));
        while (System.nanoTime() < end - 1_000_000_000L) {
            Thread.sleep(1000);
            save(saved + 1);
        }
        int failed = 0;
        for (Future<long[]> client : clients) {
            try {
                client.get();
            } catch (java.util.concurrent.ExecutionException e) {
                failed++;
                System.out.println(e.getCause());
            }
        }
        threads.shutdown();
        return failed;
    }

    private Callable<long[]> client(String url, long end) {
        long[] atStart = {saved};
        return () -> Load.ask(url, end, answer -> {
            answers.incrementAndGet();
            long version = answer.startsWith("version ") ? Long.parseLong(answer.substring(8, answer.indexOf('.'))) : 0;
            boolean isRight = version >= atStart[0] && version <= begun;
            if (!isRight && wrong.incrementAndGet() < 10) {
                System.out.println("version " + atStart[0] + " to " + begun + " expected, not " + answer.strip());
            }
            atStart[0] = saved;
        });
    }
}
