package samlocal.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import samlocal.base.Fault;

/**
 * A child process that runs a handler and speaks Lambda's Runtime API. It ends with this program: on Unix a watcher
 * kills it when its standard input ends, which happens even if this program is killed.
 */
final class ProcessRuntime implements LoadedCode, LambdaRuntime {
    /** The time between SIGTERM and SIGKILL. */
    private static final long GRACE_MILLIS = 500;
    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");
    /** Without it no program of Windows can open a connection. */
    private static final Set<String> KEPT = Set.of("SystemRoot");
    /**
     * Starts a command; Ctrl+C in the terminal is for this program. The watcher is not a child of the command, which
     * may wait for its children. A line on standard input ends the watcher.
     */
    private static final String SUPERVISOR = "trap '' INT; exec 3<&0 </dev/null;"
            + " ( { read -r line <&3 || { pkill -9 -P $$; kill -9 $$; }; } >/dev/null 2>&1 & );"
            + " exec \"$@\" 3<&-";
    private final Interpreter.Launch launch;
    private final boolean isDebugged;
    private final Function<ReportedError, Optional<String>> adviser;
    private final Processes processes;
    private final ProcessOutput output = new ProcessOutput();
    private final RuntimeApi api;
    private volatile Process process;
    private volatile boolean isEnding;

    /**
     * Opens the Runtime API; the process starts with {@link #start}.
     *
     * @param adviser gives advice on errors that the process reports
     */
    ProcessRuntime(Interpreter.Launch launch, boolean isDebugged,
            Function<ReportedError, Optional<String>> adviser, Processes processes) {
        this.launch = launch;
        this.isDebugged = isDebugged;
        this.adviser = adviser;
        this.processes = processes;
        this.api = new RuntimeApi(processes.threads(), output);
    }

    @Override public LambdaRuntime start(Map<String, String> environment, OutputStream log, Host host)
            throws Throwable {
        output.to(log);
        if (launch.note() != null) output.note(launch.note());
        ProcessBuilder builder = new ProcessBuilder(command()).directory(launch.folder().toFile())
                .redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.keySet().retainAll(KEPT);
        variables.putAll(environment);
        variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
        variables.put(LambdaSystem.TASK_ROOT, launch.folder().toString());
        variables.putAll(launch.variables());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new RuntimeFault("Runtime.InvalidEntrypoint", Fault.reason(e));
        }
        processes.add(this);
        processes.threads().execute(() -> watch(process, host));
        try {
            api.awaitInit();
        } catch (ReportedError e) {
            throw e.with(adviser.apply(e));
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
        return this;
    }

    private List<String> command() {
        if (IS_WINDOWS) return launch.command();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, "sh"));
        command.addAll(launch.command());
        return command;
    }

    /** Reads the output of the process until it ends, and reports an unexpected end. */
    private void watch(Process started, Host host) {
        processes.threads().execute(() -> output.pump(started.getInputStream()));
        try {
            int status = started.waitFor();
            processes.remove(this);
            if (!isEnding) host.ended(); // before the output has ended: no further invocation may come here
            try (OutputStream watcher = started.getOutputStream()) {
                watcher.write('\n');
            } catch (IOException e) {
                // the watcher has ended, too
            }
            output.awaitEnd();
            if (!isEnding) api.fail(RuntimeFault.exited(status));
        } catch (InterruptedException e) {
            return; // the server is shutting down
        } finally {
            api.close();
        }
    }

    @Override public byte[] invoke(Invocation invocation) throws Throwable {
        try {
            return api.invoke(invocation);
        } catch (ReportedError e) {
            throw e.with(adviser.apply(e));
        } catch (InterruptedException e) { // timed out
            kill();
            throw e;
        }
    }

    @Override public ClassLoader loader() {
        return ClassLoader.getPlatformClassLoader();
    }

    @Override public List<String> types() {
        return List.of();
    }

    @Override public boolean isDebugged() {
        return isDebugged;
    }

    @Override public Runnable ending() {
        return () -> { };
    }

    @Override public void retire() {
        close();
    }

    /** Asks the process to end, and forces it after a moment. */
    @Override public void close() {
        isEnding = true;
        Process running = process;
        if (running == null || !running.isAlive()) {
            api.close();
            return;
        }
        processes.threads().execute(() -> {
            List<ProcessHandle> tree = tree(running);
            running.destroy();
            try {
                running.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                tree.forEach(ProcessHandle::destroyForcibly);
            }
        });
    }

    /** Kills the process and its descendants. */
    void kill() {
        isEnding = true;
        Process running = process;
        if (running != null) tree(running).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> tree(Process running) {
        return Stream.concat(Stream.of(running.toHandle()), running.descendants()).toList();
    }
}
