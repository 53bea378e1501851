import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** YAML values must be those of PyYAML, with which SAM reads templates. */
class TemplateTest {
    @Test void scalars_have_the_types_of_pyyaml() {
        assertValue("2010-09-09", "\"2010-09-09\"");
        assertValue("'2010-09-09'", "\"2010-09-09\"");
        assertValue("010", "8");
        assertValue("0123456789", "\"0123456789\"");
        assertValue("08", "\"08\"");
        assertValue("0o10", "\"0o10\"");
        assertValue("0x1F", "31");
        assertValue("0b11", "3");
        assertValue("1_000", "1000");
        assertValue("12:30", "750");
        assertValue("+12", "12");
        assertValue("-7", "-7");
        assertValue("123456789012345678901", "123456789012345678901");
        assertValue("1.5", "1.5");
        assertValue(".5", "0.5");
        assertValue("1e3", "\"1e3\"");
        assertValue("1.0e3", "\"1.0e3\"");
        assertValue("1.0e+3", "1.0E+3");
        for (String yes : new String[] {"yes", "Yes", "true", "TRUE", "on", "On"}) assertValue(yes, "true");
        for (String no : new String[] {"no", "NO", "false", "False", "off", "OFF"}) assertValue(no, "false");
        assertValue("y", "\"y\"");
        assertValue("", "null");
        assertValue("~", "null");
        assertValue("null", "null");
        assertValue("'yes'", "\"yes\"");
        assertValue("\"010\"", "\"010\"");
    }

    @Test void text_is_kept_as_written() {
        ServerLocal.Template template = parse("A: 010\nB: 1.10\nC: 12:30\nD: yes\nE:\n");
        assertEquals("010", template.root().text("A").orElseThrow());
        assertEquals("1.10", template.root().text("B").orElseThrow());
        assertEquals("12:30", template.root().text("C").orElseThrow());
        assertEquals("yes", template.root().text("D").orElseThrow());
        assertTrue(template.root().text("E").isEmpty());
    }

    @Test void a_short_tag_becomes_its_long_form() {
        assertValue("!Ref X", "{\"Ref\":\"X\"}");
        assertValue("!Ref 010", "{\"Ref\":\"010\"}");
        assertValue("!Condition C", "{\"Condition\":\"C\"}");
        assertValue("!Sub a${B}", "{\"Fn::Sub\":\"a${B}\"}");
        assertValue("!Sub [a, {B: c}]", "{\"Fn::Sub\":[\"a\",{\"B\":\"c\"}]}");
        assertValue("!Join ['', [a, !Ref B]]", "{\"Fn::Join\":[\"\",[\"a\",{\"Ref\":\"B\"}]]}");
        assertValue("!FindInMap [A, B, c]", "{\"Fn::FindInMap\":[\"A\",\"B\",\"c\"]}");
        assertValue("!Base64 {'Fn::Sub': x}", "{\"Fn::Base64\":{\"Fn::Sub\":\"x\"}}");
        assertValue("!Transform {Name: N}", "{\"Fn::Transform\":{\"Name\":\"N\"}}");
        assertValue("!GetAZs ''", "{\"Fn::GetAZs\":\"\"}");
        assertValue("!Foo bar", "{\"Fn::Foo\":\"bar\"}");
        assertValue("!Not [!Equals [a, b]]", "{\"Fn::Not\":[{\"Fn::Equals\":[\"a\",\"b\"]}]}");
    }

    @Test void get_att_is_a_pair_in_every_form() {
        assertValue("!GetAtt A.B", "{\"Fn::GetAtt\":[\"A\",\"B\"]}");
        assertValue("!GetAtt A.Outputs.X", "{\"Fn::GetAtt\":[\"A\",\"Outputs.X\"]}");
        assertValue("!GetAtt [A, B.C]", "{\"Fn::GetAtt\":[\"A\",\"B.C\"]}");
        assertValue("{'Fn::GetAtt': A.B.C}", "{\"Fn::GetAtt\":[\"A\",\"B.C\"]}");
        assertValue("{'Fn::GetAtt': [A, B]}", "{\"Fn::GetAtt\":[\"A\",\"B\"]}");
    }

