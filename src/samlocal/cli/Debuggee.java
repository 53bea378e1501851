package samlocal.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import samlocal.base.Fault;
import samlocal.base.Program;
import samlocal.terminal.Console;

/**
 * A JVM can load its debug agent only at startup. So the program runs again in a child process, which ends with this
 * one.
 *
 * @param agent the JVM options that load the debug agent
 * @param waits whether the program waits for a debugger before it starts
 */
public record Debuggee(int port, List<String> agent, boolean waits) {
    private static final String MARK = "samlocal.debuggee";

    /**
     * Creates one for a port, which must be free.
     *
     * @param options more JVM options; a debug agent among them replaces the default one
     * @throws Fault if the port is taken
     */
    static Debuggee at(int port, String options, boolean waits) {
        List<String> agent = Arrays.stream(options.split("\\s+")).filter(option -> !option.isEmpty())
                .collect(Collectors.toCollection(ArrayList::new));
        if (agent.stream().anyMatch(option -> option.contains("jdwp"))) return new Debuggee(port, agent, waits);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            agent.add(0, "-agentlib:jdwp=transport=dt_socket,server=y,quiet=y,suspend=" + (waits ? "y" : "n")
                    + ",address=127.0.0.1:" + free.getLocalPort());
            return new Debuggee(port, agent, waits);
        } catch (IOException e) {
            throw Fault.project("cannot debug at 127.0.0.1:" + port + ": address already in use", null,
                    "stop the program that uses the port, or choose another one with `--debug-port`");
        }
    }

    /** Runs the program with its arguments and returns its exit status. */
    int run(List<String> arguments, Console console) {
        console.note("debugger port: 127.0.0.1:" + port + (waits ? "; waiting for a debugger to attach" : ""));
        try {
            Process process = new ProcessBuilder(command(arguments)).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                process.destroy();
                process.onExit().completeOnTimeout(process, 2, TimeUnit.SECONDS).join();
                process.destroyForcibly();
            }));
            return process.waitFor();
        } catch (IOException e) {
            throw Fault.project("cannot start a process for the debugger: " + Fault.reason(e));
        } catch (InterruptedException e) {
            throw Fault.project("interrupted");
        }
    }

    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(agent);
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-D" + MARK + "=true", "-cp", System.getProperty("java.class.path"),
                Program.MAIN));
        command.addAll(arguments);
        return command;
    }

    /** Ends a child process when its parent ends, even if the parent was killed. */
    public static void endWithParent() {
        if (!Boolean.getBoolean(MARK)) return;
        ProcessHandle.current().parent().ifPresent(parent ->
                parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }
}
