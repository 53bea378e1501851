package samlocal.runtime;

/** The seam to what runs handlers; it crosses class loaders, so only types of the JDK stand in it. */
public interface LambdaRuntime {
    /**
     * Runs the handler on an event in JSON; what it throws is thrown. Its answer, most often JSON, is written to
     * the invocation's stream if there is one, else it is returned.
     */
    byte[] invoke(Invocation invocation) throws Throwable;
}
