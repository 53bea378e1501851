package samlocal.runtime;

import java.util.EnumMap;
import java.util.Map;
import samlocal.dependencies.Builds;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.RuntimeFamily;

/** The platforms of all supported runtimes. */
public final class Platforms implements AutoCloseable {
    private final Map<RuntimeFamily, Platform> all = new EnumMap<>(RuntimeFamily.class);
    private final Processes processes = new Processes();

    /** @param debug the function to debug if it runs as a process of its own, or null */
    public Platforms(Builds builds, Sandboxes sandboxes, Debug debug) {
        all.put(RuntimeFamily.JAVA, new JavaPlatform(builds, sandboxes));
        Map.of(RuntimeFamily.PYTHON, new PythonInterpreter(), RuntimeFamily.NODE, new NodeInterpreter(),
                RuntimeFamily.PROVIDED, new ProvidedBootstrap())
                .forEach((family, interpreter) -> all.put(family, new ProcessPlatform(interpreter, processes, debug)));
    }

    /** The platform that runs a function; functions of unsupported runtimes have one, too, but are not run. */
    public Platform of(FunctionDefinition function) {
        return all.getOrDefault(function.family(), all.get(RuntimeFamily.JAVA));
    }

    /** Ends all child processes. */
    @Override public void close() {
        processes.close();
    }
}
