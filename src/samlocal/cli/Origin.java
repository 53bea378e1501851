package samlocal.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the origin of a page as browsers send it: without a path or trailing slash. */
final class Origin implements ITypeConverter<String> {
    private static final Pattern FORM = Pattern.compile("\\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/\\s]+");

    @Override public String convert(String text) {
        if (FORM.matcher(text).matches()) return text;
        throw new TypeConversionException(toString());
    }

    @Override public String toString() {
        return "* or scheme, host and port, such as http://localhost:5173";
    }
}
