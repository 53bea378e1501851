package samlocal.http;

/**
 * Where a server is reached.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name or an IP address without brackets
 */
public record ServerAddress(String scheme, String host, int port) {
    /** The URL without a slash at its end. */
    public String url() {
        return at(host.contains(":") ? "[" + host + "]" : host);
    }

    /** The URL of one API, or of a function with a URL, by a name that browsers and curl resolve by themselves. */
    public String urlOf(String name) {
        return at(name + ".localhost") + "/";
    }

    private String at(String shown) {
        return scheme + "://" + shown + ":" + port;
    }
}
