import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {
    @Test void lines_are_added_removed_and_changed() {
        assertDiff("...", "a b", "a b", "equal");
        assertDiff("  a|+ b|  c", "a c", "a b c", "added");
        assertDiff("  a|- b|  c", "a b c", "a c", "removed");
        assertDiff("- a|+ b", "a", "b", "changed");
        assertDiff("+ a", "", "a", "from nothing");
        assertDiff("- a", "a", "", "to nothing");
        assertDiff("- a|  b|+ a", "a b", "b a", "moved");
    }

    @Test void equal_lines_far_from_changes_are_left_out() {
        assertDiff("...|  4|  5|  6|- 7|+ x|  8|  9|  10|...", "1 2 3 4 5 6 7 8 9 10 11 12",
                "1 2 3 4 5 6 x 8 9 10 11 12", "three lines of context");
    }

    @Test void texts_that_are_too_long_to_compare_count_as_changed() {
        String before = lines(3_000);
        List<String> diff = ServerLocal.LineDiff.of(before, before + "\nmore");
        assertEquals(6_001, diff.size());
        assertEquals("- 0", diff.get(0));
        assertEquals("+ more", diff.get(6_000));
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static void assertDiff(String expected, String before, String after, String why) {
        String diff = String.join("|", ServerLocal.LineDiff.of(before.replace(' ', '\n'), after.replace(' ', '\n')));
        assertEquals(expected, diff, why);
    }
}
