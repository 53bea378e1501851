package samlocal.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Fault;

/** A program that this one runs to its end, with its own environment variables. */
public final class Tool {
    private static final int MOST_OUTPUT = 1 << 20;

    private Tool() {
    }

    /** Exit status and output. */
    public record Ran(int status, String out, String err) {
    }

    /** The program of this name on the PATH, which may be a link or a script that starts it. */
    public static Optional<Path> onPath(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator)).filter(folder -> !folder.isBlank())
                .flatMap(folder -> named(Path.of(folder), name)).findFirst();
    }

    /** The program of this name in a folder. */
    public static Stream<Path> named(Path folder, String name) {
        return (File.separatorChar == '\\' ? Stream.of(name + ".exe", name + ".cmd") : Stream.of(name))
                .map(folder::resolve).filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    /**
     * Runs a program in a folder.
     *
     * @throws IOException if it cannot be started
     * @throws Fault if this thread is interrupted
     */
    public static Ran run(List<String> command, Path folder) throws IOException {
        Path scratch = Scratch.folder();
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        process.getOutputStream().close();
        try {
            return new Ran(process.waitFor(), head(out), head(err));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw Fault.project("the server is shutting down");
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OUTPUT), UTF_8);
        }
    }
}
