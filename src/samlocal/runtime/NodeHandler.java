package samlocal.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A handler of Node: {@code folder/module.function}, where the function may be nested ({@code a.b}).
 *
 * @param module path without extension
 */
record NodeHandler(String module, String function) {
    private static final Pattern HANDLER = Pattern.compile("((?:.*/)?[^./]*)\\.([^/]+)");
    private static final Pattern COMMENT = Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^\\s*//.*$)");
    /** Exports of a name, of a list of names, and others whose names are only known when they run. */
    private static final Pattern NAMED = Pattern.compile("\\bexports\\.([\\w$]+)\\s*=[^=]"
            + "|\\bexport\\s+(?:async\\s+)?(?:const|let|var|class|function\\s*\\*?)\\s*([\\w$]+)"
            + "|\\bexports,\\s*[\"']([\\w$]+)[\"']|\\bexports\\[[\"']([\\w$]+)[\"']\\]\\s*=");
    private static final Pattern LISTED = Pattern.compile("(?s)\\bexport\\s*\\{([^}]*)\\}"
            + "|\\bmodule\\.exports\\s*=\\s*\\{([^{}]*)\\}\\s*(?:;|\\z|\\R)");
    private static final Pattern OPEN = Pattern.compile("\\bexport\\s*\\*|\\bexport\\s+(?:const|let|var)\\s*[\\[{]"
            + "|\\bmodule\\.exports\\s*[,)\\[.]|\\bmodule\\.exports\\s*=\\s*(?!\\{[^{}]*\\}\\s*(?:;|\\z|\\R))"
            + "|\\bexports\\[(?![\"'])|\\b__export|\\(exports[,)]");

    static Optional<NodeHandler> of(String handler) {
        Matcher parts = HANDLER.matcher(handler);
        return parts.matches() ? Optional.of(new NodeHandler(parts.group(1), parts.group(2))) : Optional.empty();
    }

    /** The file that AWS's runtime would load from the folder of the code. */
    Optional<Path> file(Path folder) {
        return Stream.of("", ".js", ".mjs", ".cjs").map(extension -> folder.resolve(module + extension))
                .filter(Files::exists).findFirst();
    }

    /** A file in TypeScript that the module may come from. */
    Optional<Path> typeScript(Path folder) {
        return Stream.of(".ts", ".mts", ".cts", ".tsx").map(extension -> folder.resolve(module + extension))
                .filter(Files::isRegularFile).findFirst();
    }

    /** What a module exports as far as its text shows; empty if that is unknown. */
    static Optional<Set<String>> exports(List<String> lines) {
        String text = COMMENT.matcher(String.join("\n", lines)).replaceAll("");
        if (OPEN.matcher(text).find()) return Optional.empty();
        Set<String> names = new TreeSet<>();
        NAMED.matcher(text).results().forEach(found -> Stream.of(1, 2, 3, 4).map(found::group)
                .filter(name -> name != null).forEach(names::add));
        List<String> lists = LISTED.matcher(text).results().map(found ->
                found.group(1) == null ? found.group(2) : found.group(1)).toList();
        for (String item : String.join(",", lists).split(",")) {
            if (item.contains("...") || item.contains("[")) return Optional.empty();
            String name = item.strip().replaceFirst("(?s)^.*\\sas\\s+", "").replaceFirst("(?s)\\s*:.*", "")
                    .replaceFirst("(?s)^(?:async\\s+)?([\\w$]+)\\s*\\(.*", "$1").replaceAll("[\"']", "");
            if (!name.isEmpty()) names.add(name);
        }
        return Optional.of(names);
    }

    /** The name that the module must export. */
    String export() {
        return function.split("\\.")[0];
    }
}
