package samlocal.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Place;
import samlocal.files.Tool;

/** Lets an interpreter parse a file without running it. */
final class SyntaxCheck {
    private static final Pattern LINE = Pattern.compile("line (\\d+)|:(\\d+)\\R");
    private static final Pattern REASON = Pattern.compile("(?m)^\\w*Error: (.+)$");

    private SyntaxCheck() {
    }

    /**
     * The problem with a file; empty if there is none.
     *
     * @param command parses the file that is its last argument, and ends with another status than 0 if that fails
     */
    static List<String> of(List<String> command, Path file) {
        try {
            Tool.Ran ran = Tool.run(Stream.concat(command.stream(), Stream.of(file.toString())).toList(),
                    file.getParent());
            if (ran.status() == 0) return List.of();
            String line = LINE.matcher(ran.err()).results().reduce((before, next) -> next)
                    .map(found -> ":" + (found.group(1) == null ? found.group(2) : found.group(1))).orElse("");
            String reason = REASON.matcher(ran.err()).results().map(found -> found.group(1)).findFirst()
                    .orElse("status " + ran.status());
            return List.of(Place.display(file) + line + " cannot be parsed: " + reason);
        } catch (IOException e) {
            return List.of(); // the first invocation reports it
        }
    }
}
