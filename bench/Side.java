import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One side of a comparison: a server in its own process. {@code startNanos} is the time to its first response. */
record Side(Process process, String url, long startNanos) implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    /** samlocal from this checkout. */
    static Side samlocal(Path template, Map<String, String> environment) throws Exception {
        int port = freePort();
        return start(Path.of("."), environment, port, "/hello", List.of("./jbang", "ServerLocal.java",
                "--template", template.toString(), "--port", "" + port));
    }

    /** Any server on a port, once it responds to a path. */
    static Side start(Path folder, Map<String, String> environment, int port, String path, List<String> command)
            throws Exception {
        long started = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(Files.createTempFile("side", "").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String url = "http://127.0.0.1:" + port;
        while (!answers(url + path)) {
            if (!process.isAlive() || System.nanoTime() - started > 120e9) {
                process.destroy();
                String output = Files.readString(builder.redirectOutput().file().toPath());
                throw new IllegalStateException("no answer: " + output.substring(0, Math.min(2000, output.length())));
            }
            Thread.sleep(2);
        }
        return new Side(process, url, System.nanoTime() - started);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(String url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(200);
            connection.setReadTimeout(60_000);
            boolean isGood = connection.getResponseCode() == 200;
            if (isGood) connection.getInputStream().readAllBytes();
            return isGood;
        } catch (IOException e) {
            return false;
        }
    }

    /** The body of a response, empty if there is none. */
    String body(String path) {
        try (InputStream in = URI.create(url + path).toURL().openStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Heap and metaspace in use after a full collection, in bytes, from jcmd. */
    long memory() throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            jcmd("GC.run");
            Thread.sleep(300);
            Matcher used = Pattern.compile("(?:heap|Metaspace)\\s.*?used (\\d+)K").matcher(jcmd("GC.heap_info"));
            long sum = 0;
            while (used.find()) sum += Long.parseLong(used.group(1)) << 10;
            least = Math.min(least, sum);
        }
        return least;
    }

    private String jcmd(String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked = new ProcessBuilder(jcmd.toString(), "" + process.pid(), command).redirectErrorStream(true).start();
        return new String(asked.getInputStream().readAllBytes());
    }

    @Override public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
