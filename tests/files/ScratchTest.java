import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Temporary folders remain after a server only until the next one starts. */
class ScratchTest {
    @Test void folders_of_killed_processes_are_deleted() throws Exception {
        Path own = ServerLocal.Scratch.folder();
        Path killed = Files.createTempDirectory("samlocal0-");
        Files.write(killed.resolve("lock"), new byte[0]);
        Files.createDirectories(killed.resolve("a/b"));
        Path others = Files.createTempDirectory("samlocal0-");
        ServerLocal.Scratch.deleteAbandoned();
        assertFalse(Files.exists(killed));
        assertTrue(Files.exists(own), "its process runs");
        assertTrue(Files.exists(others), "without a lock, not ours");
        Files.delete(others);
        assertLocked(own.getParent().resolve("lock"));
    }

    /** Another process sees the lock. */
    private static void assertLocked(Path lock) throws Exception {
        Path program = Files.createTempDirectory("lock test ").resolve("Locked.java");
        Files.writeString(program, """
                import java.nio.channels.FileChannel;
                import java.nio.file.*;
                public class Locked {
                    public static void main(String[] arguments) throws Exception {
                        FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                        System.exit(file.tryLock() == null ? 0 : 1);
                    }
                }
                """);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                program.toString(), lock.toString()).inheritIO().start();
        assertTrue(process.waitFor() == 0, "locked");
    }
}
