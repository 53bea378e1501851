import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** TOML 1.0, as the specification's own examples have it. */
class TomlTest {
    @Test void values_of_each_kind() {
        assertToml("{\"a\":1,\"b\":-17,\"c\":255,\"d\":8,\"e\":5,\"f\":1000}",
                "a = 1\nb = -17\nc = 0xff\nd = 0o10\ne = 0b101\nf = 1_000");
        assertToml("{\"a\":1.5,\"b\":0.1,\"c\":true,\"d\":false}", "a = 1.5 # half\nb=0.1\nc = true\nd=false");
        assertToml("{\"a\":\"1979-05-27T07:32:00Z\",\"b\":\"07:32:00\"}", "a = 1979-05-27T07:32:00Z\nb = 07:32:00");
        assertToml("{\"a\":[1,[2,3],{\"b\":\"c\"}]}", "a = [1, # one\n [2, 3], { b = 'c' },\n]");
    }

    @Test void texts_of_each_kind() {
        assertToml("{\"a\":\"x \\\"y\\\" \\u00e9\\t\"}", "a = \"x \\\"y\\\" \\u00e9\\t\"");
        assertToml("{\"a\":\"C:\\\\x\"}", "a = 'C:\\x'");
        assertToml("{\"a\":\"one\\ntwo\"}", "a = \"\"\"\none\ntwo\"\"\"");
        assertToml("{\"a\":\"one two\"}", "a = \"\"\"one \\\n   two\"\"\"");
        assertToml("{\"a\":\"'quoted'\"}", "a = ''''quoted''''");
    }

    @Test void tables_in_each_form() {
        assertToml("{\"a\":{\"b\":{\"c\":1},\"d\":2}}", "[a.b]\nc = 1\n[a]\nd = 2");
        assertToml("{\"a\":{\"b\":1,\"c\":{\"d e\":2}}}", "a.b = 1\na . c.\"d e\" = 2");
        assertToml("{\"a\":[{\"b\":1},{\"b\":2,\"c\":{\"d\":3}}]}", "[[a]]\nb=1\n[[a]]\nb=2\n[a.c]\nd=3");
        assertToml("{}", "\uFEFF# nothing\r\n\r\n");
    }

    @Test void what_is_wrong_is_told_with_its_place() {
        assertWrong("a value was expected here t:1:5 ^^^", "a = b-c");
        assertWrong("a value was expected here t:2:4 ^", "a=1\nb =");
        assertWrong("the end of the line was expected here t:1:7 ^", "a = 1 b = 2");
        assertWrong("`a` is defined twice t:3:1 ^", "a = 1\nb = 2\na = 3");
        assertWrong("`a` is defined twice t:2:2 ^", "[a]\n[a]");
        assertWrong("`a` is no table that can be added to t:2:2 ^", "a = {}\n[a.b]");
        assertWrong("this text does not end t:1:5 ^", "a = \"b\nc\"");
        assertWrong("unknown escape t:1:6 ^^", "a = \"\\q\"");
        assertWrong("the number of a character was expected here t:1:8 ^^", "a = \"C:\\Users\\me\"");
        assertWrong("`]` was expected here t:1:3 ^", "[a");
        assertWrong("a key was expected here t:1:1 ^", "= 1");
        assertWrong("a value was expected here t:1:5 ^^", "a = 01");
        assertWrong("more than 100 levels deep t:1:104 ^", "a =" + "[".repeat(101));
    }

    private static void assertToml(String json, String text) {
        assertEquals(json, ServerLocal.Json.write(ServerLocal.Toml.read("t", text).plain())
                .replace("\u00e9", "\\u00e9"));
    }

    private static void assertWrong(String expected, String text) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> ServerLocal.Toml.read("t", text));
        ServerLocal.Place place = fault.problems().get(0).place();
        assertEquals(expected, fault.getMessage() + " " + place + " " + place.caret().strip());
    }
}
