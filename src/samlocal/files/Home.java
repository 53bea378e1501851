package samlocal.files;

import java.io.IOException;
import java.nio.file.Path;

/** The user's home folder. */
public final class Home {
    private static final String PROPERTY = "user.home";

    private Home() {
    }

    /**
     * Where the system knows no home ({@code ?} in containers with an unknown user), libraries and caches go to a
     * folder that ends with this process; a relative path would be one in the project.
     */
    public static void require() {
        if (Path.of(System.getProperty(PROPERTY, "?")).isAbsolute()) return;
        try {
            System.setProperty(PROPERTY, Scratch.folder().toString());
        } catch (IOException e) {
            System.setProperty(PROPERTY, System.getProperty("java.io.tmpdir"));
        }
    }
}
