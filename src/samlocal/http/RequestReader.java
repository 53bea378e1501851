package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one request after the other, as RFC 9112 has them: strict in what says how long a request is, generous with
 * what only its reader has to understand, as raw characters in a query.
 */
final class RequestReader {
    /** A request that nobody else can answer; the message is the reason phrase. */
    static final class Refused extends IOException {
        private final int status;

        Refused(int status) {
            super(ResponseWriter.reason(status));
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * A request without its content.
     *
     * @param path as sent, but for what is no ASCII, which is percent-encoded; so is the query
     * @param query null if there is none
     * @param length of the content, {@link #CHUNKED} where it is told chunk by chunk
     */
    record Head(String method, String path, String query, String protocol, List<Map.Entry<String, String>> headers,
            long length) {
        /** Older than HTTP/1.1. */
        boolean isOld() {
            return protocol.equals("HTTP/1.0");
        }

        /** Whether the client means to go on with its connection. */
        boolean isKept() {
            String wish = String.join(",", values("Connection", headers)).toLowerCase(Locale.ROOT);
            return isOld() ? wish.contains("keep-alive") : !wish.contains("close");
        }

        /** Whether the client sends the content only when it is told to. */
        boolean isToContinue() {
            return length != 0 && !isOld() && !values("Expect", headers).isEmpty();
        }
    }

    private static final long CHUNKED = -1;
    /** What is held in memory; a gateway wants less, and says so in its own words. */
    private static final int MOST_HEAD = 384 << 10;
    private static final int MOST_FIELDS = 1_000;
    private static final int USUAL = 4 << 10;
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?]*(.*)");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})[ \t]*(;.*)?");

    private final InputStream in;
    private final int mostBytes;
    private final Content content = new Content();
    private byte[] buffer = new byte[USUAL];
    private int start;
    private int end;

    /** {@code mostBytes} of content; of more, one byte more is read, and then the connection is of no use. */
    RequestReader(InputStream in, int mostBytes) {
        this.in = in;
        this.mostBytes = mostBytes;
    }

    /** Waits for the first byte of a request; false if there will be none. */
    boolean awaits() throws IOException {
        do {
            while (start < end && (buffer[start] == '\r' || buffer[start] == '\n')) start++;
        } while (start == end && fill());
        return start < end;
    }

    /** Gives memory back that a long head has taken. */
    void shrink() {
        if (buffer.length == USUAL || end - start > USUAL) return;
        buffer = Arrays.copyOfRange(buffer, start, start + USUAL);
        end -= start;
        start = 0;
    }

    /** Reads what there is, and waits if there is nothing; false at the end. */
    private boolean fill() throws IOException {
        if (start > 0) System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        if (end == MOST_HEAD) throw new Refused(431);
        if (end == buffer.length) buffer = Arrays.copyOf(buffer, Math.min(2 * end, MOST_HEAD));
        int count = in.read(buffer, end, buffer.length - end);
        end += Math.max(count, 0);
        return count > 0;
    }

    /** @throws Refused if it is none */
    Head head() throws IOException {
        String[] line = line().split(" ", -1);
        if (line.length != 3 || !isToken(line[0])) throw new Refused(400);
        if (!line[2].startsWith("HTTP/1.")) throw new Refused(line[2].startsWith("HTTP/") ? 505 : 400);
        List<Map.Entry<String, String>> headers = headers();
        String target = target(line[1]);
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (BAD_ESCAPE.matcher(path).find()) throw new Refused(400);
        Head head = new Head(line[0], path, query < 0 ? null : target.substring(query + 1), line[2], headers,
                length(headers));
        if (!Set.of("", "100-continue").containsAll(values("Expect", headers))) throw new Refused(417);
        return head;
    }

