package samlocal.sam;

/**
 * What becomes of a function's asynchronous invocations (Lambda Developer Guide, "Configuring error handling settings
 * for asynchronous invocations", "Use Lambda recursive loop detection to prevent infinite loops").
 *
 * @param retries after a failure, 0 to 2
 * @param maxAgeSeconds how old an event may be for another try
 * @param onSuccess ARN of what gets a record of a success, or an empty text
 * @param onFailure the same for a failure
 * @param mayRecur whether the function may be invoked in an endless loop (RecursiveLoop)
 */
public record EventInvokeConfig(int retries, int maxAgeSeconds, String onSuccess, String onFailure,
        boolean mayRecur) {
    /** Lambda's defaults. */
    static final EventInvokeConfig DEFAULT = new EventInvokeConfig(2, 21_600, "", "", false);
}
