/**
 * What a running server prints about requests, reloads and failures. Must not depend on the parts that it reports
 * about in gateway, inspector and server.
 */
package samlocal.report;
