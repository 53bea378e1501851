package samlocal.template;

import samlocal.base.Fault;
import samlocal.base.Place;

/** Limits the size to which the templates of a project expand: a small one could exhaust the memory. */
final class Expansion {
    /** CloudFormation allows 500 resources in a template, and 2,500 operations on nested stacks. */
    private static final int MAX_STACKS = 500;
    private static final int MAX_ENTRIES = 20_000;
    private int stacks;
    private int entries;

    /**
     * Counts a nested stack.
     *
     * @return false if there are too many; the first one too many is an error
     */
    boolean addStack(Place place) {
        if (++stacks == MAX_STACKS + 1) {
            throw Fault.project("the project has more than " + MAX_STACKS + " nested stacks", place);
        }
        return stacks <= MAX_STACKS;
    }

    /** Counts an entry that {@code Fn::ForEach} generates. */
    void addEntry(Place place) {
        if (++entries > MAX_ENTRIES) {
            throw Fault.project("`Fn::ForEach` generates more than " + MAX_ENTRIES + " entries", place);
        }
    }
}
