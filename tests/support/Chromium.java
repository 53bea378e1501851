import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    /** Keys by the names that pages see, with their Windows codes, as the protocol requires. */
    private static final Map<String, Integer> KEYS = Map.ofEntries(Map.entry("Enter", 13),
            Map.entry("Escape", 27), Map.entry("Tab", 9), Map.entry(" ", 32), Map.entry("ArrowUp", 38),
            Map.entry("ArrowDown", 40), Map.entry("ArrowLeft", 37), Map.entry("ArrowRight", 39),
            Map.entry("Home", 36), Map.entry("End", 35), Map.entry("/", 191), Map.entry("?", 191));

    private final Path profile = Files.createTempDirectory("samlocal chromium ");
    private final Process process;
    private final WebSocket socket;
    private String session;
    private final Map<Integer, CompletableFuture<Map<?, ?>>> pending = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicInteger last = new AtomicInteger();

    /** The path of Chromium, if it is installed. */
    static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(":")).flatMap(folder -> NAMES.stream()
                .map(name -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
    }

    Chromium(Path program) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        process = new ProcessBuilder(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.example 127.0.0.1",
                "--remote-debugging-port=0", "--user-data-dir=" + profile,
                "about:blank").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String[] port = await("Chromium's port", () -> {
            Path file = profile.resolve("DevToolsActivePort");
            String text = Files.exists(file) ? Files.readString(file) : "";
            return text.lines().count() < 2 ? null : text.lines().toArray(String[]::new);
        });
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port[0] + port[1]), new Listener())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        attach();
    }

    private void attach() {
        List<?> targets = (List<?>) call("Target.getTargets", Map.of()).get("targetInfos");
        Object page = targets.stream().map(Map.class::cast).filter(target -> target.get("type").equals("page"))
                .findFirst().orElseThrow().get("targetId");
        session = (String) call("Target.attachToTarget", Map.of("targetId", page, "flatten", true)).get("sessionId");
        for (String domain : List.of("Page", "Runtime", "Log")) call(domain + ".enable", Map.of());
        call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                receive(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    private void receive(String text) {
        try {
            Map<?, ?> message = (Map<?, ?>) ServerLocal.Json.read(text);
            if (message.get("id") instanceof Number id) pending.remove(id.intValue()).complete(message);
            else keepFault(String.valueOf(message.get("method")), (Map<?, ?>) message.get("params"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keepFault(String method, Map<?, ?> parameters) {
        if (method.equals("Runtime.exceptionThrown")) faults.add(parameters.toString());
        if (!method.equals("Log.entryAdded")) return;
        Map<?, ?> entry = (Map<?, ?>) parameters.get("entry");
        boolean isFault = "error".equals(entry.get("level")) && !"network".equals(entry.get("source"));
        if (isFault) faults.add(entry.toString());
    }

    /** Errors of the page's script and violations of its policy. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Calls one of the protocol's methods and returns its result. */
    Map<?, ?> call(String method, Map<String, ?> parameters) {
        Map<String, Object> message = new LinkedHashMap<>();
        int id = last.incrementAndGet();
        message.put("id", id);
        message.put("method", method);
        message.put("params", parameters);
        if (session != null) message.put("sessionId", session);
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        pending.put(id, answer);
        socket.sendText(ServerLocal.Json.write(message), true).join();
        Map<?, ?> received = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (received.get("error") != null) throw new AssertionError(method + ": " + received.get("error"));
        return (Map<?, ?>) received.get("result");
    }

    void open(String address) {
        call("Page.navigate", Map.of("url", address));
        until("document.readyState == 'complete' && location.href.startsWith(" + ServerLocal.Json.write(address) + ")");
    }

    /** The value of an expression in the page, awaited if it is a promise; a thrown error fails the test. */
    Object eval(String expression) {
        Map<?, ?> result = call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true,
                "returnByValue", true));
        if (result.get("exceptionDetails") instanceof Map<?, ?> details) {
            throw new AssertionError(expression + ": " + details.get("exception"));
        }
        return ((Map<?, ?>) result.get("result")).get("value");
    }

    /** Waits until an expression is true; fails after a time limit. */
    void until(String expression) {
        await(expression, () -> Boolean.TRUE.equals(eval("Boolean(" + expression + ")")) ? true : null);
    }

    private interface Attempt<T> {
        T get() throws IOException;
    }

    private static <T> T await(String what, Attempt<T> attempt) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            T found = attempt.get();
            while (found == null && System.nanoTime() < end) {
                Thread.sleep(20);
                found = attempt.get();
            }
            if (found == null) throw new AssertionError("waited in vain for: " + what);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Presses keys one after the other, such as {@code Tab} or {@code Shift+Tab}. */
    void press(String... keys) {
        for (String each : keys) {
            boolean isShifted = each.startsWith("Shift+");
            boolean isControlled = each.startsWith("Control+");
            String key = each.substring(each.indexOf('+') + 1);
            Map<String, Object> event = new LinkedHashMap<>(Map.of("type", "keyDown", "key", key, "modifiers",
                    isShifted ? 8 : isControlled ? 2 : 0, "windowsVirtualKeyCode", KEYS.get(key)));
            if (key.equals("Enter")) event.put("text", "\r");
            if (key.length() == 1) event.put("text", key);
            call("Input.dispatchKeyEvent", event);
            event.remove("text");
            event.put("type", "keyUp");
            call("Input.dispatchKeyEvent", event);
        }
    }

    /** Types into the focused element. */
    void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** Clicks the center of the selected element, once it has stopped moving. */
    void click(String selector) {
        until("document.querySelector(" + ServerLocal.Json.write(selector) + ")");
        Map<?, ?> box = (Map<?, ?>) eval("""
                new Promise(done => {
                  const look = before => {
                    const element = document.querySelector(SELECTOR);
                    element?.scrollIntoView({block: 'nearest'});
                    const box = element?.getBoundingClientRect();
                    const now = box && {x: box.x + box.width / 2, y: box.y + box.height / 2};
                    if (before && now && before.x === now.x && before.y === now.y) done(now);
                    else setTimeout(() => look(now), 30);
                  };
                  look(null);
                })""".replace("SELECTOR", ServerLocal.Json.write(selector)));
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call("Input.dispatchMouseEvent", Map.of("type", type, "x", box.get("x"), "y", box.get("y"),
                    "button", "left", "clickCount", 1));
        }
    }

    void resize(int width, int height) {
        call("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1,
                "mobile", false));
    }

    /** Sets the preferred color scheme: light or dark. */
    void prefer(String scheme) {
        call("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The page as a PNG. */
    byte[] picture() {
        return Base64.getDecoder().decode((String) call("Page.captureScreenshot", Map.of()).get("data"));
    }

    /** Child processes may still write to the profile after the end; the system cleans up what they leave. */
    @Override public void close() {
        socket.abort();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return null;
        }).join();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().completeOnTimeout(child, PATIENCE_SECONDS, TimeUnit.SECONDS).join());
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException e) {
            return;
        }
    }
}
