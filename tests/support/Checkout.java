import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The checkout that the tests run in: the working directory, or a folder above it. */
final class Checkout {
    private Checkout() {
    }

    static Path folder() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent).limit(6)
                .filter(folder -> folder != null && Files.exists(folder.resolve("ServerLocal.java")))
                .findFirst().orElseThrow(() -> new AssertionError("run the tests from the checkout"));
    }
}
