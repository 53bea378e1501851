package samlocal.sam;

import java.nio.file.Path;

/** A layer with local content. */
public record Layer(String id, Path content) {
}
