package samlocal.lambda;

import java.util.function.Supplier;

/** Accesses exceptions of a function, whose methods are the function's code and may themselves fail. */
public final class Thrown {
    private Thrown() {
    }

    /** The result of a call to such an exception, or {@code otherwise} if it fails. */
    public static <T> T ask(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (RuntimeException | Error inTheException) {
            return otherwise;
        }
    }
}
