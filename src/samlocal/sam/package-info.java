/**
 * Derives functions, layers, APIs, routes, authorizers and validation from a template, as SAM does. Must not depend on
 * anything that serves or runs them.
 */
package samlocal.sam;
