/**
 * The command line: commands, options, help, samconfig files, shell completion, {@code init} and {@code check}. The
 * top layer: nothing depends on it.
 */
package samlocal.cli;
