///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m
//DESCRIPTION Runs every test of samlocal, or those whose class name contains an argument
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.3
//DEPS software.amazon.awssdk:lambda:2.34.0
//SOURCES ../ServerLocal.java
//SOURCES ../tools/Bundle.java
//SOURCES support/*.java
//SOURCES */*Test.java

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests, prints failures and a summary; exits with 1 if a test fails or none runs. */
public class RunTests {
    public static void main(String[] arguments) throws URISyntaxException {
        String parts = Stream.of(arguments).map(Pattern::quote).collect(Collectors.joining("|"));
        String pattern = ".*(" + parts + ").*Test";
        Path own = Path.of(RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(own))).filters(includeClassNamePatterns(pattern)).build();
        ServerLocal.ProcessStreams.install(); // as a server does, before anything else logs or uses timeouts
        ServerLocal.ProcessDefaults.startTimer();
        Report report = new Report();
        LauncherFactory.create().execute(request, report);
        System.out.println("slowest: " + report.slowest());
        System.out.printf("%d passed, %d failed%n", report.passed.get(), report.failed.get());
        System.exit(report.failed.get() == 0 && report.passed.get() > 0 ? 0 : 1);
    }

    private static final class Report implements TestExecutionListener {
        private final AtomicInteger passed = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        private final Map<String, Long> started = new ConcurrentHashMap<>();
        private final Map<String, Long> seconds = new ConcurrentHashMap<>();

        @Override public void executionStarted(TestIdentifier test) {
            started.put(test.getUniqueId(), System.nanoTime());
        }

        /** The slowest classes. */
        String slowest() {
            return seconds.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(9)
                    .map(entry -> entry.getKey() + " " + entry.getValue() + " s").collect(Collectors.joining(", "));
        }

        @Override public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("skipped: " + name(test) + ": " + reason);
        }

        @Override public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Optional<Throwable> error = result.getThrowable();
            if (test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
                long nanos = System.nanoTime() - started.get(test.getUniqueId());
                seconds.put(test.getDisplayName(), TimeUnit.NANOSECONDS.toSeconds(nanos));
            }
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                executionSkipped(test, error.map(Throwable::getMessage).orElse(""));
            } else if (error.isPresent()) {
                failed.incrementAndGet();
                System.out.println("FAILED: " + name(test));
                error.get().printStackTrace(System.out);
            } else if (test.isTest()) {
                passed.incrementAndGet();
            }
        }

        private static String name(TestIdentifier test) {
            return test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast)
                    .map(source -> source.getClassName() + "." + source.getMethodName() + " ").orElse("")
                    + test.getDisplayName();
        }
    }
}
