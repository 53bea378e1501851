package words;

/** Shared by all functions that have the layer; an edit here is live in each of them. */
public final class Words {
    private Words() {
    }

    public static String greeting() {
        return "Hello from the layer";
    }
}
