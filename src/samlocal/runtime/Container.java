package samlocal.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.files.Jar;

/** A folder, or a jar that stays open until the loader is closed. */
record Container(URL url, Path folder, JarFile jar) {
    static Container open(Path path) {
        if (Files.isDirectory(path)) return new Container(Jar.url(path), path, null);
        try {
            return new Container(Jar.url(path), null,
                    new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version()));
        } catch (IOException e) {
            throw Fault.project("cannot read `" + Place.display(path) + "`: " + Fault.reason(e));
        }
    }

    boolean isFolderWith(String className) {
        return folder != null && Files.isRegularFile(folder.resolve(CodeLoader.fileOf(className)));
    }

    /** The bytes of a file in it, or null. */
    byte[] read(String name) throws IOException {
        if (folder != null) {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        }
        JarEntry entry = jar.getJarEntry(name);
        if (entry == null) return null;
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Whether this is an open jar that contains the class. */
    boolean isJarWith(String className) {
        try {
            return jar != null && jar.getJarEntry(CodeLoader.fileOf(className)) != null;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    byte[] classFile(String name) throws ClassNotFoundException {
        try {
            byte[] bytes = read(CodeLoader.fileOf(name));
            if (bytes != null) return bytes;
            throw new ClassNotFoundException(name);
        } catch (IOException | IllegalStateException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    Manifest manifest() throws IOException {
        return jar == null ? null : jar.getManifest();
    }
}
