package samlocal.sam;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The families of Lambda's runtimes (Lambda Developer Guide, "Lambda runtimes"). */
public enum RuntimeFamily {
    /** Handlers in this JVM; also the family of functions without a Runtime. */
    JAVA("java\\d{1,3}(\\..*)?", null),
    PYTHON("python3\\.\\d+", null),
    NODE("nodejs\\d+\\.x", null),
    /** A program of the function's own that speaks Lambda's Runtime API. */
    PROVIDED("provided(\\.\\w+)?", null),
    RUBY("ruby[\\w.-]*", "run it with `sam local`"),
    DOTNET("dotnet[\\w.-]*", "run it with `sam local`"),
    GO("go[\\w.-]*", "Lambda has retired it: build a `bootstrap` for provided.al2023"),
    OLD_PYTHON("python2\\.7", "Lambda has retired it: use python3.13"),
    OLD_NODE("nodejs(|4\\.3(-edge)?|6\\.10|8\\.10)", "Lambda has retired it: use nodejs22.x");

    private final Pattern names;
    private final String alternative;

    RuntimeFamily(String names, String alternative) {
        this.names = Pattern.compile(names);
        this.alternative = alternative;
    }

    /** The family of a runtime's name, empty if Lambda has no such runtime. */
    static Optional<RuntimeFamily> of(String runtime) {
        if (runtime.isEmpty()) return Optional.of(JAVA);
        return Arrays.stream(values()).filter(family -> family.names.matcher(runtime).matches()).findFirst();
    }

    boolean isSupported() {
        return alternative == null;
    }

    /** Whether functions of this family may have their code in the template. */
    boolean hasInlineCode() {
        return this == PYTHON || this == NODE;
    }

    /** What to use instead of an unsupported family. */
    String alternative() {
        return alternative;
    }
}
