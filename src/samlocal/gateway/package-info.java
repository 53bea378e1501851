/**
 * What API Gateway does with a request: routing, authorizers, validation, events and responses, integrations and CORS.
 * Must not depend on how requests arrive (server) or how they are shown (inspector).
 */
package samlocal.gateway;
