package samlocal.compile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.SimpleJavaFileObject;

/** A source in memory, under the path that it was read from. */
final class SourceText extends SimpleJavaFileObject {
    private final Path path;
    private final String text;

    private SourceText(Path path, String text) {
        super(path.toUri(), Kind.SOURCE);
        this.path = path;
        this.text = text;
    }

    static List<SourceText> all(Map<Path, String> texts) {
        return texts.entrySet().stream().map(each -> new SourceText(each.getKey(), each.getValue())).toList();
    }

    Path path() {
        return path;
    }

    @Override public String getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
