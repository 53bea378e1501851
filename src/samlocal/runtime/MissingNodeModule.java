package samlocal.runtime;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Nearest;
import samlocal.compile.Codebase;
import samlocal.compile.NodePackages;

/** Advice on Node's errors about modules that it cannot find. */
final class MissingNodeModule {
    /** The name of the module, and the file that imports it: missing if that is the runtime, which loads handlers. */
    private static final Pattern MESSAGE = Pattern.compile("(?s).*Cannot find (?:module|package) '([^']+)'"
            + "(?:\\s+Require stack:\\s+- (\\S[^\\n]*)| imported from (\\S[^\\n]*))?.*");

    private MissingNodeModule() {
    }

    /** What to install, or the module that was probably meant. */
    static Optional<String> adviceOn(ReportedError error, Codebase.Build build) {
        Matcher missing = MESSAGE.matcher(error.getMessage());
        if (!missing.matches()) return Optional.empty();
        String importer = missing.group(2) == null ? missing.group(3) : missing.group(2);
        return importer == null ? nearest(missing.group(1), build)
                : NodePackages.advice(missing.group(1), Path.of(importer).getParent());
    }

    private static Optional<String> nearest(String module, Codebase.Build build) {
        Set<String> modules = build.sources().stream().map(Path::getFileName).map(String::valueOf)
                .filter(name -> name.matches(".*\\.[cm]?js")).map(name -> name.replaceFirst("\\.\\w+$", ""))
                .collect(Collectors.toSet());
        return Nearest.to(module, modules).map(Nearest::hint);
    }
}
