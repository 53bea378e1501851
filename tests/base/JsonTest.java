import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test void every_character_is_written_as_gson_writes_it() throws IOException {
        for (int start = 0; start < 1 << 16; start += 256) {
            StringBuilder text = new StringBuilder();
            for (int i = start; i < start + 256; i++) text.append((char) i);
            StringWriter expected = new StringWriter();
            new JsonWriter(expected).value(text.toString());
            assertEquals(expected.toString(), ServerLocal.Json.write(text.toString()));
        }
    }

    @Test void values_keep_their_order_and_nulls_stay() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("b", Arrays.asList(1, null, "x", true, List.of(), Map.of()));
        value.put("a\n", new BigDecimal("1.50"));
        value.put("n", null);
        String text = "{\"b\":[1,null,\"x\",true,[],{}],\"a\\n\":1.50,\"n\":null}";
        assertEquals(text, ServerLocal.Json.write(value));
        assertEquals(text, ServerLocal.Json.write(ServerLocal.Json.read(ServerLocal.Json.writePretty(value))));
    }

    @Test void what_is_no_number_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> ServerLocal.Json.write(Double.NaN));
    }
}
