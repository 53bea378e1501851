/**
 * Wires a server together and runs it: configuration, life cycle, reloading of the template, and the endpoints in the
 * places of API Gateway and of the Lambda service. Must not depend on commands or options.
 */
package samlocal.server;
