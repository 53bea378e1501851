/**
 * What a running server prints about requests, reloads and failures. Must not depend on gateway, inspector or server.
 */
package samlocal.report;
