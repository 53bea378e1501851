package samlocal.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where a page comes from, as browsers write it: without a path, not even a slash. */
final class Origin implements ITypeConverter<String> {
    private static final Pattern FORM = Pattern.compile("\\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/\\s]+");

    @Override public String convert(String text) {
        if (FORM.matcher(text).matches()) return text;
        throw new TypeConversionException(toString());
    }

    @Override public String toString() {
        return "* or scheme, host and port as in http://localhost:5173";
    }
}
