/**
 * The command line: commands, options, help, samconfig files, shell completion, {@code init} and {@code check}. The top
 * layer: no other package depends on it.
 */
package samlocal.cli;
