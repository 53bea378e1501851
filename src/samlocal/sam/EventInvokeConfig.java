package samlocal.sam;

/**
 * How a function's asynchronous invocations are handled (Lambda Developer Guide, "Configuring error handling settings
 * for asynchronous invocations", "Use Lambda recursive loop detection to prevent infinite loops").
 *
 * @param retries number of retries after a failure, 0 to 2
 * @param maxAgeSeconds maximum age of an event for a retry
 * @param onSuccess ARN of the destination for successful invocations, or empty
 * @param onFailure ARN of the destination for failed invocations, or empty
 * @param mayRecur whether recursive loops are allowed (RecursiveLoop)
 */
public record EventInvokeConfig(int retries, int maxAgeSeconds, String onSuccess, String onFailure,
        boolean mayRecur) {
    /** Lambda's defaults. */
    static final EventInvokeConfig DEFAULT = new EventInvokeConfig(2, 21_600, "", "", false);
}
