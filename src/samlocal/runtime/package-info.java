/**
 * Runs handlers as Lambda's managed runtimes do: those in Java in this JVM, with class loaders, arguments, results, and
 * the system as a function sees it; all others in child processes that speak Lambda's Runtime API. Must not depend on
 * how an execution environment is chosen (lambda).
 */
package samlocal.runtime;
