package samlocal.files;

import samlocal.base.Fault;

/** Names of files that the locale of the shell cannot express, as umlauts with {@code LC_ALL=C}. */
public final class FileNames {
    private static final char REPLACEMENT = '\uFFFD';

    private FileNames() {
    }

    /**
     * Refuses a name that the JVM could not decode: no file can be opened by it.
     *
     * @throws Fault with the variable to set
     */
    public static void require(String name) {
        if (name.indexOf(REPLACEMENT) < 0) return;
        throw Fault.usage("the file name `" + name + "` has characters that the locale of this shell lacks",
                "set LC_ALL=C.UTF-8 and try again");
    }
}
