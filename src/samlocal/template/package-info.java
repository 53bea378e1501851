/**
 * The template language: YAML and JSON with positions, and intrinsic functions. Must not depend on the meaning of
 * resources.
 */
package samlocal.template;
