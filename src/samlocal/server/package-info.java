/**
 * Wires a server together and runs it: configuration, life cycle, reloading of the template, and the endpoints that act
 * as API Gateway and the Lambda service. Must not depend on commands or options.
 */
package samlocal.server;
