package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import samlocal.base.Fault;
import samlocal.files.Scratch;

/** The program in an interpreter's language that loads a handler and speaks the Runtime API; written when needed. */
final class BootstrapFile {
    private final String name;
    private final String text;
    private Path path;

    BootstrapFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** @throws Fault if it cannot be written */
    synchronized Path path() {
        try {
            if (path == null) path = Scratch.written(Map.of(name, text.getBytes(UTF_8))).resolve(name);
            return path;
        } catch (IOException e) {
            throw Fault.project("cannot write to a temporary folder: " + Fault.reason(e));
        }
    }
}
