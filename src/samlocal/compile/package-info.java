/**
 * Sources to classes: what changed, javac in memory, incremental builds, the class store, other languages of the JVM,
 * aspects. Must not depend on what runs the classes.
 */
package samlocal.compile;
