package samlocal.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** A class file in memory, or a source that an annotation processor writes. */
final class MemoryFile extends SimpleJavaFileObject {
    private final String name;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    /** An empty file for a type by its binary name. */
    MemoryFile(String name, Kind kind) {
        super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
        this.name = name;
    }

    static MemoryFile ofClass(String name, byte[] classFile) {
        MemoryFile file = new MemoryFile(name, Kind.CLASS);
        file.content.writeBytes(classFile);
        return file;
    }

    String name() {
        return name;
    }

    String packageName() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    byte[] toByteArray() {
        return content.toByteArray();
    }

    @Override public OutputStream openOutputStream() {
        return content;
    }

    @Override public Writer openWriter() {
        return new OutputStreamWriter(content, UTF_8);
    }

    @Override public InputStream openInputStream() {
        return new ByteArrayInputStream(toByteArray());
    }

    @Override public String getCharContent(boolean ignoreEncodingErrors) {
        return content.toString(UTF_8);
    }
}
