/**
 * Compiles sources to classes: changes, javac in memory, incremental builds, the class store, other JVM languages,
 * aspects. Must not depend on what runs the classes.
 */
package samlocal.compile;
