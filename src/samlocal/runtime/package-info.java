/**
 * Runs a handler in this JVM as the managed Java runtime does: class loaders, arguments, results, and the system as a
 * function sees it. Must not depend on how an execution environment is chosen (lambda).
 */
package samlocal.runtime;