    /** A line without its end. */
    private String line() throws IOException {
        int length = 0;
        while (true) {
            if (start + length == end && !fill()) throw new EOFException();
            if (buffer[start + length] == '\n') break;
            length++;
        }
        boolean hasReturn = length > 0 && buffer[start + length - 1] == '\r';
        String line = new String(buffer, start, hasReturn ? length - 1 : length, ISO_8859_1);
        start += length + 1;
        return line;
    }

    private List<Map.Entry<String, String>> headers() throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        int bytes = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 0 || !isToken(line.substring(0, colon)) || hasControl(line, colon)) throw new Refused(400);
            headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).trim()));
            bytes += line.length();
            if (headers.size() > MOST_FIELDS || bytes > MOST_HEAD) throw new Refused(431);
        }
        return headers;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean isAlphanumeric = character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9';
            if (!isAlphanumeric && "!#$%&'*+.^_`|~-".indexOf(character) < 0) return false;
        }
        return !text.isEmpty();
    }

    private static boolean hasControl(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < ' ' && text.charAt(i) != '\t' || text.charAt(i) == 127) return true;
        }
        return false;
    }

    private static List<String> values(String name, List<Map.Entry<String, String>> headers) {
        List<String> values = new ArrayList<>(1);
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) values.add(header.getValue());
        }
        return values;
    }

    /** Path and query; what is no ASCII, which some clients send as it is, is percent-encoded. */
    private static String target(String target) throws Refused {
        Matcher absolute = ABSOLUTE.matcher(target);
        String local = target.startsWith("/") || !absolute.matches() ? target
                : absolute.group(1).startsWith("/") ? absolute.group(1) : "/" + absolute.group(1);
        if (!local.startsWith("/") || local.indexOf('#') >= 0 || hasControl(local, 0)) throw new Refused(400);
        if (local.chars().allMatch(character -> character < 128)) return local;
        StringBuilder encoded = new StringBuilder();
        local.chars().forEach(character -> encoded.append(character < 128 ? String.valueOf((char) character)
                : "%" + Integer.toHexString(character).toUpperCase(Locale.ROOT)));
        return encoded.toString();
    }

    private static long length(List<Map.Entry<String, String>> headers) throws Refused {
        List<String> codings = values("Transfer-Encoding", headers);
        List<String> lengths = values("Content-Length", headers);
        if (codings.size() + lengths.size() > 1) throw new Refused(400);
        if (codings.size() + lengths.size() == 0) return 0;
        if (lengths.isEmpty()) {
            if (!codings.get(0).equalsIgnoreCase("chunked")) throw new Refused(501);
            return CHUNKED;
        }
        if (!LENGTH.matcher(lengths.get(0)).matches()) throw new Refused(400);
        return Long.parseLong(lengths.get(0));
    }

    /** @throws EOFException if the client ends before it */
    byte[] body(Head head) throws IOException {
        if (head.length() == CHUNKED) return chunks();
        int length = (int) Math.min(head.length(), mostBytes + 1L);
        byte[] body = content.readNBytes(length);
        if (body.length < length) throw new EOFException();
        return body;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            Matcher chunk = CHUNK.matcher(line());
            if (!chunk.matches()) throw new Refused(400);
            long size = Long.parseLong(chunk.group(1), 16);
            if (size == 0) break;
            int length = (int) Math.min(size, mostBytes + 1L - body.size());
            byte[] part = content.readNBytes(length);
            body.write(part, 0, part.length);
            if (part.length < length) throw new EOFException();
            if (body.size() > mostBytes) return body.toByteArray();
            if (!line().isEmpty()) throw new Refused(400);
        }
        headers(); // trailers, which no event has
        return body.toByteArray();
    }

    /** What follows a head. */
    private final class Content extends InputStream {
        @Override public int read() {
            throw new UnsupportedOperationException();
        }

        @Override public int read(byte[] bytes, int offset, int length) throws IOException {
            if (start == end) return in.read(bytes, offset, length);
            int count = Math.min(length, end - start);
            System.arraycopy(buffer, start, bytes, offset, count);
            start += count;
            return count;
        }
    }
}
