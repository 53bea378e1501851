package samlocal.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.files.Tool;

/** An installed Node. */
record NodeProgram(Path program, int major, int minor) {
    private static final Pattern DESCRIPTION = Pattern.compile("(.+)\\R(\\d+)\\.(\\d+)\\..*\\R*");
    private static final String HINT = "install Node from https://nodejs.org, or with your package manager";

    /**
     * The Node that {@code node} starts in a folder: on the PATH may be a script of a version manager.
     *
     * @throws Fault if there is none
     */
    static NodeProgram in(Path folder) {
        Path found = Tool.onPath("node").orElseThrow(() ->
                Fault.project("`node` is not on the PATH", null, HINT));
        String reason;
        try {
            Tool.Ran ran = Tool.run(List.of(found.toString(), "-p",
                    "process.execPath + '\\n' + process.versions.node"), folder);
            Matcher matcher = DESCRIPTION.matcher(ran.out());
            if (ran.status() == 0 && matcher.matches()) return new NodeProgram(Path.of(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
            reason = Optional.of(ran.err().strip()).filter(text -> !text.isEmpty())
                    .flatMap(text -> text.lines().findFirst()).orElse("it exited with status " + ran.status());
        } catch (IOException e) {
            reason = Fault.reason(e);
        }
        throw Fault.project("`" + Place.display(found) + "` does not run: " + reason, null, HINT);
    }

    /** Whether it runs TypeScript by removing the types (Node's documentation, "Modules: TypeScript"). */
    boolean stripsTypes() {
        return major > 22 || major == 22 && minor >= 6;
    }
}
