/**
 * The console: blocks of text that never mix, tables, text widths, the standard streams. Must not depend on what is
 * printed.
 */
package samlocal.terminal;
