/**
 * Utilities for every package: expected failures and their places, JSON, resources, suggestions for misspelled names.
 * Depends on no other package of the program.
 */
package samlocal.base;
