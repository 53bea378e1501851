package samlocal.base;

import java.util.Collection;

/** The hint for a name that is probably a typing error. */
public final class Suggestion {
    private Suggestion() {
    }

    /** The hint with the nearest known name, an empty text if none is near. */
    public static String didYouMean(String wrong, Collection<String> known) {
        return didYouMean(wrong, known, "");
    }

    /** The hint with the nearest known name, another hint (may be null) if none is near. */
    public static String didYouMean(String wrong, Collection<String> known, String otherwise) {
        return Nearest.to(wrong, known).map(Suggestion::didYouMean).orElse(otherwise);
    }

    /** The hint with a name that has been found to be near. */
    public static String didYouMean(String name) {
        return "did you mean `" + name + "`?";
    }
}
