/** Build files of Maven and Gradle to a class path and compiler options. Must not depend on compilers. */
package samlocal.dependencies;