    @Test void a_node_that_does_not_fit_its_tag_is_rejected_at_its_place() {
        assertFault("A:\n  B: !GetAtt {C: d}\n", "t.yaml:2:6", "`!GetAtt` requires a string or a list, not a map");
        assertFault("A: !Ref [x]\n", "t.yaml:1:4", "`!Ref` requires a string, not a list");
        assertFault("A: !Sub {x: y}\n", "t.yaml:1:4", "`!Sub` requires a string or a list, not a map");
        assertFault("A: !Join x\n", "t.yaml:1:4", "`!Join` requires a list, not a string");
    }

    @Test void a_syntax_error_has_place_message_and_hint() {
        assertSyntax("A:\n\tB: c\n", "2:1 a tab where YAML requires spaces", "YAML indents with spaces, never with tabs");
        assertSyntax("A: b\nno key\nC: d\n", "2:1 this line has no key",
                "write `key: value`, with a space after the colon");
        assertSyntax("A:\n  B:c\n  D: e\n", "2:4 a space is missing after the colon", "write `B: c`");
        assertSyntax("A:\n  b: c: d\n", "2:7 a second colon on one line",
                "quote a value that contains `: `, or start a new line for the second key");
        assertSyntax("A: @x\n", "1:4 a value cannot begin with `@`", "quote it: `'@x'`");
        assertSyntax("A: *nowhere\n", "1:4 a value cannot begin with `*`", "quote it: `'*nowhere'`");
        assertSyntax("A: \"\\d\"\n", "1:6 `\\d` is not a valid escape in double quotes",
                "write `\\\\d`, or use single quotes");
        assertSyntax("A: - b\n", "1:4 a list cannot begin on the line of its key", "start a new line before `- `");
        assertSyntax("A: b\n---\nC: d\n", "2:1 a second document begins here",
                "a template is one document: remove this line");
        assertFault("A: {? [x] : y}\n", "t.yaml:1:7", "a key must be a string");
    }

    @Test void wrong_indentation_is_shown_with_the_lines_above() {
        assertSyntax("A:\n  B: c\n\n   C: d\n", "4:4 `C` is indented more than `B` on line 2, which already has a value",
                "indent it by 2 spaces too, or remove the value after the colon of `B`");
        assertSyntax("A:\n  B: [c]\n    C: d\n",
                "3:5 `C` is indented more than `B` on line 2, which already has a value",
                "indent it by 2 spaces too, or remove the value after the colon of `B`");
        assertSyntax("A:\n  B:\n    # x\n    - x: 1\n   C: d\n",
                "5:4 `C` is indented by 3 spaces, which matches no line above",
                "indent it by 2 spaces as `B` on line 2, or 4 spaces as `x` on line 4");
        assertSyntax("A:\n  - x\n  y: 1\n", "3:3 `y` is a key among list items",
                "indent it more if it belongs to the item above, less if the list ends there");
        assertSyntax("A:\n  y: 1\n  - x\n", "3:3 a list item among the keys of a map",
                "indent it more if it belongs to the key above");
        assertSyntax("A: |\n  x\n y\n", "3:2 this line does not belong to anything above it",
                "indent it like the text that it continues, or add a key");
    }

    @Test void unclosed_quotes_and_brackets_are_reported_where_they_open() {
        assertSyntax("A: 'x\nB: c\n", "1:4 this quote is never closed", "close it with `'`");
        assertSyntax("A: 'it's'\n", "1:8 text after the closing quote of a value", "quote the whole value, and write"
                + " `''` for a quote inside single quotes; or a quote further up is not closed");
        assertSyntax("A: [1, 2\n", "1:4 this `[` is never closed", "close it with `]`");
        assertSyntax("A: {x: 1\nB: c\n", "2:2 the `{` of line 1 is not closed before this, or a comma is missing",
                "close it with `}`, or add a `,`");
        assertSyntax("A: {Path: /{id}, Method: get}\n", "1:12 a brace in a value within braces",
                "quote the value: `'/{id}'`");
        assertSyntax("A: {x: 1}}\n", "1:10 this `}` closes nothing", "remove it, or quote the value");
    }

