/**
 * The page at {@code /_samlocal/}, its data and the history of requests. Must not depend on the server that serves it.
 */
package samlocal.inspector;
