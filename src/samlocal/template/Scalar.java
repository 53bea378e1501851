package samlocal.template;

import samlocal.base.Place;

/** One value; {@code text} is how it was written, the empty text for a missing one. */
public record Scalar(Object plain, String text, Place place) implements Value {
    public static Scalar ofText(String text, Place place) {
        return new Scalar(text, text, place);
    }
}