    @Test void any_text_is_parsed_or_rejected_with_a_message() {
        java.util.Random random = new java.util.Random(7);
        String[] parts = {"A", ": ", ":", "\n", "\n  ", "\n ", "- ", "'", "\"", "{", "}", "[", "]", ",", "#", "&a ", "*a",
            "!Sub ", "|", ">", "%", "\t", "?", "\\", "---\n", "\u0085", "\r"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(12); part >= 0; part--) text.append(parts[random.nextInt(parts.length)]);
            try {
                parse(text.toString());
            } catch (ServerLocal.Fault fault) {
                assertTrue(!fault.getMessage().isBlank(), text.toString());
            }
        }
    }

    private static void assertSyntax(String yaml, String message, String hint) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> parse(yaml));
        ServerLocal.Problem problem = fault.problems().get(0);
        assertEquals("t.yaml:" + message + " | " + hint, problem.place() + " " + problem.message() + " | "
                + problem.hint());
    }

    @Test void non_maps_are_rejected() {
        assertFault("", null, "`t.yaml` is empty");
        assertFault("just text", "t.yaml:1:1", "a template must be a map");
        assertFault("- a\n- b\n", "t.yaml:1:1", "a template must be a map");
    }

    @Test void a_duplicate_key_is_a_warning_and_the_last_one_counts() {
        ServerLocal.Template template = parse("A:\n  x: 1\n  y: 2\n  x: 3\n");
        assertEquals("{\"A\":{\"x\":3,\"y\":2}}", json(template));
        assertEquals(1, template.warnings().size());
        assertEquals("duplicate key `x`: the last one is used", template.warnings().get(0).message());
        assertEquals("t.yaml:4:3", template.warnings().get(0).place().toString());
        assertEquals("the first is on line 2", template.warnings().get(0).hint());
    }

    @Test void anchors_aliases_and_merges_are_taken() {
        assertEquals("{\"A\":{\"x\":1},\"B\":{\"x\":1}}", json(parse("A: &a {x: 1}\nB: *a\n")));
        assertEquals("{\"A\":{\"x\":1,\"y\":2},\"B\":{\"y\":3,\"x\":1}}",
                json(parse("A: &a {x: 1, y: 2}\nB:\n  y: 3\n  <<: *a\n")));
    }

    @Test void json_is_parsed_with_any_white_space() {
        assertEquals("{\"A\":{\"B\":[1,\"x/y\",null,true,\"\u00e4\ud83d\ude00\"]}}",
                json(parse("{\n\t\"A\":{\t\"B\" : [1,\"x\\/y\",null,true,\"\\u00e4\\ud83d\\ude00\"]}\n}\n")));
        assertEquals("{\"A\":1}", json(parse("\n {\"A\":1}\r\n")));
    }

    @Test void windows_line_ends_and_long_texts_are_supported() {
        assertEquals("{\"A\":\"x\\ny\\n\",\"B\":\"x y\"}",
                json(parse("A: |\r\n  x\r\n  y\r\nB: >-\r\n  x\r\n  y\r\n")));
    }

    @Test void arbitrary_types_are_not_made() {
        assertFault("A: !!javax.script.ScriptEngineManager [x]", "t.yaml:1:4", "Global tag is not allowed");
    }

    @Test void alias_bombs_are_rejected() {
        StringBuilder aliases = new StringBuilder("A0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) aliases.append("A%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        assertThrows(ServerLocal.Fault.class, () -> parse(aliases.toString()));
        assertThrows(ServerLocal.Fault.class, () -> parse("A: " + "[".repeat(10_000)));
        assertThrows(ServerLocal.Fault.class, () -> parse("A: " + "{a: ".repeat(10_000)));
        assertThrows(ServerLocal.Fault.class, () -> parse("A: &a [*a]"));
        assertFault("B: c\nA: " + "x".repeat(11 << 20), "t.yaml:2:1", "has more than 1000000 characters");
    }

    /** A value under a key, as JSON. */
    private static void assertValue(String yaml, String json) {
        assertEquals("{\"A\":" + json + "}", json(parse("A: " + yaml + "\n")), yaml);
    }

    private static void assertFault(String yaml, String place, String message) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> parse(yaml));
        assertTrue(fault.getMessage().contains(message), fault.getMessage());
        assertEquals(place, fault.problems().get(0).place() == null ? null : fault.problems().get(0).place().toString(),
                fault.getMessage());
    }

    private static ServerLocal.Template parse(String yaml) {
        return ServerLocal.Template.parse("t.yaml", yaml);
    }

    private static String json(ServerLocal.Template template) {
        return ServerLocal.Json.write(template.root().plain());
    }
}
