package samlocal.runtime;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import samlocal.base.Program;
import samlocal.files.Cache;

/**
 * JBang lets the first run of this program leave an archive of the classes that it has loaded, and others start
 * with it (JEP 350; JBang's directive {@code //CDS}). It would stay as it is for ever, also where a command came
 * first that has loaded next to nothing; so one that holds what functions take is noted in a folder of our own.
 *
 * @param file that this process uses, or leaves, null if there is none
 * @param isBeingMade whether this process leaves one at its end, which takes seconds
 */
public record ClassArchive(Path file, boolean isBeingMade) {
    private static final String USED = "-XX:SharedArchiveFile=";
    private static final String MADE = "-XX:ArchiveClassesAtExit=";
    private static final int MOST_NOTES = 100;
    /** Whether this process may be about to leave one: there is none yet. */
    static final boolean IS_MISSING = isMissing();

    /** The one of this process. */
    public static ClassArchive here() {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
        Path made = value(MADE, options);
        return made != null ? new ClassArchive(made, true) : new ClassArchive(value(USED, options), false);
    }

    private static Path value(String name, List<String> options) {
        return options.stream().filter(option -> option.startsWith(name)).findFirst()
                .map(option -> Path.of(option.substring(name.length()))).orElse(null);
    }

    private static boolean isMissing() {
        URL jar = Program.class.getProtectionDomain().getCodeSource().getLocation();
        return !new File(jar.getPath().replaceFirst("\\.jar$", ".jsa")).exists();
    }

    /**
     * Marks a class of which there are as many as there were edits, or nearly so: what is signed is left out.
     *
     * @return what its loader has to call it signed by, null where there is nothing to leave out
     */
    static Object[] mark() {
        return IS_MISSING ? new Object[] {"not for the archive"} : null;
    }

    /** Notes that this process, which leaves one, has run a function. */
    public void noteIfMade() {
        if (isBeingMade) note();
    }

    /** Leaves it to the next start to make another, unless functions were run by the process that left it. */
    public void deleteIfPoor() {
        boolean isOurs = file != null && !isBeingMade && file.endsWith("ServerLocal.jsa");
        try {
            if (isOurs && Files.exists(noted())) note(); // it is not to be tidied away
            else if (isOurs) Files.delete(file);
        } catch (IOException e) {
            return; // another process was faster, or a system that deletes nothing in use
        }
    }

    private Path noted() {
        return Cache.folder().resolve("archives").resolve(Cache.hash(file.toString()));
    }

    private void note() {
        try {
            Cache.write(noted(), new byte[0]);
            Cache.tidy(noted().getParent(), MOST_NOTES, Long.MAX_VALUE);
        } catch (IOException e) {
            return; // the next archive is a better one, or as good
        }
    }
}
