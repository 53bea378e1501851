package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes one response after the other, as RFC 9112 has them; a small one in one piece. */
public final class ResponseWriter {
    /** What is sent at a time. */
    static final int PIECE = 1 << 14;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] END_OF_LINE = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(ISO_8859_1);
    private static final int USUAL = 8 << 10;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t]]");
    private static final Map<Integer, String> REASONS = """
            100 Continue
            101 Switching Protocols
            200 OK
            201 Created
            202 Accepted
            203 Non-Authoritative Information
            204 No Content
            205 Reset Content
            206 Partial Content
            300 Multiple Choices
            301 Moved Permanently
            302 Found
            303 See Other
            304 Not Modified
            307 Temporary Redirect
            308 Permanent Redirect
            400 Bad Request
            401 Unauthorized
            402 Payment Required
            403 Forbidden
            404 Not Found
            405 Method Not Allowed
            406 Not Acceptable
            407 Proxy Authentication Required
            408 Request Timeout
            409 Conflict
            410 Gone
            411 Length Required
            412 Precondition Failed
            413 Content Too Large
            414 URI Too Long
            415 Unsupported Media Type
            416 Range Not Satisfiable
            417 Expectation Failed
            421 Misdirected Request
            422 Unprocessable Content
            425 Too Early
            426 Upgrade Required
            428 Precondition Required
            429 Too Many Requests
            431 Request Header Fields Too Large
            451 Unavailable For Legal Reasons
            500 Internal Server Error
            501 Not Implemented
            502 Bad Gateway
            503 Service Unavailable
            504 Gateway Timeout
            505 HTTP Version Not Supported
            """.lines().collect(Collectors.toMap(line -> Integer.valueOf(line.substring(0, 3)),
                    line -> line.substring(4)));

    private final OutputStream client;
    private final byte[] buffer = new byte[USUAL];
    private int count;
    private String method = "";
    private boolean isOld;
    private boolean isKept;
    private long second;
    private String date;

    /** {@code client} is written to in large pieces, and needs no flushing. */
    ResponseWriter(OutputStream client) {
        this.client = client;
    }

    /** What a status means (RFC 9110, section 15), an empty text where that is not known. */
    static String reason(int status) {
        return REASONS.getOrDefault(status, "");
    }

    /**
     * Whom the next response is for.
     *
     * @param old whether it is older than HTTP/1.1
     * @param kept whether its connection is to be kept
     */
    void begin(String method, boolean old, boolean kept) {
        this.method = method;
        this.isOld = old;
        this.isKept = kept;
    }

    /** The next response is the last one. */
    void endAfterwards() {
        isKept = false;
    }

    boolean isKept() {
        return isKept;
    }

    /** Asks for the content of a request. */
    void goOn() throws IOException {
        client.write(CONTINUE);
    }

    /** @throws IOException if the client is gone, or the response does not come to its end */
    public void send(Response response) throws IOException {
        boolean hasBody = response.mayHaveBody() && !method.equals("HEAD");
        long length = response.body().length();
        if (hasBody && length < 0 && isOld) isKept = false; // its end is that of the connection
        put(head(response, length).getBytes(ISO_8859_1));
        Content content = new Content(hasBody ? length : -1, hasBody && length < 0 && !isOld);
        if (hasBody) response.body().writeTo(content);
        else if (length < 0) response.body().writeTo(OutputStream.nullOutputStream());
        content.finish();
    }

    private String head(Response response, long length) {
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(response.status()).append(' ')
                .append(reason(response.status())).append("\r\n");
        boolean isDated = false;
        for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
            for (String value : header.getValue()) add(header.getKey(), onOneLine(value), head);
            isDated |= header.getKey().equalsIgnoreCase("Date");
        }
        if (!isDated) add("Date", date(), head);
        if (response.mayHaveBody()) {
            if (length >= 0) add("Content-Length", String.valueOf(length), head);
            else if (!isOld) add("Transfer-Encoding", "chunked", head);
        }
        if (!isKept) add("Connection", "close", head);
        else if (isOld) add("Connection", "keep-alive", head);
        return head.append("\r\n").toString();
    }

    private static void add(String name, String value, StringBuilder head) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private String date() {
        long now = System.currentTimeMillis() / 1_000;
        if (now != second) date = StaticFiles.DATE.format(Instant.ofEpochSecond(now));
        second = now;
        return date;
    }

    /** As bytes of Latin-1, or where it has other characters, of UTF-8; none of them ends the line. */
    private static String onOneLine(String value) {
        boolean isPlain = true;
        boolean isLatin = true;
        for (int i = 0; i < value.length(); i++) {
            isPlain &= value.charAt(i) >= ' ' && value.charAt(i) != 127 || value.charAt(i) == '\t';
            isLatin &= value.charAt(i) < 256;
        }
        String latin = isLatin ? value : Response.inLatin1(value);
        return isPlain ? latin : CONTROL.matcher(latin).replaceAll(" ");
    }

    private void put(byte[] bytes) throws IOException {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int offset, int length) throws IOException {
        if (length > USUAL - count) flush();
        if (length > USUAL) {
            client.write(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
        }
    }

    private void flush() throws IOException {
        int length = count;
        count = 0;
        if (length > 0) client.write(buffer, 0, length);
    }

    /** What follows a head. */
    private final class Content extends OutputStream {
        private final boolean isChunked;
        private final boolean isBounded;
        private long left;

        /** {@code length} is -1 where it is not known, or does not matter. */
        Content(long length, boolean chunked) {
            this.left = length;
            this.isBounded = length >= 0;
            this.isChunked = chunked;
        }

        @Override public void write(int character) throws IOException {
            write(new byte[] {(byte) character}, 0, 1);
        }

        @Override public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) return;
            if (isBounded && length > left) throw new IOException("more than was announced");
            left -= length;
            if (isChunked) put((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
            put(bytes, offset, length);
            if (isChunked) put(END_OF_LINE);
        }

        @Override public void flush() throws IOException {
            ResponseWriter.this.flush();
        }

        void finish() throws IOException {
            if (isBounded && left > 0) throw new EOFException("less than was announced");
            if (isChunked) put(LAST_CHUNK);
            flush();
        }
    }
}
