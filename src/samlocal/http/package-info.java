/** Requests and responses, the HTTP server, static files and TLS. Must not depend on APIs or functions. */
package samlocal.http;
