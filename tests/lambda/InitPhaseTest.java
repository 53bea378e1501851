import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle": an init phase of more than ten
 * seconds is restarted at the first invocation, within the function's timeout.
 */
class InitPhaseTest {
    private static final String RESTARTED = "Fn | initialization took longer than 1 ms: restarted, within the function's"
            + " Timeout of %d s, as on AWS";

    /** A function whose initialization waits for a file, and which returns its remaining time. */
    private static TestProject project(int timeout, String property) {
        TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x")
                .replace("Runtime:", "Timeout: " + timeout + property + "\n      Runtime:"));
        Path flag = project.path("initialized.flag");
        return project.with("src/App.java", TestProject.handler("App", "waited + \" \" + context.getRemainingTimeInMillis()")
                .replaceFirst("\\{", """
                        {
                            static final long waited;
                            static {
                                long start = System.nanoTime();
                                try {
                                    while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) Thread.sleep(10);
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                waited = (System.nanoTime() - start) / 1_000_000;
                            }
                        """.formatted(flag))).withInitPhase(Duration.ofMillis(1));
    }

    private static void await(TestProject project, String text) throws InterruptedException {
        for (int i = 0; i < 400 && !project.console().contains(text); i++) Thread.sleep(50);
        assertTrue(project.console().contains(text), project.console());
    }

    @Test void a_long_init_phase_is_restarted_within_the_timeout() throws Exception {
        try (TestProject project = project(30, "").start()) {
            CompletableFuture<HttpResponse<String>> response = CompletableFuture.supplyAsync(() -> project.get("/x"));
            await(project, RESTARTED.formatted(30));
            project.write("initialized.flag", "");
            assertEquals(200, response.get().statusCode(), project.console());
            Matcher times = Pattern.compile("(\\d+) (\\d+)").matcher(response.get().body());
            assertTrue(times.matches(), response.get().body());
            assertTrue(Long.parseLong(times.group(2)) <= 30_001 - Long.parseLong(times.group(1)),
                    "initialization counts: " + response.get().body());
            Matcher later = Pattern.compile("(\\d+) (\\d+)").matcher(project.body("/x"));
            assertTrue(later.matches() && Long.parseLong(later.group(2)) > Long.parseLong(times.group(2)),
                    "and only for the first invocation: " + later);
            assertEquals(2, project.console().split("initialization took longer", -1).length, project.console());
        }
    }

    @Test void a_restarted_initialization_has_the_functions_timeout() {
        try (TestProject project = project(1, "").start()) {
            assertEquals(504, project.get("/x").statusCode());
            assertTrue(project.console().contains(RESTARTED.formatted(1)), project.console());
            assertTrue(project.console().contains("Task timed out after 1.00 seconds"), project.console());
        }
    }

    @Test void initialization_in_advance_has_a_longer_timeout() {
        for (String property : new String[] {"\n      SnapStart: {ApplyOn: PublishedVersions}",
            "\n      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}\n      AutoPublishAlias: live"}) {
            try (TestProject project = project(30, property).with("initialized.flag", "").start()) {
                assertEquals(200, project.get("/x").statusCode(), project.console());
                assertFalse(project.console().contains("initialization took longer"), project.console());
            }
        }
    }
}
