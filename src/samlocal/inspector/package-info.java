/**
 * The page at {@code /_samlocal/}, the data that it shows and the history of requests. Must not depend on the server
 * that serves it.
 */
package samlocal.inspector;
