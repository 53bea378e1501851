package samlocal.runtime;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import samlocal.base.Program;

/**
 * The archive of loaded classes that JBang has the JVM write when the first run ends, for faster starts (JEP 350;
 * JBang's directive {@code //CDS}). JBang keeps it even if that run loaded only a few classes. So a run that has called
 * a function leaves a marker beside the archive, and a later run deletes an archive without one.
 */
public final class ClassArchive {
    private static final String USED = "-XX:SharedArchiveFile=";
    private static final String WRITTEN = "-XX:ArchiveClassesAtExit=";
    private static final boolean IS_MISSING = isMissing();

    private ClassArchive() {
    }

    /** Whether the JVM writes an archive when this process ends, which takes seconds. */
    public static boolean isBeingMade() {
        return option(WRITTEN).isPresent();
    }

    private static Optional<Path> option(String name) {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return options.stream().filter(option -> option.startsWith(name)).findFirst()
                .map(option -> Path.of(option.substring(name.length())));
    }

    private static boolean isMissing() {
        URL jar = Program.class.getProtectionDomain().getCodeSource().getLocation();
        return !new File(jar.getPath().replaceFirst("\\.jar$", ".jsa")).exists();
    }

    /**
     * The signers of a class that is loaded by an execution environment, null if no archive is being written. The JVM
     * leaves signed classes out of the archive; otherwise each edit would add classes.
     */
    static Object[] signers() {
        return IS_MISSING ? new Object[] {"not for the archive"} : null;
    }

    /**
     * Called when this process ends: leaves the marker if it has called a function, or deletes an archive without one.
     */
    public static void end(boolean hasCalled) {
        try {
            Optional<Path> written = option(WRITTEN).filter(file -> hasCalled);
            if (written.isPresent()) Files.write(note(written.get()), new byte[0]);
            Optional<Path> poor = option(USED).filter(file -> file.endsWith("ServerLocal.jsa"))
                    .filter(file -> !Files.exists(note(file)));
            if (poor.isPresent()) Files.delete(poor.get());
        } catch (IOException e) {
            return; // another process was faster, or the system does not delete files in use
        }
    }

    private static Path note(Path archive) {
        return archive.resolveSibling(archive.getFileName() + ".complete");
    }
}
