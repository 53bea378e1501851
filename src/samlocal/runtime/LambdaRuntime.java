package samlocal.runtime;

/** The interface to what runs handlers. It crosses class loaders, so it uses only types that both sides share. */
public interface LambdaRuntime {
    /**
     * Runs the handler on a JSON event and rethrows what it throws. The response, usually JSON, is written to the
     * invocation's stream if there is one, else returned.
     */
    byte[] invoke(Invocation invocation) throws Throwable;
}
