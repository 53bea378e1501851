package samlocal.http;

/**
 * The address of a server.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name or an IP address without brackets
 */
public record ServerAddress(String scheme, String host, int port) {
    /** The URL without a trailing slash. */
    public String url() {
        return at(host.contains(":") ? "[" + host + "]" : host);
    }

    /** The URL of an API or a function URL, with a host name that browsers and curl resolve themselves. */
    public String urlOf(String name) {
        return at(name + ".localhost") + "/";
    }

    private String at(String shown) {
        return scheme + "://" + shown + ":" + port;
    }
}
