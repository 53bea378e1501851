import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test void every_character_is_preserved() throws IOException {
        for (int start = 0; start < 1 << 16; start += 256) {
            StringBuilder text = new StringBuilder();
            for (int i = start; i < start + 256; i++) text.append((char) i);
            String json = ServerLocal.Json.write(text.toString());
            assertEquals(text.toString(), ServerLocal.Json.read(json));
            assertTrue(json.chars().allMatch(each -> each >= ' '), json);
        }
        assertEquals("\"\\\"\\\\\\t\\b\\n\\r\\f/\"", ServerLocal.Json.write("\"\\\t\b\n\r\f/"));
    }

    @Test void values_keep_their_order_and_nulls_stay() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("b", Arrays.asList(1, null, "x", true, List.of(), Map.of()));
        value.put("a\n", new BigDecimal("1.50"));
        value.put("n", null);
        String text = "{\"b\":[1,null,\"x\",true,[],{}],\"a\\n\":1.50,\"n\":null}";
        assertEquals(text, ServerLocal.Json.write(value));
        assertEquals(text, ServerLocal.Json.write(ServerLocal.Json.read(ServerLocal.Json.writePretty(value))));
        assertEquals("{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"c\": {\n    \"d\": null\n  }\n}",
                ServerLocal.Json.writePretty(ServerLocal.Json.read("{\"b\":[1,{},[]],\"c\":{\"d\":null}}")));
    }

    @Test void numbers_are_exact() throws IOException {
        for (String number : new String[] {"0", "-17", "9223372036854775807", "-9223372036854775808",
            "9223372036854775808", "123456789012345678901234567890", "0.1", "2.50", "1.0", "1E+2", "1E-7",
            "3.141592653589793238462643383279", "1E+400"}) {
            assertEquals(number, ServerLocal.Json.write(ServerLocal.Json.read(number)));
        }
        assertEquals(7L, ServerLocal.Json.read("7"));
        assertEquals(new BigDecimal("1.10"), ServerLocal.Json.read("1.10"));
    }

    @Test void the_last_duplicate_member_wins() throws IOException {
        assertEquals("{\"a\":3,\"b\":2}", ServerLocal.Json.write(ServerLocal.Json.read("{\"a\":1,\"b\":2,\"a\":3}")));
    }

    @Test void nan_and_infinity_are_not_written() {
        assertThrows(IllegalArgumentException.class, () -> ServerLocal.Json.write(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> ServerLocal.Json.write(List.of(Float.NEGATIVE_INFINITY)));
    }

    @Test void encodings_are_decoded_strictly() throws IOException {
        for (String wrong : new String[] {"NaN", "[Infinity]", "01", "[-01]", "+1", ".5", "1.", "0x1", "'a'", "{a:1}",
            "[1,]", "{\"a\":1,}", "[,1]", "/* */1", "1//", "#", "TRUE", "nul", "\"a\nb\"", "\"\u0001\"", "\"\\q\"",
            "\"\\u12\"", "[1", "{\"a\"", "{\"a\":", "\"a", "}", "{\"a\" 1}", "1e", "[1 2]", "truefalse"}) {
            String message = assertThrows(IOException.class, () -> ServerLocal.Json.read(wrong), wrong).getMessage();
            assertTrue(message.matches("malformed at line [12] column \\d+"), wrong + ": " + message);
            assertFalse(ServerLocal.Json.isObject("{\"x\":" + wrong), wrong);
        }
        assertFault("malformed at line 3 column 3", "{\n \"a\": 1,\n  b\n}");
        assertFault("there is text after the JSON value", "1 2");
        assertFault("there is text after the JSON value", "{}{}");
        assertFault("it is empty", " \n");
        assertEquals(1L, ServerLocal.Json.read("\uFEFF1"));
        assertEquals("\uD800", ServerLocal.Json.read("\"\\ud800\""));
    }

    @Test void depth_and_digits_are_limited() throws IOException {
        ServerLocal.Json.read("[".repeat(1000) + "]".repeat(1000));
        String limits = "more than 1000 levels, or a number of more than 1000 digits, at line 1 column ";
        assertFault(limits + "1002", "[".repeat(100_000));
        assertFault(limits + "100006", "{\"a\":" + "1".repeat(100_000));
        assertFault("a number out of range at line 1 column 2", "[1e99999999999]");
        assertFault("malformed at line 1 column 8000002", "\"" + "a".repeat(8_000_000));
        assertEquals(30_000_000, ServerLocal.Json.read("\"" + "a".repeat(30_000_000) + "\"").toString().length());
    }

    @Test void an_object_can_be_known_without_its_values() {
        assertTrue(ServerLocal.Json.isObject(" {\"a\": [1, {}]} "));
        for (String other : new String[] {"", "[]", "1", "{} 1", "{", "{\"a\": [1}", "x"}) {
            assertFalse(ServerLocal.Json.isObject(other), other);
        }
    }

    @Test void a_payload_may_be_empty_but_not_in_another_encoding() {
        assertEquals(Optional.empty(), ServerLocal.Json.faultIn(new byte[0]));
        assertEquals(Optional.of("it is not UTF-8 text"), ServerLocal.Json.faultIn(new byte[] {'"', (byte) 0xE4, '"'}));
    }

    private static void assertFault(String message, String text) {
        assertEquals(message, assertThrows(IOException.class, () -> ServerLocal.Json.read(text)).getMessage());
    }
}
