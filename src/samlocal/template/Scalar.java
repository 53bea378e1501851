package samlocal.template;

import samlocal.base.Place;

/** A scalar; {@code text} is its text as written, empty if there is none. */
public record Scalar(Object plain, String text, Place place) implements Value {
    public static Scalar ofText(String text, Place place) {
        return new Scalar(text, text, place);
    }
}
