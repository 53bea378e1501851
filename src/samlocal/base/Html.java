package samlocal.base;

/** Text in HTML and XML. */
public final class Html {
    private Html() {
    }

    /** Escapes a text for use in elements and quoted attributes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
