/**
 * The template language: YAML and JSON with positions, and intrinsic functions. Must not depend on what SAM makes of
 * the values.
 */
package samlocal.template;
