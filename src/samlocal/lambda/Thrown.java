package samlocal.lambda;

import java.util.function.Supplier;

/** What a function has thrown: the methods of its own exception classes are its code, and may fail in turn. */
public final class Thrown {
    private Thrown() {
    }

    /** An answer of such an exception, or another one if it fails to answer. */
    public static <T> T ask(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (RuntimeException | Error inTheException) {
            return otherwise;
        }
    }
}
