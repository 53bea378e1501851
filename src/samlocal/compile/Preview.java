package samlocal.compile;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import samlocal.base.Problem;

/**
 * Preview features of Java, for builds with {@code --enable-preview}. Only the JVM of the same release runs them, and
 * only if it was started with that option too (JEP 12).
 */
final class Preview {
    static final String OPTION = "--enable-preview";

    private Preview() {
    }

    /** Whether this JVM runs classes that use preview features of its release. */
    static boolean isEnabled() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().contains(OPTION);
    }

    static boolean isWanted(Compiler.Setup setup) {
        return setup.options().contains(OPTION);
    }

    static boolean isPossible(Compiler.Setup setup) {
        return isWanted(setup) && isOfRelease(setup) && isEnabled();
    }

    private static boolean isOfRelease(Compiler.Setup setup) {
        return setup.release() == 0 || setup.release() == Runtime.version().feature();
    }

    /** Why preview features are disabled, if the build enables them. */
    static Optional<Problem> problem(Compiler.Setup setup) {
        if (!isWanted(setup) || isPossible(setup)) return Optional.empty();
        int here = Runtime.version().feature();
        return Optional.of(isOfRelease(setup)
                ? new Problem("the build enables preview features, and this JVM was started without them", null,
                "set the environment variable JAVA_TOOL_OPTIONS=" + OPTION + ", and start again")
                : new Problem("the build enables preview features of Java " + setup.release() + ", and this is Java "
                + here, null, "start with Java " + setup.release() + ": jbang --java " + setup.release() + " ..."));
    }
}
