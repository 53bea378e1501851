/**
 * Watches and caches files; scratch folders, archives and modules on disk. Must not depend on the files' meaning.
 */
package samlocal.files;
