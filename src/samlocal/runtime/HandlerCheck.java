package samlocal.runtime;

import java.util.List;
import java.util.Set;
import samlocal.sam.FunctionDefinition;

/** Checks handlers of one build without running them. */
public interface HandlerCheck extends AutoCloseable {
    /**
     * What is known about a handler.
     *
     * @param problem what is wrong with it and perhaps advice; empty if it can be called
     * @param eventType the name of its event type, empty if unknown
     * @param variables the environment variables that its code reads
     */
    record Result(List<String> problem, String eventType, Set<String> variables) {
    }

    Result of(FunctionDefinition function);

    @Override void close();
}
