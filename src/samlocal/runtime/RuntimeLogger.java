package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The logger of the context: each call is one log entry (Lambda Developer Guide, "Log and monitor Java Lambda
 * functions"). Its fields and those of the context have the names of AWS's implementation, because programs log the
 * context as JSON by reflection.
 */
final class RuntimeLogger implements LambdaLogger {
    private final LogFormat logFormat;
    private final LogFiltering logFiltering;
    private final LogFormatter logFormatter;
    private final transient PrintStream sink;
    private transient Map<String, String> request = Map.of();

    RuntimeLogger(PrintStream sink, LogFormat format, LogLevel least) {
        this.logFormat = format;
        this.logFiltering = new LogFiltering(least);
        this.logFormatter = format == LogFormat.JSON ? new JsonLogFormatter() : new TextLogFormatter();
        this.sink = sink;
    }

    /** The logger of an invocation; {@code tenantId} may be null. */
    RuntimeLogger of(String requestId, String tenantId) {
        request = tenantId == null ? Map.of("AWSRequestId", requestId)
                : Map.of("AWSRequestId", requestId, "tenantId", tenantId);
        return this;
    }

    @Override public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override public void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override public void log(String message, LogLevel level) {
        if (logFiltering.isWanted(level)) print(logFormatter.format(message, level, request));
    }

    @Override public void log(byte[] message, LogLevel level) {
        if (logFiltering.isWanted(level)) print(new String(message, UTF_8));
    }

    private void print(String entry) {
        sink.print(entry.endsWith("\n") ? entry : entry + "\n");
    }

    /** Filters entries by level. */
    private static final class LogFiltering {
        private final LogLevel minimumLogLevel;

        LogFiltering(LogLevel least) {
            this.minimumLogLevel = least;
        }

        boolean isWanted(LogLevel level) {
            return level == LogLevel.UNDEFINED || level.ordinal() >= minimumLogLevel.ordinal();
        }
    }

    /** Formats an entry; {@code request} identifies the invocation and is empty before the first one. */
    private interface LogFormatter {
        String format(String message, LogLevel level, Map<String, String> request);
    }

    /** A line, with its level if it has one. */
    private static final class TextLogFormatter implements LogFormatter {
        @Override public String format(String message, LogLevel level, Map<String, String> request) {
            return level == LogLevel.UNDEFINED ? String.valueOf(message) : "[" + level + "] " + message;
        }
    }

    /** An object with the time and the request. */
    private static final class JsonLogFormatter implements LogFormatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        @Override public String format(String message, LogLevel level, Map<String, String> request) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("timestamp", TIME.format(Instant.now()));
            entry.put("message", message);
            entry.put("level", level);
            entry.putAll(request);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            GsonFactory.getInstance().getSerializer(Map.class).toJson(entry, text);
            return text.toString(UTF_8);
        }
    }
}
