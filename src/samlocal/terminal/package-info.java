/**
 * The console: blocks of text that never mix, tables, widths, the streams of the process. Must not depend on what is
 * printed.
 */
package samlocal.terminal;
