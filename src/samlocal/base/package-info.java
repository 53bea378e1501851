/**
 * What every package may use: expected failures with their places, JSON, resources, the nearest known name. Depends on
 * no other package of ours.
 */
package samlocal.base;
