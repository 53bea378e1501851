package samlocal.base;

/** Text in HTML and XML. */
public final class Html {
    private Html() {
    }

    /** The text with the characters replaced that mean something in elements and quoted attributes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
