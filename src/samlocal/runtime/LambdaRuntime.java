package samlocal.runtime;

/** Runs a handler. It is used across class loaders, so its methods have only types that all of them share. */
public interface LambdaRuntime {
    /**
     * Runs the handler on an event in JSON; what it throws is thrown. Its answer, most often JSON, is written to
     * the invocation's stream if there is one, else it is returned.
     */
    byte[] invoke(Invocation invocation) throws Throwable;
}
