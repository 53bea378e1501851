package samlocal.template;

import samlocal.base.Place;

/** A part of the template. */
public sealed interface Value permits Scalar, Sequence, Mapping {
    Place place();

    /** As JSON takes it: {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} or null. */
    Object plain();
}
