import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** TOML as samconfig files and version catalogs use it. */
class TomlReaderTest {
    @Test void values_of_each_kind() {
        assertToml("{\"a\":1,\"b\":-17,\"c\":255,\"d\":8,\"e\":5,\"f\":1000}",
                "a = 1\nb = -17\nc = 0xff\nd = 0o10\ne = 0b101\nf = 1_000");
        assertToml("{\"a\":1.50,\"b\":0.1,\"c\":true,\"d\":false}", "a = 1.50 # half\nb=0.1\nc = true\nd=false");
        assertToml("{\"a\":12345678901234567890123,\"b\":0.1234567890123456789012}",
                "a = 12345678901234567890123\nb = 0.1234567890123456789012");
        assertToml("{\"a\":\"1979-05-27T07:32:00Z\",\"b\":\"07:32:00\"}", "a = 1979-05-27T07:32:00Z\nb = 07:32:00");
        assertToml("{\"a\":[1,[2,3],{\"b\":\"c\"}]}", "a = [1, # one\n [2, 3], { b = 'c' },\n]");
        assertToml("{\"a\":\"Infinity\",\"b\":\"NaN\"}", "a = inf\nb = nan");
    }

    @Test void texts_of_each_kind() {
        assertToml("{\"a\":\"x \\\"y\\\" \\u00e9\\t\"}", "a = \"x \\\"y\\\" \\u00e9\\t\"");
        assertToml("{\"a\":\"C:\\\\x\"}", "a = 'C:\\x'");
        assertToml("{\"a\":\"one\\ntwo\"}", "a = \"\"\"\none\ntwo\"\"\"");
        assertToml("{\"a\":\"one two\"}", "a = \"\"\"one \\\n   two\"\"\"");
    }

    @Test void tables_in_each_form() {
        assertToml("{\"a\":{\"b\":{\"c\":1},\"d\":2}}", "[a.b]\nc = 1\n[a]\nd = 2");
        assertToml("{\"a\":{\"b\":1,\"c\":{\"d e\":2}}}", "a.b = 1\na . c.\"d e\" = 2");
        assertToml("{\"a\":[{\"b\":1},{\"b\":2,\"c\":{\"d\":3}}]}", "[[a]]\nb=1\n[[a]]\nb=2\n[a.c]\nd=3");
        assertToml("{}", "\uFEFF# nothing\r\n\r\n");
    }

    @Test void keys_and_values_have_places() {
        ServerLocal.Mapping root = read("a = 'x' # y\r\n[b.\"c d\"]\r\n\te = { f = 1 }\r\n\"g\".h=[\r\n 2,\r\n]\r\n"
                + "[b.i]\r\nj = \"\"\"\r\n k\"\"\"\r\n");
        assertPlaces("1:1 ^ 1:5 ^^^", root, "a");
        assertPlaces("2:2 ^ 2:2 ^", root, "b");
        ServerLocal.Mapping table = root.mapping("b").mapping("c d");
        assertPlaces("2:4 ^^^^^ 2:4 ^^^^^", root.mapping("b"), "c d");
        assertPlaces("3:2 ^ 3:2 ^", table, "e");
        assertPlaces("3:2 ^ 3:6 ^", table.mapping("e"), "f");
        assertPlaces("4:5 ^ 4:7 ^", table.mapping("g"), "h");
        assertPlaces("8:1 ^ 8:5 ^", root.mapping("b").mapping("i"), "j");
    }

    @Test void errors_have_places() {
        assertWrong("invalid TOML: unknown token t:1:5 ^", "a = b-c");
        assertWrong("invalid TOML: premature end of file t:2:4 ^", "a=1\nb =");
        assertWrong("invalid TOML: newline not permitted here t:2:5 ^", "a = 1\nnope\nb = 2");
        assertWrong("invalid TOML: duplicate key t:3:6 ^", "a = 1\nb = 2\na = 3");
        assertWrong("invalid TOML: table redefined t:2:3 ^", "[a]\n[a]");
        assertWrong("invalid TOML: newline not permitted here t:1:7 ^", "a = \"b\nc\"");
        assertWrong("invalid TOML: unknown escape sequence t:1:8 ^", "a = \"C:\\Users\\me\"");
        for (String wrong : new String[] {"a = 1 b = 2", "a = {}\n[a.b]", "[a", "= 1", "a = 01", "a = 1e99999999999",
            "a = 1\u0001"}) {
            ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> read(wrong), wrong);
            assertTrue(fault.problems().get(0).place().line() > 0, wrong);
        }
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> read("a = \"C:\\Users\""));
        assertEquals("write a path with `\\` in single quotes", fault.problems().get(0).hint());
    }

    @Test void depth_is_limited() {
        for (String deep : new String[] {"a = " + "[".repeat(100_000), "[" + "a.".repeat(100_000) + "a]",
            "a.".repeat(100_000) + "a = 1", "a = " + "{b = ".repeat(100_000)}) {
            assertThrows(ServerLocal.Fault.class, () -> read(deep));
        }
    }

    private static ServerLocal.Mapping read(String text) {
        return ServerLocal.TomlReader.read("t", text);
    }

    private static void assertToml(String json, String text) {
        assertEquals(json, ServerLocal.Json.write(read(text).plain()).replace("\u00e9", "\\u00e9"));
    }

    private static void assertPlaces(String expected, ServerLocal.Mapping table, String key) {
        ServerLocal.Place place = table.keys().get(key);
        ServerLocal.Place value = table.entries().get(key).place();
        assertEquals(expected, position(place) + " " + position(value));
    }

    private static String position(ServerLocal.Place place) {
        return place.line() + ":" + place.column() + " " + place.caret().strip();
    }

    private static void assertWrong(String expected, String text) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> read(text));
        ServerLocal.Place place = fault.problems().get(0).place();
        assertEquals(expected, fault.getMessage() + " " + place + " " + place.caret().strip());
    }
}
