package samlocal.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Serves the files of a folder, with conditions and single ranges (RFC 9110, sections 13 and 14), for GET and HEAD.
 * Nothing outside the folder is served, whatever the spelling or link.
 *
 * @param folder need not exist; null for none
 */
public record StaticFiles(Path folder) {
    /** A part of a file. */
    private record Slice(Path file, long start, long length) implements Body {
        @Override public void writeTo(OutputStream client) throws IOException {
            try (FileChannel in = FileChannel.open(file)) {
                WritableByteChannel out = Channels.newChannel(client);
                for (long sent = 0, count; sent < length; sent += count) {
                    count = in.transferTo(start + sent, length - sent, out);
                    if (count == 0) throw new EOFException("`" + file + "` was truncated while it was sent");
                }
            }
        }
    }

    private static final Map<String, String> TYPES = types("""
            text/html html htm
            text/css css
            text/javascript js mjs cjs
            text/plain txt log text
            text/markdown md
            text/csv csv
            text/xml xml
            application/json json map
            application/manifest+json webmanifest
            application/yaml yaml yml
            image/svg+xml svg
            image/png png
            image/jpeg jpg jpeg
            image/gif gif
            image/webp webp
            image/avif avif
            image/bmp bmp
            image/x-icon ico
            font/woff woff
            font/woff2 woff2
            font/ttf ttf
            font/otf otf
            audio/mpeg mp3
            audio/wav wav
            audio/ogg ogg
            video/mp4 mp4
            video/webm webm
            application/pdf pdf
            application/wasm wasm
            application/zip zip
            application/gzip gz
            """);
    private static final Pattern TEXT = Pattern.compile("text/.*|.*(json|xml|yaml)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    /** RFC 9110, section 5.6.7. */
    static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static Map<String, String> types(String table) {
        Map<String, String> types = new HashMap<>();
        table.lines().map(line -> line.split(" ")).forEach(row ->
                Stream.of(row).skip(1).forEach(extension -> types.put(extension, row[0])));
        return Map.copyOf(types);
    }

    /** The folder, if it exists. */
    public Optional<Path> shown() {
        return Optional.ofNullable(folder).filter(Files::isDirectory);
    }

    /** The media type for a file's extension, with a charset if it is text. */
    static String type(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.getOrDefault(extension, "application/octet-stream");
        return TEXT.matcher(type).matches() ? type + "; charset=utf-8" : type;
    }

    /** The response to a request for an existing file; a folder stands for its {@code index.html}. */
    public Optional<Response> find(Request request) {
        if (folder == null || !Set.of("GET", "HEAD").contains(request.method())) return Optional.empty();
        String path = request.path();
        boolean hasSlash = path.endsWith("/");
        Optional<Path> found = locate(path);
        boolean isFolder = found.filter(Files::isDirectory).isPresent();
        if (!isFolder) return hasSlash ? Optional.empty() : found.flatMap(file -> file(file, request));
        Optional<Path> index = locate((hasSlash ? path : path + "/") + "index.html");
        return index.flatMap(file -> file(file, request)).map(file -> hasSlash ? file : slash(request));
    }

    private static Response slash(Request request) {
        String query = request.query() == null ? "" : "?" + request.query();
        return new Response(302, Map.of("Location", List.of(request.path() + "/" + query),
                "Cache-Control", List.of("no-cache")), new byte[0]);
    }

    /** The real file or folder of a percent-encoded path, unless it is outside the folder. */
    private Optional<Path> locate(String path) {
        try {
            Path root = folder.toRealPath();
            Path found = root;
            if (path.contains("//")) return Optional.empty();
            for (String segment : path.substring(1).split("/")) found = found.resolve(name(segment));
            Path real = found.toRealPath();
            return real.startsWith(root) ? Optional.of(real) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A path segment decoded to one file name, which cannot contain separators. */
    private static String name(String segment) {
        String name = UrlDecoding.path(segment);
        boolean isPath = name.equals("..") || name.equals(".") || name.matches("(?s).*[/\\\\\\x00].*");
        if (isPath) throw new IllegalArgumentException(segment);
        return name;
    }

    private static Optional<Response> file(Path file, Request request) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            boolean isServed = attributes.isRegularFile() && Files.isReadable(file);
            return isServed ? Optional.of(answer(file, attributes, request)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Response answer(Path file, BasicFileAttributes attributes, Request request) {
        long size = attributes.size();
        long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        Instant modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("ETag", List.of('"' + Long.toHexString(nanos) + "-" + Long.toHexString(size) + '"'));
        fields.put("Last-Modified", List.of(DATE.format(modified)));
        fields.put("Cache-Control", List.of("no-cache"));
        Response head = new Response(200, fields, new byte[0]);
        if (isKnown(request, head, modified)) return head.with(304);
        Response full = head.with("Content-Type", type(file.getFileName().toString()))
                .with("Accept-Ranges", "bytes");
        return ranged(file, size, request, full).orElse(full.with(new Slice(file, 0, size)));
    }

    /** Whether the client already has the current file. */
    private static boolean isKnown(Request request, Response head, Instant modified) {
        Optional<String> tags = request.header("If-None-Match");
        if (tags.isEmpty()) {
            return request.header("If-Modified-Since").flatMap(StaticFiles::date)
                    .filter(since -> !modified.isAfter(since)).isPresent();
        }
        return Stream.of(tags.get().split(",")).map(tag -> tag.strip().replaceFirst("^W/", ""))
                .anyMatch(tag -> tag.equals("*") || tag.equals(head.headers().get("ETag").get(0)));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The requested range; multiple or malformed ranges are ignored, as the RFC allows. */
    private static Optional<Response> ranged(Path file, long size, Request request, Response full) {
        Matcher range = RANGE.matcher(request.header("Range").orElse("").replace(" ", ""));
        boolean isWanted = request.method().equals("GET") && range.matches() && !range.group().equals("bytes=-")
                && request.header("If-Range").map(known -> full.headers().get("ETag").contains(known)
                        || full.headers().get("Last-Modified").contains(known)).orElse(true);
        if (!isWanted) return Optional.empty();
        boolean isSuffix = range.group(1).isEmpty();
        long start = isSuffix ? Math.max(0, size - number(range.group(2), 0)) : number(range.group(1), 0);
        long end = isSuffix ? size - 1 : Math.min(size - 1, number(range.group(2), size - 1));
        boolean isReversed = !isSuffix && number(range.group(2), Long.MAX_VALUE) < start;
        if (isReversed) return Optional.empty();
        if (start >= size) {
            return Optional.of(full.with(416).with("Content-Range", "bytes */" + size));
        }
        Response part = full.with(206).with("Content-Range", "bytes " + start + "-" + end + "/" + size);
        return Optional.of(part.with(new Slice(file, start, end - start + 1)));
    }

    private static long number(String digits, long otherwise) {
        return digits.isEmpty() ? otherwise : Long.parseLong(digits);
    }
}
