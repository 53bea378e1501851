package samlocal.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import samlocal.base.Fault;

/** The values of {@code --parameter-overrides}. */
final class ParameterOverrides {
    private static final String QUOTED_OR_NOT =
            "(\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|(?:\\\\.|[^\\s\"'])+)";
    private static final Pattern PAIR = Pattern.compile("\\s*(?:ParameterKey=([A-Za-z0-9]+),ParameterValue="
            + QUOTED_OR_NOT + "|([A-Za-z0-9]+)=" + QUOTED_OR_NOT + ")\\s*");

    private ParameterOverrides() {
    }

    /**
     * Parameters in the forms that {@code sam} takes: {@code K=V}, {@code ParameterKey=K,ParameterValue=V}, one an
     * argument or several in one, values in quotes where they hold blanks.
     */
    static Map<String, String> parse(List<String> arguments) {
        Map<String, String> parameters = new LinkedHashMap<>();
        arguments.forEach(argument -> parse(argument, parameters));
        return parameters;
    }

    private static void parse(String argument, Map<String, String> parameters) {
        Matcher pair = PAIR.matcher(argument);
        int end = 0;
        Map<String, String> found = new LinkedHashMap<>();
        while (end < argument.length() && pair.region(end, argument.length()).lookingAt()) {
            boolean isLong = pair.group(1) != null;
            found.put(pair.group(isLong ? 1 : 3), unquoted(pair.group(isLong ? 2 : 4)));
            end = pair.end();
        }
        Matcher whole = Pattern.compile("(?s)([A-Za-z0-9]+)=(.*)").matcher(argument);
        boolean wasQuotedInTheShell = end < argument.length() && found.size() == 1 && whole.matches();
        if (wasQuotedInTheShell) found.put(whole.group(1), whole.group(2));
        else if (end < argument.length() || found.isEmpty()) throw noParameter(argument.substring(end));
        parameters.putAll(found);
    }

    private static Fault noParameter(String text) {
        return Fault.usage("`--parameter-overrides` does not take `" + text + "`",
                "write `Name=value` or `ParameterKey=Name,ParameterValue=value`, with quotes around blanks");
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.startsWith("\"") || value.startsWith("'");
        return (isQuoted ? value.substring(1, value.length() - 1) : value).replaceAll("\\\\(.)", "$1");
    }
}
