package samlocal.sam;

/**
 * What becomes of a function's asynchronous invocations (Lambda Developer Guide, "Configuring error handling settings
 * for asynchronous invocations").
 *
 * @param retries after a failure, 0 to 2
 * @param maxAgeSeconds how old an event may be for another try
 * @param onSuccess ARN of what gets a record of a success, or an empty text
 * @param onFailure the same for a failure
 */
public record EventInvokeConfig(int retries, int maxAgeSeconds, String onSuccess, String onFailure) {
    /** Lambda's defaults. */
    static final EventInvokeConfig DEFAULT = new EventInvokeConfig(2, 21_600, "", "");
}
