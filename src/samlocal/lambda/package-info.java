/**
 * What the Lambda service does: functions, their execution environments, timeouts, logs and sample events.
 * Must not depend on HTTP APIs.
 */
package samlocal.lambda;
