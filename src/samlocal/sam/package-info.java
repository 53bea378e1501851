/**
 * What SAM makes of a template: functions, layers, APIs, routes, authorizers, validation. Must not depend on anything
 * that serves or runs them.
 */
package samlocal.sam;
