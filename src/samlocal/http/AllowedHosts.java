package samlocal.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Protects a server on this machine from web pages of other sites. Browsers send the name of the site in the Host
 * header, so a site whose name resolves to this machine (DNS rebinding) is recognized by it: IP addresses, {@code
 * localhost} and names below it are always allowed, other names only if the user allows them.
 *
 * @param names in lower case, without ports; {@code *} for any
 */
public record AllowedHosts(Set<String> names) {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+?)\\.?(:\\d*)?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern LOOPBACK = Pattern.compile("127\\..*|0:0:0:0:0:0:0:1(%.*)?");
    private static final Set<String> OWN_SITE = Set.of("none", "same-origin");

    public static AllowedHosts of(List<String> names) {
        return new AllowedHosts(names.stream().map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** The error response if the Host header is missing, repeated or not allowed. */
    public Optional<Response> objection(Request request) {
        List<String> hosts = request.headers("Host");
        if (hosts.isEmpty() && request.connection().protocol().equals("HTTP/1.0")) return Optional.empty();
        Matcher host = HOST.matcher(hosts.size() == 1 ? hosts.get(0) : "");
        if (!host.matches()) return Optional.of(Response.message(400, "Bad Request"));
        String name = host.group(1).toLowerCase(Locale.ROOT);
        return isAllowed(name) ? Optional.empty() : Optional.of(Response.message(403, "the host `" + name
                + "` is not allowed; to allow it, start samlocal with `--allow-host " + name + "`"));
    }

    private boolean isAllowed(String name) {
        return ADDRESS.matcher(name).matches() || name.equals("localhost") || name.endsWith(".localhost")
                || names.contains("*") || names.contains(name);
    }

    /** Whether a request comes from this machine. */
    public static boolean isFromThisMachine(Request request) {
        return LOOPBACK.matcher(request.connection().sourceIp()).matches();
    }

    /** Whether a browser sent the request for a page of another site or port. */
    public static boolean isFromOtherSite(Request request) {
        return !OWN_SITE.contains(request.header("Sec-Fetch-Site").orElse("none"))
                || request.header("Origin").filter(origin -> !origin.equalsIgnoreCase(request.origin())).isPresent();
    }
}
