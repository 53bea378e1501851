package samlocal.gateway;

import java.util.regex.Pattern;
import samlocal.base.Utf8;
import samlocal.http.Request;
import samlocal.sam.Api;

/** Decides which bodies are base64 in events and results. */
final class BinaryMedia {
    /** Types that an HTTP API passes on as text; a form, or a body without a type, is base64. */
    private static final Pattern TEXT_TYPES =
            Pattern.compile("(?i)(text/.*|application/(json|xml|javascript))\\s*(;.*)?");

    private BinaryMedia() {
    }

    /** A note if text is base64 in the event because of its type, such as a form; else empty. */
    static String note(Request request, Api api) {
        boolean isText = request.body().length > 0 && Utf8.decoded(request.body()).isPresent();
        String why = request.header("Content-Type").map(type -> "its type is `" + type + "`").orElse("it has no type");
        return isText && isBinary(request, api) ? "the body is base64 in the event because " + why : "";
    }

    /**
     * A note if a REST API delivers a binary body as text, which corrupts it (API Gateway Developer Guide, "Content
     * type conversions in API Gateway"); else empty.
     */
    static String corruption(Request request, Api api) {
        boolean isCorrupted = api.isRest() && !isBinary(request, api) && Utf8.decoded(request.body()).isEmpty();
        String type = request.header("Content-Type").orElse("*/*").replaceFirst("\\s*;.*", "");
        return isCorrupted ? "the binary body is corrupted, as on AWS: add `" + type
                + "` to the API's `BinaryMediaTypes`" : "";
    }

    /** Depends on the template for a REST API, only on the type for others. */
    static boolean isBinary(Request request, Api api) {
        String type = request.header("Content-Type").orElse("");
        if (!api.isRest()) return !TEXT_TYPES.matcher(type).matches();
        return isBinaryType(type, api);
    }

    private static boolean isBinaryType(String type, Api api) {
        if (api.binaryMediaTypes().isEmpty()) return false;
        String bare = type.replaceFirst("\\s*;.*", "");
        return api.binaryMediaTypes().stream().anyMatch(media -> media.equals("*/*")
                || bare.matches("(?i)" + Pattern.quote(media).replace("*", "\\E.*\\Q")));
    }

    /**
     * Whether base64 is decoded for a client: by a REST API if the first type that the client accepts is binary
     * ("Return binary media from a Lambda proxy integration"), by other APIs always.
     */
    static boolean decodes(Api api, String accept) {
        return !api.isRest() || isBinaryType(accept.split(",", 2)[0].strip(), api);
    }
}
