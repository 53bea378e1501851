package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import samlocal.base.Json;

/** An error that the runtime in a child process has reported. Its frames have no class but absolute file names. */
public final class ReportedError extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** A frame of Python, innermost last. */
    private static final Pattern PYTHON = Pattern.compile(
            "File \"([^\"<>\\p{Cntrl}]+)\",? [lL]ine (\\d+)(?:, in (\\S+))?");
    /** A frame of Node, innermost first. */
    private static final Pattern NODE = Pattern.compile(
            "^\\s*at (?:(?:async )?(.*?) \\()?(file://)?((?:/|\\w:)[^()\\p{Cntrl}]*?):(\\d+):\\d+\\)?$");
    /** Types that AWS's runtimes for Python and Node have for it. */
    private static final Set<String> OF_HANDLER = Set.of("Runtime.HandlerNotFound", "Runtime.MalformedHandlerName",
            "Runtime.BuiltInModuleConflict", "Runtime.ImportModuleError");
    private final String type;
    private final transient byte[] json;
    private final transient Details details;
    private String advice;

    /**
     * What our own bootstraps add; each is empty if unknown.
     *
     * @param log what the runtime would have logged
     * @param trace the frames of an error whose body has none
     * @param missing the name of a module that could not be found
     */
    record Details(String log, String trace, String missing) {
    }

    private ReportedError(String type, String message, byte[] json, Details details) {
        super(message, null, false, true);
        this.type = type;
        this.json = json;
        this.details = details;
    }

    /**
     * Reads a request of the Runtime API.
     *
     * @param body {@code errorMessage}, {@code errorType} and {@code stackTrace} or {@code trace} in JSON, or anything
     * @param type the header {@code Lambda-Runtime-Function-Error-Type}, used if the body has no type
     */
    static ReportedError of(byte[] body, String type, Details details) {
        Map<?, ?> fields = fields(body);
        boolean isGood = fields.get("errorType") instanceof String || fields.get("errorMessage") instanceof String;
        String named = fields.get("errorType") instanceof String text && !text.isEmpty() ? text
                : type == null || type.isEmpty() ? "Runtime.Unknown" : type;
        String message = fields.get("errorMessage") instanceof String text ? text
                : isGood ? "" : new String(body, UTF_8);
        byte[] json = isGood ? body
                : Json.write(Json.object("errorMessage", message, "errorType", named)).getBytes(UTF_8);
        ReportedError error = new ReportedError(named, message, json, details);
        List<StackTraceElement> frames = frames(fields);
        if (frames.isEmpty()) frames = frames(Map.of("trace", details.trace().lines().toList()));
        error.setStackTrace(frames.toArray(StackTraceElement[]::new));
        return error;
    }

    private static Map<?, ?> fields(byte[] body) {
        try {
            return Json.read(new String(body, UTF_8)) instanceof Map<?, ?> fields ? fields : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static List<StackTraceElement> frames(Map<?, ?> fields) {
        Object trace = fields.get("stackTrace") instanceof List<?> list ? list : fields.get("trace");
        if (!(trace instanceof List<?> lines)) return List.of();
        List<StackTraceElement> python = new ArrayList<>();
        List<StackTraceElement> node = new ArrayList<>();
        for (Object line : lines) {
            String text = String.valueOf(line);
            PYTHON.matcher(text).results().forEach(found -> python.add(frame(
                    found.group(3) == null ? "<module>" : found.group(3), found, 1, 2)));
            NODE.matcher(text).results().forEach(found -> node.add(frame(found.group(1), found, 3, 4)));
        }
        Collections.reverse(python);
        return python.isEmpty() ? node : python;
    }

    private static StackTraceElement frame(String method, MatchResult found, int file, int line) {
        String number = found.group(line);
        boolean isUrl = file > 1 && found.group(file - 1) != null && found.group(file - 1).equals("file://");
        String path = isUrl ? decoded(found.group(file)) : found.group(file);
        return new StackTraceElement("", method == null ? "<anonymous>" : method, path,
                number.length() > 9 ? -1 : Integer.parseInt(number));
    }

    private static String decoded(String url) {
        try {
            return URLDecoder.decode(url.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            return url;
        }
    }

    /** The type, such as {@code ValueError}. */
    public String type() {
        return type;
    }

    /** Lambda's response, as reported. */
    public byte[] json() {
        return json.clone();
    }

    /** What the runtime would have logged, empty if it has. */
    public String log() {
        return details.log();
    }

    /** The name of a module that could not be found, or an empty string. */
    String missing() {
        return details.missing();
    }

    /** Whether the handler that the template names cannot be used, unless a frame shows another reason. */
    public boolean isOfHandler() {
        return OF_HANDLER.contains(type);
    }

    /** Whether it is one of AWS's runtime and not the exception of a handler. */
    boolean isOfRuntime() {
        return type.startsWith("Runtime.");
    }

    /** Adds what to do about it. */
    ReportedError with(Optional<String> other) {
        advice = other.orElse(null);
        return this;
    }

    /** What to do about it; empty if unknown. */
    public Optional<String> advice() {
        return Optional.ofNullable(advice);
    }

    @Override public String toString() {
        return getMessage().isEmpty() ? type : type + ": " + getMessage();
    }
}
