package samlocal.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an integer within limits. */
class Numbers implements ITypeConverter<Integer> {
    private final int least;
    private final int most;

    private Numbers(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override public Integer convert(String text) {
        int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
        if (number >= least && number <= most) return number;
        throw new TypeConversionException(toString());
    }

    @Override public String toString() {
        return "a number from " + least + " to " + most;
    }

    /** A port to listen on, or 0 for any free one. */
    static final class AnyPort extends Numbers {
        AnyPort() {
            super(0, 65535);
        }
    }

    /** A port that other programs must know in advance, so 0 is not allowed. */
    static final class Port extends Numbers {
        Port() {
            super(1, 65535);
        }
    }

    /** A number of concurrent requests. */
    static final class Concurrency extends Numbers {
        Concurrency() {
            super(1, 1000);
        }
    }
}
