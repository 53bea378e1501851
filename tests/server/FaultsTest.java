import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Misbehaving handlers: after each fault the same server must still respond to a plain request. */
class FaultsTest {
    private static TestProject project;

    @BeforeAll static void start() {
        project = TestProject.of("template.yaml", TestProject.function("Fn", "App", "src", "/{proxy+}")
                .replace("Runtime:", "Timeout: 1\n      Runtime:"), "src/App.java", """
                import com.amazonaws.services.lambda.runtime.*;
                import java.io.*;
                import java.util.*;
                public class App implements RequestStreamHandler {
                    static int count;
                    static class Endless { public String toString() { return "x" + this; } }
                    static class Weird extends RuntimeException {
                        public String getMessage() { return "" + new Endless(); }
                    }
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        String event = new String(in.readAllBytes());
                        String what = event.replaceAll("(?s).*?\\"path\\":\\"/([a-zA-Z]+).*", "$1");
                        String body = run(what, out, context);
                        out.write(("{\\"statusCode\\": 200, \\"body\\": \\"" + body + "\\"}").getBytes());
                    }
                    static String run(String what, OutputStream out, Context context) throws IOException {
                        switch (what) {
                            case "count": return "" + ++count;
                            case "exit": System.exit(7); break;
                            case "swallow": try { System.exit(3); } catch (Throwable t) { } return "survived";
                            case "apart": Thread apart = new Thread(() -> System.exit(4)); apart.start();
                                try { apart.join(); Thread.sleep(100); } catch (InterruptedException e) { } break;
                            case "future":
                                java.util.concurrent.CompletableFuture.runAsync(() -> System.exit(5)).join(); break;
                            case "wide": for (byte b : "\u20ac".repeat(30000).getBytes("UTF-8")) System.out.write(b);
                                System.out.println(); break;
                            case "env": new Timer(true).schedule(new TimerTask() { public void run() {
                                System.out.println("tick " + System.getenv("_HANDLER")); } }, 0, 50); break;
                            case "halt": Runtime.getRuntime().halt(8); break;
                            case "overflow": return run(what, out, context) + "x";
                            case "memory": return "" + new long[Integer.MAX_VALUE].length;
                            case "endless": return "" + new Endless();
                            case "weird": throw new Weird();
                            case "sleep": try { Thread.sleep(60_000); } catch (InterruptedException e) { } break;
                            case "deaf": while (true) try { Thread.sleep(60_000); } catch (InterruptedException e) { }
                            case "busy": while (context.getRemainingTimeInMillis() >= 0) { } break;
                            case "large": out.write(new byte[50 << 20]); break;
                            case "out": System.setOut(new PrintStream(new ByteArrayOutputStream()));
                                System.out.println("lost"); System.err.println("seen on err"); break;
                            case "tee":
                                PrintStream before = System.out;
                                System.setOut(new PrintStream(new FilterOutputStream(before), true));
                                System.out.println("teed");
                                System.setOut(before);
                                break;
                            case "close": System.out.close(); System.err.close(); break;
                            case "defaults": Locale.setDefault(new Locale("tr"));
                                TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo")); break;
                            case "zone": return TimeZone.getDefault().getID() + Locale.getDefault();
                            case "thread":
                                new Thread(() -> { throw new IllegalStateException("in a thread"); }).start();
                                Thread left = new Thread(() -> { while (true) try { Thread.sleep(9999); }
                                    catch (InterruptedException e) { return; } });
                                left.start(); break;
                            case "interrupt": Thread.currentThread().interrupt(); break;
                            case "stop": Thread.currentThread().getThreadGroup().interrupt(); break;
                            case "print": System.out.print("no line break"); break;
                            case "trace": new Exception("printed").printStackTrace(); break;
                            default:
                        }
                        return "fine";
                    }
                }
                """).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @AfterEach void a_plain_request_gets_a_response() {
        assertEquals("fine", project.body("/plain"));
    }

    @Test void exit_and_halt_end_the_environment() {
        assertEquals(502, project.get("/exit").statusCode());
        assertReported("Runtime exited with error: exit status 7");
        assertEquals(502, project.get("/halt").statusCode());
        assertReported("Runtime exited with error: exit status 8");
    }

    @Test void exit_is_effective_even_if_caught() {
        for (String path : new String[] {"/swallow", "/apart", "/future"}) {
            assertEquals(502, project.get(path).statusCode(), path);
            assertEquals("1", project.body("/count"), "fresh statics after " + path);
        }
        assertReported("exit status 3");
        assertReported("exit status 4");
        assertReported("exit status 5");
    }

    @Test void errors_of_the_virtual_machine_end_the_environment() {
        for (String path : new String[] {"/weird", "/overflow", "/memory", "/endless"}) {
            assertEquals(502, project.get(path).statusCode(), path);
            String count = project.body("/count");
            if (!path.equals("/weird")) assertEquals("1", count, "fresh statics after " + path);
        }
    }

    @Test void a_timeout_is_a_504_with_the_place_of_the_thread() {
        for (String path : new String[] {"/sleep", "/deaf", "/busy"}) {
            HttpResponse<String> response = project.get(path);
            assertEquals(504, response.statusCode(), path);
            assertEquals("{\"message\":\"Endpoint request timed out\"}", response.body());
            assertEquals("fine", project.body("/plain"));
        }
        assertReported("Task timed out after 1.00 seconds");
        assertReported("    at App.run(App.java:");
    }

    @Test void a_huge_response_is_an_error() throws IOException {
        assertEquals(502, project.get("/large").statusCode());
        Map<?, ?> error = (Map<?, ?>) ServerLocal.Json.read(call("/large").body());
        assertEquals("Function.ResponseSizeTooLarge", error.get("errorType"));
        assertTrue(error.get("errorMessage").toString()
                .contains("exceeded maximum allowed payload size (6291556 bytes)"));
    }

    @Test void streams_belong_to_the_environment() {
        assertEquals("fine", project.body("/out"));
        assertFalse(project.console().contains("lost"));
        assertReported("Fn | seen on err\n");
        assertEquals("fine", project.body("/tee"));
        assertEquals("fine", project.body("/close"));
        assertEquals(502, project.get("/exit").statusCode());
        assertEquals("fine", project.body("/tee"));
        assertReported("Fn | teed\n");
    }

    @Test void output_lines_are_complete_and_marked() {
        project.body("/print");
        assertReported("Fn | no line break\n");
        project.body("/wide");
        assertFalse(project.console().contains("\ufffd"), "split only between characters");
        project.body("/trace");
        assertReported("Fn | java.lang.Exception: printed\nFn | \tat App.run(App.java:");
    }

    @Test void defaults_belong_to_the_environment() {
        assertEquals("UTCen_US", project.body("/zone"));
        project.body("/defaults");
        assertEquals("Asia/Tokyotr", project.body("/zone"));
        assertEquals("UTC", java.util.TimeZone.getDefault().getID());
        project.get("/exit");
        assertEquals("UTCen_US", project.body("/zone"));
    }

    @Test void threads_of_a_handler_may_fail_or_continue() {
        assertEquals("fine", project.body("/thread"));
        assertEquals("fine", project.body("/interrupt"));
        assertEquals("fine", project.body("/stop"));
        assertReported("Fn | Exception in thread \"Thread-");
        assertReported("java.lang.IllegalStateException: in a thread\nFn | \tat App.lambda$run$");
        assertFalse(project.console().contains("internal error: "));
    }

    private static HttpResponse<String> call(String path) {
        return project.send("POST", "/2015-03-31/functions/Fn/invocations", "{\"path\":\"" + path + "\"}");
    }

    /** At once, or soon if a separate thread prints it. */
    private static void assertReported(String text) {
        for (int i = 0; i < 40 && !project.console().contains(text); i++) pause();
        assertTrue(project.console().contains(text), project.console());
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
