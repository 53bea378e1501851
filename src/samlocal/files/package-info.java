/**
 * Files: watching, caching, scratch folders, archives and modules on disk. Must not depend on what the files mean.
 */
package samlocal.files;
