/** Reads class paths and compiler options from Maven and Gradle build files. Must not depend on compilers. */
package samlocal.dependencies;
