import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Parameter values in each form that SAM CLI reads ({@code samcli/cli/types.py}, CfnParameterOverridesType; cases from
 * {@code tests/unit/cli/test_types.py}).
 */
class ParameterOverridesTest {
    private static void assertParsed(Map<String, String> expected, String... arguments) {
        assertEquals(expected, ServerLocal.ParameterOverrides.parse(List.of(arguments)), String.join(" ", arguments));
    }

    private static void assertRejected(String message, String... arguments) {
        String found = assertThrows(ServerLocal.Fault.class, () ->
                ServerLocal.ParameterOverrides.parse(List.of(arguments))).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test void pairs_in_short_and_in_long_form() {
        assertParsed(Map.of("Stage", "dev", "Size", "t3.small"), "Stage=dev Size=t3.small");
        assertParsed(Map.of("Stage", "dev", "Size", "t3.small"), "Stage=dev", "Size=t3.small");
        assertParsed(Map.of("Stage", "dev", "Size", "t3.small"),
                "  ParameterKey=Stage,ParameterValue=dev   ParameterKey=Size,ParameterValue=t3.small   ");
        assertParsed(Map.of("Stage", "dev,", "Size", "big,"), "Stage=dev, Size=big,");
        assertParsed(Map.of("A", "2"), "A=1 A=2");
        assertParsed(Map.of("A", "=-_)(*&^%$#@!`~:;,.", "B", "x"),
                "ParameterKey=A,ParameterValue==-_)(*&^%$#@!`~:;,.   ParameterKey=B,ParameterValue=x");
        assertParsed(Map.of(), "", " ");
    }

    @Test void quotes_and_backslashes() {
        assertParsed(Map.of("A", "x y"), "A=\"x y\"");
        assertParsed(Map.of("A", "x y", "B", "z"), "A='x y' B=z");
        assertParsed(Map.of("A", "x y", "B", "z"), "A=x\\ y B=z");
        assertParsed(Map.of("A", "x y"), "ParameterKey=\"A\",ParameterValue=x\\ y");
        assertParsed(Map.of("A", "x y"), "ParameterKey='A',ParameterValue='x y'");
        assertParsed(Map.of("A", "x\"y"), "A=\"x\\\"y\"");
        assertParsed(Map.of("A", "x\"y"), "A='x\"y'");
        assertParsed(Map.of("A", "x\""), "A=x\\\"");
        assertParsed(Map.of("A", "\"x"), "A=\\\"x");
        assertParsed(Map.of("A", "it's", "B", "x'", "C", "'x"), "A=it's B=x' C='x");
        assertParsed(Map.of("A", ""), "A=\"\"");
        assertParsed(Map.of("A", "C:\\dir\\new", "B", "^\\d+$"), "A=C:\\dir\\new B='^\\d+$'");
        assertParsed(Map.of("A", "{\"a\":\"b\\\\n\"}", "B", "1"), "A=\"{\\\"a\\\":\\\"b\\\\n\\\"}\" B=1");
        assertParsed(Map.of("A", "{\"a\":\"b\"}"), "A='{\"a\":\"b\"}'");
    }

    /** The shell has removed the quotes; SAM CLI drops the part after the space. */
    @Test void a_pair_with_spaces_is_one_value() {
        assertParsed(Map.of("A", "x y z", "B", "1"), "A=x y z", "B=1");
    }

    @Test void arguments_that_are_not_pairs_are_rejected() {
        for (String wrong : List.of("some text", ",,", "ParameterKey:A,ParameterValue:x", "My-Name=x", "A")) {
            assertRejected("`--parameter-overrides` does not take `" + wrong + "`", wrong);
        }
        assertRejected("does not take `a\":", "A=1 B=\"{\"a\":\"b\"}\"");
    }

    @Test void files_override_earlier_values_and_include_other_files() {
        try (TestProject project = TestProject.of("a.toml", "A = 'toml'\nB = 'toml'\nT = \"C:\\\\x\"\n",
                "b.yaml", "A: yaml\nY: yes\nN:\nI: 010\nQ: \"'x y'\"\n",
                "list.yaml", "- - - A: deep\n- List:\n    - 1\n    - ' two '\n    - ''\n- B=b C=c\n- file://a.toml\n",
                "in/include.yaml", "$include: [file://../a.toml, file://../b.yaml]\nA: own\n",
                "in/table.toml", "'$include' = 'file://../b.yaml'\nB = 'own'\n",
                "loop.yaml", "- file://in/loop.yaml\n", "in/loop.yaml", "$include: file://../loop.yaml\n")) {
            String folder = "file://" + project.folder() + "/";
            assertParsed(Map.of("A", "toml", "B", "toml", "T", "C:\\x", "D", "4"), folder + "a.toml", "D=4");
            Map<String, String> yaml = Map.of("A", "yaml", "Y", "True", "N", "", "I", "010", "Q", "x y");
            assertParsed(yaml, folder + "b.yaml");
            assertParsed(Map.of("A", "toml", "B", "toml", "T", "C:\\x", "List", "1,two", "C", "c"), "A=0",
                    folder + "list.yaml");
            assertParsed(Map.of("A", "own", "B", "toml", "T", "C:\\x", "Y", "True", "N", "", "I", "010", "Q", "x y"),
                    folder + "in/include.yaml");
            assertParsed(Map.of("A", "yaml", "B", "own", "Y", "True", "N", "", "I", "010", "Q", "x y"),
                    folder + "in/table.toml");
            assertRejected("loop.yaml` includes itself", folder + "loop.yaml");
            assertRejected("no such file `", folder + "none.yaml");
        }
    }
}
