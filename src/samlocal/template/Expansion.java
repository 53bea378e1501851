package samlocal.template;

import samlocal.base.Fault;
import samlocal.base.Place;

/** Bounds what the templates of a project expand to: a small one could ask for more than any memory holds. */
final class Expansion {
    /** CloudFormation allows 500 resources in a template, and 2,500 operations on nested stacks. */
    private static final int MAX_STACKS = 500;
    private static final int MAX_ENTRIES = 20_000;
    private int stacks;
    private int entries;

    /**
     * Counts a nested stack.
     *
     * @return false if there are too many, which the first time is an error
     */
    boolean addStack(Place place) {
        if (++stacks == MAX_STACKS + 1) {
            throw Fault.project("the project has more than " + MAX_STACKS + " nested stacks", place);
        }
        return stacks <= MAX_STACKS;
    }

    /** Counts an entry that {@code Fn::ForEach} makes. */
    void addEntry(Place place) {
        if (++entries > MAX_ENTRIES) {
            throw Fault.project("`Fn::ForEach` makes more than " + MAX_ENTRIES + " entries", place);
        }
    }
}
