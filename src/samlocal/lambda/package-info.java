/**
 * What the Lambda service does: functions, their execution environments, timeouts, logs, direct calls and sample
 * events. Must not depend on HTTP APIs.
 */
package samlocal.lambda;
